"""The life of items on a ledger, done at random: whatever is done in whatever order, what was known then stays known."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from guatu.hub.audit.models import Record
from guatu.hub.ledger.actions.duties import Answerable, assign_duty, end_duty, hand_over_duty
from guatu.hub.ledger.actions.items import change_item, enter_item, move_item, set_item_state
from guatu.hub.ledger.actions.links import end_link, link_items
from guatu.hub.ledger.actions.merging import merge_items
from guatu.hub.ledger.actions.milestones import (
    check_milestone,
    claim_milestone,
    plan_milestone,
    verify_milestone,
    withdraw_milestone,
)
from guatu.hub.ledger.actions.packs import install_pack
from guatu.hub.ledger.actions.years import TakenIn, adjust_year_plan, open_year
from guatu.hub.ledger.as_of import rows_on
from guatu.hub.ledger.models import (
    Duty,
    Figure,
    Item,
    ItemAccess,
    ItemRevision,
    Ledger,
    Link,
    ListMembership,
    Milestone,
    SequenceCounter,
    SequenceNumber,
    YearEntry,
)
from guatu.hub.ledger.models.items import ItemState
from guatu.hub.ledger.models.milestones import COUNTING, Standing
from guatu.text import Refusal
from tests.hub.ledger.dossiers import FOLDER
from tests.hub.people import NOW, build_city

FIRST = date(2026, 1, 1)
DAYS = st.integers(0, 60).map(lambda days: FIRST + timedelta(days=days))
ANY = st.integers(0, 1000)
UNITS = st.sampled_from(("town", "east", "west", "bureau"))
PEOPLE = st.sampled_from(("zhao", "li", "wang", "feng", "qian"))
KEYS = st.sampled_from(("approved", "supplied", "begun"))
TABLES = (
    Item, ItemRevision, ItemAccess, ListMembership, Duty, Link, Milestone, Figure, YearEntry, SequenceNumber,
    SequenceCounter, Record,
)  # fmt: skip


class LifeOfItems(RuleBasedStateMachine):
    """A few parcels entered, changed, moved, suspended, merged, planned, claimed, linked, carried over: by whoever tries."""

    def __init__(self) -> None:
        super().__init__()
        self._atomic = transaction.atomic()
        self._atomic.__enter__()

    @initialize()
    def city(self) -> None:
        self.people = build_city()
        install_pack(folder=FOLDER, by=self.people.actor("sun"), at=NOW)
        self.ledger = Ledger.objects.get()
        self.at: datetime = NOW
        self.told: dict[int, Any] = {}
        self.named = 0

    def by(self, name: str) -> Any:
        return self.people.actor(name)

    def item(self, pick: int) -> Item:
        items = list(Item.objects.order_by("pk"))
        return items[pick % len(items)] if items else self._entered("town", FIRST)

    def _entered(self, unit: str, on: date) -> Item:
        self.named += 1
        return enter_item(
            ledger=self.ledger, unit=self.people.units[unit], name=f"地块{self.named}", code=f"P-{self.named}", on=on,
            by=self.by("zhao"), at=self.at,
        )  # fmt: skip

    @contextmanager
    def _perhaps(self) -> Iterator[None]:
        """Refused or done, never half: what a refusal leaves is what was there before."""
        before = self._everything()
        try:
            with transaction.atomic():
                yield
        except Refusal:
            assert self._everything() == before

    def _everything(self) -> list[object]:
        return [sorted(model.objects.values_list(), key=str) for model in TABLES]  # type: ignore[attr-defined]

    # what is done

    @rule(unit=UNITS, on=DAYS)
    def enter(self, unit: str, on: date) -> None:
        self._entered(unit, on)

    @rule(pick=ANY, way=st.sampled_from(("收回", "置换", None)), listed=st.booleans(), on=DAYS, who=PEOPLE)
    def change(self, pick: int, way: str | None, listed: bool, on: date, who: str) -> None:
        item = self.item(pick)
        with self._perhaps():
            change_item(
                item=item, seen=item.revision, values={"way": way}, lists=("idle",) if listed else (), on=on, reason="改",
                by=self.by(who), at=self.at,
            )  # fmt: skip

    @rule(pick=ANY, unit=UNITS, on=DAYS)
    def move(self, pick: int, unit: str, on: date) -> None:
        with self._perhaps():
            move_item(
                item=self.item(pick), unit=self.people.units[unit], on=on, reason="划", by=self.by("zhao"), at=self.at
            )

    @rule(pick=ANY, state=st.sampled_from(list(ItemState)), on=DAYS)
    def set_state(self, pick: int, state: ItemState, on: date) -> None:
        with self._perhaps():
            set_item_state(item=self.item(pick), state=state, on=on, reason="态", by=self.by("zhao"), at=self.at)

    @rule(pick=ANY, other=ANY, on=DAYS)
    def merge(self, pick: int, other: int, on: date) -> None:
        item, into = self.item(pick), self.item(other)
        with self._perhaps():
            merge_items(item=item, into=into, on=on, reason="并", by=self.by("zhao"), at=self.at)

    @rule(pick=ANY, key=KEYS, on=DAYS, who=PEOPLE)
    def plan(self, pick: int, key: str, on: date, who: str) -> None:
        with self._perhaps():
            plan_milestone(
                item=self.item(pick), key=key, on=on, reason="排", agreed_by=self.people.units["bureau"], by=self.by(who),
                at=self.at,
            )  # fmt: skip

    @rule(pick=ANY, key=KEYS, on=DAYS, who=PEOPLE)
    def claim(self, pick: int, key: str, on: date, who: str) -> None:
        with self._perhaps():
            claim_milestone(item=self.item(pick), key=key, on=on, evidence="证", by=self.by(who), at=self.at)

    @rule(pick=ANY, key=KEYS, accepted=st.booleans(), who=PEOPLE)
    def check(self, pick: int, key: str, accepted: bool, who: str) -> None:
        with self._perhaps():
            check_milestone(item=self.item(pick), key=key, accepted=accepted, note="核", by=self.by(who), at=self.at)

    @rule(pick=ANY, key=KEYS, accepted=st.booleans(), who=PEOPLE)
    def verify(self, pick: int, key: str, accepted: bool, who: str) -> None:
        with self._perhaps():
            verify_milestone(item=self.item(pick), key=key, accepted=accepted, note="验", by=self.by(who), at=self.at)

    @rule(pick=ANY, key=KEYS, who=PEOPLE)
    def withdraw(self, pick: int, key: str, who: str) -> None:
        with self._perhaps():
            withdraw_milestone(item=self.item(pick), key=key, reason="撤", by=self.by(who), at=self.at)

    @rule(pick=ANY, slot=st.sampled_from(("lead", "helpers")), unit=UNITS, on=DAYS)
    def assign(self, pick: int, slot: str, unit: str, on: date) -> None:
        with self._perhaps():
            assign_duty(
                item=self.item(pick), slot=slot, holder=Answerable(unit=self.people.units[unit]), on=on, by=self.by("zhao"),
                at=self.at,
            )  # fmt: skip

    @rule(pick=ANY, unit=UNITS, ends=st.booleans(), on=DAYS)
    def turn_duty(self, pick: int, unit: str, ends: bool, on: date) -> None:
        duties = list(Duty.objects.select_related("item").order_by("pk"))
        if not duties:
            return
        duty = duties[pick % len(duties)]
        with self._perhaps():
            if ends:
                end_duty(duty=duty, on=on, reason="止", by=self.by("zhao"), at=self.at)
            else:
                holder = Answerable(unit=self.people.units[unit])
                hand_over_duty(duty=duty, holder=holder, on=on, reason="交", by=self.by("zhao"), at=self.at)

    @rule(pick=ANY, other=ANY, kind=st.sampled_from(("part_of", "beside")), on=DAYS)
    def link(self, pick: int, other: int, kind: str, on: date) -> None:
        source, target = self.item(pick), self.item(other)
        with self._perhaps():
            link_items(source=source, target=target, kind=kind, on=on, by=self.by("zhao"), at=self.at)

    @rule(pick=ANY, on=DAYS)
    def unlink(self, pick: int, on: date) -> None:
        links = list(Link.objects.select_related("source").order_by("pk"))
        if links:
            with self._perhaps():
                end_link(link=links[pick % len(links)], on=on, reason="断", by=self.by("zhao"), at=self.at)

    @rule(pick=ANY, year=st.integers(2025, 2027), plan=st.integers(0, 9))
    def open_year(self, pick: int, year: int, plan: int) -> None:
        taken = [TakenIn(self.item(pick), {"year_plan": plan})]
        with self._perhaps():
            open_year(ledger=self.ledger, year=year, taken=taken, by=self.by("zhao"), at=self.at)

    @rule(pick=ANY, year=st.integers(2025, 2027), plan=st.integers(0, 9))
    def adjust(self, pick: int, year: int, plan: int) -> None:
        item = self.item(pick)
        with self._perhaps():
            adjust_year_plan(
                item=item, year=year, field="year_plan", value=plan, reason="调", by=self.by("zhao"), at=self.at
            )

    @rule()
    def look(self) -> None:
        """Remember what is known now; it must be known as what was known now for ever."""
        number = _last()
        self.told[number] = _known_by(number)

    # what must hold

    @invariant()
    def what_was_known_then_stays_known(self) -> None:
        for number, known in getattr(self, "told", {}).items():
            assert _known_by(number) == known

    @invariant()
    def columns_lists_and_access_say_what_the_latest_revision_says(self) -> None:
        for item in Item.objects.all():
            row = dict(rows_on(Item.objects.filter(pk=item.pk), date(2026, 12, 31)))[item.pk]
            lists = tuple(sorted(item.memberships.filter(valid_to=None).values_list("list", flat=True)))
            assert (row.unit, row.name, row.code, row.state, row.values, row.lists, row.merged_into) == (
                item.unit_id, item.name, item.code, item.state, item.values, lists, item.merged_into_id,
            )  # fmt: skip
            duties = item.duties.filter(valid_to=None).exclude(unit=None).values_list("unit_id", flat=True)
            assert set(item.accesses.values_list("unit_id", flat=True)) == {item.unit_id, *duties}

    @invariant()
    def facts_follow_one_another(self) -> None:
        """Of each milestone and plan one fact is in force, and each number that is superseded by exists."""
        numbers = set(SequenceNumber.objects.values_list("number", flat=True))
        last = _last()
        assert numbers == set(range(1, last + 1))
        for model in (Milestone, Figure):
            for begun, ended in model.objects.values_list("sequence", "superseded_by_sequence"):  # type: ignore[attr-defined]
                assert begun in numbers
                assert ended is None or (ended in numbers and ended > begun)

    @invariant()
    def nobody_passes_on_what_they_said(self) -> None:
        """Whoever verified a day did not claim or check it."""
        record_of = dict(SequenceNumber.objects.values_list("number", "record_id"))
        person_of = dict(Record.objects.values_list("pk", "person_id"))
        for fact in Milestone.objects.filter(
            standing__in=(Standing.CHECKED, Standing.VERIFIED), item__merged_from=None
        ):
            hands, at = [], fact
            while True:
                hands.append(person_of[record_of[at.sequence]])
                if at.standing == Standing.CLAIMED:
                    break
                at = Milestone.objects.get(
                    item=fact.item, key=fact.key, fact=fact.fact, superseded_by_sequence=at.sequence
                )
            assert len(set(hands)) == len(hands)
            assert fact.standing in COUNTING

    @invariant()
    def parts_never_contain_their_whole(self) -> None:
        whole = dict(Link.objects.filter(kind="part_of", valid_to=None).values_list("source_id", "target_id"))
        assert Link.objects.filter(kind="part_of", valid_to=None).count() == len(whole)
        for start in whole:
            at, steps = start, 0
            while at in whole:
                at, steps = whole[at], steps + 1
                assert steps <= len(whole), "a circle"

    @invariant()
    def tombstones_have_nothing_in_force_but_their_history(self) -> None:
        gone = Item.objects.filter(state=ItemState.MERGED)
        assert not Duty.objects.filter(item__in=gone, valid_to=None).exists()
        assert not Link.objects.filter(source__in=gone, valid_to=None).exists()
        assert not Link.objects.filter(target__in=gone, valid_to=None).exists()
        assert all(one.merged_into is not None and one.revisions.filter(kind="merged").exists() for one in gone)

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self._atomic.__exit__(None, None, None)


def _last() -> int:
    return SequenceCounter.objects.values_list("last", flat=True).first() or 0


def _known_by(number: int) -> object:
    """Rows of some days, plans and milestones, as known by a number."""
    days = (FIRST, FIRST + timedelta(days=30), FIRST + timedelta(days=90))
    rows = [dict(rows_on(Item.objects.all(), day, known_by=number)) for day in days]
    milestones = sorted(Milestone.objects.in_force(number).values_list("item_id", "key", "fact", "on", "standing"))
    figures = sorted(
        (one.item_id, one.field, one.period, one.amount)
        for one in Figure.objects.filter(sequence__lte=number)
        if one.superseded_by_sequence is None or one.superseded_by_sequence > number
    )
    return rows, milestones, figures
