"""Whatever somebody types into a form comes back as harmless text or is refused with a sentence; nothing breaks."""

from __future__ import annotations

import json
import logging

import pytest
from django.core.cache import cache
from django.core.files import File
from django.db import transaction
from django.urls import reverse

from tests.hub.permissions.conftest import world  # noqa: F401  # the fixture
from tests.hub.permissions.doors import ARGUMENTS, DOORS
from tests.hub.permissions.knocking import SAFE
from tests.hub.permissions.routes import Route, all_routes
from tests.hub.permissions.world import World

HOSTILE = {
    "markup": "<script>alert('canary')</script><img src=x onerror=alert(1)>",
    "an attribute": "\" autofocus onfocus=alert('canary') x=\"",
    "a template": "{{ request }}{% debug %}${7*7}",
    "a formula": '=HYPERLINK("http://example.org","点我")',
    "turned text": "张\u202e三\u2066四\u2069",
    "nothing visible": "\u200b\u200d\ufeff",
    "a null": "张\x00三",
    "rare characters": "𠮷䶮\U00030edd㐂",
    "half a pair": "\\ud800",
    "control signs": "张\x07\x1b[31m三\r\n四",
    "10,000 characters": "长" * 10_000,
    "SQL": "'; DROP TABLE accounts_unit; --",
    "a path": "../../../../etc/passwd",
    "a great number": "9" * 400,
}
FORMS = sorted(
    {
        (route.name, method)
        for route in all_routes()
        for method in ("POST", "PUT", "PATCH")
        if (route.name, method) in DOORS and method not in SAFE
    }
)
WHO = ("system_administrator", "security_administrator", "audit_administrator", "dispatcher", "reporter")
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def refusals_are_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL, "django")


@pytest.mark.parametrize(("name", "method"), FORMS)
def test_every_field_of_every_form_takes_hostile_text_or_refuses_it(
    world: World,  # noqa: F811
    name: str,
    method: str,
) -> None:
    route = next(one for one in all_routes() if one.name == name)
    broken = []
    for kind, text in HOSTILE.items():
        for status, said in answers(world, route, method, text):
            if status >= 500:
                broken.append(f"{kind}: {status}")
            if "<script>alert" in said or "onfocus=alert('canary')" in said:
                broken.append(f"{kind}: comes back as it was sent")

    assert broken == []


def answers(world: World, route: Route, method: str, text: str) -> list[tuple[int, str]]:  # noqa: F811
    """What somebody who is let in is answered when each field in turn, and all of them, hold the text; nothing stays."""
    found = []
    prefix = "token of " if route.is_api else ""
    door = DOORS[route.name, method]
    allowed = [role for role in WHO if any(role in one.who or isinstance(one.who, str) for one in door.lets)]
    caller = world.callers[prefix + (allowed or list(WHO))[0]]
    place = "child"
    address = reverse(route.name, kwargs={name: ARGUMENTS[name](world, caller, place) for name in route.arguments})
    with transaction.atomic():
        body = dict(door.body(world, caller, place)) if door.body is not None else {}
        has_files = any(isinstance(one, File) for one in body.values())
        variants = [{**body, field: text} for field in body] + [dict.fromkeys(body, text)]
        for number, sent in enumerate(variants):
            cache.clear()
            with transaction.atomic():
                more = {"headers": caller.headers(f"hostile-{number}-{abs(hash(text))}")}
                if route.is_api and not has_files:
                    answer = caller.client.generic(
                        method, address, json.dumps(sent), content_type="application/json", **more
                    )
                else:
                    answer = caller.client.post(address, sent, **more)
                body_said = b"".join(answer) if answer.streaming else answer.content
                is_page = "html" in answer.headers.get("Content-Type", "")
                found.append((answer.status_code, body_said.decode(errors="replace") if is_page else ""))
                transaction.set_rollback(True)
        transaction.set_rollback(True)
    return found
