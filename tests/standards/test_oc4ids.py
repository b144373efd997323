"""OC4IDS: the published example is sound, each published change is one or two faults, and paths find what they put."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path as File
from typing import Any

import pytest

from guatu.standards.oc4ids import WrongPath, codes_at, faults, knows_path, place, read_path, take
from guatu.standards.oc4ids.validation import codes, unknown_codes

DATA = File(__file__).parents[1] / "dispatch/data/oc4ids"
EXAMPLE: dict[str, Any] = json.loads((DATA / "example.json").read_text(encoding="utf-8"))["projects"][0]
GONE = object()


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [("title", EXAMPLE["title"], 0), ("id", "", 1), ("title", 4, 1), ("status", None, 2), ("id", GONE, 1), ("status", "zzz", 1)],
)  # fmt: skip
def test_each_change_of_the_example_is_found(key: str, value: object, expected: int) -> None:
    project = deepcopy(EXAMPLE)
    if value is GONE:
        del project[key]
    else:
        project[key] = value

    assert len(faults(project)) == expected


def test_a_project_with_every_field_empty_has_138_faults() -> None:
    blank = json.loads((DATA / "blank.json").read_text(encoding="utf-8"))

    found = faults(blank)

    assert len(found) == 138
    assert all(one.what.zh and one.what.en and one.where for one in found)


def test_codelists_hold_the_published_codes() -> None:
    assert [
        len(codes(f"{name}.csv")) for name in ("projectStatus", "projectType", "milestoneStatus", "milestoneType")
    ] == [8, 5, 4, 10]
    assert [len(codes(f"{name}.csv")) for name in ("milestoneCode", "documentType", "partyRole", "projectSector")] == [
        9,
        95,
        14,
        23,
    ]


def test_codes_of_ones_own_are_named_with_their_open_codelist() -> None:
    assert ("additionalClassifications/0/scheme", "COFOG", "classificationScheme.csv") in list(unknown_codes(EXAMPLE))


def test_a_path_says_which_codes_may_stand_there() -> None:
    closed, opened = codes_at(read_path("milestones[id=a].status")), codes_at(read_path("milestones[id=a].code"))

    assert closed is not None and "met" in closed[0] and not closed[1]
    assert opened is not None and "commencement" in opened[0] and opened[1]
    assert codes_at(read_path("title")) is None


@pytest.mark.parametrize("text", ["budget.amout", "milestone[id=a].dueDate", "milestones[uid=a].dueDate"])
def test_a_path_the_standard_has_not_is_known_as_such(text: str) -> None:
    assert not knows_path(read_path(text))


@pytest.mark.parametrize("text", ["", "title.", ".title", "a[b]", "a[b=]", "a b", "a[b=c]d"])
def test_what_is_no_path_is_refused(text: str) -> None:
    with pytest.raises(WrongPath):
        read_path(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("title", "桥"),
        ("budget.amount", {"amount": 1, "currency": "CNY"}),
        ("milestones[id=start].dueDate", "2021-08-31T00:00:00Z"),
        ("parties[roles~buyer].name", "局"),
        ("locations[id=site].geometry.coordinates.1", 36),
        ("additionalClassifications[scheme=LIST]*.id", ["a", "b"]),
    ],
)
def test_a_path_finds_what_was_put_there(text: str, value: object) -> None:
    project: dict[str, Any] = {"parties": [{"roles": ["funder"], "name": "行"}]}

    place(project, read_path(text), value)

    assert take(project, read_path(text)) == value
    assert take(project, read_path("parties[roles~funder].name")) == "行"


def test_nothing_stands_where_nothing_was_put() -> None:
    assert take({}, read_path("milestones[id=start].dueDate")) is None
    assert take({}, read_path("additionalClassifications[scheme=LIST]*.id")) == []
    assert take({"budget": []}, read_path("budget.amount")) is None
