"""Cells that hold words: states of a flag or choice, tags, names, phones, codes, and the blanks of every column."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from guatu.declarations.ledger import Ledger
from guatu.office.containers.grid import Value, show
from guatu.office.containers.spelling import plain
from guatu.office.workbooks.dates import Spellings, find_date, parse_date
from guatu.office.workbooks.normalising import simplified, squeezed, word_key
from guatu.office.workbooks.parsed import Parsed, absent, refused
from guatu.standards.credit_codes import check_credit_code
from guatu.standards.project_codes import check_project_code
from guatu.text import Text

_PHONE = re.compile(r"(?<!\d)(?:1[3-9]\d{9}|(?:0\d{2,3}-?)?\d{7,8}(?:-\d{1,6})?|400-?\d{3}-?\d{4})(?!\d)")
_SPLIT_PEOPLE = re.compile(r"[、,;/\n\r\t]+|\s{2,}")
_SPLIT_TAGS = re.compile(r"[、,;/|\n\r\t]+")
_LETTER_OR_DIGIT = re.compile(r"[\w\u3400-\u9fff]")
_EDGES = re.compile(r"^[\s():.-]+|[\s():.-]+$")
_MARKS = str.maketrans(dict.fromkeys("✓✔☑✅", "√") | dict.fromkeys("✗✘✖✕╳❌☒Xx", "×"))
_ONE_HAN = r"[\u3400-\u9fff]"
_SPACED_NAME = re.compile(rf"(?<!{_ONE_HAN})({_ONE_HAN})[ \t]+({_ONE_HAN}{{1,2}})(?!{_ONE_HAN})")
_BESIDE_HAN = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uffef])\s+|\s+(?=[\u3000-\u9fff\uff00-\uffef])")
CIRCLED = re.compile("[\u2460-\u2473\u2776-\u277f]")


class Blanks:
    """The words that mean "nothing here", each with its reason, as the ledger declares them."""

    def __init__(self, ledger: Ledger) -> None:
        words = [(squeezed(word), reason) for reason, words in ledger.blanks.items() for word in words]
        self.reasons = {word: reason for word, reason in words if "*" not in word}
        wild = [(word.casefold(), reason) for word, reason in words if "*" in word]
        self.wild = [(re.compile(".*".join(map(re.escape, word.split("*")))), reason) for word, reason in wild]
        self._longest = 3 * max(map(len, self.reasons), default=0)  # with blanks between the characters

    def reason(self, value: Value) -> str | None:
        """Why the cell is blank, or None when it is not."""
        if value is None:
            return "blank"
        if isinstance(value, str):
            if len(value) > self._longest and not value.isspace():
                return self._begun_as(squeezed(value)) if self.wild else None
            text = squeezed(value)
            return self.reasons.get(text) or self._begun_as(text) if text else "blank"
        return None

    def _begun_as(self, text: str) -> str | None:
        """The reason whose words with `*` fit the text; case does not matter to them."""
        text = text.casefold()
        return next((reason for expression, reason in self.wild if expression.fullmatch(text)), None)


class States:
    """The words of a flag or a choice; the longest matching word wins, an exact one before one with `*`."""

    def __init__(self, states: Mapping[str, Sequence[str]]) -> None:
        self.exact = {_marks_alike(word): key for key, words in states.items() for word in words if "*" not in word}
        wild = [(squeezed(word), key) for key, words in states.items() for word in words if "*" in word]
        # Among words with `*` a "no" is heard before a "yes": 拟9月纳统 also ends like 9月纳统.
        wild.sort(key=lambda pair: (pair[1] != "false", -len(pair[0])))
        self.wild = [(re.compile(".*".join(map(re.escape, word.split("*")))), key) for word, key in wild]

    def key(self, text: str) -> str | None:
        text = _marks_alike(text).rstrip("。.!,;、")
        if text in self.exact:
            return self.exact[text]
        return next((key for expression, key in self.wild if expression.fullmatch(text)), None)

    @property
    def known(self) -> dict[str, str]:
        """The words that are known, as the remedy names them in either language."""
        words = list(self.exact)[:12]
        return {"known": "、".join(words), "known_en": ", ".join(words)}


def _marks_alike(text: str) -> str:
    """Ticks and crosses are drawn in many shapes and mean the same."""
    return squeezed(text).translate(_MARKS)


def is_mark(text: str) -> bool:
    """√, ×, ●, 〇: a mark rather than a word."""
    text = squeezed(text)
    return bool(text) and not _LETTER_OR_DIGIT.search(text)


@dataclass(frozen=True, slots=True)
class FlagReader:
    """Reads a flag's column. A date in it proves the flag and fills `dated_by` as well."""

    states: States
    dated_by: str | None
    year: int
    blank_is_false: bool
    """True in a column of √ marks only: there, nothing means no."""
    blanks: Blanks
    known: Spellings = ()

    def __call__(self, value: Value) -> Parsed:
        if value is None or (isinstance(value, str) and not value.strip()):
            return Parsed(False) if self.blank_is_false else absent("blank")
        if isinstance(value, bool):
            return Parsed(value)
        text = show(value)
        key = self.states.key(text)
        if key is not None:
            return self._with_date(key == "true", find_date(text, self.year))
        if reason := self.blanks.reason(value):
            return Parsed(False) if self.blank_is_false else absent(reason)
        date = parse_date(value, self.year, known=self.known)
        if date.value is not None and self.dated_by is not None:
            return self._with_date(True, date)
        return refused("unknown_word", "question", **self.states.known)

    def _with_date(self, flag: bool, date: Parsed | None) -> Parsed:
        if flag and date is not None and date.value is not None and self.dated_by is not None:
            return Parsed(True, beside=((self.dated_by, date),))
        return Parsed(flag)


@dataclass(frozen=True, slots=True)
class ProofDateReader:
    """Reads a date column that stands for a flag too: a date says yes, a blank says no."""

    flag: str
    states: States
    year: int
    epoch_1904: bool
    blanks: Blanks
    known: Spellings = ()

    def __call__(self, value: Value) -> Parsed:
        reason = self.blanks.reason(value)
        if reason is not None:
            return Parsed(missing=reason, beside=((self.flag, Parsed(False)),))
        key = self.states.key(show(value)) if isinstance(value, str) else None
        if key == "false":
            return Parsed(missing="not_yet", beside=((self.flag, Parsed(False)),))
        date = parse_date(value, self.year, epoch_1904=self.epoch_1904, known=self.known)
        if date.value is None and isinstance(value, str):
            date = find_date(value, self.year) or (absent("undated") if key == "true" else date)
        if date.value is None and date.missing != "undated":
            return date._replace(beside=((self.flag, absent(date.missing or "bad")),))
        return date._replace(beside=((self.flag, Parsed(True)),))


@dataclass(frozen=True, slots=True)
class ChoiceReader:
    """Reads one key of the field's states; a word nobody declared is asked."""

    states: States
    blanks: Blanks

    def __call__(self, value: Value) -> Parsed:
        key = self.states.key(show(value))
        if key is not None:
            return Parsed(key)
        reason = self.blanks.reason(value)
        return absent(reason) if reason else refused("unknown_word", "question", **self.states.known)


@dataclass(frozen=True, slots=True)
class DateReader:
    """Reads a date column. Where it proves flags that have their own column, a "no" of theirs (未开工) is a blank."""

    year: int
    epoch_1904: bool
    proven: Sequence[States] = ()
    known: Spellings = ()

    def __call__(self, value: Value) -> Parsed:
        parsed = parse_date(value, self.year, epoch_1904=self.epoch_1904, known=self.known)
        if parsed.value is not None or not isinstance(value, str):
            return parsed
        return absent("not_yet") if any(states.key(value) == "false" for states in self.proven) else parsed


def read_text(value: Value) -> Parsed:
    """Text, spelling cleaned, line breaks kept as single blanks."""
    text = " ".join(simplified(show(value)).split())
    return Parsed(text) if text else absent("blank")


def read_name(value: Value) -> Parsed:
    """An item's name: no blanks at all between Chinese characters (台东供热供水 / 改造项目 is one name)."""
    parts = simplified(show(value)).split()
    if len(parts) > 1:
        parts = _BESIDE_HAN.sub("", simplified(show(value))).split()
    return Parsed(" ".join(parts)) if parts else absent("blank")


def read_project_code(value: Value) -> Parsed:
    """An investment project code of either generation, as 2102-370202-04-05-815564."""
    checked = check_project_code(show(value))
    return Parsed(checked.code.text) if checked.code else _bad_code("bad_project_code", checked.problems[0])


def read_credit_code(value: Value) -> Parsed:
    """A unified social credit code with its check character."""
    checked = check_credit_code(show(value))
    return Parsed(checked.code) if checked.is_valid else _bad_code("bad_credit_code", checked.problems[0])


def _bad_code(code: str, problem: tuple[Text, Text]) -> Parsed:
    what, remedy = problem
    return refused(code, "question", why=what.zh, why_en=what.en, fix=remedy.zh, fix_en=remedy.en)


@dataclass(frozen=True, slots=True)
class PeopleReader:
    """Reads names, several to a cell; phones in the same cell go to `phones` when the table has no such column."""

    phones: str | None

    def __call__(self, value: Value) -> Parsed:
        text = _SPACED_NAME.sub(r"\1\2", plain(show(value)))  # 张 伟 is one person
        numbers = tuple(dict.fromkeys(_PHONE.findall(text)))
        names = tuple(
            name for part in _SPLIT_PEOPLE.split(_PHONE.sub("\n", text)) if (name := _EDGES.sub("", simplified(part)))
        )
        beside = ((self.phones, Parsed(numbers)),) if numbers and self.phones else ()
        return Parsed(names, beside=beside) if names else Parsed(missing="blank", beside=beside)


def read_phones(value: Value) -> Parsed:
    """Phone numbers, several to a cell."""
    numbers = tuple(dict.fromkeys(_PHONE.findall(plain(show(value)))))
    return Parsed(numbers) if numbers else refused("bad_phone", "bad_phone")


class TagWords:
    """The lists a ledger declares, by every word they go by; words of no list become free tags."""

    def __init__(self, ledger: Ledger) -> None:
        self.lists: dict[str, str] = {}
        for listed in ledger.lists.values():
            if listed.where is not None:
                continue  # derived from fields, never stated by a unit
            for word in (listed.title.zh, listed.title.en, *listed.synonyms):
                self.lists.setdefault(word_key(word), listed.key)
        self.none = {word_key(word) for word in ledger.no_tags}

    def list_of(self, text: str) -> str | None:
        """The list a whole text names, with or without 项目 and a count behind it."""
        key = word_key(text)
        if key in self.lists:
            return self.lists[key]
        bare = re.sub(r"[(].{0,8}[)]$|项目$", "", re.sub(r"[(].{0,8}[)]$", "", key))
        return self.lists.get(bare)

    def read(self, value: Value, legend: Mapping[str, str]) -> list[tuple[str, str | None]]:
        """(word, list or None) of each tag in a cell; `legend` explains circled numbers."""
        text = plain(show(value))
        words: list[str] = [legend.get(mark, mark) for mark in CIRCLED.findall(text)]
        for part in _SPLIT_TAGS.split(CIRCLED.sub("、", text)):
            word = part.strip()
            if word and not (is_mark(word) or word_key(word) in self.none):
                words.append(word)
        return [(word, self.list_of(word)) for word in words]

    def share_known(self, texts: Sequence[str]) -> float:
        """How many of the cells hold only words of declared lists (or none)."""
        if not texts:
            return 0.0
        good = 0
        for text in texts:
            words = [part.strip() for part in _SPLIT_TAGS.split(plain(text)) if part.strip()]
            known = [CIRCLED.match(word) or word_key(word) in self.none or self.list_of(word) for word in words]
            good += bool(words) and all(known)
        return good / len(texts)
