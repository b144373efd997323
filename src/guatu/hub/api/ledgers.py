"""Ledgers for programs: which there are, and what their items hold, as JSON Schema."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from ninja import Field, Query, Router, Schema

from guatu.declarations import FieldDeclaration, FieldType
from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.api.pages import Page, PageQuery, page_of
from guatu.hub.ledger.fields import facts_of, stated_list_titles
from guatu.hub.ledger.models import Ledger
from guatu.hub.ledger.packs import declared, ledger_named
from guatu.text import Text

router = Router(tags=["台账 ledgers"])


class LedgerOut(Schema):
    """A ledger as the current version of its pack declares it."""

    key: str = Field(title="键 key", examples=["works"])
    title_zh: str = Field(title="名称 name in Chinese", examples=["工程台账"])
    title_en: str = Field(title="英文名称 name in English", examples=["Ledger of works"])
    pack: str = Field(title="业务包 pack", examples=["works"])
    version: str = Field(title="业务包版本 version of the pack", examples=["1"])

    @staticmethod
    def resolve_pack(ledger: Ledger) -> str:
        return ledger.pack.key

    @staticmethod
    def resolve_version(ledger: Ledger) -> str:
        return ledger.pack.version


class LedgerPage(Page):
    items: list[LedgerOut]


class SchemaOut(Schema):
    """What the `values` of a ledger's items hold. Titles are Chinese; `x-title-en` has the English."""

    ledger: str = Field(title="台账 ledger", examples=["works"])
    values: dict[str, Any] = Field(
        title="字段的 JSON Schema JSON Schema of the values",
        examples=[
            {"type": "object", "properties": {"cost": {"title": "造价", "x-title-en": "Cost", "type": "integer"}}}
        ],
    )
    lists: dict[str, dict[str, str]] = Field(
        title="清单 lists", examples=[{"roads": {"title": "道路", "x-title-en": "Roads"}}]
    )
    milestones: dict[str, dict[str, str]] = Field(
        title="节点 milestones", examples=[{"started": {"title": "开工", "x-title-en": "Started"}}]
    )
    remarks: dict[str, dict[str, str]] = Field(
        title="日志种类 books of remarks", examples=[{"work": {"title": "工作日志", "x-title-en": "Work log"}}]
    )


@router.get("", response=LedgerPage, url_name="ledgers", summary="台账列表 List ledgers")
def ledgers(request: ActorRequest, page: Query[PageQuery]) -> object:
    """站点上的台账。 The ledgers of the site."""
    return page_of(Ledger.objects.select_related("pack").defer("pack__files"), page)


@router.get(
    "/{slug:ledger_key}/schema", response=SchemaOut, url_name="ledger_schema", summary="台账的字段 Fields of a ledger"
)
def schema(request: ActorRequest, ledger_key: str) -> object:
    """字段、单位、类型、选项，哪些可以筛选。 Fields, units, types, choices, and which can be asked for."""
    ledger = ledger_of(ledger_key)
    declaration = declared(ledger)
    properties = {key: described(one) for key, one in facts_of(declaration).items()}
    required = [key for key, one in facts_of(declaration).items() if one.required]
    return {
        "ledger": ledger.key,
        "values": {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            **titled(declaration.title),
            "type": "object",
            "properties": properties,
            "additionalProperties": False,
            "x-reported": required,
        },
        "lists": {key: titled(title) for key, title in stated_list_titles(declaration).items()},
        "milestones": {key: titled(one.title) for key, one in declaration.milestones.items()},
        "remarks": {key: titled(one.title) for key, one in declaration.remark_kinds.items()},
    }


def ledger_of(key: str) -> Ledger:
    """The ledger of an address; 404 if there is none."""
    found = ledger_named(key)
    if found is None:
        raise Http404
    return found


def titled(title: Text) -> dict[str, str]:
    """A title in both languages, as JSON Schema has one."""
    return {"title": title.zh, "x-title-en": title.en}


_FORMS: dict[FieldType, dict[str, Any]] = {
    FieldType.MONEY: {"type": "integer", "x-unit": "分"},
    FieldType.AREA: {"type": "integer", "x-unit": "0.000001 亩"},
    FieldType.INTEGER: {"type": "integer"},
    FieldType.NUMBER: {"type": "string", "pattern": r"^-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,12})?$"},
    FieldType.PERCENT: {
        "type": "string", "pattern": r"^-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,12})?$", "description": "1 = 100 %",
    },
    FieldType.DATE: {"type": "string", "format": "date"},
    FieldType.FLAG: {"type": "boolean"},
}  # fmt: skip


def described(declared: FieldDeclaration) -> dict[str, Any]:
    """The JSON Schema of a declared field's values."""
    said: dict[str, Any] = titled(declared.title) | _FORMS.get(declared.type, {"type": "string"})
    if declared.type is FieldType.CHOICE:
        said["enum"] = list(declared.states)
        said["x-titles"] = {key: titled(declared.choice_title(key)) for key in declared.states}
    if declared.unit and declared.type in (FieldType.MONEY, FieldType.AREA, FieldType.NUMBER, FieldType.INTEGER):
        said["x-shown-in"] = declared.unit
    if declared.currency:
        said["x-currency"] = declared.currency
    return said | {"x-filterable": declared.filterable}
