"""The kinds of field that operations take, each as narrow as what is kept of it."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date
from typing import Annotated, Any, TypeVar

from django.db import models
from ninja import Schema
from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    StringConstraints,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from guatu.hub.accounts.actor import Actor
from guatu.hub.accounts.models import Unit
from guatu.hub.accounts.roles import ROLES, Permission
from guatu.hub.composed import ByKey
from guatu.text import Refusal, Text

M = TypeVar("M", bound=models.Model)

_NO_CONTROLS = r"^[^\x00-\x1F\x7F]*$"


class Body(Schema):
    """What a request may say: a field that is not listed is refused, not passed over."""

    model_config = ConfigDict(extra="forbid")


def _iso_day(given: Any) -> Any:
    """Only 2026-12-31: neither instants nor numbers of seconds."""
    if not isinstance(given, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", given):
        raise PydanticCustomError("date_parsing", "not a day")
    return given


def one_line(longest: int, least: int = 0) -> StringConstraints:
    """One line of text without control characters, blanks around it taken away."""
    return StringConstraints(strip_whitespace=True, min_length=least, max_length=longest, pattern=_NO_CONTROLS)


def among(known: Collection[str]) -> AfterValidator:
    """Refuses every key but these; `listed` says so in the description."""

    def there(given: str) -> str:
        if given not in known:
            raise PydanticCustomError("literal_error", "none of them", {"expected": ", ".join(sorted(known))})
        return given

    return AfterValidator(there)


def listed(known: Collection[str]) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "enum": sorted(known)})


Day = Annotated[date, BeforeValidator(_iso_day)]
From = Annotated[Day, Field(title="生效日 from which day", examples=["2026-03-01"])]
Because = Annotated[
    str,
    one_line(500, least=1),
    Field(title="事由 reason, for the record", examples=["市领导小组第 3 次会议 Third meeting of the leading group"]),
]
Words = Annotated[str, StringConstraints(max_length=4000, pattern=r"^[^\x00-\x08\x0B-\x1F\x7F]*$")]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=64)]
Given = StrictBool | StrictInt | Words
Reason = Annotated[
    str, one_line(500), Field(title="事由 reason, for the record", examples=["市编委〔2026〕3 号 Notice 3 of 2026"])
]
Id = Annotated[int, Field(ge=1, le=2**63 - 1, strict=True)]
IdAsked = Annotated[int, Field(ge=1, le=2**63 - 1)]  # in an address all is text
RoleName = Annotated[str, among(ROLES), listed(ROLES)]


class NoSuch(Refusal):
    """A body names something that is not there, or that the actor may not see: the two are told alike."""

    def __init__(self, field: str, given: int) -> None:
        super().__init__(
            field,
            Text(
                f"没有编号为 {given} 的，或不在您的管辖范围内",
                f"there is none with the id {given}, or not among those you may see",
            ),
            Text("核对编号。", "Check the id."),
        )


def named_in_body(rows: models.QuerySet[M], field: str, given: int) -> M:
    """The row a field of the body names."""
    found = rows.filter(pk=given).first()
    if found is None:
        raise NoSuch(field, given)
    return found


@ByKey
def _under(unit: Any, tops: Any) -> Any:
    """A unit, if it lies under one of some."""
    return Unit.objects.under(tops).filter(pk=unit)


def unit_in_body(actor: Actor, field: str, given: int) -> Unit:
    """The unit a field of the body names, among those the actor sees."""
    found: Unit | None = _under.first(given, actor.tops(Permission.SEE_UNITS))
    if found is None:
        raise NoSuch(field, given)
    return found
