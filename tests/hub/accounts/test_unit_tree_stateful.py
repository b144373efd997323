"""Whatever is done to the tree in whatever order, row, spans and pairs say the same."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from guatu.hub.accounts.actions.successions import Part, divide_unit, merge_units
from guatu.hub.accounts.actions.units import close_unit, move_unit, open_unit, rename_unit
from guatu.hub.accounts.actor import Actor
from guatu.hub.accounts.models import Succession, Unit, UnitAncestry, UnitSpan
from guatu.hub.accounts.tree import tree_on
from guatu.hub.audit.models import Record
from guatu.text import Refusal, Text
from tests.hub.people import LONG_AGO, NOW, build_city

DAYS = st.integers(0, 40).map(lambda days: LONG_AGO + timedelta(days=days))
ANY = st.integers(0, 1000)


class UnitTree(RuleBasedStateMachine):
    """A small city whose units are opened, renamed, moved, merged, divided and closed at random."""

    def __init__(self) -> None:
        super().__init__()
        self._atomic = transaction.atomic()
        self._atomic.__enter__()

    @initialize()
    def city(self) -> None:
        city = build_city()
        for post in city.posts.values():  # nobody but the administrator, so that units can close
            if post.role != "system_administrator":
                post.delete()
        self.by: Actor = city.actor("sun")
        self.at: datetime = NOW
        self.named = 0

    def unit(self, pick: int) -> Unit:
        units = list(Unit.objects.order_by("pk"))
        return units[pick % len(units)]

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
        models = (Unit, UnitSpan, UnitAncestry, Succession, Record)
        return [sorted(model.objects.values_list(), key=str) for model in models]

    @rule(pick=ANY, on=DAYS)
    def open(self, pick: int, on: date) -> None:
        self.named += 1
        title = Text(f"单位{self.named}", f"Unit {self.named}")
        with self._perhaps():
            open_unit(parent=self.unit(pick), kind="zone", title=title, on=on, by=self.by, at=self.at)

    @rule(pick=ANY, name=st.integers(1, 4), on=DAYS)
    def rename(self, pick: int, name: int, on: date) -> None:
        with self._perhaps():
            rename_unit(unit=self.unit(pick), title=Text(f"新名{name}", ""), on=on, by=self.by, at=self.at)

    @rule(pick=ANY, under=ANY, on=DAYS)
    def move(self, pick: int, under: int, on: date) -> None:
        with self._perhaps():
            move_unit(unit=self.unit(pick), parent=self.unit(under), on=on, by=self.by, at=self.at)

    @rule(picks=st.lists(ANY, min_size=1, max_size=3), into=ANY, on=DAYS)
    def merge(self, picks: list[int], into: int, on: date) -> None:
        units = {unit.pk: unit for unit in map(self.unit, picks)}
        with self._perhaps():
            merge_units(units=list(units.values()), into=self.unit(into), on=on, by=self.by, at=self.at)

    @rule(pick=ANY, on=DAYS)
    def divide(self, pick: int, on: date) -> None:
        unit = self.unit(pick)
        children = tuple(Unit.objects.filter(parent=unit, closed_on=None).values_list("pk", flat=True))
        self.named += 2
        parts = [Part(Text(f"单位{self.named - 1}", ""), "", children), Part(Text(f"单位{self.named}", ""))]
        with self._perhaps():
            divide_unit(unit=unit, parts=parts, on=on, by=self.by, at=self.at)

    @rule(pick=ANY, on=DAYS)
    def close(self, pick: int, on: date) -> None:
        with self._perhaps():
            close_unit(unit=self.unit(pick), on=on, by=self.by, at=self.at)

    @invariant()
    def pairs_are_what_parents_say(self) -> None:
        parents = dict(Unit.objects.values_list("pk", "parent_id"))
        expected = set()
        for unit in parents:
            at, depth = unit, 0
            while at is not None:
                expected.add((at, unit, depth))
                at, depth = parents[at], depth + 1
                assert depth <= len(parents), "a circle"
        assert set(UnitAncestry.objects.values_list("ancestor_id", "descendant_id", "depth")) == expected

    @invariant()
    def spans_follow_one_another_and_the_last_is_the_row(self) -> None:
        for unit in Unit.objects.all():
            spans = list(UnitSpan.objects.filter(unit=unit))
            assert spans[0].valid_from == unit.opened_on
            assert all(one.valid_to == following.valid_from for one, following in itertools.pairwise(spans))
            assert spans[-1].valid_to == unit.closed_on
            last = spans[-1]
            assert (last.kind, last.title_zh, last.title_en, last.code, last.parent_id) == (
                unit.kind, unit.title_zh, unit.title_en, unit.code, unit.parent_id,
            )  # fmt: skip

    @invariant()
    def every_day_has_a_tree(self) -> None:
        days = {*UnitSpan.objects.values_list("valid_from", flat=True)}
        for day in days:
            tree = tree_on(day)
            assert len(tree.nodes) == UnitSpan.objects.on(day).count()  # each reached from a top: no circle, no orphan
            assert all(node.parent_id is None or node.parent_id in tree.nodes for node in tree.nodes.values())

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self._atomic.__exit__(None, None, None)


@pytest.mark.django_db(transaction=True)
def test_row_spans_and_pairs_say_the_same_whatever_is_done() -> None:
    run_state_machine_as_test(
        UnitTree,
        settings=settings(
            max_examples=25,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        ),
    )
