"""Long lists come in pages: each names the next by a cursor, which stays right whatever is added meanwhile."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from datetime import date
from typing import Annotated, Any, TypeVar

from django.db import models
from django.http import HttpResponse
from ninja import Schema
from pydantic import Field

from guatu.hub.accounts.numbers import whole_number
from guatu.text import Refusal, Text

MOST = 200
USUAL = 50
M = TypeVar("M", bound=models.Model)
R = TypeVar("R")

Cursor = Annotated[
    str,
    Field(
        max_length=64,
        title="游标 cursor",
        description="上一页的 next，原样带回；不写就从头开始。 The `next` of the page before, as it came; without it, from the beginning.",
    ),
]
Limit = Annotated[
    int,
    Field(
        ge=1,
        le=MOST,
        title="每页条数 page size",
        description=f"1–{MOST}，缺省 {USUAL}。 1 to {MOST}, {USUAL} if not given.",
    ),
]


class PageQuery(Schema):
    """Which page of a list."""

    cursor: Cursor = ""
    limit: Limit = USUAL


class Page(Schema):
    """One page. There is no total: counting would cost more than the page."""

    next: str | None = Field(
        title="下一页 next page",
        description="下一页的游标；没有下一页就是 null。 The cursor of the next page; null if this is the last.",
        examples=["dW5pdHM6NTA"],
    )


class WrongCursor(Refusal):
    def __init__(self) -> None:
        super().__init__(
            "cursor",
            Text("游标不是这个列表给的", "the cursor is none that this list gave"),
            Text(
                "原样带回上一页的 next，或不写游标从头开始。",
                "Send the `next` of the page before as it came, or start without.",
            ),
        )


def page_of(rows: models.QuerySet[M, Any], query: PageQuery) -> dict[str, Any]:
    """The page of `rows` that comes after the cursor, in the order of ids: what is added later comes later.

    Rows are models, or with `values()` dictionaries that have an `id`.
    """
    name = rows.model._meta.model_name or ""
    after = rows.filter(pk__gt=_place(name, query.cursor)[0]) if query.cursor else rows
    found = list(after.order_by("pk")[: query.limit + 1])
    items = found[: query.limit]
    return {"items": items, "next": _cursor(name, _id(items[-1])) if len(found) > len(items) else None}


def page_in_order(
    rows: Sequence[R], query: PageQuery, *, name: str, numbers: int, place: Callable[[R], tuple[int, ...]]
) -> dict[str, Any]:
    """The page of rows already in order, each at a place of so many `numbers`, none of them negative, that no other has."""
    after = _place(name, query.cursor, numbers) if query.cursor else ()
    found = [one for one in rows if place(one) > after][: query.limit + 1]
    items = found[: query.limit]
    return {"items": items, "next": _cursor(name, *place(items[-1])) if len(found) > len(items) else None}


def written(body: dict[str, Any]) -> HttpResponse:
    """An answer that is right as it stands: long lists of plain values are not held to their schema one by one again."""
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"), default=_moment)
    return HttpResponse(text, content_type="application/json; charset=utf-8")


def _moment(value: date) -> str:
    return value.isoformat().replace("+00:00", "Z")


def _id(row: Any) -> int:
    found: int = row["id"] if isinstance(row, dict) else row.pk
    return found


def _cursor(name: str, *place: int) -> str:
    return base64.urlsafe_b64encode(f"{name}:{'.'.join(map(str, place))}".encode()).decode().rstrip("=")


def _place(name: str, cursor: str, numbers: int = 1) -> tuple[int, ...]:
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode("ascii")
    except (ValueError, binascii.Error):
        raise WrongCursor() from None
    kind, _, said = text.partition(":")
    parts = [whole_number(one) for one in said.split(".")]
    place = tuple(one for one in parts if one is not None)
    if kind != name or len(parts) != numbers or len(place) != numbers or cursor != _cursor(name, *place):
        raise WrongCursor()
    return place
