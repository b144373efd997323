"""What a page of the table is made from and of: lines of items, and lines of groups before them."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from django.db.models import QuerySet
from django.db.models.expressions import Combinable
from django.utils.safestring import SafeString

from guatu.declarations import Ledger as LedgerDeclaration
from guatu.hub.accounts.actor import Actor
from guatu.hub.accounts.language import spoken
from guatu.hub.accounts.roles import Permission
from guatu.hub.assessment.models import Run
from guatu.hub.assessment.reading import light_within, lights_of, strips_of
from guatu.hub.ledger.asking import ItemsAsked
from guatu.hub.ledger.folds import fold
from guatu.hub.ledger.grid.arranging import Arranged
from guatu.hub.ledger.grid.columns import Column, Kind
from guatu.hub.ledger.grid.filling import Beside, beside, cells
from guatu.hub.ledger.models import Item
from guatu.hub.ledger.models.items import ItemState
from guatu.hub.web.grid.facts import is_fact
from guatu.hub.web.grid.markup import cells_markup
from guatu.hub.web.grid.sentence import Pairs
from guatu.standards.periods import Period
from guatu.text import Text

PER_PAGE = 50
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the table: an item with its cells, or the line of a group."""

    cells: SafeString
    item: Item | None = None
    group: GroupLine | None = None
    is_open: bool = False
    """Whether its facts can be changed here."""
    depth: int = 0
    """How far an item stands in, under the line of its group."""


@dataclass(frozen=True, slots=True)
class GroupLine:
    """A group as its line says it."""

    title: Text
    count: int
    depth: int
    is_folded: bool
    fold: str
    """Where the table is with this group folded, or unfolded."""


@dataclass(slots=True)
class Table:
    """A page of the table: its lines, how many items there are, and what all of them come to."""

    lines: list[Line] = field(default_factory=list)
    page: Any = None
    count: int = 0
    total: SafeString | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """All that a table is made from."""

    ledger: LedgerDeclaration
    items: QuerySet[Item]
    asked: ItemsAsked
    arranged: Arranged
    columns: tuple[Column, ...]
    periods: Mapping[str, str]
    actor: Actor
    today: date
    more: Pairs = ()
    is_open: bool = False
    """Whether cells are opened for changing."""
    figures_open: Mapping[str, Period] = field(default_factory=dict)
    """Columns of figures that may be put right here, with the round they show."""
    run: Run | None = None
    """The round whose lights count now; none where none was judged."""
    named: Hashable | None = None
    """What the items are known by to `fold`."""

    def fold(self, of: Hashable, work: Callable[[], Answer]) -> Answer:
        """What the items come to in some way (`of`), for the figures of these periods."""
        return fold(self.named, (of, *sorted(self.periods.items())), work)

    @property
    def light(self) -> Combinable | None:
        """An item's light in that round, as the database finds it."""
        return light_within(self.run) if self.run is not None else None


def item_lines(asked: Asked, items: Sequence[Item]) -> list[Line]:
    """The lines of items, in their order; a constant number of statements whatever they are."""
    found, language, columns = beside(items, asked.columns, asked.periods, asked.today), spoken(), asked.columns
    _light_up(found, asked, items)
    facts = {one.key: f"cells/{one.key}" for one in columns if is_fact(one)}
    figures = {key: f"figures/{period}/{key}" for key, period in asked.figures_open.items()}
    mine = _changeable(asked.actor, items) if asked.is_open else frozenset()
    reported = _reportable(asked.actor, items) if asked.is_open and figures else frozenset()

    def opens(item: int) -> dict[str, str]:
        leads = (facts if item in mine else {}) | (figures if item in reported else {})
        return {key: f"/items/{item}/{lead}" for key, lead in leads.items()}

    return [
        Line(
            cells_markup(
                cells(asked.ledger, one, columns, found), columns, language,
                f"/items/{one.pk}/why/{asked.run.pk}" if one.pk in found.lights and asked.run is not None else "",
                opens(one.pk),
            ),
            one, is_open=one.pk in mine,
        )
        for one in items
    ]  # fmt: skip


def _light_up(found: Beside, asked: Asked, items: Sequence[Item]) -> None:
    """The lights of the columns that show them."""
    shown, run = {one.key for one in asked.columns if one.kind is Kind.LIGHT}, asked.run
    if run is not None and "light" in shown:
        found.lights = lights_of(run, [one.pk for one in items])
    if run is not None and "strip" in shown:
        found.strips = strips_of(items, run=run)


def _changeable(actor: Actor, items: Sequence[Item]) -> frozenset[int]:
    """Those of the items that the actor may change: a duty alone lets see."""
    there = Item.objects.under(actor, Permission.CHANGE_ITEMS).exclude(state=ItemState.MERGED)
    return frozenset(there.filter(pk__in=[one.pk for one in items]).values_list("pk", flat=True))


def _reportable(actor: Actor, items: Sequence[Item]) -> frozenset[int]:
    """Those whose figures the actor may report."""
    there = Item.objects.under(actor, Permission.REPORT_ITEMS).filter(state__in=(ItemState.ACTIVE, ItemState.SUSPENDED))
    return frozenset(there.filter(pk__in=[one.pk for one in items]).values_list("pk", flat=True))
