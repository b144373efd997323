"""The conversation in which a person says what columns are: one question at a time, numbers for answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

import click

from guatu.cli.mapping_shown import Screen
from guatu.declarations.ledger import FieldType
from guatu.office.workbooks.memory import LEFT_OUT, LIST, OPEN, TITLED
from guatu.office.workbooks.normalising import word_key
from guatu.office.workbooks.survey import Choice, SurveyedColumn, SurveyedTable, is_periodic, is_unit_of, takes_unit
from guatu.office.workbooks.titles import read_title
from guatu.text import Text

_MOST_FOUND = 9
_LATER, _OUT, _STOP = "s", "0", "q"
_UNITS = {FieldType.MONEY: ("万元", "亿元", "元"), FieldType.AREA: ("亩", "平方米", "公顷")}


class Stopped(Exception):
    """The person wants to leave; nothing is kept."""


@dataclass(frozen=True, slots=True)
class Option:
    """One numbered answer."""

    field: str
    why: Text
    score: float | None = None


@dataclass
class Talk:
    """A walk through one table's columns; what was chosen collects in `choices`."""

    screen: Screen
    table: SurveyedTable
    choices: dict[int, Choice] = field(default_factory=dict)

    def walk(self) -> None:
        """Ask about every open column, then about any the person wants to change."""
        waiting = list(self.table.open)
        total = len(waiting)
        while waiting:
            one = waiting.pop(0)
            again = self._ask(one, f"{max(total - len(waiting), 1)}/{total}")
            if again is not None:
                waiting.append(again)
                total += 1
        self._change()

    def _change(self) -> None:
        """The person may change any column, also one that was sure."""
        while True:
            if decided := [one for one in self.table.columns if one.position in self.choices]:
                self.screen.out.print()
                self.screen.columns(decided, self.choices)
            answer = self._input(
                Text("还要改哪一列？写列字母，回车表示不改", "Change another column? Its letters, or Enter for none")
            )
            if not answer:
                return
            one = next((found for found in self.table.columns if answer.upper() in found.names), None)
            if one is None:
                self.screen.say(Text(f"  没有 {answer} 列。", f"  There is no column {answer}."), "yellow")
                continue
            again = self._ask(one, "")
            while again is not None:
                again = self._ask(again, "")

    # -- one column ------------------------------------------------------------------------------------------

    def _ask(self, one: SurveyedColumn, number: str) -> SurveyedColumn | None:
        """Ask what a column is; the column that lost its field to this one is given back, to be asked next."""
        self._introduce(one, number)
        options = list(self._options(one))
        while True:
            self._list(options)
            default = "1" if options and (options[0].score is None or one.found.role == "field") else _LATER
            answer = self._input(Text("选哪个", "Which"), default=default)
            if answer == _STOP:
                raise Stopped
            if answer == _LATER:
                self.choices.pop(one.position, None)
                return None
            if answer == _OUT:
                self.choices[one.position] = Choice(LEFT_OUT)
                return None
            if answer.isdecimal():
                if 1 <= int(answer) <= len(options):
                    return self._take(one, options[int(answer) - 1].field)
                self.screen.say(Text(f"  没有第 {answer} 项。", f"  There is no number {answer}."), "yellow")
                continue
            found = self._search(answer.lstrip("/"))
            if found:
                options = found
            else:
                self.screen.say(Text(f"  没有像“{answer}”的字段。", f"  No field is like '{answer}'."), "yellow")

    def _introduce(self, one: SurveyedColumn, number: str) -> None:
        screen, language = self.screen, self.screen.language
        screen.out.print()
        head = Text(f"{one.letters} 列 “{one.title}”", f"Column {one.letters} '{one.title}'").in_(language)
        screen.out.print(f"[{number}] {head}" if number else head, style="bold", markup=False)
        if one.samples:
            screen.out.print(
                screen.named(Text("  样例", "  cells"), screen.listed(one.samples)),
                markup=False,
                style="dim",
            )
        if one.doubt is not None:
            screen.out.print(f"  {one.doubt.in_(language)}", markup=False, style="yellow")

    def _options(self, one: SurveyedColumn) -> Iterator[Option]:
        """What was confirmed before, then the best candidates, then what another sender's same layout says."""
        seen: set[str] = set()
        before = []
        if one.kept is not None and one.kept.field not in (OPEN, LEFT_OUT):
            before.append(Option(one.kept.field, Text("以前核定的", "confirmed before")))
        if one.was is not None and one.was.field not in (OPEN, LEFT_OUT):
            title = one.was.column.shown
            before.append(Option(one.was.field, Text(f"原列“{title}”核定的", f"what '{title}' was confirmed as")))
        candidates = (
            Option(
                candidate.field,
                Text(f"列名像“{candidate.because}”", f"its title is like '{candidate.because}'")
                if candidate.because
                else Text("由内容认出", "recognised by its cells"),
                candidate.score,
            )
            for candidate in one.candidates
        )
        for option in (*before, *candidates, *self._suggested(one)):
            if option.field not in seen:
                seen.add(option.field)
                yield option

    def _suggested(self, one: SurveyedColumn) -> Iterator[Option]:
        if one.position in self.table.suggestions:
            sender, name = self.table.suggestions[one.position]
            yield Option(
                name, Text(f"{sender.title}同样的版式核定为此", f"so confirmed for the same layout of {sender.title}")
            )

    def _list(self, options: Sequence[Option]) -> None:
        screen, language = self.screen, self.screen.language
        for number, option in enumerate(options, 1):
            score = f" {option.score:.0%}" if option.score is not None else ""
            why = option.why.in_(language)
            screen.out.print(f"  [bold]{number}[/] ", end="")
            screen.out.print(screen.meaning(option.field), end="", markup=False)
            screen.out.print(f"{score}  {why}" if why else score, markup=False, style="dim")
        words = Text(
            "  0 不读这一列   s 先不定   q 不核定了   或写几个字找字段",
            "  0 leave it out   s decide later   q stop   or type words to search fields",
        )
        screen.say(words, "dim")

    def _search(self, words: str) -> list[Option]:
        """Fields and lists whose title or one of whose synonyms holds the words, nearest first."""
        key = word_key(words)
        ledger = self.screen.ledger
        known = [(name, (one.title.zh, one.title.en, *one.synonyms)) for name, one in ledger.fields.items()]
        known += [
            (f"{LIST}{name}", (one.title.zh, one.title.en, *one.synonyms))
            for name, one in ledger.lists.items()
            if one.where is None
        ]
        found = [(max(_nearness(key, word_key(title)) for title in titles), name) for name, titles in known]
        best = sorted((one for one in found if one[0] > 0.5), key=lambda one: -one[0])[:_MOST_FOUND]
        return [Option(name, Text("", "")) for _, name in best]

    # -- what goes with a field ------------------------------------------------------------------------------

    def _take(self, one: SurveyedColumn, name: str) -> SurveyedColumn | None:
        choice = Choice(name, self._unit(one, name), self._period(one, name))
        rival = self._rival(one, choice)
        if rival is None:
            self.choices[one.position] = choice
            return None
        words = Text(
            f"{rival.letters} 列“{rival.title}”已是这一项。改由本列，再问 {rival.letters} 列？",
            f"Column {rival.letters} '{rival.title}' is that already. Take this one and ask about {rival.letters} again?",
        )
        if not click.confirm(f"  {words.in_(self.screen.language)}", default=False):
            return one
        self.choices[one.position] = choice
        self.choices[rival.position] = Choice(OPEN)
        return rival

    def _rival(self, one: SurveyedColumn, choice: Choice) -> SurveyedColumn | None:
        """Another column that is this field of this month already."""
        declared = self.screen.ledger.fields.get(choice.field)
        if declared is None or declared.may_repeat:
            return None
        for other in self.table.columns:
            if other.position == one.position:
                continue
            chosen = self.choices.get(other.position)
            if chosen is not None:
                same = chosen.field == choice.field and self._month(other, chosen) == self._month(one, choice)
            else:
                same = other.doubt is None and other.proposed == choice.field
                same = same and (other.found.period is None or str(other.found.period) == self._month(one, choice))
            if same:
                return other
        return None

    def _month(self, one: SurveyedColumn, choice: Choice) -> str | None:
        """The month a choice comes to, to tell 7月完成 from 8月完成."""
        if choice.period is None:
            return None
        if choice.period == TITLED:
            named = read_title(one.found.title, self.screen.period.year)
            return f"{named.year or self.screen.period.year}-{named.month or 0:02d}"
        month = self.screen.period
        for _ in range(int(choice.period.partition("-")[2] or 0)):
            month = month.previous()
        return str(month)

    def _unit(self, one: SurveyedColumn, name: str) -> str | None:
        declared = self.screen.ledger.fields.get(name)
        if declared is None or not takes_unit(declared) or not one.lacks_unit:
            return None
        units = tuple(dict.fromkeys(filter(None, (declared.unit, *_UNITS[declared.type]))))
        listed = "  ".join(f"{number} {unit}" for number, unit in enumerate(units, 1))
        while True:
            answer = self._input(
                Text(f"  列名和表头没写单位，是什么？ {listed}", f"  No unit is given; which is it? {listed}")
            )
            unit = units[int(answer) - 1] if answer.isdecimal() and 1 <= int(answer) <= len(units) else answer
            if is_unit_of(unit, declared):
                return unit
            self.screen.say(
                Text("  写编号，或 万元、亿元、亩 等。", "  A number, or 万元, 亿元, 亩 and the like."), "yellow"
            )

    def _period(self, one: SurveyedColumn, name: str) -> str | None:
        declared = self.screen.ledger.fields.get(name)
        if declared is None or not is_periodic(declared):
            return None
        title = read_title(one.found.title, self.screen.period.year)
        if title.month is not None:
            return TITLED
        usual = "2" if title.month_before else "1"
        listed = Text(
            f"  是哪个月的数？ 1 本期（{self.screen.slot('round')}）  2 上一月（{self.screen.slot('round-1')}）",
            f"  Of which month? 1 this round ({self.screen.slot('round')})  2 the month before ({self.screen.slot('round-1')})",
        )
        while (answer := self._input(listed, default=usual)) not in ("1", "2"):
            self.screen.say(Text("  写 1 或 2。", "  Type 1 or 2."), "yellow")
        return "round" if answer == "1" else "round-1"

    def _input(self, words: Text, default: str = "") -> str:
        shown = words.in_(self.screen.language)
        hint = Text(f"（回车 = {default}）", f" (Enter = {default})").in_(self.screen.language) if default else ""
        answer = click.prompt(f"{shown}{hint}", default=default, show_default=False, prompt_suffix=" > ")
        return str(answer).strip()


def _nearness(key: str, title: str) -> float:
    if key == title:
        return 2.0
    if key in title:
        return 1.0 + len(key) / len(title)
    return SequenceMatcher(None, key, title, autojunk=False).ratio()
