"""Units of the tree as the reader knows units: under their codes, with every name they go or went by."""

from __future__ import annotations

from collections.abc import Mapping

from guatu.declarations import UnitDeclaration
from guatu.declarations.located import Place
from guatu.hub.accounts.models import Unit, UnitSpan


def unit_names(said: Mapping[str, UnitDeclaration], *, by_code: bool) -> dict[int, UnitDeclaration]:
    """Every open unit; where the pack (`said`) declares one of the same code or title, by the names it gives as well.

    `by_code`: by the pack's code too, which rows of a workbook may name a unit by.
    """
    former: dict[int, set[str]] = {}
    for unit_id, title in UnitSpan.objects.values_list("unit_id", "title_zh"):
        former.setdefault(unit_id, set()).add(title)
    units = list(Unit.objects.filter(closed_on=None).order_by("order", "pk"))
    codes = {unit.pk: unit.code or f"unit-{unit.pk}" for unit in units}
    place = Place("accounts.Unit", 0)  # units come from the tree, not from a line of a file
    by_title = {one.title.zh: one for one in said.values()}
    found = {}
    for unit in units:
        names = former.get(unit.pk, set())
        if (declared := said.get(unit.code) or by_title.get(unit.title_zh)) is not None:
            names |= {*declared.synonyms, declared.title.zh} | ({declared.code} if by_code else set())
        found[unit.pk] = UnitDeclaration(
            code=codes[unit.pk],
            title=unit.title,
            place=place,
            synonyms=tuple(sorted(names - {unit.title_zh, codes[unit.pk]})),
            parent=codes.get(unit.parent_id or 0),
        )
    return found


def covers(unit: Unit, other: int) -> bool:
    """Whether a unit is another or stands above it."""
    return Unit.objects.under(frozenset({unit.pk})).filter(pk=other).exists()
