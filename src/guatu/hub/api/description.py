"""The description of the API (OpenAPI 3.1): what the typed functions say, and what holds for all of them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation

from guatu.hub.api.problems import MEDIA_TYPE
from guatu.hub.api.repeats import FORM, HEADER, KEY_PATTERN
from guatu.hub.ledger.actions.years import YEARS

_SUMMARIES = {
    400: "请求读不懂，或缺少幂等键 The request cannot be read, or has no idempotency key",
    401: "没有有效的令牌 No token in force",
    403: "岗位没有这项权限 The post does not allow it",
    404: "没有，或不在管辖范围内 Not there, or outside the units one may see",
    409: "与现状冲突，或幂等键已用于别的请求 At odds with what is there now, or the idempotency key was used otherwise",
    413: "正文太大 The body is too large",
    415: "正文的类型不对 The body is of another type",
    422: "内容不合要求 What was sent will not do",
    429: "请求太频繁 Too many requests",
}

_PROBLEM: dict[str, Any] = {
    "type": "object",
    "title": "问题 problem (RFC 9457)",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string", "description": "给程序看的名字，不会改 For programs; never changes"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {
            "type": "string",
            "description": "在哪里、是什么，用请求的语言 Where and what, in the request's language",
        },
        "remedy": {"type": "string", "description": "怎么办 What to do"},
        "errors": {
            "type": "array",
            "description": "请求里不合要求的各处 The places of the request that will not do",
            "items": {
                "type": "object",
                "required": ["at", "detail"],
                "properties": {"at": {"type": "string"}, "detail": {"type": "string"}},
            },
        },
    },
    "example": {
        "type": "urn:guatu:wrong_day",
        "title": "Unprocessable Entity",
        "status": 422,
        "detail": "东关镇: 2030-01-01 还没有到",
        "remedy": "写上一次变动之后、今天或以前的日期。",
    },
}

_KEY_PARAMETER: dict[str, Any] = {
    "in": "header",
    "name": HEADER,
    "required": True,
    "schema": {"type": "string", "pattern": KEY_PATTERN},
    "example": "5f0c8a52-6a0b-4f6e-9a53-0c2b7d1e8f11",
    "description": "每个新请求一个新的随机键；重发用原键，得到同样的应答，不再办一次。 A new random key for every new request; "
    "repeated under the same key, it is answered the same and not done again.",
}


JSON = "application/json"
SLUG = "^[-a-zA-Z0-9_]+$"
_IDS = {
    "unit_id": "单位编号 the unit's id",
    "person_id": "人员编号 the person's id",
    "post_id": "岗位编号 the post's id",
    "token_id": "令牌编号 the token's id",
    "item_id": "事项编号 the item's id",
    "import_id": "工作簿编号 the workbook's id",
    "duty_id": "责任编号 the duty's id",
    "link_id": "关联编号 the link's id",
    "goal_id": "目标编号 the goal's id",
    "target_id": "目标值编号 the target's id",
    "attachment_id": "附件编号 the attachment's id",
    "table": "第几张表（从 0 起） which table, from 0",
    "paper_id": "责任状编号 the paper's id",
}
_KEYS = {
    "ledger_key": ("台账的键 the ledger's key", "works"),
    "list_key": ("清单的键 the list's key", "roads"),
    "milestone_key": ("节点的键 the milestone's key", "started"),
}


class DescribedApi(NinjaAPI):
    """Ninja's API with the description completed; it is worked out once."""

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        return _completed(self)

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """`units.rename`: the area and the function."""
        area, name = operation.view_func.__module__.rpartition(".")[2], operation.view_func.__name__.strip("_")
        return f"{area}.{'list' if name == area else name}"


@lru_cache(maxsize=1)
def _completed(api: DescribedApi) -> OpenAPISchema:
    described: OpenAPISchema = super(DescribedApi, api).get_openapi_schema(path_prefix="api/")
    for method, operation in _operations(described):
        _complete(method, operation)
    components = described["components"]
    components["schemas"] = _used(described) | {"Problem": _PROBLEM}
    components["securitySchemes"] = {
        "token": {
            "type": "http",
            "scheme": "bearer",
            "description": "网页“接口令牌”签发 Issued on the site under 'API tokens'",
        }
    }
    described["security"] = [{"token": []}]
    return described


def _used(described: Mapping[str, Any]) -> dict[str, Any]:
    """The schemas that operations speak of; those that only held query parameters together are left out."""
    schemas: dict[str, Any] = described["components"].get("schemas", {})
    found: dict[str, Any] = {}
    waiting = _referred(described["paths"])
    while waiting:
        name = waiting.pop()
        if name in schemas and name not in found:
            found[name] = schemas[name]
            waiting |= _referred(schemas[name])
    return dict(sorted(found.items()))


def _referred(part: Any) -> set[str]:
    return set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(part)))


def _operations(described: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for methods in described["paths"].values():
        yield from methods.items()


def _complete(method: str, operation: dict[str, Any]) -> None:
    """The statuses and headers that an operation has because of what it takes."""
    operation["parameters"] = [_plain(one) for one in operation["parameters"]]
    statuses = [401, 403, 429]
    if any(one["in"] == "path" for one in operation["parameters"]):
        statuses.append(404)
    if operation["parameters"] or "requestBody" in operation:
        statuses.append(422)
    if FORM in (content := operation.get("requestBody", {}).get("content", {})):
        content[FORM]["schema"]["additionalProperties"] = False
    if method == "post":
        operation["parameters"].append(_KEY_PARAMETER)
        statuses += [400, 409, 413, 415, 422]
    for status in sorted(set(statuses)):
        operation["responses"][status] = {
            "description": _SUMMARIES[status],
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }


def _plain(parameter: dict[str, Any]) -> dict[str, Any]:
    """A parameter as OpenAPI has it: left out rather than null, one example, its description said once."""
    schema = dict(parameter["schema"])
    if any(one == {"type": "null"} for one in schema.get("anyOf", ())):
        (real,) = [one for one in schema.pop("anyOf") if one != {"type": "null"}]
        schema |= real
    examples = schema.pop("examples", None)
    plain = {name: value for name, value in parameter.items() if name != "examples"}
    if parameter["in"] == "path" and parameter["name"] in _KEYS:
        said, example = _KEYS[parameter["name"]]
        return plain | {"description": said, "schema": schema | {"pattern": SLUG}, "example": example}
    if parameter["name"] == "year" and parameter["in"] == "path":
        most = {"minimum": YEARS.start, "maximum": YEARS.stop - 1}
        return plain | {"description": "年度 the year", "schema": schema | most, "example": 2026}
    if parameter["in"] == "path":
        return plain | {"description": _IDS[parameter["name"]], "schema": schema | {"minimum": 1}, "example": 7}
    plain["description"] = schema.pop("description", None) or schema.get("title", "")
    return plain | {"schema": schema} | ({"example": examples[0]} if examples else {})


@lru_cache(maxsize=1)
def known_parameters(api: DescribedApi) -> Mapping[tuple[str, str], frozenset[str]]:
    """The names of an operation's query parameters, by its path as the description has it and its method."""
    described = api.get_openapi_schema()
    return {
        (path, method.upper()): frozenset(one["name"] for one in operation["parameters"] if one["in"] == "query")
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
    }


@lru_cache(maxsize=1)
def known_fields(api: DescribedApi) -> Mapping[tuple[str, str], frozenset[str]]:
    """The names of an operation's form fields, files among them, by its path and method, of those that take a form."""
    return {
        (path, method.upper()): frozenset(content[FORM]["schema"]["properties"])
        for path, methods in api.get_openapi_schema()["paths"].items()
        for method, operation in methods.items()
        if FORM in (content := operation.get("requestBody", {}).get("content", {}))
    }


def described_path(route: str) -> str:
    """`api/units/<int:unit_id>`, as Django has it, is `/api/units/{unit_id}`."""
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route)
