"""What a column holds, judged from its cells: evidence for or against the field its title suggests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from guatu.declarations.ledger import FieldDeclaration, FieldType
from guatu.office.containers.grid import Value, show
from guatu.office.workbooks.dates import Spellings, find_date, parse_date
from guatu.office.workbooks.numbers import is_excel_error, read_number
from guatu.office.workbooks.words import Blanks, States, TagWords, is_mark, read_phones
from guatu.standards.project_codes import looks_like_project_code

_SAMPLE = 240
_MOST_WEIGHED = 2_000
_STRONG, _NEUTRAL, _WEAK, _AGAINST = 1.12, 1.0, 0.8, 0.35


@dataclass(frozen=True)
class Profile:
    """A sample of the non-blank cells of a column."""

    values: tuple[Value, ...]
    numbers: float
    marks: float
    dates: float
    codes: float
    phones: float
    in_lists: float
    average_length: float

    @property
    def empty(self) -> bool:
        return not self.values


def profile(values: Sequence[Value], blanks: Blanks, tags: TagWords, year: int, known: Spellings) -> Profile:
    """Profile one column of data cells (sections and totals already left out)."""
    filled = [value for value in values if value is not None]
    if len(filled) > _MOST_WEIGHED:
        filled = filled[:: len(filled) // _MOST_WEIGHED]
    words = {value for value in filled if isinstance(value, str)}
    nothing = {word for word in words if blanks.reason(word) is not None or is_excel_error(word)}
    told = [value for value in filled if not isinstance(value, str) or value not in nothing]
    sample = tuple(told[:: max(1, len(told) // _SAMPLE)])
    texts = [show(value) for value in sample]
    counted = Counter(zip(map(type, sample), sample, texts, strict=True))  # by type too: 1 and TRUE are equal

    def share(holds: Callable[[Value, str], bool]) -> float:
        """Of how many cells it holds; asked once of equal ones."""
        found = sum(count for (_, value, text), count in counted.items() if holds(value, text))
        return found / len(sample) if sample else 0.0

    return Profile(
        values=sample,
        numbers=share(lambda value, _: read_number(value)[0] is not None),
        marks=share(lambda _, text: is_mark(text)),
        dates=share(lambda value, _: _is_date(value, year, known)),
        codes=share(lambda _, text: looks_like_project_code(text)),
        phones=share(lambda value, _: _is_phone(value)),
        in_lists=tags.share_known(texts),
        average_length=sum(map(len, texts)) / len(texts) if texts else 0.0,
    )


def _is_date(value: Value, year: int, known: Spellings) -> bool:
    if parse_date(value, year, known=known).value is not None:
        return True
    return isinstance(value, str) and find_date(value, year) is not None


def _is_phone(value: Value) -> bool:
    return isinstance(value, str | float) and read_phones(value).value is not None


def agreement(declared: FieldDeclaration, seen: Profile, states: States | None) -> float:
    """A factor on the title's fit: above 1 where the cells confirm the field, far below where they contradict it."""
    if seen.empty:
        return _NEUTRAL
    match declared.type:
        case FieldType.MONEY | FieldType.AREA | FieldType.NUMBER | FieldType.INTEGER | FieldType.PERCENT:
            return _figures(seen) if _plausible(declared, seen) else _AGAINST
        case FieldType.DATE:
            return _STRONG if seen.dates >= 0.8 else _NEUTRAL if seen.dates >= 0.3 else _AGAINST
        case FieldType.FLAG | FieldType.CHOICE:
            return _words(seen, states)
        case FieldType.PROJECT_CODE:
            return _STRONG * 1.1 if seen.codes >= 0.6 else _WEAK if seen.codes >= 0.2 else _AGAINST
        case FieldType.PHONES:
            return _STRONG if seen.phones >= 0.6 else _AGAINST
        case FieldType.PEOPLE:
            return _AGAINST if seen.numbers > 0.5 and seen.phones < 0.5 else _plain_text(seen)
        case FieldType.TAGS:
            return _AGAINST * (1 - seen.in_lists) + _STRONG * seen.in_lists if seen.numbers < 0.5 else _AGAINST
        case _:
            return _plain_text(seen)


def _plausible(declared: FieldDeclaration, seen: Profile) -> bool:
    """Whether most figures lie where the field's can lie (经度 73 to 136)."""
    if declared.least is None and declared.most is None:
        return True
    figures = [number for value in seen.values if (number := read_number(value)[0]) is not None]
    lowest, highest = declared.least or 0, declared.most
    within = sum(number >= lowest and (highest is None or number <= highest) for number in figures)
    return within * 2 >= len(figures)


def _figures(seen: Profile) -> float:
    if seen.codes > 0.3 or (seen.phones > 0.5 and seen.average_length > 9):
        return _AGAINST
    return _STRONG if seen.numbers >= 0.7 else _NEUTRAL if seen.numbers >= 0.4 else _AGAINST


def _words(seen: Profile, states: States | None) -> float:
    known = sum(states is not None and states.key(show(value)) is not None for value in seen.values)
    share = known / len(seen.values)
    if share >= 0.8:
        return _STRONG
    if share + seen.dates >= 0.8:
        return _NEUTRAL
    return _WEAK if share >= 0.4 else _AGAINST


def _plain_text(seen: Profile) -> float:
    if seen.codes > 0.6 or seen.marks > 0.6:
        return _AGAINST
    if seen.in_lists > 0.7:
        return _WEAK
    return _WEAK if seen.numbers > 0.8 and seen.average_length < 8 else _NEUTRAL
