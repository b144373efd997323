"""Column titles: the path through a merged header, the month and year it names, and how well it fits a synonym."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from guatu.office.workbooks.normalising import simplified, word_key

_DIGITS = "〇一二三四五六七八九十"
_MONTH = r"(1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])月(?:份|底|末)?"
TO_DATE_WORDS = re.compile(rf"(?:自?年初|0?1|一)月?(?:份)?[-~至到、]{_MONTH}")
MONTH_WORDS = re.compile(_MONTH)
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?:年度?|(?=[\u4e00-\u9fff])(?!年))")
_SAME = (
    ("固定资产投资", "投资"),
    ("固投", "投资"),
    ("截止", "截至"),
    ("动工", "开工"),
    ("列统", "纳统"),
    ("入统", "纳统"),
    ("已经", "已"),
)
"""Words that mean the same in any title."""
_PARENTHESES = re.compile(r"[(\[【〔]([^()\[\]【】〔〕]*)[)\]】〕]")
_OPTIONS = re.compile(r"^(?:[^/]{1,3}/)+[^/]{1,3}$|^[√×/、打]+$|^\d{4}-\d{4}年?$")
_TAIL = re.compile(r"(?:(?:办理|落实|完成)?情况|一览|信息|金额|额)$")
_HEAD_WORD = re.compile(r"(?:名称|描述|批复|备案|手续)$")
"""Ends that may be left off a title that fits outright without them: 建设单位名称."""
_LEAD = re.compile(r"^(?:其中[::]?|\d{1,2}[.、)]|[一二三四五六七八九十]{1,2}[、.])")
_VOID = re.compile(r"作废|停用|旧口径|勿填|不用填|废弃")

_OTHER_SPAN = re.compile(
    r"去年|上年|上一年|上月|下月|次月|明年|次年|来年|下年|下一年|同期|同比|环比|增速|增长|增幅|结转"
)
"""Words that make another figure of whatever follows: a title with one fits only synonyms that have it too."""

_MONTH_BEFORE = re.compile(r"(?:截[至止])?上月[末底]")
_PLANNED = frozenset({"计划", "拟", "预计", "目标", "任务"})
"""Words that make a plan of whatever follows: 计划纳统时间 is not a time of inclusion."""
_YEARS_PLAN = re.compile(r"^(?:20\d\d年度?|(?:本|当|今|全)?年度?).*(?:计划|目标|任务|安排)$")
"""Groups under which nothing is what it is by itself: 2021年计划 | 建设内容."""
_THIS_YEAR = re.compile(r"^(?:今年|本年度?|当年|年内)(?={)")
_UNTIL = re.compile(r"^截?至{month}(?=.)")
_JOINED = re.compile(r"[及和与、/]")
_LEAST_ALIKE = 0.8
_A_YEAR = frozenset("年季")
"""What a merely similar title may not add: 年度主要建设内容 is not 主要建设内容."""
_ASKING = re.compile(r"^是否(?:已经?)?(?:列入|纳入|列为|属于|属|为|是)?")

TO_DATE = "{ytd}"
MONTH = "{month}"


@dataclass(frozen=True, slots=True)
class Title:
    """The title of one column, from the outermost group to the leaf."""

    path: tuple[str, ...]
    """As written, for people."""
    groups: tuple[str, ...]
    """Keys of the levels above the leaf; months and the round's year are replaced."""
    leaf: str
    inlined: str
    """The leaf with what its brackets hold run in: 区(市) is 区市."""
    asides: tuple[str, ...]
    """What stands in brackets, unit and choices taken away: (总投资) names the column better than what precedes it."""
    month: int | None
    to_date: bool
    month_before: bool
    """The title speaks of the end of the month before the round's (上月末)."""
    this_year: bool
    """Whether the title names the round's year: such a figure is no total over all years."""
    of_a_year: bool
    """Whether the leaf names a year, or a group is a year's plan: a year's works are not the works."""
    year: int | None
    """A year other than the round's, when the title names one."""
    other_span: frozenset[str]
    """Words such as 去年, 同期, 增速 anywhere in the title."""
    void: bool
    """Marked as given up (作废): such a column is never read."""

    @property
    def shown(self) -> str:
        return " | ".join(" ".join(part.split()) for part in self.path)

    @property
    def asked(self) -> str:
        """What a yes-or-no title asks for: 省重点 of 是否列入省重点; the leaf itself when it asks nothing."""
        return _ASKING.sub("", self.leaf)


@dataclass(frozen=True, slots=True)
class Key:
    """A plain key as a synonym has it; `*` stands for anything. Few have one, and the others need no search."""

    text: str

    def fullmatch(self, key: str) -> bool:
        return _wild(self.text).fullmatch(key) is not None if "*" in self.text else key == self.text


@lru_cache(maxsize=16384)
def _wild(text: str) -> re.Pattern[str]:
    return re.compile(".*".join(re.escape(part) for part in text.split("*")))


@dataclass(frozen=True, slots=True)
class Pattern:
    """A synonym: `title`, or `group|title`; `*` stands for anything, {month} and {ytd} for months."""

    text: str
    group: Key | None
    leaf: Key
    literal: str
    """The leaf as a plain key, empty when it has a `*`."""


@dataclass(frozen=True, slots=True)
class Synonyms:
    """Everything a field goes by, arranged so that most titles are settled by one look-up."""

    whole: Mapping[str, Pattern]
    """Titles without `*` and without a group, by their key."""
    grouped: Mapping[str, tuple[Pattern, ...]]
    """Titles under a group, by the leaf's key; those with `*` in the leaf under the empty key."""
    wild: tuple[Pattern, ...]
    letters: frozenset[str]
    """Every character its titles use: what a merely similar title may add."""
    strict: bool
    """Figures, dates, flags: a similar title may add nothing new (建安完成投资 is not 完成投资)."""

    @property
    def leaves(self) -> Iterator[str]:
        """Every whole leaf title, those under a group (计划, 本月) too."""
        yield from self.whole
        yield from (key for key in self.grouped if key)


def _number(text: str) -> int:
    if text.isdecimal():
        return int(text)
    if text.startswith("十"):
        return 10 + (_DIGITS.index(text[1]) if len(text) > 1 else 0)
    return _DIGITS.index(text)


def _dated(text: str, year: int) -> tuple[str, int | None, bool, int | None]:
    """The key with months as placeholders and the round's year removed; month, whether to date, a foreign year."""
    other_year = next((int(found) for found in _YEAR.findall(text) if int(found) != year), None)
    if other_year is None:
        text = _YEAR.sub("", text)
    if match := TO_DATE_WORDS.search(text):
        return TO_DATE_WORDS.sub(TO_DATE, text), _number(match[1]), True, other_year
    if match := MONTH_WORDS.search(text):
        return MONTH_WORDS.sub(MONTH, text), _number(match[1]), False, other_year
    return text, None, False, other_year


def _key(text: str) -> str:
    return _LEAD.sub("", _alike(word_key(text)).rstrip(":："))


def _alike(text: str) -> str:
    for word, same in _SAME:
        text = text.replace(word, same)
    return text


@lru_cache(maxsize=4096)
def read_title(
    path: tuple[str, ...],
    year: int,
    unit_words: frozenset[str] = frozenset(),
    qualifiers: frozenset[str] = frozenset(),
) -> Title:
    """Take a title path apart.

    `unit_words` are texts that are units, not names. `qualifiers` are leaves that say something only under a group
    (计划, 实际, 累计): in brackets behind a title they are its leaf, so 开工时间(计划) reads as 开工时间 | 计划.
    """
    plain = [_MONTH_BEFORE.sub("", word_key(part)) for part in path]
    levels = [_Level(part, year, unit_words) for part in path]
    groups = [level.bare for level in levels[:-1] if level.bare]
    last = levels[-1] if levels else _Level("", year, unit_words)
    leaf, inlined, asides = last.bare, last.inlined, last.asides
    turning = next((aside for aside in asides if aside in qualifiers and "{" not in aside), None)
    if leaf and turning is not None:
        groups.append(leaf)
        leaf, asides = turning, tuple(aside for aside in asides if aside != turning)
    elif not leaf and groups and path[-1].strip():
        leaf = groups.pop()  # 年度投资计划 | 2025年: the level below the name only says which year
        inlined = leaf
    dated = [level for level in levels if level.month is not None]
    return Title(
        path=path,
        groups=tuple(groups),
        leaf=leaf,
        inlined=inlined,
        asides=asides,
        month=dated[-1].month if dated else None,
        to_date=bool(dated) and dated[-1].to_date,
        month_before=any(_MONTH_BEFORE.search(word_key(part)) for part in path),
        this_year=any(str(year) in _YEAR.findall(word_key(part)) for part in path),
        of_a_year=bool(path)
        and (
            bool(_YEAR.search(word_key(path[-1])))
            or any(_YEARS_PLAN.match(_key(simplified(part))) for part in path[:-1])
        ),
        year=next((level.year for level in reversed(levels) if level.year is not None), None),
        other_span=frozenset(word for part in plain for word in _OTHER_SPAN.findall(part)),
        void=any(_VOID.search(part) for part in path),
    )


class _Level:
    """One level of a title path: its key without brackets, and what the brackets hold."""

    __slots__ = ("asides", "bare", "inlined", "month", "to_date", "year")

    def __init__(self, part: str, year: int, unit_words: frozenset[str]) -> None:
        text = _MONTH_BEFORE.sub("", "".join(simplified(part).split()))
        name, slash, behind = text.rpartition("/")
        if slash and word_key(behind) in unit_words:
            text = name
        inside = [found for found in _PARENTHESES.findall(text) if found]
        self.bare, self.month, self.to_date, self.year = _dated(_key(_PARENTHESES.sub("", text)), year)
        self.inlined = _dated(_key(re.sub(r"[()\[\]【】〔〕]", "", text)), year)[0] if inside else self.bare
        self.asides = tuple(
            _dated(_key(one), year)[0]
            for one in inside
            if word_key(one) not in unit_words and not _OPTIONS.match(word_key(one))
        )


@lru_cache(maxsize=16384)
def _pattern(synonym: str) -> Pattern:
    """Compile one synonym as a pack writes it."""
    text = _alike(word_key(synonym)).replace("1-{month}", TO_DATE).replace("{year}年度", "").replace("{year}年", "")
    group, bar, leaf = text.replace("{year}", "").rpartition("|")
    return Pattern(
        text=synonym,
        group=Key(group) if bar else None,
        leaf=Key(leaf),
        literal="" if "*" in leaf else leaf,
    )


def synonyms(titles: Iterable[str], *, strict: bool) -> Synonyms:
    """Compile a field's titles."""
    patterns = [_pattern(title) for title in titles]
    grouped: dict[str, tuple[Pattern, ...]] = {}
    for one in patterns:
        if one.group is not None:
            grouped[one.literal] = (*grouped.get(one.literal, ()), one)
    alone = [one for one in patterns if one.group is None]
    return Synonyms(
        whole={one.literal: one for one in reversed(alone) if one.literal},
        grouped=grouped,
        wild=tuple(one for one in alone if not one.literal),
        letters=frozenset("".join(one.literal for one in patterns)) | frozenset("项目额的"),
        strict=strict,
    )


def fit(title: Title, words: Synonyms, *, turned: bool = False) -> tuple[float, str]:
    """How well a title fits a field's synonyms, 0 to 1, and the synonym that fits best.

    `turned` says that the title's group names another field and its leaf is one that only a group gives its meaning
    (项目立项 | 进展): then the leaf alone is no evidence.
    """
    best, because = 0.0, ""
    for score, synonym in _fits(title, words, turned):
        if score > best and all(word in synonym.text for word in title.other_span):
            best, because = score, synonym.text
    if best == 0.0 and title.leaf and not title.other_span and not turned:
        return _nearest(title.leaf, words)
    return best, because


def _nearest(leaf: str, words: Synonyms) -> tuple[float, str]:
    """The synonym a title nearly is."""
    best, because = 0.0, ""
    if words.strict and not words.letters.issuperset(leaf):
        return best, because
    for literal, synonym in words.whole.items():
        if _A_YEAR.intersection(leaf).difference(literal):
            continue
        score = _resemblance(leaf, literal)
        if score > best:
            best, because = score, synonym.text
    return best, because


def _fits(title: Title, words: Synonyms, turned: bool) -> Iterator[tuple[float, Pattern]]:
    """Synonyms that fit the title outright, each with how much that is worth."""
    for one in (*words.grouped.get(title.leaf, ()), *words.grouped.get("", ())):
        inside = one.group is not None and any(one.group.fullmatch(group) for group in _spans(title.groups))
        if inside and title.leaf and one.leaf.fullmatch(title.leaf) and _as_planned(title.leaf, one):
            yield 1.0, one
    yield from _by_asides(title, words)
    if not title.leaf:
        return
    if not turned:
        # A leaf that fits by itself counts a little less under a group, which may turn its meaning.
        alone = 0.98 if not title.groups else 0.94
        yield from _among((title.leaf, title.inlined, _TAIL.sub("", title.leaf)), alone, words)
        shorter = (title.leaf.removeprefix("项目"), _HEAD_WORD.sub("", title.leaf))
        yield from _among((*shorter, *_without_time(title.leaf)), 0.9, words)
        if not words.strict and (joined := _JOINED.search(title.leaf)):
            yield from _among((title.leaf[: joined.start()],), 0.79, words)  # 责任人及电话: the first named
    for group in title.groups[::-1]:
        both = (group + title.leaf, title.leaf + group, _TAIL.sub("", group + title.leaf))
        yield from _among(both, 0.96, words)


def _by_asides(title: Title, words: Synonyms) -> Iterator[tuple[float, Pattern]]:
    """Synonyms that stand in brackets; a month there is only one under what precedes it: 完成投资(8月), not 进展(8月)."""
    for aside in title.asides:
        if "{" in aside:
            for one in words.grouped.get(aside, ()):
                if one.group is not None and one.group.fullmatch(title.leaf):
                    yield 0.99, one
        elif len(aside) >= 3 and aside in words.whole:
            yield 0.99, words.whole[aside]


def _without_time(leaf: str) -> Iterator[str]:
    """The leaf without a year or an end that only repeats the round's: 今年1-8月完成, 截至8月底自开工累计."""
    for pattern in (_THIS_YEAR, _UNTIL):
        if pattern.match(leaf):
            yield pattern.sub("", leaf)


def _among(keys: tuple[str, ...], worth: float, words: Synonyms) -> Iterator[tuple[float, Pattern]]:
    for key in keys:
        if key in words.whole:
            yield worth, words.whole[key]
        for one in words.wild:
            if one.leaf.fullmatch(key) and _as_planned(key, one):
                yield worth * 0.94, one


def _as_planned(leaf: str, synonym: Pattern) -> bool:
    """Whether a synonym with `*` says plan when the leaf does."""
    return bool(synonym.literal) or all(word in synonym.text for word in _PLANNED if word in leaf)


def _spans(groups: tuple[str, ...]) -> list[str]:
    """Each group level and all of them run together."""
    return [*groups, "".join(groups)] if len(groups) > 1 else list(groups)


@lru_cache(maxsize=65536)
def _resemblance(leaf: str, literal: str) -> float:
    """A weak fit: the title ends in the synonym (the head of a Chinese noun stands last) or nearly equals it."""
    if len(literal) < 3 or "{" in literal:
        return 0.0
    leaf = _TAIL.sub("", leaf)
    if leaf.endswith(literal):
        if _JOINED.match(leaf[-len(literal) - 1 :]):
            return 0.0  # 联系人及手机号 is no phone number alone
        return 0.62 + 0.3 * len(literal) / len(leaf)
    if leaf.startswith(literal):
        return 0.0  # 土地出让时间 is no 土地出让
    if len(set(leaf) & set(literal)) * 2 < max(len(leaf), len(literal)):
        return 0.0
    ratio = difflib.SequenceMatcher(None, leaf, literal, autojunk=False).ratio()
    return 0.8 * ratio if ratio >= _LEAST_ALIKE else 0.0
