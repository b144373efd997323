"""Errors as problem details (RFC 9457)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus

from django.http import HttpResponse

from guatu.hub.accounts.language import spoken
from guatu.text import Refusal, Text

MEDIA_TYPE = "application/problem+json"

SAID: dict[int, Refusal] = {
    400: Refusal(
        "HTTP",
        Text("请求读不懂", "the request cannot be read"),
        Text("正文写成 UTF-8 的 JSON；看接口说明。", "Send the body as JSON in UTF-8; see the description of the API."),
    ),
    401: Refusal(
        "Authorization",
        Text("没有带令牌，或令牌无效、已失效", "no token came with the request, or it is wrong or no longer in force"),
        Text(
            "在网页“接口令牌”签发一个，写成 Authorization: Bearer 令牌。",
            "Issue one on the site under 'API tokens' and send it as Authorization: Bearer TOKEN.",
        ),
    ),
    404: Refusal(
        "URL",
        Text("这里没有东西，或不在您的管辖范围内", "there is nothing here, or it is outside the units you may see"),
        Text("检查地址和编号。", "Check the address and the id."),
    ),
    405: Refusal(
        "HTTP",
        Text("这个地址不支持这种方法", "this address does not take this method"),
        Text("看应答头 Allow 里列出的方法。", "Use one that the Allow header lists."),
    ),
    413: Refusal(
        "HTTP",
        Text("请求正文太大", "the body of the request is too large"),
        Text("分成几次发。", "Send it in parts."),
    ),
    500: Refusal(
        "HTTP",
        Text("站点出了故障，什么也没有改动", "the site failed; nothing was changed"),
        Text("请把应答头 X-Request-Id 告诉管理员。", "Give the administrator the X-Request-Id of this answer."),
    ),
}
"""What is said of a status when nothing more particular is known."""


def problem(
    status: int,
    code: str = "",
    refusal: Refusal | None = None,
    *,
    errors: Sequence[Mapping[str, str]] = (),
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """An answer of type `application/problem+json`; `code` is for programs and never changes.

    `errors` names the places of the request that are wrong, each with what is wrong there.
    """
    said = refusal or SAID.get(status)
    body: dict[str, object] = {
        "type": f"urn:guatu:{code or code_of(status)}",
        "title": HTTPStatus(status).phrase,
        "status": status,
    }
    if said is not None:
        language = spoken()
        body |= {
            "detail": f"{said.where}: {said.what.in_(language)}" if said.where else said.what.in_(language),
            "remedy": said.remedy.in_(language),
        }
    if errors:
        body["errors"] = list(errors)
    return HttpResponse(
        json.dumps(body, ensure_ascii=False),
        status=status,
        headers=headers,
        content_type=f"{MEDIA_TYPE}; charset=utf-8",
    )


def code_of(status: int) -> str:
    """`404` is `not_found`."""
    return HTTPStatus(status).name.lower()
