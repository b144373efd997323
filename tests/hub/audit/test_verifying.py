"""What was done to the record is found at its first place and called by its name, in the database and in an export."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.utils import timezone

from guatu.hub.audit.exporting import Export, Piece, whole_chain
from guatu.hub.audit.models import PersonalPart, Record, Seal
from guatu.hub.audit.sealing import seal_waiting
from guatu.hub.audit.verifier import Held, Verdict, held_in, verify_export
from guatu.hub.audit.verifying import verify_database
from tests.hub.audit.chained import sealed_records, write_records
from tests.hub.audit.tampering import CONTENTS, hash_anew, past_the_triggers, renumber, run


@pytest.fixture
def chain(db: None) -> Iterator[list[Held]]:
    """Forty records, and the checkpoints an outside holder has."""
    sealed_records(40)
    yield [Held(place, hash, source="archive") for place, hash in Seal.objects.values_list("place", "hash")][9::10]
    transaction.set_rollback(True)  # what was done to the tables would not pass the test's own check of foreign keys


def change(columns: str) -> Callable[[], None]:
    return lambda: run(
        f"UPDATE audit_record SET {columns} WHERE id = (SELECT record_id FROM audit_seal WHERE place = 20)"
    )


def delete_with_its_seal() -> None:
    run("DELETE FROM audit_record WHERE id = (SELECT record_id FROM audit_seal WHERE place = 20)")
    run("DELETE FROM audit_seal WHERE place = 20")


def delete_and_close_the_gap() -> None:
    delete_with_its_seal()
    renumber(20, by=-1)


def delete_the_record_alone() -> None:
    run("DELETE FROM audit_record WHERE id = (SELECT record_id FROM audit_seal WHERE place = 20)")


def exchange_records_between_seals() -> None:
    twenty, thirty = (Seal.objects.get(place=place).record_id for place in (20, 30))
    run("UPDATE audit_seal SET record_id = -1 WHERE place = 20")
    run(f"UPDATE audit_seal SET record_id = {twenty} WHERE place = 30")
    run(f"UPDATE audit_seal SET record_id = {thirty} WHERE place = 20")


def exchange_what_records_say() -> None:
    one, other = (Record.objects.get(seal__place=place) for place in (20, 21))
    for into, said in ((one.pk, other), (other.pk, one)):
        fields = {name: getattr(said, name) for name in CONTENTS}
        Record.objects.filter(pk=into).update(**fields)


def exchange_places() -> None:
    run("UPDATE audit_seal SET place = -1 WHERE place = 20")
    run("UPDATE audit_seal SET place = 20 WHERE place = 33")
    run("UPDATE audit_seal SET place = 33 WHERE place = -1")


def put_one_in() -> None:
    renumber(20, by=1)
    write_records(1, start=900)
    Seal.objects.create(
        place=20, record_id=Record.objects.latest("id").pk, algorithm="sha256", hash="0" * 64, sealed_at=timezone.now()
    )


def cut_the_end() -> None:
    run("DELETE FROM audit_record WHERE id IN (SELECT record_id FROM audit_seal WHERE place > 35)")
    run("DELETE FROM audit_seal WHERE place > 35")


def change_and_hash_anew() -> None:
    change("kind = 'unit.closed'")()
    hash_anew(20)


def cut_and_write_another_end() -> None:
    cut_the_end()
    write_records(10, start=500)
    seal_waiting()


DEEDS: dict[str, tuple[Callable[[], None], int, str]] = {
    "another kind": (change("kind = 'unit.closed'"), 20, "changed"),
    "another person": (change("person_id = 99"), 20, "changed"),
    "nobody": (change("person_id = NULL"), 20, "changed"),
    "another instant": (change("at = '2026-06-15 02:30:00.000001'"), 20, "changed"),
    "another reason": (change("context = '{}'"), 20, "changed"),
    "deleted": (delete_with_its_seal, 20, "missing"),
    "deleted and closed up": (delete_and_close_the_gap, 20, "missing"),
    "record deleted, seal there": (delete_the_record_alone, 20, "missing"),
    "records exchanged": (exchange_records_between_seals, 20, "swapped"),
    "contents exchanged": (exchange_what_records_say, 20, "swapped"),
    "places exchanged": (exchange_places, 20, "swapped"),
    "put in": (put_one_in, 20, "inserted"),
    "cut off": (cut_the_end, 36, "truncated"),
    "changed and hashed anew": (change_and_hash_anew, 11, "rehashed"),
    "another end": (cut_and_write_another_end, 31, "rehashed"),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_a_deed_is_found_at_its_place_and_named(chain: list[Held], deed: str, tmp_path: Path) -> None:
    tamper, place, kind = DEEDS[deed]
    with past_the_triggers(connection):
        tamper()

    in_database = verify_database(chain, at=timezone.now()).chain
    Export(whole_chain(), timezone.now()).written_to(tmp_path)
    exported = verify_export(tmp_path, chain)

    for verdict in (in_database, exported):
        assert verdict.fault is not None
        assert (verdict.fault.place, verdict.fault.kind) == (place, kind)


@pytest.mark.parametrize("deed", ["cut off", "changed and hashed anew", "another end"])
def test_without_checkpoints_from_outside_these_do_not_show(chain: list[Held], deed: str) -> None:
    with past_the_triggers(connection):
        DEEDS[deed][0]()

    assert verify_database([], at=timezone.now()).chain.fault is None


def test_an_untouched_chain_passes_through_every_checkpoint(chain: list[Held]) -> None:
    verdict = verify_database(chain, at=timezone.now()).chain

    assert verdict.fault is None
    assert (verdict.rows, verdict.met, verdict.met_up_to) == (40, 4, 40)


def test_erased_personal_parts_leave_the_chain_whole_and_are_named(chain: list[Held]) -> None:
    about = PersonalPart.objects.filter(about_person_id=7)
    erased = list(about.values_list("commitment", flat=True))
    about.delete()

    verified = verify_database(chain, at=timezone.now())

    assert verified.chain.fault is None
    assert [commitment for _, commitment in verified.erased] == erased
    assert verified.kept == 80 - len(erased)


def test_a_personal_part_that_is_not_what_was_committed_to_is_found(chain: list[Held]) -> None:
    part = PersonalPart.objects.filter(about_person_id=7).latest("id")
    PersonalPart.objects.filter(pk=part.pk).update(value="13900000000")

    fault = verify_database(chain, at=timezone.now()).chain.fault

    assert fault is not None
    assert (fault.place, fault.kind) == (Seal.objects.get(record_id=part.record_id).place, "changed")


def test_records_nobody_sealed_are_counted(chain: list[Held]) -> None:
    write_records(3, start=700)

    assert verify_database(chain, at=timezone.now()).unsealed == 3


def standalone(folder: Path, *more: str) -> subprocess.CompletedProcess[str]:
    """As an auditor runs it: without Guatu, without anything that is installed."""
    line = [sys.executable, "-I", "-S", str(folder / "verify_audit.py"), *more]
    return subprocess.run(line, capture_output=True, text=True, check=False)


def test_the_verifier_beside_an_export_needs_nothing_else(chain: list[Held], tmp_path: Path) -> None:
    Export(whole_chain(), timezone.now()).written_to(tmp_path / "export")
    held = tmp_path / "held.txt"
    held.write_text("".join(f"{one.place} {one.hash}\n" for one in chain), encoding="utf-8")

    done = standalone(tmp_path / "export", "--checkpoints", str(held), "--lang", "en")

    assert done.returncode == 0, done.stderr
    assert "The record is whole: places 1 to 40, 40 records" in done.stdout
    assert "4 of 4 checkpoints held outside agree" in done.stdout


def test_the_verifier_beside_an_export_finds_a_changed_byte(chain: list[Held], tmp_path: Path) -> None:
    Export(whole_chain(), timezone.now()).written_to(tmp_path)
    data = (tmp_path / "audit.jsonl").read_text(encoding="utf-8")
    (tmp_path / "audit.jsonl").write_text(data.replace("东关镇20", "东关镇29", 1), encoding="utf-8")

    done = standalone(tmp_path, "--lang", "en")

    assert done.returncode == 5
    assert "tampered with: place 21, changed" in done.stdout


def test_a_piece_with_withheld_records_verifies_all_the_same(chain: list[Held], tmp_path: Path) -> None:
    shown = Record.objects.filter(person_id=3)
    Export(Piece(11, 30, shown.count()), timezone.now(), shown).written_to(tmp_path)

    verdict = verify_export(tmp_path, chain)
    lines = (tmp_path / "audit.jsonl").read_text(encoding="utf-8").splitlines()

    assert verdict.fault is None
    assert (verdict.rows, verdict.met) == (20, 2)
    assert sum('"person_id":3,' in line for line in lines) == sum('"record":' in line for line in lines) == 3


def test_checkpoints_later_than_an_export_do_not_count_against_it_but_are_mentioned(
    chain: list[Held], tmp_path: Path
) -> None:
    Export(whole_chain(), timezone.now()).written_to(tmp_path)
    later = Held(50, "0" * 64, made_at="2999-01-01T00:00:00.000000Z")

    verdict: Verdict = verify_export(tmp_path, [*chain, later])

    assert verdict.fault is None
    assert verdict.later == 1
    assert "make sure it was made then" in verdict.notes[0][1]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.jsonl", '{"place": 7, "hash": "HASH", "made_at": "2026-06-15T02:30:00.000000Z"}\n'),
        ("typed.txt", "7 HA SH\n"),
        ("typed.txt", "第一行是别的\n  7：HASH\n"),
        ("mail.eml", 'Content-Type: text/plain; charset="utf-8"\n\n审计检查点\n7 HASH\n'),
    ],
)
def test_checkpoints_are_read_as_holders_keep_them(tmp_path: Path, name: str, text: str) -> None:
    hash = "ab" * 32
    (tmp_path / name).write_text(
        text.replace("HA SH", f"{hash[:8]} {hash[8:]}").replace("HASH", hash), encoding="utf-8"
    )

    (held,) = held_in(tmp_path)

    assert (held.place, held.hash) == (7, hash)
