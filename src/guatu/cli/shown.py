"""What a person sees after a run: who reported, what was wrong, the league, the lights, and where the files are."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text as Styled

from guatu.cli.terminal import bracketed, colon, console, light, table
from guatu.dispatch.arrivals import STATE_WORDS, Arrival
from guatu.dispatch.writing import Outcome
from guatu.office.figures import Figure, number_of, scale_for
from guatu.office.workbooks import Finding
from guatu.text import Language, Text

GRADES = {
    "error": (Text("错误", "error"), "red"),
    "question": (Text("待答", "question"), "yellow"),
    "warning": (Text("提醒", "warning"), "dim"),
}
MOST_FINDINGS = 12
MOST_COLUMNS = 4
"""Indicators all shown on the screen; of more, those that are ranked."""
MOST_NAMED = 5
"""Lagging items that are named one by one; of more, the papers tell."""


def print_finding(out: Console, finding: Finding, language: Language) -> None:
    """One finding: grade, where, what stands there, why, and what to do."""
    words, style = GRADES[finding.grade]
    line = Styled("  ")
    line.append(words.in_(language), style=style)
    raw = f" “{finding.raw}”" if finding.raw else ""
    separator = "。" if language == "zh" else ". "
    line.append(f" {finding.where}{raw}{colon(language)}")
    line.append(f"{finding.reason.in_(language)}{separator}{finding.remedy.in_(language)}")
    out.print(line, soft_wrap=True)


def print_outcome(outcome: Outcome, language: Language) -> None:
    out = console()
    out.print()
    _print_arrivals(out, outcome, language)
    _print_findings(out, outcome, language)
    _print_league(out, outcome, language)
    _print_lagging(out, outcome, language)
    _print_ladder(out, outcome, language)
    for note in outcome.notes:
        out.print(f"  {note.in_(language)}", style="yellow", markup=False, soft_wrap=True)
    _print_files(out, outcome, language)


def _print_arrivals(out: Console, outcome: Outcome, language: Language) -> None:
    counted = [arrival for arrival in outcome.arrivals if arrival.counted]
    total = len(outcome.arrivals)
    words = Text(
        f"{outcome.period_title.zh}：应报 {total} 个单位，采用 {len(counted)} 个，项目 {outcome.item_count} 个",
        f"{outcome.period_title.en}: {len(counted)} of {total} units counted, {outcome.item_count} items",
    )
    out.print(f"[bold]{words.in_(language)}[/]")
    for arrival in outcome.arrivals:
        if arrival.state != "accepted" or arrival.errors:
            out.print(f"  {_arrival_words(arrival).in_(language)}", markup=False, soft_wrap=True)


def _arrival_words(arrival: Arrival) -> Text:
    state = STATE_WORDS[arrival.state]
    errors = Text("", "")
    if arrival.errors and arrival.state == "accepted":
        errors = Text(f"，{arrival.errors} 处坏格按缺失计", f", bad cells counted as missing: {arrival.errors}")
    elif arrival.errors:
        errors = Text(f"，{arrival.errors} 处错误", f", errors: {arrival.errors}")
    stands = (
        Text("；沿用本期上次收到的数据", "; its figures from earlier this round stand")
        if arrival.state == "refused" and arrival.counted
        else Text("", "")
    )
    return Text(
        f"{arrival.title.zh}：{state.zh}{errors.zh}{stands.zh}", f"{arrival.title.en}: {state.en}{errors.en}{stands.en}"
    )


def _print_findings(out: Console, outcome: Outcome, language: Language) -> None:
    serious = [one for one in outcome.findings if one.grade != "warning"]
    for finding in serious[:MOST_FINDINGS]:
        print_finding(out, finding, language)
    more = len(serious) - MOST_FINDINGS
    warnings = len(outcome.findings) - len(serious)
    if more > 0:
        out.print(f"  {Text(f'还有 {more} 处', f'{more} more').in_(language)}", style="dim")
    if warnings:
        words = Text(f"另有 {warnings} 处提醒，见 findings.csv", f"warnings as well: {warnings}, see findings.csv")
        out.print(f"  {words.in_(language)}", style="dim")


def _print_league(out: Console, outcome: Outcome, language: Language) -> None:
    """The league in short: what is ranked, the lights, what moved. The workbook has every column."""
    facts = outcome.facts
    short = len(facts.indicators) <= MOST_COLUMNS
    indicators = [one for one in facts.indicators if short or one.ranked]
    marks = [one.mark for one in facts.lights]
    columns = [(Text("位次", "Rank").in_(language), "right"), (Text("单位", "Unit").in_(language), "left")]
    columns.append((Text("项目", "Items").in_(language), "right"))
    columns += [(_header(outcome, one.key, one.title, language), "right") for one in indicators]
    columns += [(mark.glyph, "right") for mark in marks]
    columns.append((Text("较上期", "Moved").in_(language), "right"))
    ranked = next(one.title for one in indicators if one.key == facts.ranked_by)
    title = Text(f"排名表（按{ranked.zh}）", f"League table by {ranked.en.lower()}")
    shown = table(title.in_(language), columns)
    for row in facts.league:
        cells: list[str | Styled] = [_digits(row.ranks.get(facts.ranked_by), language), row.unit.in_(language)]
        cells.append(str(outcome.items_of.get(row.key, 0)))
        cells += [_digits(row.values[one.key], language) for one in indicators]
        cells += [light(mark.key, _digits(row.lights.get(mark.key), language)) for mark in marks]
        shown.add_row(*cells, _moved(row.moved))
    totals: list[str | Styled] = ["", facts.place.in_(language), str(outcome.item_count)]
    totals += [_digits(facts.totals[one.key], language) for one in indicators]
    totals += [light(one.mark.key, _digits(one.count, language)) for one in facts.lights]
    shown.add_section()
    shown.add_row(*totals, "", style="bold")
    out.print()
    out.print(shown)
    legend = "   ".join(f"{mark.glyph} {mark.word.in_(language)}" for mark in marks)
    out.print(f"  {legend}", style="dim")


def _header(outcome: Outcome, indicator: str, title: Text, language: Language) -> str:
    """An indicator's title with the unit its digits are in."""
    figures = [*(row.values[indicator] for row in outcome.facts.league), outcome.facts.totals[indicator]]
    return f"{title.in_(language)} {scale_for(figures).header.in_(language)}".rstrip()


def _digits(figure: Figure | None, language: Language) -> str:
    """The digits alone; the unit stands in the header."""
    return "" if figure is None else number_of(figure, scale_for([figure]), language)


def _moved(places: int | None) -> str:
    if places is None:
        return ""
    return "＝" if places == 0 else f"▲{places}" if places > 0 else f"▼{-places}"


def _print_lagging(out: Console, outcome: Outcome, language: Language) -> None:
    """The items that lag with their reasons, where they are few enough to be read here."""
    items = outcome.facts.lagging
    if len(items) > MOST_NAMED:
        return
    for item in items:
        whose = bracketed(item.unit.in_(language), language)
        out.print(light(item.mark.key, f"  {item.mark.shown(language)}  {item.name}{whose}"), soft_wrap=True)
        for dimension in item.dimensions:
            said = f"{dimension.title.in_(language)}{colon(language)}{dimension.because.in_(language)}"
            out.print(f"      {said}", markup=False, soft_wrap=True)


def _print_ladder(out: Console, outcome: Outcome, language: Language) -> None:
    for step in outcome.facts.ladder:
        words = f"{step.subject.in_(language)}{colon(language)}{step.step.in_(language)}，{step.because.in_(language)}"
        out.print(f"  {words}", markup=False, soft_wrap=True)


def _print_files(out: Console, outcome: Outcome, language: Language) -> None:
    out.print()
    for name, words in outcome.files:
        out.print(f"  {outcome.shown_folder}/{name}  [dim]{words.in_(language)}[/]", soft_wrap=True)
