"""Commitment papers for programs: drawn in versions, read as facts and as Word, with who signed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import pytest

from guatu.hub.audit.recording import canonical
from guatu.hub.ledger.actions.papers import sign_paper
from guatu.hub.ledger.models import Paper
from tests.hub.api.conftest import Program
from tests.hub.api.test_changing import done, refused
from tests.hub.api.test_goals import campaign, opened
from tests.hub.people import NOW, City

__all__ = ["campaign"]
ProgramOf = Callable[[str], Program]


@pytest.fixture
def led(program: ProgramOf, campaign: dict[str, Any], city: City) -> str:
    """The address of a goal at the town, which leads it."""
    zhao, town = program("zhao"), city.units["town"].pk
    line = opened(zhao, city, level="line", parent_id=campaign["id"], title="主线一", unit_id=town)
    at = f"/goals/{line['id']}"
    done(zhao.post(f"{at}/duties", {"slot": "lead_unit", "unit_id": town, "on": "2026-02-01"}))
    return at


def test_a_paper_is_drawn_in_versions_and_says_facts_that_its_digest_covers(program: ProgramOf, led: str) -> None:
    zhao = program("zhao")

    made = done(zhao.post(f"{led}/papers", {"kind": "letter"}), 201)
    assert (made["kind"], made["version"]) == ("letter", 1)
    refused(zhao.post(f"{led}/papers", {"kind": "letter"}), 409, "conflict")
    refused(zhao.post(f"{led}/papers", {"kind": "nowhere"}), 422, "not_declared")

    read = done(zhao.get(f"/papers/{made['id']}"))
    assert hashlib.sha256(canonical(read["facts"]).encode()).hexdigest() == read["digest"] == made["digest"]
    assert (read["title_zh"], read["is_last"], read["outdated"]) == ("责任状", True, False)
    assert "name" not in canonical(read["places"])
    done(zhao.post(f"{led}/targets", {"indicator": "started", "period": "2026", "value": 4}), 201)
    assert done(zhao.get(f"/papers/{made['id']}"))["outdated"] is True
    assert done(zhao.post(f"{led}/papers", {"kind": "letter"}), 201)["version"] == 2
    assert [one["version"] for one in done(zhao.get(f"{led}/papers"))["items"]] == [1, 2]
    assert done(zhao.get(f"/papers/{made['id']}"))["is_last"] is False


def test_a_paper_is_taken_away_as_a_word_file_in_the_language_asked_for(program: ProgramOf, led: str) -> None:
    zhao = program("zhao")
    made = done(zhao.post(f"{led}/papers", {"kind": "letter"}), 201)

    given = zhao.get(f"/papers/{made['id']}/word")

    assert given["Content-Type"].endswith("wordprocessingml.document") and given.content.startswith(b"PK")
    assert f"letter-{made['goal_id']}-1.docx" in given["Content-Disposition"]


def test_who_signed_is_told_by_post_and_never_by_name(program: ProgramOf, led: str, city: City) -> None:
    zhao = program("zhao")
    made = done(zhao.post(f"{led}/papers", {"kind": "letter"}), 201)
    found = Paper.objects.get(pk=made["id"])
    sign_paper(paper=found, slot="lead_unit", digest=made["digest"], by=city.actor("zheng"), at=NOW)

    commander, lead = done(program("li").get(f"/papers/{made['id']}"))["places"]

    assert (commander["slot"], commander["unit_id"], commander["signed_at"]) == ("commander", None, None)
    assert (lead["slot"], lead["unit_id"]) == ("lead_unit", city.units["town"].pk)
    assert lead["post_id"] == city.posts["zheng"].pk and lead["signed_at"] == "2026-06-15T02:30:00Z"
    assert "郑领导" not in canonical(lead)


def test_a_stranger_finds_no_paper(program: ProgramOf, led: str) -> None:
    made = done(program("zhao").post(f"{led}/papers", {"kind": "letter"}), 201)
    qian = program("qian")

    assert [qian.get(f"/papers/{made['id']}{part}").status_code for part in ("", "/word")] == [404, 404]
    assert qian.get(f"{led}/papers").status_code == 404
    refused(qian.post(f"{led}/papers", {"kind": "letter"}), 403, "not_allowed")
    assert Paper.objects.count() == 1
