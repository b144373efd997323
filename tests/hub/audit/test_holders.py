"""Holders are named in one setting; only what lies beyond this host counts."""

from __future__ import annotations

from pathlib import Path

import pytest

from guatu.hub.audit.holders import Holder, HolderKind, WrongHolder, holders_named, outside, shortcoming

MOUNTS = """\
/dev/sda1 / ext4 rw 0 0
archive.example:/guatu /mnt/archive nfs4 rw 0 0
//nas/audit /mnt/win\\040share cifs rw 0 0
/dev/sdb1 /mnt/archive/usb ext4 rw 0 0
"""


def test_holders_are_read_by_name_and_kind() -> None:
    assert holders_named(["archive=folder:/mnt/archive", "jiwei=mail:jw@example.com", "盒子=paper"]) == (
        Holder("archive", HolderKind.FOLDER, "/mnt/archive"),
        Holder("jiwei", HolderKind.MAIL, "jw@example.com"),
        Holder("盒子", HolderKind.PAPER),
    )


@pytest.mark.parametrize(
    "words",
    [["folder:/mnt"], ["a=tape"], ["a=folder:relative"], ["a=mail:nobody"], ["a b=paper"], ["a=paper", "a=mail:a@b"]],
)
def test_a_holder_that_makes_no_sense_is_refused_by_name(words: list[str]) -> None:
    with pytest.raises(WrongHolder, match="GUATU_AUDIT_HOLDERS"):
        holders_named(words)


@pytest.mark.parametrize(
    ("folder", "is_outside"),
    [("/mnt/archive/guatu", True), ("/mnt/win share", True), ("/var/lib/guatu", False), ("/mnt/archive/usb", False)],
)
def test_a_folder_lies_outside_only_where_another_host_is_mounted(
    tmp_path: Path, folder: str, is_outside: bool
) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(MOUNTS, encoding="utf-8")

    assert Holder("one", HolderKind.FOLDER, folder).is_outside(mounts) is is_outside


def test_less_than_two_outside_is_said_in_plain_words(tmp_path: Path) -> None:
    local, mail, paper = holders_named([f"here=folder:{tmp_path}", "jiwei=mail:jw@example.com", "box=paper"])

    assert outside([local, mail]) == [mail]
    missing = shortcoming([local, mail])
    assert missing is not None
    assert "here 在本机，不算" in missing.zh
    assert "2 are needed; here lies on this host" in missing.en
    assert shortcoming([local, mail, paper]) is None
