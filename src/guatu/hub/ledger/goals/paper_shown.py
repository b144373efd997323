"""A paper for people: its sections as words and tables, names of people and units as they are now."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from guatu.declarations.goals import Goals
from guatu.hub.accounts.models import Person, Unit
from guatu.hub.ledger.goals.paper_facts import Facts
from guatu.hub.ledger.goals.schemes import paper_named
from guatu.hub.ledger.goals.values import shown_value
from guatu.hub.ledger.models import Item, PackVersion, Paper, Signature
from guatu.hub.ledger.packs import loaded
from guatu.standards.periods import Period
from guatu.text import Text


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a paper: paragraphs, then a table if it has a head."""

    title: Text
    paragraphs: tuple[Text, ...] = ()
    head: tuple[Text, ...] = ()
    rows: tuple[tuple[Text, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Names:
    """Names of what a paper speaks of by id."""

    units: Mapping[int, Text]
    people: Mapping[int, str]
    items: Mapping[int, str]
    milestones: Mapping[str, Text]

    @classmethod
    def of(cls, facts: Facts) -> Names:
        rows = [row for key in ("targets", "timetable", "steps", "duties", "signers") for row in facts.get(key, ())]
        units = {facts["unit"], *(row["unit"] for row in rows if row.get("unit"))}
        people = {row["person"] for row in rows if row.get("person")}
        items = {row["item"] for row in facts.get("targets", ()) if row.get("item")}
        version = PackVersion.objects.get(key=facts["pack"], is_current=True)
        ledgers = loaded(version).ledgers.values()
        return cls(
            units={one.pk: one.title for one in Unit.objects.filter(pk__in=units)},
            people=dict(Person.objects.filter(pk__in=people).values_list("pk", "name")),
            items=dict(Item.objects.filter(pk__in=items).values_list("pk", "name")),
            milestones={key: one.title for ledger in ledgers for key, one in ledger.milestones.items()},
        )

    def unit(self, key: int) -> Text:
        return self.units.get(key, _same(str(key)))

    def holder(self, row: Facts) -> Text:
        if row.get("person"):
            return _same(self.people.get(row["person"], "—"))
        return self.unit(row["unit"]) if row.get("unit") else _same("—")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a paper is to be signed: as what, by whom when it was drawn, and the signature once there is one."""

    slot: str
    title: Text
    holder: Text | None
    signed: Signature | None


def places_of(paper: Paper, scheme: Goals) -> list[Place]:
    """In the order the pack declares."""
    names = Names.of(paper.facts)
    signed = {one.slot: one for one in paper.signatures.select_related("post__person", "post__unit")}
    holders = {one["slot"]: names.holder(one) for one in paper.facts.get("signers", ())}
    return [
        Place(key, scheme.slots[key].title, holders.get(key), signed.get(key))
        for key in paper_named(scheme, paper.kind).signed_by
        if key in scheme.slots
    ]


def sections_of(paper: Paper, scheme: Goals) -> list[Section]:
    """In the order the version was drawn in; what was not in it then is not shown now."""
    facts = paper.facts
    names = Names.of(facts)
    makers: tuple[tuple[str, Callable[[Facts, Goals, Names], Section]], ...] = (
        ("statement", _statement), ("targets", _targets), ("timetable", _timetable), ("steps", _steps),
        ("duties", _duties), ("terms", _terms),
    )  # fmt: skip
    return [make(facts, scheme, names) for key, make in makers if key in facts]


def _statement(facts: Facts, scheme: Goals, names: Names) -> Section:
    unit = names.unit(facts["unit"])
    days = f"{facts['starts_on']} — {facts['ends_on']}"
    said = [Text(f"牵头：{unit.zh}；时间：{days}", f"Owner: {unit.en}; {days}")]
    if facts["statement"]:
        said.append(_same(facts["statement"]))
    said += [scheme.flags[key] for key in facts["flags"] if key in scheme.flags]
    return Section(Text("要求", "What is wanted"), tuple(said))


def _targets(facts: Facts, scheme: Goals, names: Names) -> Section:
    rows = []
    for one in facts["targets"]:
        indicator = scheme.indicators.get(one["indicator"])
        if indicator is None:
            continue
        value = shown_value(indicator, one["value"])
        whose = _same(names.items.get(one["item"], "—")) if one["item"] else names.unit(one["unit"])
        said = value.with_unit
        rows.append((indicator.title, Period.parse(one["period"]).name(), whose, said))
    head = (Text("指标", "Indicator"), Text("期", "Period"), Text("对象", "Of"), Text("目标值", "Target"))
    return Section(Text("目标值", "Targets"), (), head, tuple(rows))


def _timetable(facts: Facts, scheme: Goals, names: Names) -> Section:
    head = (Text("事项", "Item"), Text("节点", "Milestone"), Text("完成时限", "By"))
    rows = tuple(
        (_same(one["name"]), names.milestones.get(one["milestone"], _same(one["milestone"])), _same(one["on"]))
        for one in facts["timetable"]
    )
    return Section(Text("时间表", "Timetable"), (), head, rows)


def _steps(facts: Facts, scheme: Goals, names: Names) -> Section:
    head = (Text("步骤", "Step"), Text("责任单位", "Unit"), Text("起", "From"), Text("止", "To"))
    rows = tuple(
        (_same(one["title"]), names.unit(one["unit"]), _same(one["starts_on"]), _same(one["ends_on"]))
        for one in facts["steps"]
    )
    return Section(Text("步骤", "Steps"), (), head, rows)


def _duties(facts: Facts, scheme: Goals, names: Names) -> Section:
    rows = tuple(
        (scheme.slots[one["slot"]].title if one["slot"] in scheme.slots else _same(one["slot"]), names.holder(one))
        for one in facts["duties"]
    )
    return Section(Text("责任", "Who answers"), (), (Text("责任", "As"), Text("由谁", "Who")), rows)


def _terms(facts: Facts, scheme: Goals, names: Names) -> Section:
    return Section(Text("约定", "Terms"), tuple(Text(zh, en) for zh, en in facts["terms"]))


def _same(said: str) -> Text:
    return Text(said, said)
