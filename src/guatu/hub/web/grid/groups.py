"""A page of the table in groups: which groups it shows, their counts and sums, their items."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.core.paginator import Paginator

from guatu.hub.accounts.language import spoken
from guatu.hub.accounts.models import Unit
from guatu.hub.ledger.grid.columns import Column
from guatu.hub.ledger.grid.grouping import (
    LIGHT,
    LIST,
    TREE,
    Group,
    all_together,
    groups_of,
    named_in_order,
    shown_sum,
    summed,
    total_of,
    unsummed,
    with_group,
)
from guatu.hub.ledger.grid.sorting import order_by
from guatu.hub.ledger.grid.tree import branches, units_known
from guatu.hub.ledger.grid.window import Stretch, items_of, stretches
from guatu.hub.ledger.shown import NOTHING, Shown
from guatu.hub.web.grid.lines import PER_PAGE, Asked, GroupLine, Line, Table, item_lines
from guatu.hub.web.grid.markup import cells_markup
from guatu.hub.web.grid.sentence import address
from guatu.text import Text

DEEPEST = 6
"""How far a line stands in at most."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A group in the order of the table, before anybody asks which page it is on."""

    group: Group
    """With the sums its line shows."""
    title: Text
    count: int
    """Items that follow the line before the next one; none when it is folded."""
    depth: int = 0


def grouped(asked: Asked, number: str | None) -> Table:
    by, light = asked.arranged.group, asked.light
    added = [one for one in asked.columns if summed(one, asked.ledger)]
    which = (by, tuple(one.key for one in added), asked.run.pk if by == LIGHT and asked.run is not None else None)
    groups = asked.fold(("groups", which), lambda: groups_of(asked.items, by, added, asked.periods, light))
    headings = _headings(asked, groups)
    counts = [(one.group.key, one.count) for one in headings]
    page = Paginator(range(sum(count for _, count in counts)), PER_PAGE).get_page(number)
    parts = stretches(counts, max(page.start_index() - 1, 0), PER_PAGE)
    order = order_by(asked.ledger, asked.arranged.sort, light)
    rows = items_of(with_group(asked.items, by, light), parts, order) if parts else []
    whole = (
        asked.fold(("whole", which), lambda: total_of(asked.items, added, asked.periods))
        if by == LIST
        else all_together(groups.values())
    )
    first, last = _bounds(headings, parts, is_first=page.number == 1, is_last=not page.has_next())
    lines: list[Line] = []
    items, taken = item_lines(asked, rows), {one.key: one.taken for one in parts}
    for heading in headings[first : last + 1]:
        lines.append(_group_line(asked, heading, added))
        many = taken.get(heading.group.key, 0)
        depth = heading.depth + 1 if by == TREE else 0
        lines += [replace(one, depth=min(depth, DEEPEST)) for one in items[:many]]
        del items[:many]
    return Table(lines, page, whole.count, cells_markup(_sums(asked, whole, added), asked.columns, spoken()))


def _bounds(headings: Sequence[Heading], parts: Sequence[Stretch], *, is_first: bool, is_last: bool) -> tuple[int, int]:
    """The first and the last line of a group on a page: a line without items of its own stands before what follows it."""
    place = {one.group.key: number for number, one in enumerate(headings)}
    first = place[parts[0].key] if parts else 0
    while first and parts[0].skipped == 0 and not headings[first - 1].count:
        first -= 1
    last = place[parts[-1].key] if parts else len(headings) - 1
    return 0 if is_first else first, len(headings) - 1 if is_last else last


def _headings(asked: Asked, groups: Mapping[str | None, Group]) -> list[Heading]:
    by, folded = asked.arranged.group, set(asked.arranged.folded)
    if by == TREE:
        return _tree(asked, groups)
    return [
        Heading(one, title, 0 if _word(one.key) in folded else one.count)
        for one, title in named_in_order(asked.ledger, by, groups)
    ]


def _tree(asked: Asked, groups: Mapping[str | None, Group]) -> list[Heading]:
    """Units under units; what is folded hides all that stands under it."""
    units, folded = units_known(), set(asked.arranged.folded)
    visible = frozenset(Unit.objects.visible_to(asked.actor).values_list("pk", flat=True))
    found: list[Heading] = []
    hidden_from: int | None = None
    for one in branches(groups, units, visible):
        if hidden_from is not None and one.depth > hidden_from:
            continue
        is_folded = str(one.unit) in folded
        hidden_from = one.depth if is_folded else None
        heading = Heading(
            Group(str(one.unit), one.whole.count, one.whole.sums), units[one.unit][2], 0 if is_folded else one.own.count,
            one.depth,
        )  # fmt: skip
        found.append(heading)
    return found


def _word(key: str | None) -> str:
    """A group's word in an address."""
    return key if key is not None else "-"


def _group_line(asked: Asked, heading: Heading, added: Sequence[Column]) -> Line:
    word, folded = _word(heading.group.key), asked.arranged.folded
    is_folded = word in folded
    other = tuple(one for one in folded if one != word) if is_folded else (*folded, word)
    leads = address(asked.asked, [*replace(asked.arranged, folded=other).pairs(), *asked.more])
    line = GroupLine(heading.title, heading.group.count, min(heading.depth, DEEPEST), is_folded, leads)
    return Line(cells_markup(_sums(asked, heading.group, added), asked.columns, spoken()), group=line)


def _sums(asked: Asked, group: Group, added: Sequence[Column]) -> list[Shown]:
    """What a group comes to in each column; where numbers are not added up, a dash that says why."""
    blank, nothing = Text("", ""), Text(NOTHING, NOTHING)
    return [
        shown_sum(one, group)
        if one in added
        else Shown(one.key, one.title, nothing if one.is_number else blank, missing=unsummed(one))
        for one in asked.columns
    ]
