"""What was found in a workbook, what it would change and what its columns are, and what people say to it; on the router of imports."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

from django.utils import timezone
from ninja import Field, Query, Schema
from pydantic import StringConstraints

from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.accounts.roles import Permission
from guatu.hub.api.fields import Because, Body, Id, among, listed, one_line
from guatu.hub.api.imports import ImportOut, import_seen, router
from guatu.hub.api.pages import Page, PageQuery, page_of
from guatu.hub.ledger.actions.import_answers import MOST_CHARACTERS, answer_questions, leave_out, put_back
from guatu.hub.ledger.actions.import_columns import PERIODS, Chosen, confirm_columns
from guatu.hub.ledger.importing.task import read_import
from guatu.hub.ledger.models import Import, ImportFinding, ImportStep

__all__ = ["router"]

Grade = Literal["error", "question", "warning"]
Kind = Literal["new", "changed", "moved", "same", "absent"]
Answered = Literal["choice", "cell", "columns"]


class FindingOut(Schema):
    """Something found in a workbook, at its cell."""

    id: int = Field(title="编号 id", examples=[31])
    grade: Grade = Field(title="错误、疑问、提醒 error, question, warning", examples=["question"])
    code: str = Field(title="给程序看的名字 name for programs", examples=["likely_duplicate"])
    sheet: str = Field(title="工作表 sheet", examples=["台账"])
    cell: str = Field(title="单元格 cell", examples=["B3"])
    raw: str = Field(title="原来写的 what it says", examples=["东关大桥工程"])
    reason_zh: str = Field(title="是什么 what it is", examples=["疑似重复"])
    reason_en: str = Field(title="是什么（英文） what it is, in English", examples=["likely duplicate"])
    remedy_zh: str = Field(title="怎么办 what to do", examples=["请答复。"])
    remedy_en: str = Field(title="怎么办（英文） what to do, in English", examples=["Answer."])
    answered_by: Answered | None = Field(
        title="怎么答 how it is answered",
        description="choice：选一个；cell：写这一格应写的；columns：核定列的含义；null：不用答 "
        "choice: one of `choices`; cell: what the cell should say; columns: by confirming columns; null: not at all",
        examples=["choice"],
    )
    choices: list[str] = Field(title="可答 answers to choose among", examples=[["same", "different"]])
    sides: list[dict[str, Any]] = Field(
        title="疑似同一个的各方 the sides that may be one", examples=[[{"name": "东关大桥"}, {"name": "东关大桥工程"}]]
    )

    @staticmethod
    def resolve_answered_by(one: ImportFinding) -> Answered | None:
        if one.grade != "question":
            return None
        if one.about:
            return "choice"
        return "cell" if one.takes_a_cell else "columns"

    @staticmethod
    def resolve_choices(one: ImportFinding) -> list[str]:
        return list(json.loads(one.about)["choices"]) if one.about else []

    @staticmethod
    def resolve_sides(one: ImportFinding) -> list[dict[str, Any]]:
        return list(json.loads(one.beside or "[]"))


class FindingPage(Page):
    items: list[FindingOut]


class FindingsQuery(PageQuery):
    grade: Grade | None = Field(None, title="错误、疑问、提醒 error, question, warning", examples=["question"])
    code: Annotated[str, one_line(64)] = Field(
        "", title="给程序看的名字 name for programs", examples=["likely_duplicate"]
    )


@router.get(
    "/{int:import_id}/findings", response=FindingPage, url_name="import_findings", summary="发现的问题 What was found"
)
def findings(request: ActorRequest, import_id: int, page: Query[FindingsQuery]) -> object:
    """每处一条，带工作表和单元格；错误在前。 One for each place, with sheet and cell; errors first."""
    found = ImportFinding.objects.filter(found_in=import_seen(request, import_id))
    found = found.filter(grade=page.grade) if page.grade is not None else found
    return page_of(found.filter(code=page.code) if page.code else found, page)


class StepOut(Schema):
    """What becomes of one item when the workbook is taken."""

    key: str = Field(title="它是谁 which item it is", examples=["12"])
    kind: Kind = Field(
        title="新增、有变化、换单位、没有变化、没报 new, changed, moved, same, absent",
        description="absent：名下有、工作簿里没有，入账也不动它 "
        "absent: an item of its units that the workbook says nothing of, and that stays as it is",
        examples=["changed"],
    )
    item_id: int | None = Field(title="事项 item; null: it is new", examples=[12])
    unit_id: int = Field(title="单位 unit", examples=[7])
    name: str = Field(title="名称 name", examples=["东关大桥"])
    changes: dict[str, list[Any]] = Field(
        title="每项原来的和要改成的 each fact, before and after", examples=[{"values.cost": [500000000, 520000000]}]
    )
    errors: int = Field(title="它的错误数 errors in its cells", examples=[0])
    left_out: str = Field(title="为什么列为例外 why it is left out; empty: it is taken", examples=[""])

    @staticmethod
    def resolve_changes(step: ImportStep) -> dict[str, list[Any]]:
        said: dict[str, list[Any]] = json.loads(step.changes or "{}")
        return said


class StepPage(Page):
    items: list[StepOut]


class StepsQuery(PageQuery):
    kind: Kind | None = Field(None, title="新增、有变化、换单位、没有变化、没报 kind of step", examples=["new"])
    faulty: bool | None = Field(None, title="有没有错误 whether there are errors in it", examples=[True])
    left_out: bool | None = Field(None, title="是不是例外 whether it is left out", examples=[False])


@router.get("/{int:import_id}/steps", response=StepPage, url_name="import_steps", summary="预览 What it would change")
def steps(request: ActorRequest, import_id: int, page: Query[StepsQuery]) -> object:
    """逐项：新增、有变化、换单位、没有变化、没报；人员不写。 Item by item; nothing of people."""
    found = ImportStep.objects.filter(taken_from=import_seen(request, import_id)).defer("offer", "people")
    found = found.filter(kind=page.kind) if page.kind is not None else found
    if page.faulty is not None:
        found = found.filter(errors__gt=0) if page.faulty else found.filter(errors=0)
    if page.left_out is not None:
        found = found.exclude(left_out="") if page.left_out else found.filter(left_out="")
    return page_of(found, page)


class ColumnOut(Schema):
    """A column as it was understood."""

    position: int = Field(title="第几列（从 0 起） place, from 0", examples=[2])
    letters: str = Field(title="列标 letters", examples=["C"])
    title: str = Field(title="列名 what it is called", examples=["总投资（万元）"])
    samples: list[str] = Field(title="样例 samples", examples=[["500"]])
    field: str = Field(
        title="读作 read as",
        description="字段的键、list:清单的键；-：不读；?：待定 A field's key or list:KEY; -: not read; ?: nobody has decided",
        examples=["cost"],
    )
    proposed: str = Field(title="建议读作 proposed", examples=["cost"])
    sure: str = Field(title="把握 how sure", examples=["92%"])
    doubt: dict[str, str] | None = Field(title="疑问 doubt", examples=[None])
    likely: list[str] = Field(title="可能是 may be", examples=[["cost"]])
    unit: str | None = Field(title="计量单位 unit of measure", examples=["万元"])
    period: str | None = Field(title="哪一期的数 period of its figures", examples=[None])


class TableOut(Schema):
    """A table of the workbook."""

    table: int = Field(title="第几张表（从 0 起） which table, from 0", examples=[0])
    sheet: str = Field(title="工作表 sheet", examples=["台账"])
    rows: int = Field(title="行数 rows", examples=[125])
    sender: dict[str, str] | None = Field(title="谁报的 who sent it", examples=[{"key": "7", "title": "东关镇"}])
    columns: list[ColumnOut] = Field(title="列 columns", examples=[[]])


class TablesOut(Schema):
    """The tables of a workbook."""

    items: list[TableOut]


@router.get(
    "/{int:import_id}/columns", response=TablesOut, url_name="import_columns", summary="列的含义 What the columns are"
)
def columns(request: ActorRequest, import_id: int) -> object:
    """每张表每列读作什么、有什么疑问；读了才有。 Of each table; there are none before it is read."""
    found = import_seen(request, import_id, Permission.IMPORT_REPORTS)
    return {"items": [{"table": number, **one} for number, one in enumerate(json.loads(found.layouts))]}


class ColumnIn(Body):
    """What a column is."""

    position: int = Field(ge=0, le=16383, strict=True, title="第几列（从 0 起） place, from 0", examples=[2])
    field: Annotated[str, StringConstraints(pattern=r"^(-|[?]|(list:)?[a-z][a-z0-9_]*)$", max_length=70)] = Field(
        title="读作 read as", examples=["cost"]
    )
    unit: Annotated[str, one_line(20)] = Field("", title="计量单位 unit of measure", examples=["万元"])
    period: Annotated[str, among(PERIODS), listed(PERIODS)] = Field(
        "", title="哪一期的数 period of its figures", examples=["round"]
    )


class ColumnsIn(Body):
    """What columns of a table are; those not named stay as they are."""

    columns: list[ColumnIn] = Field(
        min_length=1, max_length=500, title="列 columns", examples=[[{"position": 2, "field": "cost", "unit": "万元"}]]
    )


@router.post(
    "/{int:import_id}/columns/{int:table}",
    response=ImportOut,
    url_name="import_columns_confirm",
    summary="核定列的含义 Confirm columns",
)
def confirm(request: ActorRequest, import_id: int, table: int, body: ColumnsIn) -> object:
    """为这个单位的这种版式记下，以后照此读；这本也重读。 Kept for its sender and layout; it is read again with them."""
    found = import_seen(request, import_id)
    chosen = {one.position: Chosen(one.field, one.unit, one.period) for one in body.columns}
    confirm_columns(sent=found, table=table, chosen=chosen, by=request.actor, at=timezone.now())
    return _read_again(found)


class FindingAnswerIn(Body):
    """What is said to a question."""

    finding_id: Annotated[Id, Field(title="哪处 which finding", examples=[31])]
    answer: Annotated[str, one_line(MOST_CHARACTERS, least=1)] = Field(
        title="一个选项，或这一格应写的 one of its choices, or what the cell should say", examples=["different"]
    )


class AnswersIn(Body):
    """Answers to questions: all of them are taken, or none."""

    answers: list[FindingAnswerIn] = Field(
        min_length=1, max_length=500, title="答复 answers", examples=[[{"finding_id": 31, "answer": "different"}]]
    )


@router.post(
    "/{int:import_id}/answer", response=ImportOut, url_name="import_answer", summary="答复疑问 Answer questions"
)
def answer(request: ActorRequest, import_id: int, body: AnswersIn) -> object:
    """记下并重读；是不是同一个的答复以后也算。 Kept, and read again with; what was said of identity counts from then on."""
    found = import_seen(request, import_id)
    answers = {one.finding_id: one.answer for one in body.answers}
    answer_questions(sent=found, answers=answers, by=request.actor, at=timezone.now())
    return _read_again(found)


StepKeys = Annotated[list[Annotated[str, one_line(64, least=1)]], Field(max_length=500)]


class LeaveOutIn(Body):
    """Items that are not taken with the rest, and why."""

    keys: StepKeys = Field([], title="哪些（预览里的 key） which, by their keys in the preview", examples=[["12"]])
    faulty: bool = Field(False, strict=True, title="或有错的全部 or all with errors", examples=[False])
    reason: Because


@router.post(
    "/{int:import_id}/leave-out", response=ImportOut, url_name="import_leave_out", summary="列为例外 Leave items out"
)
def leave(request: ActorRequest, import_id: int, body: LeaveOutIn) -> object:
    """写明理由不入账；它们的错误不再退回整本。 Not taken, for a reason; errors in them no longer refuse the workbook."""
    found = import_seen(request, import_id)
    faulty = found.steps.filter(errors__gt=0, left_out="").values_list("key", flat=True) if body.faulty else ()
    return leave_out(sent=found, keys=[*body.keys, *faulty], reason=body.reason, by=request.actor, at=timezone.now())


class PutBackIn(Body):
    """Items that are taken with the rest after all."""

    keys: StepKeys = Field(
        min_length=1, title="哪些（预览里的 key） which, by their keys in the preview", examples=[["12"]]
    )


@router.post(
    "/{int:import_id}/put-back", response=ImportOut, url_name="import_put_back", summary="取消例外 Put items back"
)
def put(request: ActorRequest, import_id: int, body: PutBackIn) -> object:
    """重读，补上当时没留的。 It is read again, for what was forgotten of them."""
    found = import_seen(request, import_id)
    put_back(sent=found, keys=body.keys, by=request.actor, at=timezone.now())
    return _read_again(found)


def _read_again(sent: Import) -> Import:
    read_import.enqueue(sent.pk)
    sent.refresh_from_db(fields=["state", "stage", "counts"])
    return sent
