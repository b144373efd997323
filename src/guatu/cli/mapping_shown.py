"""How a workbook's columns stand on the screen while somebody confirms them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.table import Table
from rich.text import Text as Styled

from guatu.cli.terminal import colon
from guatu.declarations import Ledger
from guatu.dispatch.confirming import Tally
from guatu.office.workbooks.memory import LEFT_OUT, LIST, OPEN, TITLED, KeptColumn, KeptLayout, months_back
from guatu.office.workbooks.recall import period_of
from guatu.office.workbooks.survey import Choice, Survey, SurveyedColumn, SurveyedTable, takes_unit
from guatu.standards.periods import Period
from guatu.text import Language, Text

NOT_READ = Text("不读", "not read")
UNDECIDED = Text("待定", "undecided")
_BY_MONTH = Text("（列名所写月份）", "(month in its title)")


@dataclass(frozen=True)
class Screen:
    """Where things are shown, and in which words."""

    out: Console
    language: Language
    ledger: Ledger
    period: Period

    def say(self, words: Text, style: str = "") -> None:
        self.out.print(words.in_(self.language), style=style or None, markup=False)

    def meaning(self, field: str) -> str:
        """A field, a list, or that a column is not read."""
        if field == LEFT_OUT:
            return NOT_READ.in_(self.language)
        if field == OPEN:
            return UNDECIDED.in_(self.language)
        if field.startswith(LIST):
            listed = self.ledger.lists[field.removeprefix(LIST)].title
            return Text(f"清单：{listed.zh}", f"list: {listed.en}").in_(self.language)
        return self.ledger.fields[field].title.in_(self.language)

    def slot(self, period: str | None) -> str:
        """The month a periodic column is for."""
        if period is None:
            return ""
        if period == TITLED:
            return _BY_MONTH.in_(self.language)
        month = Period.month(self.period.year, self.period.last_day.month)
        for _ in range(months_back(period) or 0):
            month = month.previous()
        return month.month_title().in_(self.language)

    # -- a workbook ------------------------------------------------------------------------------------------

    def workbook(self, survey: Survey) -> None:
        whose = survey.sender.title if survey.sender else Text("认不出单位", "unit not recognised").in_(self.language)
        line = Styled(f"{survey.workbook}", style="bold")
        line.append(f"  {whose}  {self.period.title().in_(self.language)}", style="not bold")
        self.out.print(line)

    def heading(self, table: SurveyedTable) -> None:
        """Where the table stands and how much of it is open."""
        first, last = table.header
        rows = f"{first}" if first == last else f"{first}–{last}"
        words = Text(
            f"{table.sheet}：表头第 {rows} 行，{table.rows} 行，{len(table.columns)} 列",
            f"{table.sheet}: header in row {rows}, {table.rows} rows, {len(table.columns)} columns",
        )
        if table.lies:
            words = Text(
                f"{table.sheet}：横着的表，每列一个项目，{table.rows} 个，{len(table.columns)} 项",
                f"{table.sheet}: lies on its side, an item a column: {table.rows} items, {len(table.columns)} lines",
            )
        waiting = len(table.open)
        state = (
            Text(f"，{waiting} 列要你定", f", {waiting} for you to decide")
            if waiting
            else Text("，都清楚", ", all clear")
        )
        self.out.print()
        line = Styled(words.in_(self.language))
        line.append(state.in_(self.language), style="yellow" if waiting else "green")
        self.out.print(line)
        if table.no_ledger is not None:
            why = Text(
                f"  不会当作台账读：{table.no_ledger.zh}", f"  would not be read as a ledger: {table.no_ledger.en}"
            )
            self.say(why, "dim")

    def difference(self, table: SurveyedTable) -> None:
        """How the layout differs from the confirmed one, a change a line."""
        recalled = table.recalled
        if recalled.is_new:
            self.say(
                Text("  和这个单位核定过的版式都不像。", "  Like none of the layouts confirmed for this sender."),
                "yellow",
            )
        if recalled.kept is None:
            return
        made = recalled.kept.origin.saying
        if not recalled.changes:
            self.say(Text(f"  版式没有变，{made.zh}。", f"  The layout has not changed; {made.en}."), "green")
            return
        self.say(
            Text(f"  版式变了（原版式{made.zh}）：", f"  The layout changed (the old one was {made.en}):"), "yellow"
        )
        for change in recalled.changes:
            self.out.print(f"    · {change.saying.in_(self.language)}", markup=False)

    def columns(self, columns: Sequence[SurveyedColumn], choices: Mapping[int, Choice]) -> None:
        """Columns of a table: letters, title, first cells, what each is taken for, how sure that is."""
        shown = Table(box=None, padding=(0, 1), header_style="bold", pad_edge=False)
        headers = (
            (Text("列", "Col"), 1, False),
            (Text("列名", "Title"), 5, True),
            (Text("样例", "Cells"), 4, True),
            (Text("认作", "Read as"), 4, True),
            (Text("把握", "Sure"), 1, False),
        )
        for title, ratio, wraps in headers:
            shown.add_column(
                title.in_(self.language), ratio=ratio if wraps else None, no_wrap=not wraps, overflow="fold"
            )
        for one in columns:
            field, how, style = self._standing(one, choices.get(one.position))
            shown.add_row(
                one.letters, Styled(one.title), Styled(_clipped(self.listed(one.samples), 22)), field, how, style=style
            )
        self.out.print(shown)

    def _standing(self, one: SurveyedColumn, choice: Choice | None) -> tuple[str, str, str]:
        """What a column is as things stand, how sure that is, and the style of its line."""
        if choice is not None and choice.field != OPEN:
            month = self._month(one, choice.field, choice.period)
            return (
                _joined(self.meaning(choice.field), month, choice.unit or self._unit(one, choice.field)),
                Text("你定", "yours").in_(self.language),
                "bold",
            )
        if choice is not None or one.doubt is not None:
            how = f"{one.found.confidence:.0%}" if one.found.role == "field" else "—"
            mark = Text("？", "?").in_(self.language)
            guess = (
                f"{self.meaning(one.proposed)}{mark}" if one.proposed not in (OPEN, LEFT_OUT) else self.meaning(OPEN)
            )
            return guess, how, "yellow"
        if one.kept is not None and one.kept.field != OPEN:
            style = "dim" if one.kept.field == LEFT_OUT else ""
            month = self._month(one, one.kept.field, one.kept.period)
            unit = one.kept.unit or one.kept.column.unit or ""
            return _joined(self.meaning(one.kept.field), month, unit), Text("核定", "kept").in_(self.language), style
        if one.found.role == "sequence":
            return Text("序号", "row number").in_(self.language), "—", "dim"
        if one.proposed == LEFT_OUT:
            return self.meaning(LEFT_OUT), "—", "dim"
        month = one.found.period.month_title().in_(self.language) if one.found.period else ""
        month = "" if "–" in one.letters else month
        unit = one.found.unit or ""
        return _joined(self.meaning(one.proposed), month, unit), f"{one.found.confidence:.0%}", ""

    def _unit(self, one: SurveyedColumn, name: str) -> str:
        declared = self.ledger.fields.get(name)
        return one.unit or "" if declared is not None and takes_unit(declared) else ""

    def _month(self, one: SurveyedColumn, name: str, slot: str | None) -> str:
        """The month a slot comes to on this very column; empty for a series of months, which its letters show."""
        declared = self.ledger.fields.get(name)
        of = period_of(one.found.title, slot, declared, self.period) if declared is not None else None
        return of.month_title().in_(self.language) if of is not None and "–" not in one.letters else ""

    def kept(self, one: KeptColumn) -> str:
        return _joined(self.meaning(one.field), self.slot(one.period), one.unit or one.column.unit or "")

    # -- what it comes to ----------------------------------------------------------------------------------------

    def comparison(self, before: Tally, after: Tally) -> None:
        """What the workbook gives with the mapping as it was and as it would be."""
        shown = Table(box=None, padding=(0, 1), header_style="bold", pad_edge=False)
        titles = ("", Text("行", "rows"), Text("错误", "errors"), Text("待答", "questions"), Text("提醒", "warnings"))
        for title in titles:
            shown.add_column(title.in_(self.language) if isinstance(title, Text) else title, justify="right")
        for name, one in ((Text("现在读", "as it was"), before), (Text("照此读", "as confirmed"), after)):
            shown.add_row(name.in_(self.language), *map(str, (one.rows, one.errors, one.questions, one.warnings)))
        self.out.print()
        self.out.print(shown)

    def layouts(self, kept: Sequence[KeptLayout]) -> None:
        """The confirmed mapping as it is kept."""
        for layout in kept:
            made = layout.origin.saying
            self.out.print()
            self.say(
                Text(
                    f"{layout.origin.sheet}（{layout.fingerprint}）{made.zh}",
                    f"{layout.origin.sheet} ({layout.fingerprint}) {made.en}",
                )
            )
            shown = Table(box=None, padding=(0, 1), header_style="bold", pad_edge=False)
            for title in (Text("列名", "Title"), Text("读作", "Read as"), Text("谁定的", "Decided by")):
                shown.add_column(title.in_(self.language), overflow="fold")
            for one in layout.columns:
                by = one.decided.saying if one.decided else Text("照认出的", "as recognised").in_(self.language)
                dim = one.field in (LEFT_OUT, OPEN)
                shown.add_row(
                    Styled(one.column.shown), self.kept(one), Styled(by if one.field != OPEN else ""),
                    style="dim" if dim else "",
                )  # fmt: skip
            self.out.print(shown)

    def listed(self, words: Iterable[str]) -> str:
        return ("、" if self.language == "zh" else ", ").join(" ".join(text.split()) for text in words)

    def named(self, name: Text, what: str) -> str:
        return f"{name.in_(self.language)}{colon(self.language)}{what}"


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def _clipped(text: str, width: int) -> str:
    """At most so many columns of the screen, a Chinese character being two."""
    flat = " ".join(text.split())
    return flat if cell_len(flat) <= width else f"{set_cell_size(flat, width - 1).rstrip()}…"
