"""Sign-in providers (山东通, 钉钉, 企业微信 and others that speak OpenID Connect), from the environment."""

from __future__ import annotations

from typing import Any

import yaml

from guatu.hub.config.environment import Environment, WrongSetting
from guatu.text import Text

NAME = "GUATU_OIDC"
_PERSON_FIELDS = ("username", "phone", "id_number", "email")
_NEEDED = ("id", "title", "server", "client_id", "secret", "claim", "person")
_OPTIONAL = {"second_factor": False, "scopes": "openid profile", "token_auth_method": ""}


def providers(environment: Environment) -> dict[str, Any]:
    """`SOCIALACCOUNT_PROVIDERS` of the sign-in library, from the YAML list in GUATU_OIDC or the file GUATU_OIDC_FILE names."""
    written = environment.text(NAME)
    if not written:
        return {}
    try:
        found = yaml.safe_load(written)
    except yaml.YAMLError as error:
        raise _wrong(f"读不懂：{error}", f"cannot be read: {error}") from error
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise _wrong("应是一列提供方", "must be a list of providers")
    apps = [_app(one) for one in found]
    if len({app["provider_id"] for app in apps}) < len(apps):
        raise _wrong("有两个提供方的 id 相同", "two providers have one id")
    return {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": apps}}


def _app(one: dict[str, Any]) -> dict[str, Any]:
    name = str(one.get("id", "?"))
    missing = [key for key in _NEEDED if not one.get(key)]
    unknown = sorted(set(one) - set(_NEEDED) - set(_OPTIONAL))
    if missing or unknown:
        raise _wrong(f"{name}：缺 {missing}，不认识 {unknown}", f"{name}: missing {missing}, unknown {unknown}")
    if not name.isascii() or not name.replace("-", "").isalnum():
        raise _wrong(f"id“{name}”只能用字母、数字和 -", f"the id '{name}' may hold letters, digits and - only")
    title = one["title"]
    if not isinstance(title, dict) or set(title) != {"zh", "en"}:
        raise _wrong(f"{name}：title 要写 {{zh: …, en: …}}", f"{name}: title must be {{zh: …, en: …}}")
    if one["person"] not in _PERSON_FIELDS:
        raise _wrong(
            f"{name}：person 只能是 {'、'.join(_PERSON_FIELDS)}",
            f"{name}: person must be one of {', '.join(_PERSON_FIELDS)}",
        )
    chosen = {key: one.get(key, default) for key, default in _OPTIONAL.items()}
    return {
        "provider_id": name,
        "name": title["zh"],
        "client_id": str(one["client_id"]),
        "secret": str(one["secret"]),
        "settings": {
            "server_url": one["server"],
            "claim": one["claim"],
            "person": one["person"],
            "title": title,
            "second_factor": chosen["second_factor"] is True,
            "scope": str(chosen["scopes"]).split(),
            **({"token_auth_method": chosen["token_auth_method"]} if chosen["token_auth_method"] else {}),
        },
    }


def _wrong(zh: str, en: str) -> WrongSetting:
    return WrongSetting(
        NAME,
        Text(zh, en),
        Text("照 docs/how-to/sign-in-with-oidc.zh-CN.md 写。", "See docs/how-to/sign-in-with-oidc.md."),
    )
