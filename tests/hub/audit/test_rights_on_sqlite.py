"""SQLite knows no rights, and that is said."""

from __future__ import annotations

import pytest

from guatu.hub.audit import rights


def test_it_is_said_that_whoever_can_write_the_file_can_alter_the_record(db: None) -> None:
    (weakness,) = rights.weaknesses()

    assert "only checkpoints held outside make it show" in weakness.en


def test_there_is_no_role_to_restrict(db: None) -> None:
    with pytest.raises(rights.CannotRestrict, match="SQLite knows no roles"):
        rights.restrict("guatu")
