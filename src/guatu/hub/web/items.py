"""One item as a dossier (一项目一档案): what matters of it, its facts, milestones, figures, people, papers and trail, on any day."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate

from guatu.declarations import Ledger as LedgerDeclaration
from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.accounts.roles import Permission
from guatu.hub.composed import ByKey
from guatu.hub.ledger.as_of import revisions_on
from guatu.hub.ledger.models import Goal, Item, ListMembership, PersonalValue, YearEntry
from guatu.hub.ledger.models.goals import GoalState
from guatu.hub.ledger.packs import declared
from guatu.hub.ledger.rows import Row
from guatu.hub.ledger.shown import STATES, Shown, reason_shown, shown
from guatu.hub.ledger.telling import tellings
from guatu.hub.web.dossier.codes import qr_code
from guatu.hub.web.dossier.curve import curve_of
from guatu.hub.web.dossier.figures import Figures
from guatu.hub.web.dossier.history import trail_of
from guatu.hub.web.dossier.measures import Measures, headlines
from guatu.hub.web.dossier.milestones import milestones_of, sequence_on, sequences_of, tell
from guatu.hub.web.dossier.pictures import papers_of, pictures_of
from guatu.hub.web.dossier.schedule import schedule_of
from guatu.hub.web.item_sections import duties_of, links_of, remarks_of
from guatu.hub.web.rounds.lit import light_of_item
from guatu.hub.web.units import asked_day, permissions_at, seen_units
from guatu.hub.web.visits.kept import visits_to
from guatu.hub.web.years import ENTRIES
from guatu.text import Text

LONG = 30
"""Signs from which a text has the whole width of the page."""
_ITEM = ByKey(
    lambda item, tops: (
        Item.objects.seen_from(tops)
        .filter(pk=item)
        .select_related("unit", "ledger__pack", "merged_into")
        .defer("ledger__pack__files")
    )
)
_GOALS = ByKey(
    lambda item, tops: Goal.objects.seen_from(tops).filter(
        items__item=item, items__valid_to=None, state=GoalState.ACTIVE
    )
)
_PERSONAL = ByKey(lambda item: PersonalValue.objects.filter(item=item).values_list("field", "value"))
_YEARS = ByKey(lambda item: YearEntry.objects.filter(item=item).order_by("-year"))
_LISTS = ByKey(lambda item: ListMembership.objects.filter(item=item, valid_to=None).values_list("list", flat=True))


def item(request: ActorRequest, item_id: int) -> HttpResponse:
    tops = request.actor.tops(Permission.SEE_ITEMS)
    found = _ITEM.first(item_id, tops)
    if found is None:
        raise Http404
    declaration, day, today = declared(found.ledger), asked_day(request), localdate()
    then = revisions_on(Item.objects.filter(pk=found.pk), day).first() if day != today else None
    row = Row.of(then.row) if then is not None else None
    values, missing = (row.values, row.missing) if row is not None else (found.values, found.missing)
    known_by = sequence_on(day)
    milestones, baselines = milestones_of(found, declaration, known_by)
    figures, measures = Figures.of(found, declaration, day), Measures.of(declaration)
    told = tellings(sequences_of(milestones) | figures.sequences())
    tell(milestones, told)
    reported = dict(_PERSONAL.all(found.pk))
    links, merged_from = links_of(found, declaration, request.actor, day)
    duties = duties_of(found, declaration, day, reported)
    goals = _GOALS.all(found.pk, tops)
    facts = _facts(declaration, values, missing)
    words = {
        "item": found,
        "declaration": declaration,
        "day": day,
        "today": today,
        "row": row,
        "absent": day != today and row is None,
        "state": STATES[row.state if row is not None else found.state],
        "headlines": headlines(declaration, values, figures, measures),
        "facts": [one for one in facts if not _is_long(one)],
        "texts": [one for one in facts if _is_long(one)],
        "lit": light_of_item(found) if day == today else None,
        "lists": _lists(found, declaration, row),
        "figures": figures,
        "restatements": figures.restatements(told),
        "curve": curve_of(figures, measures, min(day, today)),
        "milestones": milestones,
        "schedule": schedule_of(milestones, day),
        "baselines": baselines,
        "duties": duties,
        "lacking": [one.slot.title for one in duties if one.missing],
        "links": links,
        "remarks": remarks_of(found, day),
        "remark_kinds": {key: one.title for key, one in declaration.remark_kinds.items()},
        "years": [(one, ENTRIES[one.kind]) for one in _YEARS.all(found.pk)],
        "merged_from": merged_from,
        "trail": trail_of(found, declaration, request.actor, whole="trail" in request.GET),
        "people": _people(declaration, reported),
        "visits": visits_to(found, day),
        "pictures": pictures_of(found, declaration),
        "goals": goals,
        "papers": papers_of(goals, request.actor),
        "may": permissions_at(request.actor, found.unit) if found.merged_into_id is None else set(),
        "seen_units": seen_units(
            request.actor, [found.unit_id, *(held[0].unit_id for one in duties for held in one.held)]
        ),
        "code": qr_code(address := request.build_absolute_uri(reverse("item", args=[found.pk]))),
        "address": address,
    }
    words["contents"] = contents(words)
    return render(request, "ledgers/item.html", words)


def contents(words: Mapping[str, Any]) -> list[tuple[str, Text]]:
    """The sections this dossier has, by the anchors of their headings, in their order on the page."""
    may, declaration = words["may"], words["declaration"]
    changes = "change_items" in may
    there = {
        "facts": not words["absent"],
        "milestones": words["milestones"],
        "figures": words["figures"].lines,
        "duties": words["duties"] or (changes and declaration.duties),
        "links": words["links"] or (changes and declaration.link_kinds),
        "goals": words["goals"],
        "years": words["years"],
        "log": words["remarks"] or ("report_items" in may and declaration.remark_kinds),
        "visits": words["visits"],
        "pictures": True,
        "trail": True,
    }
    return [(anchor, title) for anchor, title in SECTIONS.items() if there[anchor]]


SECTIONS: Mapping[str, Text] = {
    "facts": Text("基本情况", "What it is"),
    "milestones": Text("节点", "Milestones"),
    "figures": Text("各期数字", "Figures by round"),
    "duties": Text("谁负责", "Who answers"),
    "links": Text("关联", "Links"),
    "goals": Text("目标和责任文书", "Goals and papers"),
    "years": Text("年度", "Years"),
    "log": Text("日志和备注", "Work log and remarks"),
    "visits": Text("走访", "Visits"),
    "pictures": Text("照片和附件", "Pictures and files"),
    "trail": Text("历史", "History"),
}


def _is_long(fact: Shown) -> bool:
    return not fact.is_number and len(fact.said.zh) > LONG


def _facts(ledger: LedgerDeclaration, values: Mapping[str, Any], missing: Mapping[str, str]) -> list[Shown]:
    """What the item says, in the order of the declaration; fields nobody ever wrote of are left out."""
    held = {(one.key if (one := ledger.field_called(key)) is not None else key): key for key in (*missing, *values)}
    return [
        shown(one, values.get(held[key]), reason_shown(ledger, missing.get(held[key])))
        for key, one in ledger.fields.items()
        if key in held
    ]


def _lists(found: Item, ledger: LedgerDeclaration, row: Row | None) -> list[Text]:
    keys = row.lists if row is not None else _LISTS.all(found.pk)
    return [ledger.list_title(key) for key in sorted(keys)]


def _people(ledger: LedgerDeclaration, held: Mapping[str, str]) -> list[tuple[Text, str]]:
    """That somebody is named, never who: names and phones are not for this page."""
    return [
        (ledger.fields[field].title, f"{value[:1]}＊＊")
        for field, value in held.items()
        if field in ledger.fields and value
    ]
