"""Lines of a league as markup. A page has hundreds of cells: put together here, a template would take longer over them than the
database."""

from __future__ import annotations

from collections.abc import Collection
from html import escape
from urllib.parse import quote

from django.utils.safestring import SafeString, mark_safe

from guatu.hub.web.charts import Sparkline
from guatu.hub.web.rounds.league import Cell, League, Line
from guatu.text import Language, Text


def lines_markup(league: League, run: int, seen: Collection[int], language: Language) -> SafeString:
    """The body and the foot of the table; names of units lead to those the reader may see. Every text is escaped."""
    maker = _Lines(league, run, seen, language)
    body = "".join(maker.line(one) for one in league.lines)
    foot = f"<tfoot>{maker.line(league.whole, over=True)}</tfoot>" if league.whole is not None else ""
    return mark_safe(f"<tbody>{body}</tbody>{foot}")  # every part is escaped in `_Lines`


class _Lines:
    def __init__(self, league: League, run: int, seen: Collection[int], language: Language) -> None:
        self.league, self.run, self.seen, self.language = league, run, seen, language
        self.is_ranked = league.printing.better != "none"
        self.list = quote(league.asked.list)

    def say(self, zh: str, en: str) -> str:
        return zh if self.language == "zh" else en

    def said(self, text: Text) -> str:
        return escape(text.in_(self.language))

    def line(self, one: Line, *, over: bool = False) -> str:
        cells = [self._rank(one, over)] if self.is_ranked else []
        if self.is_ranked and self.league.before is not None:
            cells.append(self._move(one))
        title = self.said(one.title)
        name = f'<a href="/units/{one.unit}">{title}</a>' if one.unit in self.seen else title
        cells += [f'<th scope="row" class="first">{name}</th>', self._cell(one.unit, one.main, main=True, over=over)]
        if self.league.before is not None:
            cells += [_figure(one.change), f"<td>{self._spark(one.line)}</td>"]
        if self.league.whole is not None and self.is_ranked:
            cells.append("<td></td>" if over else _figure(one.gap))
        cells += [self._cell(one.unit, cell, over=over) for cell in one.cells]
        return f"<tr>{''.join(cells)}</tr>"

    def _rank(self, one: Line, over: bool) -> str:
        why = f' title="{self.said(one.main.why_not)}"' if one.main.why_not is not None else ""
        said = "" if over else str(one.rank) if one.rank else "—"
        return f'<td class="figure rank"{why}>{said}</td>'

    def _move(self, one: Line) -> str:
        if not one.move:
            return '<td class="move"></td>'
        look, sign = ("good", "▲") if one.move > 0 else ("bad", "▼")
        word = self.say("升", "up") if one.move > 0 else self.say("降", "down")
        told = self.say(f"{word} {abs(one.move)} 位", f"{word} {abs(one.move)}")
        shown = f'<span aria-hidden="true">{sign}{abs(one.move)}</span><span class="unseen">{told}</span>'
        return f'<td class="move"><span class="{look}">{shown}</span></td>'

    def _cell(self, unit: int, cell: Cell, *, main: bool = False, over: bool = False) -> str:
        """A number is a door to what is behind it; its two sides are shown on hover and focus, and told to who hears the page."""
        sides, hidden, two = "", "", ""
        if cell.sides is not None:
            said = self.said(cell.sides)
            sides, hidden, two = f' data-sides="{said}"', f'<span class="unseen">（{said}）</span>', " two"
        address = f"/rounds/{self.run}/units/{unit}/{cell.indicator}?list={self.list}"
        number = f'<a class="why{two}" href="{address}"{sides}>{self.said(cell.said)}{hidden}</a>'
        place = f' <span class="soft place">{cell.rank}</span>' if cell.rank and not over and not main else ""
        why = f' <span class="soft">{self.said(cell.why_not)}</span>' if cell.why_not is not None and not over else ""
        return f'<td class="figure{" main" if main else ""}">{number}{place}{why}</td>'

    def _spark(self, chart: Sparkline | None) -> str:
        """As `charts/sparkline.html` draws it."""
        if chart is None:
            return ""
        told = f"{self.said(chart.title)}{self.say('：', ': ')}{self.said(chart.told)}"
        last = f'<circle cx="{chart.last[0]}" cy="{chart.last[1]}" r="2.5"/>' if chart.last else ""
        size = f'width="{chart.width}" height="{chart.height}" viewBox="0 0 {chart.width} {chart.height}"'
        return f'<svg class="sparkline" {size} role="img"><title>{told}</title><path d="{chart.path}"/>{last}</svg>'


def _figure(said: str | None) -> str:
    return f'<td class="figure">{said or "—"}</td>'
