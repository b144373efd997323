"""What the page of a workbook says: how far it is, what was found in it, and what it would change, a page at a time."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from guatu.declarations import Ledger as LedgerDeclaration
from guatu.hub.accounts.models import Unit
from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.accounts.roles import Permission
from guatu.hub.assessment.actions.rounds import may_judge
from guatu.hub.ledger.importing.plan import ABSENT, CHANGED, MOVED, NEW, SAME
from guatu.hub.ledger.models import Import, ImportFinding, ImportStep
from guatu.hub.ledger.models.imports import ImportState, Stage
from guatu.hub.ledger.packs import declared
from guatu.hub.ledger.shown import said_of, titled
from guatu.text import Text

PER_PAGE = 50
STATES: dict[str, tuple[Text, str]] = {
    ImportState.WAITING: (Text("正在读", "being read"), "wait"),
    ImportState.REFUSED: (Text("退回", "refused"), "bad"),
    ImportState.READY: (Text("待入账", "ready to be taken"), "wait"),
    ImportState.TAKING: (Text("正在入账", "being taken"), "wait"),
    ImportState.TAKEN: (Text("已入账", "taken"), "good"),
    ImportState.UNDOING: (Text("正在撤销", "being undone"), "wait"),
    ImportState.UNDONE: (Text("已撤销", "undone"), "bad"),
    ImportState.DISCARDED: (Text("已作废", "discarded"), "bad"),
}
WORKING = (ImportState.WAITING, ImportState.TAKING, ImportState.UNDOING)
KINDS: dict[str, Text] = {
    NEW: Text("新增", "new"),
    CHANGED: Text("有变化", "changed"),
    MOVED: Text("换了单位", "moved"),
    SAME: Text("没有变化", "unchanged"),
}
LEFT_OUT, FAULTY = "left_out", "faulty"
GRADES: dict[str, Text] = {
    "error": Text("错误", "Errors"),
    "question": Text("疑问", "Questions"),
    "warning": Text("提醒", "Warnings"),
}
MARKS: dict[str, str] = {"error": "■", "question": "▲", "warning": "○"}
CHOICES: dict[str, Text] = {
    "same": Text("是同一个", "the same one"),
    "different": Text("不是同一个", "not the same"),
    "ended": Text("已结束或退出", "ended or withdrawn"),
    "confirmed": Text("确认无误", "correct as it is"),
}
STAGES: dict[str, tuple[Text, int, int]] = {
    Stage.QUEUED: (Text("排队，等后台读", "Waiting for the worker"), 0, 2),
    Stage.READING: (Text("读文件", "Reading the file"), 2, 40),
    Stage.CHECKING: (Text("按行、按上期、按重复逐项核对", "Checking rows, last round and doubles"), 40, 65),
    Stage.COMPARING: (Text("和台账比对", "Holding it against the ledger"), 65, 85),
    Stage.KEEPING: (Text("存预览", "Keeping the preview"), 85, 100),
}
"""What a stage is called, and from which to which percent of the way it goes."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the worker has come; without `percent` nobody can say."""

    said: Text
    rows: int
    done: int
    percent: int | None


def words_of(request: ActorRequest, sent: Import) -> dict[str, Any]:
    """Everything the page shows, in a constant number of queries whatever the workbook's size."""
    declaration = declared(sent.ledger)
    may = Import.objects.visible_to(request.actor, Permission.IMPORT_REPORTS).filter(pk=sent.pk).exists()
    chosen = request.GET.get("kind", "")
    page = Paginator(_steps(sent, chosen), PER_PAGE).get_page(request.GET.get("page"))
    steps = list(page.object_list)
    units = {one.pk: one.title for one in Unit.objects.filter(pk__in=_unit_ids(steps))}
    left_out = sent.steps.exclude(left_out="").count()
    faulty = sent.steps.filter(errors__gt=0, left_out="").count()
    absent = Paginator(sent.steps.filter(kind=ABSENT).order_by("name", "pk"), PER_PAGE)
    return {
        **progress_words(sent),
        "recognised": recognised_of(sent),
        "refusal": Text(sent.refusal_zh, sent.refusal_en) if sent.refusal_zh else None,
        "counts": [(kind, title, sent.counts.get(kind, 0)) for kind, title in KINDS.items()],
        "left_out": left_out,
        "faulty": faulty,
        "has_plan": page.paginator.count or any(sent.counts.get(kind) for kind in KINDS),
        "chosen": chosen,
        "carried": urlencode({"kind": chosen}) if chosen else "",
        "page": page,
        "steps": [(one, KINDS[one.kind], changes_of(one, declaration, units)) for one in steps],
        "absent": absent.get_page(request.GET.get("absent")),
        "found": [_found(request, sent, grade, declaration) for grade in GRADES if sent.counts.get(grade)],
        "may": may,
        "may_judge": sent.state == ImportState.TAKEN and may_judge(sent.ledger, request.actor),
        "open": may and sent.state in (ImportState.READY, ImportState.REFUSED),
    }


def progress_words(sent: Import) -> dict[str, Any]:
    """What the part of the page says that is asked for again while the worker is at it."""
    return {"sent": sent, "state": STATES[sent.state], "progress": progress(sent) if sent.state in WORKING else None}


@dataclass(frozen=True, slots=True)
class Line:
    """A workbook in the list."""

    sent: Import
    state: Text
    tone: str
    progress: Progress | None
    recognised: list[Text]
    found: list[tuple[str, str, int]]
    """Each grade with its mark and how many were found."""


def line_of(sent: Import) -> Line:
    state, tone = STATES[sent.state]
    found = [(grade, MARKS[grade], sent.counts[grade]) for grade in GRADES if sent.counts.get(grade)]
    return Line(sent, state, tone, progress(sent) if sent.state in WORKING else None, recognised_of(sent), found)


def recognised_of(sent: Import) -> list[Text]:
    """What the reader recognised, each in a few words: the kind of file, each table with its header, whose it is."""
    told = sent.recognised
    if not told.get("kind"):
        return []
    sheets = told["sheets"]
    found = [Text(f"{told['kind']}，{sheets} 张表", f"{told['kind']}, {sheets} sheet{'s' if sheets != 1 else ''}")]
    for one in told["tables"]:
        first, last = one["header"]
        span = str(first) if first == last else f"{first}–{last}"
        found.append(
            Text(
                f"{one['sheet']}：表头第 {span} 行，{one['rows']} 行",
                f"{one['sheet']}: header in row {span}, {one['rows']} rows",
            )
        )
    if told.get("sender"):
        found.append(Text(f"报送单位 {told['sender']}", f"from {told['sender']}"))
    return found


def progress(sent: Import) -> Progress:
    """How far the worker has come."""
    if sent.state in (ImportState.TAKING, ImportState.UNDOING):
        word = STATES[sent.state][0]
        return Progress(word, sum(sent.counts.get(kind, 0) for kind in (NEW, CHANGED, MOVED)), 0, None)
    said, begins, ends = STAGES.get(sent.stage, STAGES[Stage.QUEUED])
    part = (ends - begins) * sent.rows_done // sent.rows_read if sent.rows_read else 0
    return Progress(said, sent.rows_read, sent.rows_done, begins + part)


def _steps(sent: Import, chosen: str) -> QuerySet[ImportStep]:
    steps = sent.steps.exclude(kind=ABSENT).order_by("position").defer("offer", "people")
    if chosen == LEFT_OUT:
        return steps.exclude(left_out="")
    if chosen == FAULTY:
        return steps.filter(errors__gt=0)
    return steps.filter(kind=chosen) if chosen in KINDS else steps.exclude(kind=SAME)


def changes_of(
    step: ImportStep, declaration: LedgerDeclaration, units: Mapping[int, Text]
) -> list[tuple[Text, Text, Text]]:
    """Each fact that changes: what it is called, what it was, what it becomes."""
    return [
        (titled(declaration, fact), said_of(declaration, fact, old, units), said_of(declaration, fact, new, units))
        for fact, (old, new) in json.loads(step.changes or "{}").items()
    ]


def _unit_ids(steps: Iterable[ImportStep]) -> set[int]:
    """Units named by the changes of a page."""
    found: set[int] = set()
    for step in steps:
        found |= {value for value in json.loads(step.changes or "{}").get("unit", ()) if isinstance(value, int)}
    return found


@dataclass(frozen=True, slots=True)
class Shown:
    """Something found, with the form of its answer: a choice between sayings, what the cell should say, or none."""

    finding: ImportFinding
    choices: list[tuple[str, Text]]
    sides: list[dict[str, Any]]
    rows: list[tuple[Text, list[Text]]]
    """Facts of both sides, line by line; those that differ first."""


@dataclass(frozen=True, slots=True)
class Found:
    """A page of what was found of one grade."""

    grade: str
    title: Text
    page: Page[ImportFinding]
    shown: list[Shown]


def _found(request: ActorRequest, sent: Import, grade: str, declaration: LedgerDeclaration) -> Found:
    findings = sent.findings.filter(grade=grade).order_by("position")
    page = Paginator(findings, PER_PAGE).get_page(request.GET.get(grade))
    return Found(grade, GRADES[grade], page, [_shown(one, declaration) for one in page.object_list])


def _shown(one: ImportFinding, declaration: LedgerDeclaration) -> Shown:
    if not one.about:
        return Shown(one, [], [], [])
    choices = [(choice, CHOICES[choice]) for choice in json.loads(one.about)["choices"]]
    sides = json.loads(one.beside or "[]")
    for side in sides:
        side["unit"] = Text(side["unit_zh"], side["unit_en"])
    return Shown(one, choices, sides, _beside(sides, declaration) if len(sides) > 1 else [])


def _beside(sides: list[dict[str, Any]], declaration: LedgerDeclaration) -> list[tuple[Text, list[Text]]]:
    lines = []
    for key, declared_ in declaration.fields.items():
        values = [side["values"].get(key) for side in sides]
        if any(value is not None for value in values):
            said = [said_of(declaration, f"values.{key}", value, {}) for value in values]
            lines.append((values[0] == values[1], declared_.title, said))
    return [(title, said) for _, title, said in sorted(lines, key=lambda line: line[0])]
