"""Whom doors of packs, ledgers, items and whatever is known of an item let in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from guatu.hub.accounts.actor import Actor
from guatu.hub.accounts.loading.planning import plan_of
from guatu.hub.accounts.loading.rows import Read, Row
from guatu.hub.accounts.models import Load, LoadState, Person
from guatu.hub.audit.source import Door as By
from guatu.hub.audit.source import Source
from guatu.hub.ledger.models import Figure, Item, ItemRevision, Milestone, SavedView
from guatu.hub.ledger.rows import Row as Row_
from guatu.standards.periods import Kind, Period
from tests.hub.permissions.door import (
    CHECKERS,
    CLAIMERS,
    DISPATCHER,
    EVERYWHERE,
    MINE,
    NOWHERE,
    SEERS,
    SENDERS,
    SYSTEM,
    Body,
    Door,
    Let,
    nothing,
)
from tests.hub.permissions.doors_of_people import reason, zone
from tests.hub.permissions.world import MADE, SINCE, Caller, World, soon


def load_of(world: World, caller: Caller, place: str) -> int:
    """A load of a resident or of the caller that may be accepted."""
    read = Read({"units": (Row("单位", 2, {"name": "新园", "kind": "zone", "parent": str(world.units["own"])}),)}, ())
    submitter = world.person(place, caller)
    kept, _ = Load.objects.get_or_create(
        submitter=submitter,
        defaults={
            "submitted_at": timezone.now(), "name": "units.xlsx", "digest": "", "on": timezone.localdate(), "content": b"x",
            "read": json.dumps(read.plain()), "state": LoadState.READY, "counts": {"errors": 0}, "marked": b"x",
            "plan_digest": _planned(world, read, submitter),
        },
    )  # fmt: skip
    return kept.pk


def _planned(world: World, read: Read, submitter: Person) -> str:
    """The digest of what the load would do for its submitter: the same each time, for the world is."""
    if submitter.pk not in world.planned:
        world.planned[submitter.pk] = plan_of(read, on=timezone.localdate(), by=_as(submitter)).digest()
    return world.planned[submitter.pk]


def _as(person: Person) -> Actor:
    return Actor.of(person, at=timezone.now(), source=Source(By.WEB))


def _item_form(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    on, unit = str(timezone.localdate()), f"#{world.unit(place, caller).pk}"
    return {"name": "改名地块", "unit": unit, "code": "", "lists": "idle", "seen": 1, "on": on, "reason": "更正"}


def _to_zone(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    return {"other": f"#{zone(world)}", "on": str(timezone.localdate()), "reason": "区划调整"}


def _suspended(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    return {"state": "suspended", "on": str(timezone.localdate()), "reason": "停工"}


def _on_the_map(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    seen = world.item(place, caller).revision
    where = {"longitude": "120.38", "latitude": "36.07", "system": "gcj02"}
    return {**where, "seen": seen, "on": str(timezone.localdate()), "reason": "现场核对"}


def _fact(standing: str) -> Body:
    """The actual day of a milestone in a standing, as the world's maker said it."""

    def filled(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
        item = world.item(place, caller)
        Milestone.objects.create(
            item=item, key="begun", fact="actual", on=SINCE, standing=standing, evidence="许可", sequence=item.sequence
        )
        return {"verdict": "yes", "note": "", "reason": "报错"}

    return filled


def _planned_day(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    return {"end": "begun", "on": str(soon()), "precision": "", "agreed_by": "", "reason": "倒排"}


def _reached(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    return {"on": str(SINCE), "precision": "", "evidence": "施工许可 7 号"}


def _kept_plan(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    item = world.item(place, caller)
    Milestone.objects.create(item=item, key="begun", fact="planned", on=SINCE, sequence=item.sequence)
    return {"title": "年度计划", "on": str(SINCE)}


def _unit_holds(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    unit = f"#{world.unit(place, caller).pk}"
    return {"slot": "lead", "person": "", "unit": unit, "role": "", "on": str(timezone.localdate()), "reason": ""}


def _post_holds(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    return {**_unit_holds(world, caller, place), "role": "leader", "reason": "调整分工"}


def _beside(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    other = world.link(place, caller).target_id
    return {"kind": "beside", "target": f"#{other}", "on": str(timezone.localdate()), "reason": ""}


def _into_the_year(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    return {f"item-{world.link(place, caller).target_id}": "on", "reason": "列入"}


def _off_the_list(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    item = world.item(place, caller)
    item.memberships.filter(list="unsupplied").delete()
    return {f"item-{item.pk}": "on", "on": str(timezone.localdate()), "reason": "认定"}


def _into_its_part(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    return {"into": f"#{world.link(place, caller).target_id}"}


def _less_this_year(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    return {"field": "year_plan", "plan-year_plan": "12.5", "reason": "年中调整"}


def _ends_today(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    return {"on": str(timezone.localdate()), "reason": "调整"}


PAGES_OF_ITEMS: Mapping[str, Door] = {
    "item_change": Door(Let(DISPATCHER), body=_item_form, records="item.changed"),
    "item_move": Door(Let(DISPATCHER), body=_to_zone, records="item.moved"),
    "item_place": Door(Let(DISPATCHER), body=_on_the_map, records="item.placed"),
    "item_state": Door(Let(DISPATCHER), body=_suspended, records="item.state_set"),
    "milestone_plan": Door(Let(DISPATCHER), body=_planned_day, records="milestone.planned"),
    "milestone_claim": Door(Let(CLAIMERS), body=_reached, records="milestone.claimed"),
    "milestone_check": Door(Let(CHECKERS), body=_fact("claimed"), records="milestone.checked"),
    "milestone_verify": Door(Let(frozenset({"inspector"})), body=_fact("checked"), records="milestone.verified"),
    "milestone_withdraw": Door(Let(CLAIMERS), body=_fact("claimed"), records="milestone.withdrawn"),
    "milestone_order": Door(
        Let(DISPATCHER),
        body=lambda *_: {"after": "approved", "days": "30", "reason": "约定"},
        records="milestone.ordered",
    ),
    "milestone_schedule": Door(Let(DISPATCHER), body=_planned_day, records="milestone.scheduled"),
    "milestone_baseline": Door(Let(DISPATCHER), body=_kept_plan, records="milestone.baseline_set"),
    "duty_assign": Door(Let(DISPATCHER), body=_unit_holds, records="duty.assigned"),
    "duty_hand_over": Door(Let(DISPATCHER), body=_post_holds, records="duty.handed_over"),
    "duty_end": Door(Let(DISPATCHER), body=_ends_today, records="duty.ended"),
    "link_add": Door(Let(DISPATCHER), body=_beside, records="link.made"),
    "link_end": Door(Let(DISPATCHER), body=_ends_today, records="link.ended"),
    "item_merge": Door(Let(DISPATCHER), body=_ends_today, records="item.merged"),
    "item_apart": Door(Let(DISPATCHER), body=_ends_today, records="item.told_apart"),
    "year_plan": Door(Let(DISPATCHER), body=_less_this_year, records="year.plan_adjusted"),
    "year_leave": Door(Let(DISPATCHER), body=_ends_today, records="year.left"),
    "remark_add": Door(
        Let(CLAIMERS), body=lambda *_: {"kind": "work", "on": str(SINCE), "text": "现场踏勘"}, records="remark.added"
    ),
}
"""The same for items."""


def this_round() -> str:
    """The last month that has ended, in which the ledger's figures are reported."""
    return str(Period.containing(Kind.MONTH, timezone.localdate()).previous())


def _area_dealt_with(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    return {"seen": "0", "f-delivered": "12.5"}


def _reported_just_now(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    item = world.item(place, caller)
    Figure.objects.create(
        item=item, field="delivered", period=this_round(), amount=1, by_hand=True, sequence=item.sequence
    )  # fmt: skip
    return {"seen": item.sequence}


def _area_for_programs(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    return {"period": this_round(), "figures": {"delivered": 12_500_000}, "seen": 0}


def _with_own(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    return {"unit": f"#{world.units['own'].pk}"}


def _shared_already(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    SavedView.objects.filter(owner=world.person(place, caller)).update(shared_with=world.unit(place, caller))
    return {}


def _chosen(world: World, caller: Caller, place: str) -> str:
    one = Item.objects.get(pk=world.item(place, caller).pk)
    return f"{one.pk}:{one.revision}"


def _set_together(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    held = {"item": _chosen(world, caller, place), "what": "f-way", "f-way": "划拨", "deed": "take"}
    return held | {"on": str(timezone.localdate()), "reason": "统一口径"}


def _pasted(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    held = {"item": _chosen(world, caller, place), "columns": "way", "first": "way", "block": "划拨"}
    return held | {"deed": "take", "reason": "统一口径"}


def _another_way(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    return {"f-way": "划拨", "seen": _chosen(world, caller, place).partition(":")[2]}


def _changed_just_now(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    """By somebody who may: what is taken back is not who made it."""
    item = Item.objects.get(pk=world.item(place, caller).pk)
    row = replace(Row_.shown_by(item, ["idle"]), values={"way": "划拨"})
    ItemRevision.objects.create(
        item=item, number=item.revision + 1, sequence=item.sequence, effective_on=SINCE, recorded_at=MADE, record_id=1,
        kind="changed", row=row.text, evidence="{}",
    )  # fmt: skip
    Item.objects.filter(pk=item.pk).update(revision=item.revision + 1, values=row.values)
    return {"seen": item.revision + 1}


def view_of(world: World, caller: Caller, place: str) -> int:
    """A view somebody at the place keeps for themselves."""
    kept, _ = SavedView.objects.get_or_create(
        ledger=world.ledger, owner=world.person(place, caller), name=f"canary-{place}-view", view="items"
    )
    return int(kept.pk)


def photo(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    return {"file": SimpleUploadedFile("现场.jpg", b"not looked at before the worker does")}


def _new_item(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    return {"unit_id": world.unit(place, caller).pk, "name": "新地块", "on": str(timezone.localdate())}


def _new_name_of_item(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    return {"seen": 1, "name": "改名地块", "on": str(timezone.localdate()), "reason": "更正"}


def _item_to_zone(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    return {"unit_id": zone(world), "on": str(timezone.localdate()), "reason": "区划调整"}


def _item_suspended(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    return {"state": "suspended", "on": str(timezone.localdate()), "reason": "缓建"}


def _unit_of_item_holds(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    return {"slot": "lead", "unit_id": world.unit(place, caller).pk, "on": str(timezone.localdate())}


def _post_of_unit_holds(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    unit = world.unit(place, caller).pk
    return {"unit_id": unit, "role": "leader", "on": str(timezone.localdate()), "reason": "调整分工"}


def _beside_its_part(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    other = world.link(place, caller).target_id
    return {"kind": "beside", "target_id": other, "on": str(timezone.localdate())}


def _one_enters(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    item = world.item(place, caller)
    change = {"item_id": item.pk, "enters": True, "reason": "认定"}
    return {"changes": [change], "on": str(timezone.localdate())}


def _into_the_plan(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    return {"taken": [{"item_id": world.link(place, caller).target_id, "plans": {"year_plan": 12_500_000}}]}


def _merged_into_its_part(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    return {"into_id": world.link(place, caller).target_id, **_ends_today(world, caller, place)}


def _another_than_its_part(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    return {"other_id": world.link(place, caller).target_id, "reason": "一期和二期"}


def only(body: Body, *names: str, **more: Any) -> Body:
    """The same without fields that a page's form alone has."""

    def filled(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
        sent = body(world, caller, place)
        return {name: sent[name] for name in names} | more

    return filled


def _sent_of_a_pack(**said: str) -> Body:
    """What is said of a pack, the same wherever one is."""
    return lambda *_: said


_NEW = {"ledger": "land_disposal", "key": "own_remark", "zh": "备考", "en": "Own remark"}
CHANGES_OF_PACKS: Mapping[str, Body] = {
    "pack_install": _sent_of_a_pack(),
    "pack_rename": _sent_of_a_pack(what="land_disposal/fields/way", zh="办法", en="How"),
    "pack_add_field": _sent_of_a_pack(**_NEW, type="text"),
    "pack_add_list": _sent_of_a_pack(**_NEW),
    "pack_add_milestone": _sent_of_a_pack(
        **_NEW, standard_zh="已验收", standard_en="Accepted", source_zh="本市", source_en="The city"
    ),
    "pack_add_duty": _sent_of_a_pack(**_NEW, held_by="unit"),
    "pack_add_link": _sent_of_a_pack(**_NEW, back_zh="反向", back_en="Back", to="land_disposal"),
    "pack_add_remark": _sent_of_a_pack(**_NEW),
    "pack_add_box": _sent_of_a_pack(**_NEW),
    "pack_add_choice": _sent_of_a_pack(field="land_disposal/way", key="sold", zh="出让", en="Sold"),
    "pack_choose": _sent_of_a_pack(value="quarter_end", why_zh="按季", why_en="By quarter"),
}
API_OF_ITEMS: Mapping[str, Door] = {
    "milestone_plan": Door(Let(DISPATCHER), body=only(_planned_day, "on", "reason"), records="milestone.planned"),
    "milestone_claim": Door(Let(CLAIMERS), body=_reached, records="milestone.claimed"),
    "milestone_check": Door(Let(CHECKERS), body=only(_fact("claimed"), accepted=True), records="milestone.checked"),
    "milestone_verify": Door(
        Let(frozenset({"inspector"})), body=only(_fact("checked"), accepted=True), records="milestone.verified"
    ),
    "milestone_withdraw": Door(Let(CLAIMERS), body=only(_fact("claimed"), "reason"), records="milestone.withdrawn"),
    "milestone_order": Door(
        Let(DISPATCHER),
        body=lambda *_: {"after": "approved", "days": 30, "reason": "约定"},
        records="milestone.ordered",
    ),
    "milestone_schedule": Door(
        Let(DISPATCHER), body=only(_planned_day, "end", "on", "reason"), records="milestone.scheduled"
    ),
    "item_baselines": Door(Let(DISPATCHER), body=_kept_plan, records="milestone.baseline_set"),
    "item_duties": Door(Let(DISPATCHER), body=_unit_of_item_holds, records="duty.assigned"),
    "duty_hand_over": Door(Let(DISPATCHER), body=_post_of_unit_holds, records="duty.handed_over"),
    "duty_end": Door(Let(DISPATCHER), body=_ends_today, records="duty.ended"),
    "item_links": Door(Let(DISPATCHER), body=_beside_its_part, records="link.made"),
    "link_end": Door(Let(DISPATCHER), body=_ends_today, records="link.ended"),
    "item_remarks": Door(
        Let(CLAIMERS), body=lambda *_: {"kind": "work", "on": str(SINCE), "text": "现场踏勘"}, records="remark.added"
    ),
    "item_figures": Door(Let(CLAIMERS), body=_area_for_programs, records="figures.reported"),
    "list_redraw": Door(Let(DISPATCHER), body=_one_enters, records="list.redrawn"),
    "ledger_year": Door(Let(DISPATCHER), body=_into_the_plan, records="year.opened"),
    "year_plan": Door(
        Let(DISPATCHER),
        body=lambda *_: {"field": "year_plan", "value": 12_500_000, "reason": "年中调整"},
        records="year.plan_adjusted",
    ),
    "year_leave": Door(Let(DISPATCHER), body=_ends_today, records="year.left"),
    "item_merge": Door(Let(DISPATCHER), body=_merged_into_its_part, records="item.merged"),
    "item_apart": Door(Let(DISPATCHER), body=_another_than_its_part, records="item.told_apart"),
}
"""What programs send about parts of an item."""


def _all_of_them_here(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    """Only who dispatches for every unit with an item on the ledger has a round judged: here nobody else has one."""
    Item.objects.update(unit=world.units["own"])
    return {"period": "2026-05", "rulebook": "laixi_2021_land"}


PUBLISHED = ("rounds", "round", "round_figure", "round_points", "round_points_of")
DOORS_OF_ITEMS: Mapping[tuple[str, str], Door] = {
    **{(name, "POST"): door for name, door in PAGES_OF_ITEMS.items()},
    **{(name, "GET"): Door(*(Let(one.who) for one in door.lets)) for name, door in PAGES_OF_ITEMS.items()},
    ("search", "GET"): Door(Let(SEERS)),
    ("packs", "GET"): Door(Let(SYSTEM)),
    ("pack", "GET"): Door(Let(SYSTEM, EVERYWHERE)),
    **{(name, "GET"): Door(Let(SYSTEM, NOWHERE)) for name in CHANGES_OF_PACKS},
    **{(name, "POST"): Door(Let(SYSTEM, NOWHERE), body=body) for name, body in CHANGES_OF_PACKS.items()},
    ("pack_take_back", "POST"): Door(Let(SYSTEM, NOWHERE), body=_sent_of_a_pack(place="land_disposal/lists/idle")),
    ("ledgers", "GET"): Door(Let(SEERS)),
    ("due", "GET"): Door(Let(SEERS)),
    ("report", "GET"): Door(Let(CLAIMERS)),
    ("news", "GET"): Door(Let(SEERS)),
    ("news_seen", "POST"): Door(Let(SEERS, EVERYWHERE), body=lambda *_: {"up_to": "0"}, records="news.seen"),
    ("visit_new", "GET"): Door(Let(SEERS)),
    ("visit_calendar", "GET"): Door(Let(SEERS)),
    ("visits", "GET"): Door(Let(SEERS)),
    ("visit", "GET"): Door(Let(SEERS)),
    ("visit_keep", "POST"): Door(
        Let(CLAIMERS), body=lambda world, caller, place: {"item": world.item(place, caller).pk}, records="visit.kept"
    ),
    ("visit_change", "GET"): Door(Let(CLAIMERS)),
    ("visit_change", "POST"): Door(
        Let(CLAIMERS), body=lambda *_: {"on": str(SINCE), "who": "督查组"}, records="visit.changed"
    ),
    ("visit_stop", "GET"): Door(Let(CLAIMERS)),
    ("visit_stop", "POST"): Door(
        Let(CLAIMERS), body=lambda *_: {"on": str(SINCE), "text": "现场踏勘"}, records="visit.seen"
    ),
    ("visit_seen", "GET"): Door(Let(CLAIMERS)),
    ("visit_seen", "POST"): Door(
        Let(CLAIMERS), body=lambda *_: {"on": str(SINCE), "text": "现场踏勘"}, records="visit.seen"
    ),
    ("figures", "GET"): Door(Let(CLAIMERS)),
    ("figures", "POST"): Door(Let(CLAIMERS), body=_area_dealt_with, records="figures.reported"),
    ("figure_cell", "GET"): Door(Let(CLAIMERS)),
    ("figure_cell", "POST"): Door(Let(CLAIMERS), body=_area_dealt_with, records="figures.reported"),
    ("figure_cell_undo", "POST"): Door(Let(CLAIMERS), body=_reported_just_now, records="figures.put_back"),
    ("items_map", "GET"): Door(Let(SEERS, EVERYWHERE)),
    ("items_gantt", "GET"): Door(Let(SEERS, EVERYWHERE)),
    ("items_compare", "GET"): Door(Let(SEERS, EVERYWHERE)),
    ("items_points", "GET"): Door(Let(SEERS, EVERYWHERE)),
    ("items_areas", "GET"): Door(Let(SEERS, EVERYWHERE)),
    **{
        (name, "GET"): Door(Let(SEERS, EVERYWHERE))
        for name in (
            "items",
            "items_ask",
            "items_columns",
            "items_board",
            "items_calendar",
            "items_charts",
            "view_save",
        )
    },
    ("view_save", "POST"): Door(Let(SEERS, EVERYWHERE), body=lambda *_: {"name": "周会"}, records="view.saved"),
    **{(name, "GET"): Door(Let(SEERS, MINE)) for name in ("view", "view_rename", "view_share")},
    ("view_rename", "POST"): Door(Let(SEERS, MINE), body=lambda *_: {"name": "周会"}, records="view.renamed"),
    ("view_share", "POST"): Door(Let(SEERS, MINE), body=_with_own, records="view.shared"),
    **{(name, "GET"): Door(Let(DISPATCHER, EVERYWHERE)) for name in ("items_together", "items_paste")},
    ("items_together", "POST"): Door(Let(DISPATCHER), body=_set_together, records="item.set_together"),
    ("items_paste", "POST"): Door(Let(DISPATCHER), body=_pasted, records="item.set_together"),
    ("item_cell", "GET"): Door(Let(DISPATCHER)),
    ("item_cell", "POST"): Door(Let(DISPATCHER), body=_another_way, records="item.changed"),
    ("item_cell_undo", "POST"): Door(Let(DISPATCHER), body=_changed_just_now, records="item.changed"),
    ("view_unshare", "POST"): Door(Let(SEERS, MINE), body=_shared_already, records="view.unshared"),
    ("view_delete", "POST"): Door(Let(SEERS, MINE), body=nothing, records="view.deleted"),
    ("items_export", "POST"): Door(Let(SEERS, EVERYWHERE), body=nothing, records="item.exported"),
    ("item", "GET"): Door(Let(SEERS)),
    ("doubles", "GET"): Door(Let(DISPATCHER, EVERYWHERE)),
    ("ledger_year", "GET"): Door(Let(DISPATCHER, EVERYWHERE)),
    ("ledger_year", "POST"): Door(Let(DISPATCHER), body=_into_the_year, records="year.opened"),
    ("list_redraw", "GET"): Door(Let(DISPATCHER, EVERYWHERE)),
    ("list_redraw", "POST"): Door(Let(DISPATCHER), body=_off_the_list, records="list.redrawn"),
    ("item_merge_choose", "GET"): Door(Let(DISPATCHER)),
    ("item_merge_choose", "POST"): Door(Let(DISPATCHER), body=_into_its_part),
    ("item_enter", "GET"): Door(Let(DISPATCHER, EVERYWHERE)),
    ("item_enter", "POST"): Door(Let(DISPATCHER), body=_item_form, records="item.entered"),
    ("item_attachments", "GET"): Door(Let(SEERS)),
    ("attachment_send", "POST"): Door(Let(SENDERS), body=photo, records="attachment.attached"),
    ("attachment", "GET"): Door(Let(SEERS)),
    ("attachment_file", "GET"): Door(Let(SEERS)),
    ("attachment_small", "GET"): Door(Let(SEERS)),
    ("attachment_erase", "GET"): Door(Let(DISPATCHER)),
    ("attachment_erase", "POST"): Door(Let(DISPATCHER), body=reason, records="attachment.erased"),
    # Ranks are published: whoever sees an item of the ledger sees its league, of rows behind it only their own.
    **{(name, "GET"): Door(Let(SEERS, EVERYWHERE)) for name in PUBLISHED},
    ("item_why", "GET"): Door(Let(SEERS)),
    ("round_judge", "POST"): Door(Let(DISPATCHER, EVERYWHERE), body=_all_of_them_here, records="round.asked_for"),
    ("api-1:ledgers", "GET"): Door(Let(SEERS)),
    ("api-1:ledger_schema", "GET"): Door(Let(SEERS, EVERYWHERE)),
    ("api-1:ledger_items", "GET"): Door(Let(SEERS, EVERYWHERE)),
    ("api-1:ledger_items", "POST"): Door(Let(DISPATCHER), body=_new_item, records="item.entered"),
    ("api-1:ledger_imports", "GET"): Door(Let(SEERS, EVERYWHERE)),
    ("api-1:ledger_export", "GET"): Door(Let(SEERS, EVERYWHERE), records="item.exported"),
    ("api-1:ledger_rows", "GET"): Door(Let(SEERS, EVERYWHERE)),
    **{
        (f"api-1:{name}", "GET"): Door(Let(SEERS))
        for name in (
            "item",
            "item_row",
            "item_revisions",
            "item_milestones",
            "item_milestone",
            "item_figures",
            "item_lists",
            "item_baselines",
            "item_duties",
            "item_links",
            "item_remarks",
        )
    },
    **{(f"api-1:{name}", "POST"): door for name, door in API_OF_ITEMS.items()},
    **{
        (f"api-1:{name}", "GET"): Door(Let(SEERS))
        for name in (
            "item_attachments",
            "attachment",
            "attachment_file",
            "item_years",
        )
    },
    ("api-1:doubles", "GET"): Door(Let(DISPATCHER, EVERYWHERE)),
    ("api-1:ledger_year", "GET"): Door(Let(SEERS, EVERYWHERE)),
    ("api-1:item_change", "POST"): Door(Let(DISPATCHER), body=_new_name_of_item, records="item.changed"),
    ("api-1:item_move", "POST"): Door(Let(DISPATCHER), body=_item_to_zone, records="item.moved"),
    ("api-1:item_state", "POST"): Door(Let(DISPATCHER), body=_item_suspended, records="item.state_set"),
}
