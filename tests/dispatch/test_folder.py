"""A result folder is the old one or the new one, and a person's own files stay."""

from pathlib import Path

import pytest

from guatu.dispatch.folder import recover, replaced, reserved
from guatu.text import Refusal

OURS = frozenset({"league.xlsx"})


def write(folder: Path, **files: str) -> None:
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / name.replace("_", ".")).write_text(text)


def test_a_run_that_ends_well_replaces_ours_and_keeps_a_persons_notes(tmp_path: Path) -> None:
    out = tmp_path / "out"
    write(out, league_xlsx="old", notes_txt="mine")

    with replaced(out, ours=OURS) as fresh:
        write(fresh, league_xlsx="new")

    assert (out / "league.xlsx").read_text() == "new"
    assert (out / "notes.txt").read_text() == "mine"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_run_that_fails_leaves_the_old_folder_as_it_was(tmp_path: Path) -> None:
    out = tmp_path / "out"
    write(out, league_xlsx="old")

    with pytest.raises(RuntimeError), replaced(out, ours=OURS) as fresh:
        write(fresh, league_xlsx="half")
        raise RuntimeError("power cut")

    assert (out / "league.xlsx").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_file_of_ours_that_the_new_run_does_not_write_is_gone(tmp_path: Path) -> None:
    out = tmp_path / "out"
    write(out, league_xlsx="old")

    with replaced(out, ours=OURS):
        pass

    assert list(out.iterdir()) == []


def test_a_run_killed_between_the_two_renames_is_put_back(tmp_path: Path) -> None:
    write(tmp_path / ".out.old", league_xlsx="old")
    write(tmp_path / ".out.new-1", league_xlsx="half")

    recover(tmp_path / "out")

    assert (tmp_path / "out" / "league.xlsx").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_file_in_the_way_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")

    with pytest.raises(Refusal, match="in the way"), replaced(tmp_path / "out", ours=OURS):
        pass


def test_a_second_run_into_the_same_folder_is_refused_and_the_lock_goes_with_the_first(tmp_path: Path) -> None:
    out = tmp_path / "out"

    with reserved(out), pytest.raises(Refusal, match="another guatu is writing"), reserved(out):
        pass

    with reserved(out):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_refused_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(Refusal, match="cannot be written"), reserved(tmp_path / "file" / "out"):
        pass
