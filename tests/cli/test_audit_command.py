"""`guatu audit` verifies, exports and lists checkpoints, and its exit code tells whether the record was tampered with."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.db import connection

from guatu.cli.exits import Exit
from guatu.hub.audit.checkpoints import checkpoint_line
from guatu.hub.audit.models import Checkpoint, Record, Seal
from guatu.hub.audit.sealing import seal_waiting
from tests.cli.test_command_table import run
from tests.cli.test_person import secret_of
from tests.hub.audit.chained import sealed_records
from tests.hub.past_triggers import past_the_triggers
from tests.hub.people import City, build_city


@pytest.fixture
def chain(db: None) -> None:
    sealed_records(120)


@pytest.fixture
def held(chain: None, tmp_path: Path) -> Path:
    """What a holder outside has."""
    file = tmp_path / "held.jsonl"
    file.write_text("".join(checkpoint_line(one) + "\n" for one in Checkpoint.objects.all()), encoding="utf-8")
    return file


def test_a_whole_record_is_said_to_be_whole(held: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "audit", "verify", "--checkpoints", str(held), "--lang", "en")

    assert code == Exit.DONE
    assert "The record is whole: places 1 to 120, 120 records" in out
    assert "1 of 1 checkpoints held outside agree, the furthest at place 100" in out
    assert "240 there and as committed to, 0 erased" in out


def test_without_checkpoints_it_is_said_what_would_not_show(chain: None, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "audit", "verify", "--lang", "zh")

    assert "截去末尾或整链重算，这样看不出来" in out


def test_a_changed_record_is_named_and_the_rest_can_be_verified_from_there_on(
    chain: None, capsys: pytest.CaptureFixture[str]
) -> None:
    with past_the_triggers(connection):
        Record.objects.filter(seal__place=40).update(kind="unit.closed")

    code, out, _ = run(capsys, "audit", "verify", "--lang", "en")
    assert code == Exit.TAMPERED
    assert "tampered with: place 40, changed" in out
    assert "the 39 records before it hang together" in out

    code, out, _ = run(capsys, "audit", "verify", "--from", "41", "--json")
    assert code == Exit.DONE
    assert json.loads(out)["chain"]["rows"] == 80


def test_a_cut_end_shows_with_what_the_holder_has(held: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with past_the_triggers(connection):
        Seal.objects.filter(place__gt=90).delete()

    code, out, _ = run(capsys, "audit", "verify", "--checkpoints", str(held), "--lang", "en")

    assert code == Exit.TAMPERED
    assert "place 91, truncated" in out


def test_a_file_without_checkpoints_is_refused_rather_than_passed_over(
    chain: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty.jsonl").write_text("nothing here\n", encoding="utf-8")

    code, _, said = run(capsys, "audit", "verify", "--checkpoints", str(tmp_path / "empty.jsonl"), "--lang", "en")

    assert code == Exit.REFUSED
    assert "holds no checkpoint" in said


@pytest.fixture
def city(db: None) -> City:
    return build_city()


def test_an_auditor_exports_on_the_record_and_the_folder_verifies(
    city: City, chain: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GUATU_TOKEN", secret_of(city, "wu"))
    seal_waiting()

    code, out, _ = run(capsys, "audit", "export", str(tmp_path / "out"), "--lang", "en")
    assert code == Exit.DONE
    assert "Exported places 1 to 121, 121 of them in full" in out
    assert Record.objects.get(kind="audit.exported").person_id == city.people["wu"].pk

    code, out, _ = run(capsys, "audit", "verify", str(tmp_path / "out"), "--lang", "en")
    assert code == Exit.DONE
    assert "The record is whole: places 1 to 121" in out


@pytest.mark.parametrize("name", ["li", "sun", "zhou"])
def test_nobody_else_exports(
    city: City,
    chain: None,
    name: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("GUATU_TOKEN", secret_of(city, name))

    code, _, _ = run(capsys, "audit", "export", str(tmp_path / "out"))

    assert code == Exit.REFUSED
    assert not (tmp_path / "out").exists()


def test_a_folder_with_something_in_it_is_not_exported_into(
    city: City, chain: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GUATU_TOKEN", secret_of(city, "wu"))
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")

    code, _, said = run(capsys, "audit", "export", str(tmp_path), "--lang", "en")

    assert code == Exit.REFUSED
    assert "the folder is not empty" in said
    assert Record.objects.filter(kind="audit.exported").count() == 0


def test_what_is_no_export_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, said = run(capsys, "audit", "verify", str(tmp_path), "--lang", "en")

    assert code == Exit.REFUSED
    assert "is no complete audit export" in said


def test_checkpoints_are_listed_with_what_is_missing(chain: None, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "audit", "checkpoints", "--lang", "en")

    assert code == Exit.DONE
    assert "Sealed to place 120; the last checkpoint is of place 100" in out
    assert "Only 0 holders outside this host receive the audit's checkpoints, 2 are needed" in out


def test_the_last_checkpoint_prints_as_papers_carry_it(chain: None, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "audit", "checkpoints", "--print", "--lang", "zh")

    assert "截至第 100 条记录" in out
    assert Checkpoint.objects.get().hash in out.replace(" ", "").splitlines()[1]
