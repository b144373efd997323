"""Who should be let in where: written by hand beside the code, never read from it.

A row for every route and method that is open to anybody. What has no row must let nobody in. Adding a route means adding its
row here, beside the one in `config.policy`: two hands must write the same thing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from guatu.hub.accounts.actions.units import placed
from guatu.hub.accounts.actor import Actor
from guatu.hub.accounts.loading.planning import plan_of
from guatu.hub.accounts.loading.rows import Read, Row
from guatu.hub.accounts.models import Load, LoadState, Person, Post
from guatu.hub.audit.source import Door as By
from guatu.hub.audit.source import Source
from guatu.hub.ledger.models import Figure, GoalItem, Import, Item, ItemRevision, Milestone, Paper, SavedView, Target
from guatu.hub.ledger.rows import Row as Row_
from guatu.standards.periods import Kind, Period
from guatu.text import Text
from tests.hub.people import PASSWORD
from tests.hub.permissions.world import MADE, PLACES, SINCE, Caller, World, soon

Body = Callable[[World, Caller, str], Mapping[str, Any]]
"""What is sent, for a place of the world; right in everything but perhaps who sends it. It may make what it speaks of."""

MINE = frozenset({"mine"})
SUBTREE = frozenset({"mine", "own", "child"})
"""Where a role counts: at the unit of the post and under it; what is one's own lies there."""
OTHERS = SUBTREE - MINE
CHILD = frozenset({"child"})
"""Where a change is possible that needs a unit above, under which the role counts too, or a unit that nobody works at."""
SYSTEM = frozenset({"system_administrator"})
SECURITY = frozenset({"security_administrator"})
AUDIT = frozenset({"audit_administrator"})
ROLES = SYSTEM | SECURITY | AUDIT | {"dispatcher", "reporter", "reviewer", "leader", "inspector"}
EVERYBODY, SIGNED_IN = "everybody", "whoever is signed in"


@dataclass(frozen=True, slots=True)
class Let:
    """Whom, and to objects at which places."""

    who: frozenset[str] | str
    over: frozenset[str] = SUBTREE


class Door:
    """Whom a route and method let in, what they send there, and the kind of record that is then left.

    `records` is None for what changes nothing in the database. A door that does not stay in leads on, to the page of signing
    in or out of the site, when nothing has gone before: what it does is another test's matter.
    """

    def __init__(self, *lets: Let, body: Body | None = None, records: str | None = None, stays_in: bool = True) -> None:
        self.lets, self.body, self.records, self.stays_in = lets, body, records, stays_in


def nothing(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    """For a door that says by its address alone what is meant."""
    return {}


def _new_password(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    return {"old": PASSWORD, "new": "river-bridge-lantern", "again": "river-bridge-lantern"}


def _reason(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    return {"reason": "本人当面，核对工作证"}


def _token(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    return {"post": world.post(place, caller).pk, "name": "export", "expires_on": soon()}


def _new_unit(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    parent = world.unit(place, caller).pk
    return {"parent_id": parent, "kind": "enterprise", "title_zh": "新设", "on": str(timezone.localdate())}


def _name(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    return {"title_zh": "改名", "on": str(timezone.localdate())}


def _code(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    return {"code": "", "on": str(timezone.localdate())}


def _zone(world: World) -> int:
    """Another unit directly under `own`."""
    return placed(parent=world.units["own"], kind="zone", title=Text("园区", "Park"), on=SINCE, at=MADE).pk


def _another_place(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    return {"parent_id": _zone(world), "on": str(timezone.localdate())}


def _another_to_merge(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    return {"units": [_zone(world)], "on": str(timezone.localdate())}


def _left_by_all(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    """Nobody holds a post at `child` any more: what is not refused for that reason is refused for who asks."""
    Post.objects.filter(unit=world.units["child"]).update(ends_on=timezone.localdate())
    return {"on": str(timezone.localdate()), "reason": "撤销"}


def _two_parts(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    return {**_left_by_all(world, caller, place), "parts": [{"title_zh": "甲部"}, {"title_zh": "乙部"}]}


def _new_person(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    return {"unit_id": world.unit(place, caller).pk, "username": "newcomer", "name": "新来的"}


def _moved_person(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    return {"unit_id": world.unit(place, caller).pk, "phone": "13600000000"}


def _reason(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    return {"reason": "调离"}


def _without_posts(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    today = timezone.localdate()
    Post.objects.filter(person=world.person(place, caller), starts_on__lt=today).update(ends_on=today)
    return {"reason": "本人要求"}


def _new_post(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    unit, person = world.unit(place, caller).pk, world.person(place, caller).pk
    return {"person_id": person, "unit_id": unit, "role": "leader", "starts_on": str(soon())}


def _from_soon(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    return {"on": str(soon()), "reason": "轮岗"}


def _somebody_else(world: World, place: str) -> int:
    return world.residents["own" if place == "child" else "child"].pk


def _stand_in(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    return {
        "person_id": _somebody_else(world, place),
        "starts_on": str(soon()),
        "ends_on": str(soon() + timedelta(days=7)),
    }


def _successor(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    return {"person_id": _somebody_else(world, place), "on": str(soon())}


def _form(body: Body, **more: str) -> Body:
    """The same, as a page's form sends it: every field, numbers as words."""

    def filled(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
        return {**dict.fromkeys(("title_en", "code", "reason"), ""), **body(world, caller, place), **more}

    return filled


def _into_zone(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    return {**_left_by_all(world, caller, place), "other": f"#{_zone(world)}"}


def _halves(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    return {**_left_by_all(world, caller, place), "zh-1": "甲部", "zh-2": "乙部"}


def _details(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    return {
        "unit": f"#{world.unit(place, caller).pk}",
        "username": "newcomer",
        "name": "新来的",
        "phone": "13600000000",
    }


def _leader(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    return {"person": world.person(place, caller).username, "role": "leader", "starts_on": str(soon())}


def _other_by_name(body: Body) -> Body:
    def named(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
        return {
            **body(world, caller, place),
            "person": world.residents["own" if place == "child" else "child"].username,
        }

    return named


def _whose_slip(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    """Residents have no password of their own yet; a caller has."""
    Person.objects.filter(pk__in=[one.pk for one in world.residents.values()]).update(password_changed_at=None)
    return {"person": world.person(place, caller).pk}


def _file(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    return {
        "file": SimpleUploadedFile("units.xlsx", b"not read before the worker does"),
        "on": str(timezone.localdate()),
    }


def _posts_wait(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    """A load taken by the resident of a place, that asks for a post there."""
    resident = world.person(place, caller)
    row = [resident.username, world.unit(place, caller).pk, "leader", "", str(soon())]
    Load.objects.filter(submitter=resident).update(state=LoadState.POSTS, read=json.dumps([row]))
    return {}


def _load_of(world: World, caller: Caller, place: str) -> int:
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


REVEALERS = frozenset({"dispatcher", "reviewer", "inspector"})
PAGES_OF_CHANGES: Mapping[str, Door] = {
    "unit_open": Door(Let(SYSTEM), body=_form(_new_unit, order="0"), records="unit.opened"),
    "unit_rename": Door(Let(SYSTEM), body=_form(_name), records="unit.renamed"),
    "unit_recode": Door(Let(SYSTEM), body=_form(_code), records="unit.recoded"),
    "unit_correct": Door(Let(SYSTEM), body=_form(_name, order="1"), records="unit.corrected"),
    "unit_move": Door(Let(SYSTEM, CHILD), body=_form(_into_zone), records="unit.moved"),
    "unit_merge": Door(Let(SYSTEM, CHILD), body=_form(_into_zone), records="unit.merged"),
    "unit_divide": Door(Let(SYSTEM, CHILD), body=_form(_halves), records="unit.divided"),
    "unit_close": Door(Let(SYSTEM, CHILD), body=_form(_left_by_all), records="unit.closed"),
    "post_assign": Door(Let(SECURITY, OTHERS), body=_form(_leader), records="post.assigned"),
    "post_end": Door(Let(SECURITY), body=_from_soon, records="post.ended"),
    "post_stand_in": Door(Let(SECURITY), body=_other_by_name(_stand_in), records="post.stand_in_named"),
    "post_hand_over": Door(Let(SECURITY), body=_other_by_name(_successor), records="post.handed_over"),
    "person_create": Door(Let(SYSTEM), body=_form(_details), records="person.created"),
    "person_change": Door(Let(SYSTEM), body=_form(_details), records="person.changed"),
    "person_disable": Door(Let(SYSTEM, OTHERS), body=_reason, records="person.disabled"),
    "person_reveal": Door(Let(REVEALERS), body=_form(_reason, field="phone", reason="催报"), records="person.revealed"),
    "person_erase": Door(Let(SECURITY, OTHERS), body=_without_posts, records="person.erased"),
}
"""Changes that have a page with a form at the same address: whoever may send it sees it, whether or not it would be done."""


def _item_form(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    on, unit = str(timezone.localdate()), f"#{world.unit(place, caller).pk}"
    return {"name": "改名地块", "unit": unit, "code": "", "lists": "idle", "seen": 1, "on": on, "reason": "更正"}


def _to_zone(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    return {"other": f"#{_zone(world)}", "on": str(timezone.localdate()), "reason": "区划调整"}


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


DISPATCHER = frozenset({"dispatcher"})
CLAIMERS = frozenset({"dispatcher", "reporter"})
CHECKERS = frozenset({"dispatcher", "reviewer"})
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

EVERYWHERE = frozenset({"mine", *PLACES})
"""For what lies at no place: checkpoints are of the whole chain."""


def _filed(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    return {"holder": "box", "where": "issue 3"}


def _round() -> str:
    """The last month that has ended, in which the ledger's figures are reported."""
    return str(Period.containing(Kind.MONTH, timezone.localdate()).previous())


def _area_dealt_with(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    return {"seen": "0", "f-delivered": "12.5"}


def _reported_just_now(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    item = world.item(place, caller)
    Figure.objects.create(
        item=item, field="delivered", period=_round(), amount=1, by_hand=True, sequence=item.sequence
    )  # fmt: skip
    return {"seen": item.sequence}


def _area_for_programs(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    return {"period": _round(), "figures": {"delivered": 12_500_000}, "seen": 0}


SEERS = frozenset({"dispatcher", "reporter", "reviewer", "leader", "inspector"})
SENDERS = frozenset({"dispatcher", "reporter"})


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


def _view_of(world: World, caller: Caller, place: str) -> int:
    """A view somebody at the place keeps for themselves."""
    kept, _ = SavedView.objects.get_or_create(
        ledger=world.ledger, owner=world.person(place, caller), name=f"canary-{place}-view", view="items"
    )
    return int(kept.pk)


def _workbook(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    workbook = SimpleUploadedFile("报表.xlsx", b"PK")
    return {"unit": world.unit(place, caller).pk, "period": "2026-05", "workbook": workbook}


def _a_column(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    return {"field-0": "name", "unit-0": "", "period-0": ""}


def _an_answer(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    return {f"answer-{world.sent(place, caller).findings.get().pk}": "different"}


def _an_exception(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    return {"key": world.sent(place, caller).steps.get().key, "reason": "待核实"}


def _left_out_before(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    world.sent(place, caller).steps.update(left_out="待核实")
    return {"key": world.sent(place, caller).steps.get().key}


def _taken_before(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    Import.objects.filter(pk=world.sent(place, caller).pk).update(state="taken", first_sequence=0)
    return {"reason": "报错"}


def _photo(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    return {"file": SimpleUploadedFile("现场.jpg", b"not looked at before the worker does")}


def _new_item(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    return {"unit_id": world.unit(place, caller).pk, "name": "新地块", "on": str(timezone.localdate())}


def _new_name_of_item(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    return {"seen": 1, "name": "改名地块", "on": str(timezone.localdate()), "reason": "更正"}


def _item_to_zone(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    return {"unit_id": _zone(world), "on": str(timezone.localdate()), "reason": "区划调整"}


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


def _only(body: Body, *names: str, **more: Any) -> Body:
    """The same without fields that a page's form alone has."""

    def filled(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
        sent = body(world, caller, place)
        return {name: sent[name] for name in names} | more

    return filled


def _workbook_for_a_unit(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    sent = _workbook(world, caller, place)
    return {"unit_id": sent["unit"], "period": sent["period"], "workbook": sent["workbook"]}


def _an_answer_by_id(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    return {"answers": [{"finding_id": world.sent(place, caller).findings.get().pk, "answer": "different"}]}


def _keys(body: Body, *names: str) -> Body:
    """The same, its one key in a list."""

    def filled(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
        sent = body(world, caller, place)
        return {"keys": [sent["key"]], **{name: sent[name] for name in names}}

    return filled


def _sent_of_a_pack(**said: str) -> Body:
    """What is said of a pack, the same wherever one is."""
    return lambda *_: said


NOWHERE: frozenset[str] = frozenset()
"""A pack is the whole site's: none of these callers, whose posts lie in one town, may change one."""
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
    "milestone_plan": Door(Let(DISPATCHER), body=_only(_planned_day, "on", "reason"), records="milestone.planned"),
    "milestone_claim": Door(Let(CLAIMERS), body=_reached, records="milestone.claimed"),
    "milestone_check": Door(Let(CHECKERS), body=_only(_fact("claimed"), accepted=True), records="milestone.checked"),
    "milestone_verify": Door(
        Let(frozenset({"inspector"})), body=_only(_fact("checked"), accepted=True), records="milestone.verified"
    ),
    "milestone_withdraw": Door(Let(CLAIMERS), body=_only(_fact("claimed"), "reason"), records="milestone.withdrawn"),
    "milestone_order": Door(
        Let(DISPATCHER),
        body=lambda *_: {"after": "approved", "days": 30, "reason": "约定"},
        records="milestone.ordered",
    ),
    "milestone_schedule": Door(
        Let(DISPATCHER), body=_only(_planned_day, "end", "on", "reason"), records="milestone.scheduled"
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

API_OF_IMPORTS: Mapping[str, Door] = {
    "ledger_imports": Door(Let(SENDERS), body=_workbook_for_a_unit, records="import.submitted"),
    "import_take": Door(Let(SENDERS), body=nothing, records="import.taken"),
    "import_read": Door(Let(SENDERS), body=nothing, records="import.asked_for"),
    "import_undo": Door(Let(SENDERS), body=_taken_before, records="import.undone"),
    "import_discard": Door(Let(SENDERS), body=nothing, records="import.discarded"),
    "import_answer": Door(Let(SENDERS), body=_an_answer_by_id, records="import.answered"),
    "import_leave_out": Door(Let(SENDERS), body=_keys(_an_exception, "reason"), records="import.left_out"),
    "import_put_back": Door(Let(SENDERS), body=_keys(_left_out_before), records="import.put_back"),
    "import_columns_confirm": Door(
        Let(SENDERS),
        body=lambda *_: {"columns": [{"position": 0, "field": "name"}]},
        records="import.columns_confirmed",
    ),
}
"""What programs send about workbooks."""

DAYS = {"starts_on": "2026-01-01", "ends_on": "2026-12-31"}


def _goal_form(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    unit = world.unit(place, caller).pk
    return {
        "level": "campaign/campaign",
        "unit": f"#{unit}",
        "title": "新目标",
        "statement": "",
        "reason": "更名",
        **DAYS,
    }


def _unit_answers(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    unit = world.unit(place, caller).pk
    return {"slot": "commander", "unit": f"#{unit}", "person": "", "on": str(timezone.localdate())}


def _item_not_linked(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    GoalItem.objects.filter(goal=world.goal(place, caller)).delete()
    return {"item": f"#{world.item(place, caller).pk}", "on": str(timezone.localdate())}


def _split_all(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    return {f"unit-{world.units['child'].pk}": "4", "reason": ""}


def _asked_for_an_answer(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    Target.objects.filter(goal=world.goal(place, caller)).update(standing="proposed")
    return {"agrees": "yes"}


def _signature(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    return {"slot": "lead_unit", "digest": Paper.objects.get(goal=world.goal(place, caller)).digest}


def _new_goal(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    unit = world.unit(place, caller).pk
    return {"pack": "campaign", "level": "campaign", "unit_id": unit, "title": "新目标", **DAYS}


def _goal_answered_by(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    return {"slot": "commander", "unit_id": world.unit(place, caller).pk, "on": str(timezone.localdate())}


def _items_not_linked(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    GoalItem.objects.filter(goal=world.goal(place, caller)).delete()
    return {"items": [world.item(place, caller).pk], "on": str(timezone.localdate())}


def _parts_of_it(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    return {"seen": 1, "along": "unit", "parts": [{"unit_id": world.units["child"].pk, "value": 4}]}


def _answer_of_a_unit(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    return {"seen": 1, "agrees": _asked_for_an_answer(world, caller, place)["agrees"] == "yes"}


def _reached_so_far(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    """A share of growth, which no item tells of."""
    Target.objects.filter(goal=world.goal(place, caller)).update(indicator="growth")
    return {"on": "2026-01-02", "value": "5", "evidence": "统计月报", "reason": ""}


ANSWERERS = frozenset({"reporter", "leader"})
API_OF_GOALS: Mapping[str, Door] = {
    "goals": Door(Let(DISPATCHER), body=_new_goal, records="goal.opened"),
    "goal_change": Door(
        Let(DISPATCHER),
        body=lambda *_: {"seen": 1, "title": "新目标", "reason": "更名", **DAYS},
        records="goal.changed",
    ),
    "goal_end": Door(Let(DISPATCHER), body=lambda *_: {"state": "ended", "reason": "到期"}, records="goal.ended"),
    "goal_duties": Door(Let(DISPATCHER), body=_goal_answered_by, records="goal.assigned"),
    "goal_items": Door(Let(DISPATCHER), body=_items_not_linked, records="goal.linked"),
    "goal_unlink": Door(Let(DISPATCHER), body=lambda *_: {"on": str(SINCE)}, records="goal.unlinked"),
    "goal_targets": Door(
        Let(DISPATCHER),
        body=lambda *_: {"indicator": "growth", "period": "2026", "value": "0.09"},
        records="target.set",
    ),
    "target_adjust": Door(
        Let(DISPATCHER), body=lambda *_: {"seen": 1, "value": 5, "reason": "年中调整"}, records="target.adjusted"
    ),
    "target_split": Door(Let(DISPATCHER), body=_parts_of_it, records="target.split"),
    "goal_papers": Door(Let(DISPATCHER), body=lambda *_: {"kind": "roadmap"}, records="paper.drawn"),
    "target_reached": Door(
        Let(CLAIMERS), body=_only(_reached_so_far, "on", "evidence", value="0.05"), records="target.reached"
    ),
    "target_answer": Door(Let(ANSWERERS), body=_answer_of_a_unit, records="target.answered"),
    "goal_attachments": Door(Let(SENDERS), body=_photo, records="attachment.attached"),
    "item_attachments": Door(Let(SENDERS), body=_photo, records="attachment.attached"),
    "attachment_erase": Door(Let(DISPATCHER), body=_reason, records="attachment.erased"),
}
"""What programs send about goals and files."""


def _all_of_them_here(world: World, caller: Caller, place: str) -> Mapping[str, Any]:
    """Only who dispatches for every unit with an item on the ledger has a round judged: here nobody else has one."""
    Item.objects.update(unit=world.units["own"])
    return {"period": "2026-05", "rulebook": "laixi_2021_land"}


LEADER = frozenset({"leader"})
PAGES_OF_GOALS: Mapping[str, Door] = {
    "goal_change": Door(Let(DISPATCHER), body=_goal_form, records="goal.changed"),
    "goal_end": Door(Let(DISPATCHER), body=lambda *_: {"state": "ended", "reason": "到期"}, records="goal.ended"),
    "goal_assign": Door(Let(DISPATCHER), body=_unit_answers, records="goal.assigned"),
    "goal_link": Door(Let(DISPATCHER), body=_item_not_linked, records="goal.linked"),
    "target_set": Door(
        Let(DISPATCHER), body=lambda *_: {"indicator": "growth", "period": "2026", "value": "9"}, records="target.set"
    ),
    "target_adjust": Door(
        Let(DISPATCHER), body=lambda *_: {"value": "5", "reason": "年中调整"}, records="target.adjusted"
    ),
    "target_split": Door(Let(DISPATCHER), body=_split_all, records="target.split"),
}
"""The same for goals."""
DOORS: Mapping[tuple[str, str], Door] = {
    # pages
    ("home", "GET"): Door(Let(SIGNED_IN)),
    ("language", "POST"): Door(Let(EVERYBODY), body=lambda *_: {"language": "en", "back": "/units"}),
    ("units", "GET"): Door(Let(ROLES)),
    ("unit", "GET"): Door(Let(ROLES)),
    **{(name, "POST"): door for name, door in (PAGES_OF_CHANGES | PAGES_OF_ITEMS).items()},
    **{
        (name, "GET"): Door(*(Let(one.who) for one in door.lets))
        for name, door in (PAGES_OF_CHANGES | PAGES_OF_ITEMS).items()
    },
    ("people", "GET"): Door(Let(ROLES)),
    ("person", "GET"): Door(Let(ROLES)),
    ("person_enable", "POST"): Door(Let(SYSTEM), body=nothing, records="person.enabled"),
    ("slips", "GET"): Door(Let(SYSTEM)),
    ("slips_print", "POST"): Door(Let(SYSTEM, OTHERS), body=_whose_slip, records="person.slips_printed"),
    ("loads", "GET"): Door(Let(SIGNED_IN)),
    ("loads", "POST"): Door(Let(SYSTEM, MINE | {*PLACES}), body=_file, records="unit.load_submitted"),
    ("load_template", "GET"): Door(Let(SYSTEM)),
    ("load", "GET"): Door(Let(SIGNED_IN, MINE)),
    ("load_accept", "POST"): Door(Let(SYSTEM, MINE), body=nothing, records="unit.load_accepted"),
    ("load_posts", "POST"): Door(Let(SECURITY, OTHERS), body=_posts_wait, records="post.load_accepted"),
    ("load_give_up", "POST"): Door(Let(SIGNED_IN, MINE), body=nothing, records="unit.load_discarded"),
    ("load_marked", "GET"): Door(Let(SIGNED_IN, MINE)),
    ("own_data", "GET"): Door(Let(SIGNED_IN)),
    ("own_data_copy", "POST"): Door(Let(SIGNED_IN), body=nothing, records="person.copy_given"),
    ("look", "GET"): Door(Let(SIGNED_IN)),
    ("tokens", "GET"): Door(Let(SIGNED_IN)),
    ("token_issue", "POST"): Door(Let(ROLES - {"leader"}, MINE), body=_token, records="token.issued"),
    ("token_revoke", "POST"): Door(Let(SIGNED_IN, MINE), Let(SECURITY), body=nothing, records="token.revoked"),
    ("search", "GET"): Door(Let(SEERS)),
    ("packs", "GET"): Door(Let(SYSTEM)),
    ("pack", "GET"): Door(Let(SYSTEM, EVERYWHERE)),
    **{(name, "GET"): Door(Let(SYSTEM, EVERYWHERE)) for name in CHANGES_OF_PACKS},
    **{(name, "POST"): Door(Let(SYSTEM, NOWHERE), body=body) for name, body in CHANGES_OF_PACKS.items()},
    ("pack_take_back", "POST"): Door(Let(SYSTEM, NOWHERE), body=_sent_of_a_pack(place="land_disposal/lists/idle")),
    ("ledgers", "GET"): Door(Let(SEERS)),
    ("due", "GET"): Door(Let(SEERS)),
    ("calendars", "GET"): Door(Let(SIGNED_IN)),
    ("first_steps", "GET"): Door(Let(SIGNED_IN, EVERYWHERE)),
    ("guide", "GET"): Door(Let(SIGNED_IN, EVERYWHERE)),
    ("report", "GET"): Door(Let(CLAIMERS)),
    ("news", "GET"): Door(Let(SEERS)),
    ("news_seen", "POST"): Door(Let(SEERS, EVERYWHERE), body=lambda *_: {"up_to": "0"}, records="news.seen"),
    ("visit_new", "GET"): Door(Let(SEERS)),
    ("visit_calendar", "GET"): Door(Let(SEERS)),
    ("visit_seen", "GET"): Door(Let(CLAIMERS)),
    ("visit_seen", "POST"): Door(
        Let(CLAIMERS), body=lambda *_: {"on": str(SINCE), "text": "现场踏勘"}, records="remark.added"
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
    ("goals", "GET"): Door(Let(SEERS)),
    ("goal", "GET"): Door(Let(SEERS)),
    ("goal_open", "GET"): Door(Let(DISPATCHER)),
    ("goal_open", "POST"): Door(Let(DISPATCHER), body=_goal_form, records="goal.opened"),
    **{(name, "POST"): door for name, door in PAGES_OF_GOALS.items()},
    **{(name, "GET"): Door(*(Let(one.who) for one in door.lets)) for name, door in PAGES_OF_GOALS.items()},
    ("goal_attachments", "GET"): Door(Let(SEERS)),
    ("goal_attachment_send", "POST"): Door(Let(SENDERS), body=_photo, records="attachment.attached"),
    ("goal_unlink", "POST"): Door(Let(DISPATCHER), body=nothing, records="goal.unlinked"),
    ("target", "GET"): Door(Let(SEERS)),
    ("target_answer", "POST"): Door(
        Let(frozenset({"reporter", "leader"})), body=_asked_for_an_answer, records="target.answered"
    ),
    ("target_reached", "GET"): Door(Let(CLAIMERS)),
    ("target_reached", "POST"): Door(Let(CLAIMERS), body=_reached_so_far, records="target.reached"),
    ("paper", "GET"): Door(Let(SEERS)),
    ("paper_word", "GET"): Door(Let(SEERS)),
    ("paper_draw", "POST"): Door(Let(DISPATCHER), body=lambda *_: {"kind": "roadmap"}, records="paper.drawn"),
    ("paper_sign", "POST"): Door(Let(LEADER), body=_signature, records="paper.signed"),
    ("item_attachments", "GET"): Door(Let(SEERS)),
    ("attachment_send", "POST"): Door(Let(SENDERS), body=_photo, records="attachment.attached"),
    ("attachment", "GET"): Door(Let(SEERS)),
    ("attachment_file", "GET"): Door(Let(SEERS)),
    ("attachment_small", "GET"): Door(Let(SEERS)),
    ("attachment_erase", "GET"): Door(Let(DISPATCHER)),
    ("attachment_erase", "POST"): Door(Let(DISPATCHER), body=_reason, records="attachment.erased"),
    # Ranks are published: whoever sees an item of the ledger sees its league, of rows behind it only their own.
    **{(name, "GET"): Door(Let(SEERS, EVERYWHERE)) for name in ("rounds", "round", "round_figure")},
    ("item_why", "GET"): Door(Let(SEERS)),
    ("round_judge", "POST"): Door(Let(DISPATCHER, EVERYWHERE), body=_all_of_them_here, records="round.asked_for"),
    ("imports", "GET"): Door(Let(SENDERS, EVERYWHERE)),
    ("import_send", "POST"): Door(Let(SENDERS), body=_workbook, records="import.submitted"),
    ("import_line", "GET"): Door(Let(SEERS)),
    ("import_progress", "GET"): Door(Let(SEERS)),
    ("import_sheet", "GET"): Door(Let(SENDERS)),
    ("import", "GET"): Door(Let(SEERS)),
    ("import_take", "POST"): Door(Let(SENDERS), body=nothing, records="import.taken"),
    ("import_undo", "POST"): Door(Let(SENDERS), body=_taken_before, records="import.undone"),
    ("import_file", "GET"): Door(Let(SENDERS)),
    ("import_marked", "GET"): Door(Let(SENDERS)),
    ("import_columns", "GET"): Door(Let(SENDERS)),
    ("import_columns_confirm", "POST"): Door(Let(SENDERS), body=_a_column, records="import.columns_confirmed"),
    ("import_answer", "POST"): Door(Let(SENDERS), body=_an_answer, records="import.answered"),
    ("import_leave_out", "POST"): Door(Let(SENDERS), body=_an_exception, records="import.left_out"),
    ("import_put_back", "POST"): Door(Let(SENDERS), body=_left_out_before, records="import.put_back"),
    ("import_discard", "POST"): Door(Let(SENDERS), body=nothing, records="import.discarded"),
    ("audit", "GET"): Door(Let(AUDIT)),
    ("audit_export", "POST"): Door(Let(AUDIT), body=nothing, records="audit.exported"),
    ("audit_checkpoint", "GET"): Door(Let(AUDIT)),
    ("audit_checkpoint_filed", "POST"): Door(Let(AUDIT, EVERYWHERE), body=_filed, records="audit.checkpoint_printed"),
    # signing in
    ("account_login", "GET"): Door(Let(EVERYBODY)),
    ("account_login", "POST"): Door(Let(EVERYBODY), body=nothing),
    ("account_logout", "POST"): Door(Let(SIGNED_IN), body=nothing, records="session.signed_out", stays_in=False),
    ("mfa_authenticate", "GET"): Door(Let(EVERYBODY), stays_in=False),
    ("mfa_authenticate", "POST"): Door(Let(EVERYBODY), body=nothing, stays_in=False),
    ("mfa_login_webauthn", "GET"): Door(Let(EVERYBODY)),
    ("mfa_login_webauthn", "POST"): Door(Let(EVERYBODY), body=nothing),
    ("openid_connect_login", "GET"): Door(Let(EVERYBODY), stays_in=False),
    ("openid_connect_callback", "GET"): Door(Let(EVERYBODY), stays_in=False),
    # one's own account
    ("account", "GET"): Door(Let(SIGNED_IN)),
    ("account_password", "GET"): Door(Let(SIGNED_IN)),
    ("account_password", "POST"): Door(
        Let(SIGNED_IN, MINE | set(PLACES)), body=_new_password, records="sign_in.password_changed"
    ),
    ("account_reauthenticate", "GET"): Door(Let(SIGNED_IN)),
    ("account_reauthenticate", "POST"): Door(Let(SIGNED_IN), body=nothing),
    ("mfa_reauthenticate", "GET"): Door(Let(SIGNED_IN)),
    ("mfa_reauthenticate", "POST"): Door(Let(SIGNED_IN), body=nothing),
    ("mfa_reauthenticate_webauthn", "GET"): Door(Let(SIGNED_IN)),
    ("mfa_reauthenticate_webauthn", "POST"): Door(Let(SIGNED_IN), body=nothing),
    ("mfa_index", "GET"): Door(Let(SIGNED_IN)),
    ("mfa_activate_totp", "GET"): Door(Let(SIGNED_IN)),
    ("mfa_activate_totp", "POST"): Door(Let(SIGNED_IN), body=nothing),
    ("mfa_deactivate_totp", "GET"): Door(Let(SIGNED_IN)),
    ("mfa_deactivate_totp", "POST"): Door(Let(SIGNED_IN), body=nothing, records="sign_in.second_factor_removed"),
    ("mfa_add_webauthn", "GET"): Door(Let(SIGNED_IN)),
    ("mfa_add_webauthn", "POST"): Door(Let(SIGNED_IN), body=nothing),
    ("mfa_remove_webauthn", "GET"): Door(Let(SIGNED_IN, MINE)),
    ("mfa_remove_webauthn", "POST"): Door(Let(SIGNED_IN, MINE), body=nothing, records="sign_in.second_factor_removed"),
    ("mfa_view_recovery_codes", "GET"): Door(Let(SIGNED_IN)),
    ("mfa_generate_recovery_codes", "GET"): Door(Let(SIGNED_IN)),
    ("mfa_generate_recovery_codes", "POST"): Door(Let(SIGNED_IN), body=nothing, records="sign_in.recovery_codes_made"),
    ("session_end", "POST"): Door(Let(SIGNED_IN, MINE), body=nothing, records="session.ended"),
    ("sessions_end_others", "POST"): Door(Let(SIGNED_IN), body=nothing, records="session.ended"),
    # others' sign-in
    ("person_reset_password", "POST"): Door(Let(SECURITY, OTHERS), body=_reason, records="sign_in.password_reset"),
    ("person_slip", "GET"): Door(Let(SECURITY)),
    ("person_reset_second_factor", "POST"): Door(
        Let(SECURITY, OTHERS), body=_reason, records="sign_in.second_factor_removed"
    ),
    ("person_end_sessions", "POST"): Door(Let(SECURITY, OTHERS), body=_reason, records="session.ended"),
    # watching the site
    ("health_live", "GET"): Door(Let(EVERYBODY)),
    ("health_ready", "GET"): Door(Let(EVERYBODY)),
    ("metrics", "GET"): Door(Let(EVERYBODY)),
    # API
    ("api-1:openapi-json", "GET"): Door(Let(EVERYBODY)),
    ("api-1:me", "GET"): Door(Let(ROLES)),
    ("api-1:units", "GET"): Door(Let(ROLES)),
    ("api-1:units", "POST"): Door(Let(SYSTEM), body=_new_unit, records="unit.opened"),
    ("api-1:unit_tree", "GET"): Door(Let(ROLES)),
    ("api-1:unit", "GET"): Door(Let(ROLES)),
    ("api-1:unit_history", "GET"): Door(Let(ROLES)),
    ("api-1:unit_successors", "GET"): Door(Let(ROLES)),
    ("api-1:unit_rename", "POST"): Door(Let(SYSTEM), body=_name, records="unit.renamed"),
    ("api-1:unit_recode", "POST"): Door(Let(SYSTEM), body=_code, records="unit.recoded"),
    ("api-1:unit_correct", "POST"): Door(Let(SYSTEM), body=lambda *_: {"title_zh": "改正"}, records="unit.corrected"),
    ("api-1:unit_move", "POST"): Door(Let(SYSTEM, CHILD), body=_another_place, records="unit.moved"),
    ("api-1:unit_close", "POST"): Door(Let(SYSTEM, CHILD), body=_left_by_all, records="unit.closed"),
    ("api-1:unit_merge", "POST"): Door(Let(SYSTEM), body=_another_to_merge, records="unit.merged"),
    ("api-1:unit_divide", "POST"): Door(Let(SYSTEM, CHILD), body=_two_parts, records="unit.divided"),
    ("api-1:people", "GET"): Door(Let(ROLES)),
    ("api-1:people", "POST"): Door(Let(SYSTEM), body=_new_person, records="person.created"),
    ("api-1:person", "GET"): Door(Let(ROLES)),
    ("api-1:person_change", "POST"): Door(Let(SYSTEM), body=_moved_person, records="person.changed"),
    ("api-1:person_disable", "POST"): Door(Let(SYSTEM, OTHERS), body=_reason, records="person.disabled"),
    ("api-1:person_enable", "POST"): Door(Let(SYSTEM), body=nothing, records="person.enabled"),
    ("api-1:person_erase", "POST"): Door(Let(SECURITY, OTHERS), body=_without_posts, records="person.erased"),
    ("api-1:posts", "GET"): Door(Let(ROLES)),
    ("api-1:posts", "POST"): Door(Let(SECURITY, OTHERS), body=_new_post, records="post.assigned"),
    ("api-1:post", "GET"): Door(Let(ROLES)),
    ("api-1:post_end", "POST"): Door(Let(SECURITY), body=_from_soon, records="post.ended"),
    ("api-1:post_stand_in", "POST"): Door(Let(SECURITY), body=_stand_in, records="post.stand_in_named"),
    ("api-1:post_hand_over", "POST"): Door(Let(SECURITY), body=_successor, records="post.handed_over"),
    ("api-1:tokens", "GET"): Door(Let(ROLES)),
    ("api-1:token_revoke", "POST"): Door(Let(ROLES, MINE), Let(SECURITY), body=nothing, records="token.revoked"),
    ("api-1:ledgers", "GET"): Door(Let(SEERS)),
    ("api-1:ledger_schema", "GET"): Door(Let(SEERS, EVERYWHERE)),
    ("api-1:ledger_items", "GET"): Door(Let(SEERS, EVERYWHERE)),
    ("api-1:ledger_items", "POST"): Door(Let(DISPATCHER), body=_new_item, records="item.entered"),
    ("api-1:ledger_imports", "GET"): Door(Let(SEERS, EVERYWHERE)),
    **{(f"api-1:{name}", "GET"): Door(Let(SEERS)) for name in ("import", "import_findings", "import_steps")},
    **{(f"api-1:import_{part}", "GET"): Door(Let(SENDERS)) for part in ("columns", "file", "marked")},
    **{(f"api-1:{name}", "POST"): door for name, door in API_OF_IMPORTS.items()},
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
    **{(f"api-1:{name}", "POST"): door for name, door in (API_OF_ITEMS | API_OF_GOALS).items()},
    **{
        (f"api-1:{name}", "GET"): Door(Let(SEERS))
        for name in (
            "item_attachments",
            "attachment",
            "attachment_file",
            "goals",
            "goal_schema",
            "goal_tree",
            "goal",
            "goal_revisions",
            "goal_duties",
            "goal_items",
            "goal_targets",
            "goal_attachments",
            "target",
            "target_parts",
            "target_versions",
            "target_reached",
            "goal_papers",
            "paper",
            "paper_word",
            "item_years",
        )
    },
    ("api-1:doubles", "GET"): Door(Let(DISPATCHER, EVERYWHERE)),
    ("api-1:ledger_year", "GET"): Door(Let(SEERS, EVERYWHERE)),
    ("api-1:item_change", "POST"): Door(Let(DISPATCHER), body=_new_name_of_item, records="item.changed"),
    ("api-1:item_move", "POST"): Door(Let(DISPATCHER), body=_item_to_zone, records="item.moved"),
    ("api-1:item_state", "POST"): Door(Let(DISPATCHER), body=_item_suspended, records="item.state_set"),
    ("api-1:audit_records", "GET"): Door(Let(AUDIT)),
    ("api-1:audit_checkpoints", "GET"): Door(Let(AUDIT)),
    ("api-1:audit_chain", "GET"): Door(Let(AUDIT)),
}

ARGUMENTS: Mapping[str, Callable[[World, Caller, str], object]] = {
    "unit_id": lambda world, caller, place: world.unit(place, caller).pk,
    "person_id": lambda world, caller, place: world.person(place, caller).pk,
    "post_id": lambda world, caller, place: world.post(place, caller).pk,
    "guide": lambda world, caller, place: "keep-an-item",
    "ledger_key": lambda world, caller, place: world.ledger.key,
    "pack_key": lambda world, caller, place: world.ledger.pack.key,
    "shipped": lambda world, caller, place: "land_disposal",
    "rulebook": lambda world, caller, place: "laixi_2021_land",
    "setting": lambda world, caller, place: "test_rounds",
    "item_id": lambda world, caller, place: world.item(place, caller).pk,
    "other_id": lambda world, caller, place: world.link(place, caller).target_id,
    "year": lambda world, caller, place: 2026,
    "list_key": lambda world, caller, place: "unsupplied",
    "milestone_key": lambda world, caller, place: "begun",
    "period": lambda world, caller, place: _round(),
    "duty_id": lambda world, caller, place: world.duty(place, caller).pk,
    "link_id": lambda world, caller, place: world.link(place, caller).pk,
    "import_id": lambda world, caller, place: world.sent(place, caller).pk,
    "goal_id": lambda world, caller, place: world.goal(place, caller).pk,
    "target_id": lambda world, caller, place: world.goal(place, caller).targets.get().pk,
    "paper_id": lambda world, caller, place: world.goal(place, caller).papers.get().pk,
    "along": lambda world, caller, place: "unit",
    "attachment_id": lambda world, caller, place: world.attachment(place, caller).pk,
    "table": lambda world, caller, place: 0,
    "run_id": lambda world, caller, place: world.run.pk,
    "indicator": lambda world, caller, place: "disposed",
    "checkpoint_id": lambda world, caller, place: world.checkpoint.pk,
    "load_id": _load_of,
    "view_id": _view_of,
    "field_key": lambda world, caller, place: "way",
    "figure_key": lambda world, caller, place: "delivered",
    "name": lambda world, caller, place: world.session(place, caller),
    "pk": lambda world, caller, place: world.passkey(place, caller),
    "provider_id": lambda world, caller, place: "nowhere",
    "token_id": lambda world, caller, place: world.token(place, caller).pk,
}
"""An object at a place for every argument a route may take, by the argument's name."""
