"""The facts of the league workbook: a league per list, every item with its lights, arrivals, findings, ladder."""

from __future__ import annotations

from guatu.dispatch.facts import Gatherer
from guatu.dispatch.figures import list_title
from guatu.dispatch.items import Item
from guatu.engine.values import Severity
from guatu.office.documents import CircularFacts
from guatu.office.facts import LeagueRow
from guatu.office.league import FindingLine, ItemLine, LeagueFacts, ListLeague
from guatu.office.workbooks import Finding
from guatu.text import Text

GRADES = {
    "error": Text("错误", "error"),
    "question": Text("待答", "question"),
    "warning": Text("提醒", "warning"),
}


def league_facts(gatherer: Gatherer, facts: CircularFacts) -> LeagueFacts:
    """What the league workbook shows of a round whose circular facts are known."""
    made = gatherer.made
    return LeagueFacts(
        round=facts.round,
        period=facts.period,
        as_of=facts.as_of,
        place=facts.place,
        issuer=facts.letterhead.issuer,
        rulebook=facts.rulebook,
        marks=tuple(one.mark for one in facts.lights),
        dimensions=gatherer.reasons.titles(),
        lists=tuple(_league(gatherer, facts, key) for key in _shown_lists(gatherer)),
        items=tuple(_item(gatherer, item) for item in made.items),
        arrivals=facts.arrivals,
        findings=tuple(_finding(one) for one in made.findings),
        ladder=facts.ladder,
        missing=facts.missing,
        targets=facts.targets,
        language=made.request.language,
    )


def _shown_lists(gatherer: Gatherer) -> list[str]:
    """The declared lists somebody is on; the main one always."""
    members = {listed for _, listed in gatherer.figures.members}
    return [key for key in gatherer.plan.lists if key == gatherer.plan.list or key in members]


def _league(gatherer: Gatherer, facts: CircularFacts, key: str) -> ListLeague:
    total = LeagueRow(
        key=gatherer.made.top,
        unit=facts.place,
        values={one.key: gatherer.figures.figure(gatherer.made.top, key, one.key) for one in facts.indicators},
        lights=gatherer.lights_of(gatherer.made.top, key),
    )
    return ListLeague(
        key=key,
        title=list_title(gatherer.made.ledger, key),
        indicators=facts.indicators,
        ranked_by=facts.ranked_by,
        rows=gatherer.league(key),
        total=total,
    )


def _item(gatherer: Gatherer, item: Item) -> ItemLine:
    reasons = gatherer.reasons
    overall = reasons.overall_of(item.item_id)
    severity = str(overall["severity"]) if overall else Severity.NOT_JUDGED.value
    lights = {
        str(row["dimension"]): gatherer.dimension_light(row)
        for row in reasons.dimensions(item.item_id)
        if row["state"] != "not_applicable"
    }
    return ItemLine(
        key=item.item_id,
        name=item.name,
        unit=gatherer.made.units[item.unit].title,
        overall=gatherer.mark(severity),
        lights=lights,
        code=item.code,
        lists=tuple(list_title(gatherer.made.ledger, tag) for tag in sorted(item.on())),
        owner=gatherer.owner(item),
        next_date=gatherer.next_date(item),
    )


def _finding(one: Finding) -> FindingLine:
    return FindingLine(
        workbook=one.workbook,
        sheet=one.sheet,
        cell=one.cell,
        raw=one.raw,
        grade=GRADES[one.grade],
        reason=one.reason,
        remedy=one.remedy,
        serious=one.grade != "warning",
    )
