"""Values of targets: written by people in the indicator's unit, kept exactly, shown with every digit."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from fractions import Fraction

from guatu.declarations.goals import GoalIndicator
from guatu.declarations.ledger import FieldType
from guatu.hub.ledger.encodings import encoded, plain_decimal
from guatu.hub.ledger.shown import Shown, shown
from guatu.standards.quantities import to_fen
from guatu.standards.unit_titles import bracketed, unit_title
from guatu.text import Refusal, Text


class WrongNumber(Refusal):
    """What was written is no value of the indicator."""

    def __init__(self, indicator: GoalIndicator, written: str) -> None:
        self.field = "value"
        unit = bracketed(unit_title(indicator.field.unit or ""))
        super().__init__(
            indicator.title.zh,
            Text(
                f"“{written}”不能作{indicator.title.zh}的目标值", f"'{written}' is no value of '{indicator.title.en}'"
            ),
            Text(f"写一个数{unit.zh}，最小到分。", f"Give a number{unit.en}, exact to the 分 at most."),
        )


def read_value(indicator: GoalIndicator, written: str) -> str:
    """As it is kept: whole 分 of money, other values as decimal text; a percentage as a share of 1."""
    plain = written.replace("\u2009", "").replace(",", "").replace("，", "").strip().rstrip("%")
    try:
        number = Decimal(plain)
        if not number.is_finite():
            raise InvalidOperation
        match indicator.field.type:
            case FieldType.MONEY:
                return str(encoded(indicator.field, to_fen(number, indicator.field.unit or "元")))
            case FieldType.INTEGER:
                if number != number.to_integral_value():
                    raise InvalidOperation
                return str(encoded(indicator.field, int(number)))
            case FieldType.PERCENT:
                return str(encoded(indicator.field, number / 100))
            case _:
                return str(encoded(indicator.field, number))
    except (InvalidOperation, Refusal, ValueError, OverflowError) as error:
        raise WrongNumber(indicator, written) from error


def shown_value(indicator: GoalIndicator, value: str) -> Shown:
    """A kept value as people read it."""
    return shown(indicator.field, value)


def written_value(indicator: GoalIndicator, value: str) -> str:
    """A kept value as it stands in a form, to be changed."""
    return shown_value(indicator, value).said.zh.replace("\u2009", "")


def kept(amount: Fraction) -> str:
    """A sum or difference of kept values, in the way values are kept."""
    return (
        plain_decimal(Decimal(amount.numerator) / Decimal(amount.denominator))
        if amount.denominator != 1
        else str(amount.numerator)
    )
