"""What every answer tells the browser, on every route."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.test.utils import override_settings
from django.urls import reverse

import guatu.hub.web
from tests.hub.people import City
from tests.hub.permissions.routes import all_routes
from tests.hub.web.signing_in import browser, code, enter

NAMED = {"name": "x", "provider_id": "nowhere"}
ROUTES = [route for route in all_routes() if not route.is_api]
TEMPLATES = sorted((Path(guatu.hub.web.__file__).parent / "templates").rglob("*.html"))


def address(route) -> str:  # type: ignore[no-untyped-def]
    return reverse(route.name, kwargs={argument: NAMED.get(argument, 1) for argument in route.arguments})


@pytest.fixture
def zhou(city: City) -> Client:
    client = browser()
    enter(client, "zhou")
    client.post("/sign-in/second-step", {"code": code()})
    return client


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_every_answer_is_strict_with_the_browser(zhou: Client, route) -> None:  # type: ignore[no-untyped-def]
    for client in (zhou, Client()):
        for method in ("get", "post"):
            told = getattr(client, method)(address(route)).headers
            policy = dict(part.strip().split(" ", 1) for part in told["Content-Security-Policy"].split(";"))
            assert policy["default-src"] == "'none'"
            assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"
            assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
            assert told["X-Frame-Options"] == "DENY"
            assert told["X-Content-Type-Options"] == "nosniff"
            assert told["Referrer-Policy"] == "same-origin"
            assert told["Cross-Origin-Opener-Policy"] == "same-origin"
            assert told["Cross-Origin-Resource-Policy"] == "same-origin"
            assert "geolocation=()" in told["Permissions-Policy"]
            assert told["Cache-Control"] == "no-store"


@override_settings(SECURE_HSTS_SECONDS=31536000, SECURE_HSTS_INCLUDE_SUBDOMAINS=True)
def test_over_tls_the_browser_is_told_to_stay_there(db: None) -> None:
    assert Client().get("/sign-in", secure=True)["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_no_page_holds_a_script_or_a_style_of_its_own() -> None:
    inline = [
        f"{path.name}: {found}"
        for path in TEMPLATES
        for found in re.findall(
            r"<script(?![^>]*(?:src=|application/json))[^>]*>|<style|\sstyle=|\son[a-z]+=|javascript:",
            re.sub(r"{%.*?%}", "", path.read_text(encoding="utf-8")),
        )
    ]

    assert inline == []


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(city: City) -> None:
    client = browser()
    client.get("/sign-in")
    enter(client, "li")
    client.post("/language", {"language": "en", "back": "/"})

    told = {name: (cookie["httponly"], cookie["samesite"]) for name, cookie in client.cookies.items()}
    assert told == dict.fromkeys(("csrf", "session", "guatu_device", "language"), (True, "Lax"))
    assert not client.cookies["session"]["max-age"]


def test_a_form_from_another_site_is_refused(city: City) -> None:
    client = Client(enforce_csrf_checks=True)

    assert client.post("/sign-in", {"login": "li", "password": "x"}).status_code == 403


def test_the_library_behind_signing_in_has_no_route_we_did_not_choose() -> None:
    ours = {"account", "account_login", "account_logout", "account_password", "account_reauthenticate"}

    found = {route.name for route in ROUTES if route.name.startswith(("account", "socialaccount"))}
    assert found == ours
    assert settings.SOCIALACCOUNT_EMAIL_AUTHENTICATION is False
