"""Whatever an operation raises becomes one kind of answer: problem details."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from guatu.hub.accounts.language import spoken
from guatu.hub.accounts.refusals import status_of
from guatu.hub.api.problems import problem
from guatu.hub.ledger.actions.figures import ChecksSay
from guatu.hub.ledger.reporting.checking import Said
from guatu.text import Refusal, Text

log = logging.getLogger("guatu.api")

_WRONG_PLACES = Refusal(
    "",
    Text("请求里有不合要求的地方", "parts of the request will not do"),
    Text("按 errors 逐处改正后重发。", "Put right each place that `errors` names and send it again."),
)

SAYINGS: Mapping[str, Text] = {
    "missing": Text("缺少这一项", "it is missing"),
    "extra_forbidden": Text("没有这一项", "there is no such field"),
    "int_type": Text("要整数", "a whole number is wanted"),
    "int_parsing": Text("要整数", "a whole number is wanted"),
    "int_from_float": Text("要整数", "a whole number is wanted"),
    "int_parsing_size": Text("数太大", "the number is too large"),
    "bool_type": Text("要 true 或 false", "true or false is wanted"),
    "bool_parsing": Text("要 true 或 false", "true or false is wanted"),
    "string_type": Text("要文字", "a text is wanted"),
    "string_unicode": Text("文字里有无法表示的字符", "the text holds what is no character"),
    "string_too_short": Text("至少 {min_length} 个字", "at least {min_length} characters are wanted"),
    "string_too_long": Text("至多 {max_length} 个字", "at most {max_length} characters are allowed"),
    "string_pattern_mismatch": Text(
        "含有不允许的字符，或形式不对", "it holds characters, or has a form, that are not allowed"
    ),
    "greater_than_equal": Text("不得小于 {ge}", "it must not be less than {ge}"),
    "less_than_equal": Text("不得大于 {le}", "it must not be more than {le}"),
    "literal_error": Text("只能是 {expected} 之一", "it must be one of {expected}"),
    "enum": Text("只能是 {expected} 之一", "it must be one of {expected}"),
    "list_type": Text("要列表", "a list is wanted"),
    "too_short": Text("至少 {min_length} 项", "at least {min_length} entries are wanted"),
    "too_long": Text("至多 {max_length} 项", "at most {max_length} entries are allowed"),
    "model_attributes_type": Text("要一个对象", "an object is wanted"),
    "model_type": Text("要一个对象", "an object is wanted"),
    "dict_type": Text("要一个对象", "an object is wanted"),
    "date_type": Text("日期写成 2026-12-31 这样", "write the day like 2026-12-31"),
    "date_parsing": Text("日期写成 2026-12-31 这样", "write the day like 2026-12-31"),
    "date_from_datetime_parsing": Text("日期写成 2026-12-31 这样", "write the day like 2026-12-31"),
}
"""What is said of each kind of mistake in a request's shape, by the validator's name for it."""

_OTHERWISE = Text("不合要求", "it will not do")


def answer_refusals(api: NinjaAPI) -> None:
    """Let every exception of an operation end in problem details."""
    for kind in (Exception, ValidationError, HttpError, Http404):  # ninja has its own for each of them
        api.add_exception_handler(kind, _answer)


def _answer(request: HttpRequest, error: Exception | type[Exception]) -> HttpResponse:
    match error:
        case ChecksSay():
            return problem(status_of(error), name_of(error), error, errors=[_checked(one) for one in error.said])
        case Refusal():
            return problem(status_of(error), name_of(error), error)
        case ValidationError():
            places = [{"at": _place(one["loc"]), "detail": _said(one)} for one in error.errors]
            return problem(422, "wrong_shape", _WRONG_PLACES, errors=places)
        case Http404():
            return problem(404)
        case HttpError():
            return problem(error.status_code)
        case RequestDataTooBig():
            return problem(413)
    log.error("%s %s failed", request.method, request.path, exc_info=error if isinstance(error, Exception) else None)
    return problem(500)


def _checked(one: Said) -> Mapping[str, str]:
    """What a check says of a figure; `check` is what a reason for it goes by."""
    return {
        "at": f"body/figures/{one.field}",
        "check": one.check,
        "grade": one.grade,
        "detail": f"{one.reason.in_(spoken())} {one.remedy.in_(spoken())}",
    }


def name_of(refusal: Refusal) -> str:
    """`WrongDay` is `wrong_day`: what programs tell refusals apart by."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", type(refusal).__name__).lower()


def _place(loc: tuple[str | int, ...]) -> str:
    """`body/parent`, `query/limit`: the name ninja gives the whole body is nobody's concern."""
    return "/".join(str(part) for place, part in enumerate(loc) if not (place == 1 and part in ("body", "query")))


def _said(error: Mapping[str, Any]) -> str:
    said = SAYINGS.get(error["type"], _OTHERWISE).in_(spoken())
    return said.format(**error.get("ctx", {}))
