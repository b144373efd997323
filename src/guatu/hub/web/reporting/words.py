"""An amount in the other units people speak of it in, so that a slipped unit shows."""

from __future__ import annotations

from guatu.declarations import FieldDeclaration, FieldType
from guatu.hub.accounts.language import spoken
from guatu.hub.ledger.encodings import Json
from guatu.hub.ledger.shown import grouped
from guatu.standards.quantities import CNY, from_fen, to_fen
from guatu.standards.unit_titles import behind, unit_title
from guatu.text import Text

_SPOKEN = ("亿元", "万元", "元")
_LEAST = 10**10
"""分 in 亿元: below a hundredth of it nobody says 亿."""


def times_of(declared: FieldDeclaration) -> int | None:
    """How many 元 its unit is, of an amount in Chinese money; None for anything else."""
    if declared.type is not FieldType.MONEY or declared.currency not in (None, CNY):
        return None
    return int(to_fen(1, declared.unit or "元", where=declared.key)) // 100


def spoken_units() -> list[tuple[int, str]]:
    """The units a page says an amount in as it is typed: how many 元 each is, and how it stands behind a figure."""
    return [(int(to_fen(1, unit, where=unit)) // 100, behind(unit_title(unit)).in_(spoken())) for unit in _SPOKEN]


def other_units(declared: FieldDeclaration, value: Json) -> Text | None:
    """The amount in 亿元, 万元 and 元, but for the unit it is asked in."""
    if times_of(declared) is None:
        return None
    fen = int(str(value))
    units = [unit for unit in _SPOKEN if unit != declared.unit and (unit != "亿元" or abs(fen) * 100 >= _LEAST)]
    said = [(grouped(from_fen(fen, unit)), behind(unit_title(unit))) for unit in units]
    return Text(
        " = ".join(f"{one}{unit.zh}" for one, unit in said), " = ".join(f"{one}{unit.en}" for one, unit in said)
    )
