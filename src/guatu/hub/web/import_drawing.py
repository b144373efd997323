"""A sent workbook drawn as a sheet: row numbers, column letters, what was found marked in its cells, both linked to each other."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Count, Subquery
from django.http import HttpResponse
from django.shortcuts import render

from guatu.hub.accounts.numbers import whole_number
from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.accounts.roles import Permission
from guatu.hub.ledger.models import Import, ImportFinding
from guatu.hub.web.import_shown import GRADES, MARKS, STATES
from guatu.hub.web.imports import found_for
from guatu.hub.web.posted import asked_for
from guatu.office.containers.grid import address, column_letters, position, row_of

PER_PAGE = 25
AROUND = 2
"""Rows shown above and below each of the findings of a page."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: what it says, and the findings at it, worst first."""

    anchor: str
    text: str
    grade: str = ""
    finding: int | None = None

    @property
    def letters(self) -> str:
        """Of its column."""
        return self.anchor.rstrip("0123456789").upper()


@dataclass(frozen=True, slots=True)
class Row:
    """One row, its number from 1; `gap` where rows before it are left out."""

    number: int
    cells: Sequence[Cell]
    is_header: bool
    gap: bool
    grade: str = ""
    finding: int | None = None


@dataclass(frozen=True, slots=True)
class Grid:
    """A part of a sheet."""

    sheet: str
    letters: Sequence[str]
    rows: Sequence[Row]


def drawing_of(sent: Import) -> Mapping[str, Any]:
    """What the worker drew, by sheet; nothing of workbooks read before there were drawings."""
    if not sent.drawn:
        return {}
    with sent.drawn.open("rb") as kept:
        return {one["sheet"]: one for one in json.loads(kept.read()).get("sheets", ())}


def grid_of(drawn: Mapping[str, Any], findings: Iterable[ImportFinding] = (), *, only_head: bool = False) -> Grid:
    """Headers with some rows below them, and the rows around the findings."""
    at: defaultdict[tuple[int, int | None], list[ImportFinding]] = defaultdict(list)
    wanted: set[int] = set()
    for one in findings:
        place, row = position(one.cell), row_of(one.cell)
        if row is not None:
            at[row + 1, place[1] if place is not None else None].append(one)
            wanted |= set(range(row + 1 - AROUND, row + 2 + AROUND))
    header = set(drawn["header"])
    head = max(header, default=0)
    first = {number for number, _ in drawn["rows"] if number <= head + (6 if only_head or not wanted else 0)}
    rows, before = [], 0
    for number, texts in drawn["rows"]:
        if number in first or number in wanted:
            rows.append(_row(number, texts, at, is_header=number in header, gap=number != before + 1))
            before = number
    return Grid(drawn["sheet"], [column_letters(column) for column in range(drawn["width"])], rows)


def _row(
    number: int,
    texts: Sequence[str],
    at: Mapping[tuple[int, int | None], list[ImportFinding]],
    *,
    is_header: bool,
    gap: bool,
) -> Row:
    cells = [
        _cell(address(number - 1, column).lower(), text, at.get((number, column), ()))
        for column, text in enumerate(texts)
    ]
    whole = at.get((number, None), ())
    worst = _worst(whole)
    return Row(number, cells, is_header, gap, worst.grade if worst else "", worst.pk if worst else None)


def _cell(anchor: str, text: str, findings: Sequence[ImportFinding]) -> Cell:
    worst = _worst(findings)
    return Cell(anchor, text, worst.grade, worst.pk) if worst is not None else Cell(anchor, text)


def _worst(findings: Sequence[ImportFinding]) -> ImportFinding | None:
    order = list(GRADES)
    return min(findings, key=lambda one: order.index(one.grade)) if findings else None


def sheet(request: ActorRequest, import_id: int) -> HttpResponse:
    """The findings of one sheet beside it, a page at a time; a constant number of queries."""
    sent = found_for(request, import_id, Permission.IMPORT_REPORTS)
    drawn = drawing_of(sent)
    counts = dict(sent.findings.values_list("sheet").annotate(n=Count("pk")))
    names = list(dict.fromkeys([*drawn, *(name for name in counts if name)]))
    chosen = asked_for(request, "sheet")
    name = chosen if chosen in names else next((one for one in names if counts.get(one)), names[0] if names else "")
    page = _page(request, sent, name)
    findings = list(page.object_list)
    words = {
        "sent": sent,
        "state": STATES[sent.state],
        "sheets": [(one, counts.get(one, 0)) for one in names],
        "name": name,
        "page": page,
        "carried": urlencode({"sheet": name}),
        "findings": [(one, MARKS[one.grade], GRADES[one.grade]) for one in findings],
        "grid": grid_of(drawn[name], findings) if name in drawn else None,
    }
    return render(request, "ledgers/import_sheet.html", words)


def _page(request: ActorRequest, sent: Import, name: str) -> Page[ImportFinding]:
    """In the order in which they were found; `at` asks for the page one of them stands on."""
    found = sent.findings.filter(sheet=name).order_by("position")
    asked, at = request.GET.get("page"), whole_number(request.GET.get("at", ""))
    if at is not None:
        position = found.filter(pk=at).values("position")
        asked = str(found.filter(position__lt=Subquery(position)).count() // PER_PAGE + 1)
    return Paginator(found, PER_PAGE).get_page(asked)
