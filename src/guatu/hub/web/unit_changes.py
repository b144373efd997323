"""Forms that change units, one address each."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate

from guatu.hub.accounts.actions.successions import Part, divide_unit, merge_units
from guatu.hub.accounts.actions.units import (
    close_unit,
    correct_unit,
    move_unit,
    open_unit,
    recode_unit,
    rename_unit,
)
from guatu.hub.accounts.language import spoken
from guatu.hub.accounts.models import Unit
from guatu.hub.accounts.models.units import KINDS, UnitKind
from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.accounts.roles import Permission
from guatu.hub.web.page_forms import (
    ChosenField,
    DayField,
    LineField,
    PageForm,
    ReasonField,
    UnitField,
    answered,
    in_language,
    manageable,
)
from guatu.text import Text

NAME, NAME_EN = Text("中文名称", "Chinese name"), Text("英文名称", "English name")
CODE = Text("代码", "Code")
CODE_HELP = Text(
    "区市用 6 位区划代码，镇街 9 位，企业用统一社会信用代码；没有就空着。",
    "Six digits for a district, nine for a town, the credit code for an enterprise; leave it blank if there is none.",
)
FROM = Text("从哪天起", "From which day")
FROM_HELP = Text("变动生效的日期，今天或以前。", "The day the change takes effect: today or earlier.")
PARTS = 4


def day_field() -> DayField:
    return DayField(FROM, initial=localdate, help=FROM_HELP)


class OpenForm(PageForm):
    kind = ChosenField(Text("类别", "Kind"), {key: title for key, title in KINDS.items() if key != UnitKind.CITY})
    title_zh = LineField(NAME)
    title_en = LineField(NAME_EN, most=200, required=False)
    code = LineField(CODE, most=32, required=False, help=CODE_HELP)
    order = forms.IntegerField(label=in_language(Text("排序", "Order")), min_value=0, max_value=99999, initial=0)
    on = day_field()


class NameForm(PageForm):
    title_zh = LineField(NAME)
    title_en = LineField(NAME_EN, most=200, required=False)
    on = day_field()


class CodeForm(PageForm):
    code = LineField(CODE, most=32, required=False, help=CODE_HELP)
    on = day_field()


class CorrectForm(PageForm):
    title_zh = LineField(NAME)
    title_en = LineField(NAME_EN, most=200, required=False)
    code = LineField(CODE, most=32, required=False, help=CODE_HELP)
    order = forms.IntegerField(label=in_language(Text("排序", "Order")), min_value=0, max_value=99999)


class CloseForm(PageForm):
    on = day_field()
    reason = ReasonField(required=False)


class IntoForm(PageForm):
    """Another unit, and a day."""

    on = day_field()
    reason = ReasonField(required=False)

    def __init__(self, label: Text, request: ActorRequest, unit: Unit) -> None:
        super().__init__(request.POST or None)
        self.fields["other"] = UnitField(label, manageable(request.actor).exclude(pk=unit.pk))
        self.order_fields(["other", "on", "reason"])


class DivideForm(PageForm):
    on = day_field()
    reason = ReasonField(required=False)

    def __init__(self, request: ActorRequest, unit: Unit) -> None:
        super().__init__(request.POST or None)
        first = []
        for number in range(1, PARTS + 1):
            title = Text(f"第 {number} 个新单位", f"New unit {number}")
            self.fields[f"zh-{number}"] = LineField(title, required=number <= 2)
            self.fields[f"en-{number}"] = LineField(NAME_EN, most=200, required=False)
            self.fields[f"code-{number}"] = LineField(CODE, most=32, required=False)
            names = [f"zh-{number}", f"en-{number}", f"code-{number}"]
            for name in names:
                self.fields[name].is_third = True  # type: ignore[attr-defined]  # the template sets three to a line
            first += names
        self.children = list(Unit.objects.filter(parent=unit, closed_on=None).order_by("order", "pk"))
        options = {str(number): Text(f"第 {number} 个", f"Unit {number}") for number in range(1, PARTS + 1)}
        for child in self.children:
            where = Text(f"“{child.title_zh}”归到", f"{child.title.en} goes to")
            self.fields[f"child-{child.pk}"] = ChosenField(where, options)
        self.order_fields([*first, *(f"child-{child.pk}" for child in self.children), "on", "reason"])

    def parts(self, data: dict[str, Any]) -> list[Part]:
        return [
            Part(
                Text(data[f"zh-{number}"], data[f"en-{number}"]),
                data[f"code-{number}"],
                tuple(child.pk for child in self.children if data[f"child-{child.pk}"] == str(number)),
            )
            for number in range(1, PARTS + 1)
            if data[f"zh-{number}"]
        ]


def open_child(request: ActorRequest, unit_id: int) -> HttpResponse:
    parent = _unit(request, unit_id)
    return answered(
        request,
        OpenForm(request.POST or None),
        lambda data: open_unit(
            parent=parent, kind=data["kind"], title=Text(data["title_zh"], data["title_en"]), code=data["code"],
            order=data["order"], on=data["on"], by=request.actor, at=timezone.now(),
        ),
        title=Text("设立下级单位", "Open a unit below"),
        done=Text("单位已设立。", "The unit has been opened."),
        **_of(parent),
    )  # fmt: skip


def rename(request: ActorRequest, unit_id: int) -> HttpResponse:
    unit = _unit(request, unit_id)
    known = {"title_zh": unit.title_zh, "title_en": unit.title_en}
    return answered(
        request,
        NameForm(request.POST or None, initial=known),
        lambda data: rename_unit(
            unit=unit,
            title=Text(data["title_zh"], data["title_en"]),
            on=data["on"],
            by=request.actor,
            at=timezone.now(),
        ),
        title=Text("更名", "Rename"),
        explained=Text(
            "从所写日期起用新名称，以前的名称留在沿革里。只是当初写错了，请用“更正”。",
            "The new name holds from the day given; the old one stays in the history. Use 'Correct' for a mistake in writing.",
        ),
        done=Text("已更名。", "The unit has been renamed."),
        **_of(unit),
    )


def recode(request: ActorRequest, unit_id: int) -> HttpResponse:
    unit = _unit(request, unit_id)
    return answered(
        request,
        CodeForm(request.POST or None, initial={"code": unit.code}),
        lambda data: recode_unit(unit=unit, code=data["code"], on=data["on"], by=request.actor, at=timezone.now()),
        title=Text("变更代码", "Change the code"),
        done=Text("代码已变更。", "The code has been changed."),
        **_of(unit),
    )


def correct(request: ActorRequest, unit_id: int) -> HttpResponse:
    unit = _unit(request, unit_id)
    known = {"title_zh": unit.title_zh, "title_en": unit.title_en, "code": unit.code, "order": unit.order}
    return answered(
        request,
        CorrectForm(request.POST or None, initial=known),
        lambda data: correct_unit(
            unit=unit, title=Text(data["title_zh"], data["title_en"]), code=data["code"], order=data["order"],
            by=request.actor, at=timezone.now(),
        ),
        title=Text("更正", "Correct"),
        explained=Text(
            "改正写错的名称、代码或排序，不算一次变动。真的改了名，请用“更名”。",
            "Put right a name, code or order that was written wrongly; no change of the unit itself. Use 'Rename' for that.",
        ),
        done=Text("已更正。", "It has been corrected."),
        **_of(unit),
    )  # fmt: skip


def move(request: ActorRequest, unit_id: int) -> HttpResponse:
    unit = _unit(request, unit_id)
    return answered(
        request,
        IntoForm(Text("划到哪个单位下面", "Under which unit"), request, unit),
        lambda data: move_unit(unit=unit, parent=data["other"], on=data["on"], by=request.actor, at=timezone.now()),
        title=Text("划转", "Move"),
        explained=Text("它下面的单位和岗位跟着走。", "What stands under it, and the posts, go with it."),
        done=Text("已划转。", "The unit has been moved."),
        **_of(unit),
    )


def merge(request: ActorRequest, unit_id: int) -> HttpResponse:
    unit = _unit(request, unit_id)
    return answered(
        request,
        IntoForm(Text("并入哪个单位", "Into which unit"), request, unit),
        lambda data: merge_units(
            units=[unit], into=data["other"], on=data["on"], reason=data["reason"], by=request.actor, at=timezone.now()
        ),
        title=Text("并入其他单位", "Merge into another"),
        explained=Text(
            "它从所写日期起撤销，下级单位归到并入的单位；岗位要先由安全管理员结束。",
            "It is no more from the day given, and what stands under it goes to the other; posts are ended first by the "
            "security administrator.",
        ),
        grave=True,
        done=Text("已合并。", "The units have been merged."),
        **_of(unit),
    )


def divide(request: ActorRequest, unit_id: int) -> HttpResponse:
    unit = _unit(request, unit_id)
    form = DivideForm(request, unit)
    return answered(
        request,
        form,
        lambda data: divide_unit(
            unit=unit, parts=form.parts(data), on=data["on"], reason=data["reason"], by=request.actor, at=timezone.now()
        ),
        title=Text("拆分", "Divide"),
        explained=Text(
            "它从所写日期起撤销，由几个新单位接续；每个下级单位归到其中一个。",
            "It is no more from the day given, and new units take its place; each unit below goes to one of them.",
        ),
        grave=True,
        done=Text("已拆分。", "The unit has been divided."),
        **_of(unit),
    )


def close(request: ActorRequest, unit_id: int) -> HttpResponse:
    unit = _unit(request, unit_id)
    return answered(
        request,
        CloseForm(request.POST or None),
        lambda data: close_unit(unit=unit, on=data["on"], reason=data["reason"], by=request.actor, at=timezone.now()),
        title=Text("撤销", "Close"),
        explained=Text(
            "从所写日期起不再有这个单位；以前的数据和沿革都在。",
            "The unit is no more from the day given; what was stays.",
        ),
        grave=True,
        done=Text("已撤销。", "The unit has been closed."),
        **_of(unit),
    )


def _unit(request: ActorRequest, unit_id: int) -> Unit:
    return get_object_or_404(manageable(request.actor, Permission.MANAGE_UNITS), pk=unit_id)


def _of(unit: Unit) -> dict[str, Any]:
    return {"subject": unit.title.in_(spoken()), "back": reverse("unit", args=[unit.pk])}
