"""The description of the API is complete, in two languages, and the one that is published."""

from __future__ import annotations

import inspect
import json
import pkgutil
import re
from collections import Counter
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from django.test import Client
from ninja import Schema

import guatu.hub.api
from guatu.hub.api.routes import api

PUBLISHED = Path(__file__).resolve().parents[3] / "docs/reference/openapi.json"
CHINESE, ENGLISH = re.compile(r"[\u4e00-\u9fff]"), re.compile(r"[A-Za-z]{2}")


def described() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema()))
    return found


def operations() -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in described()["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def test_the_published_description_is_this_one() -> None:
    assert json.loads(PUBLISHED.read_text(encoding="utf-8")) == described(), "run `make openapi`"


def test_anybody_may_read_it_from_the_site(client: Client, db: None) -> None:
    assert client.get("/api/openapi.json").json() == described()


def test_every_operation_is_told_in_both_languages() -> None:
    for name, operation in operations():
        assert CHINESE.search(operation["summary"]) and ENGLISH.search(operation["summary"]), name


def test_every_parameter_is_told_in_both_languages() -> None:
    for name, operation in operations():
        for one in operation["parameters"]:
            told = one["description"]
            assert CHINESE.search(told) and ENGLISH.search(told), f"{name} {one['name']}"


def test_every_field_has_a_title_in_both_languages_and_an_example() -> None:
    for name, schema in described()["components"]["schemas"].items():
        if name == "Problem":
            continue
        for field, said in schema.get("properties", {}).items():
            if field == "items":
                continue
            assert CHINESE.search(said["title"]) and ENGLISH.search(said["title"]), f"{name}.{field}"
            assert "examples" in said, f"{name}.{field}"


def test_every_refusal_an_operation_can_give_is_declared_as_a_problem() -> None:
    for name, operation in operations():
        refusals = {status for status in operation["responses"] if status >= "400"}
        assert {"401", "403", "429"} <= refusals, name
        assert not name.startswith("POST") or {"400", "409", "413", "415", "422"} <= refusals, name
        assert "{" not in name or "404" in refusals, name
        for status in refusals:
            assert list(operation["responses"][status]["content"]) == ["application/problem+json"]


def test_bodies_take_no_other_fields() -> None:
    schemas = described()["components"]["schemas"]
    for name, operation in operations():
        if "requestBody" in operation:
            for said in operation["requestBody"]["content"].values():
                schema = (
                    schemas[said["schema"]["$ref"].rpartition("/")[2]] if "$ref" in said["schema"] else said["schema"]
                )
                assert schema["additionalProperties"] is False, name


def test_no_two_schemas_of_the_api_have_one_name() -> None:
    """One would be described in the place of the other."""
    found = {
        one
        for module in modules_of_the_api()
        for one in vars(module).values()
        if inspect.isclass(one) and issubclass(one, Schema)
    }
    named = Counter(one.__name__ for one in found if one.__module__.startswith("guatu.hub.api"))

    assert [name for name, times in named.items() if times > 1] == []


def modules_of_the_api() -> list[ModuleType]:
    return [import_module(f"guatu.hub.api.{one.name}") for one in pkgutil.iter_modules(guatu.hub.api.__path__)]


def test_operations_have_short_names_of_their_own() -> None:
    names = [operation["operationId"] for _, operation in operations()]

    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z_]+\.[a-z_]+", name) for name in names)
