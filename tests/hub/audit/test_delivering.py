"""Checkpoints reach their holders; one that cannot be reached is tried again and is seen to fail."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.core import mail
from django.utils import timezone

from guatu.hub.audit.delivering import deliver_due
from guatu.hub.audit.held import ChainState, latest_checkpoints
from guatu.hub.audit.holders import Holder, HolderKind
from guatu.hub.audit.models import Checkpoint, Delivery, HolderState
from guatu.hub.audit.verifier import held_in
from guatu.hub.audit.verifying import verify_database
from tests.hub.audit.chained import sealed_records


@pytest.fixture
def at(db: None) -> datetime:
    sealed_records(250)  # a checkpoint after the first batch, after the second, none yet after the third
    assert Checkpoint.objects.count() == 2
    return timezone.now()


def folder(tmp_path: Path) -> Holder:
    return Holder("archive", HolderKind.FOLDER, str(tmp_path))


def test_a_folder_gets_every_checkpoint_once_and_what_it_holds_verifies_the_chain(at: datetime, tmp_path: Path) -> None:
    assert deliver_due([folder(tmp_path)], at=at) == 2
    assert deliver_due([folder(tmp_path)], at=at) == 0

    held = held_in(tmp_path)
    assert [one.place for one in held] == [100, 200]
    assert verify_database(held, at=at).chain.met == 2
    assert [one.holders for one in latest_checkpoints(5)] == [("archive",), ("archive",)]


def test_a_folder_that_is_not_mounted_is_tried_again_later_each_time_and_then_gets_all(
    at: datetime, tmp_path: Path
) -> None:
    holder = folder(tmp_path / "not mounted")
    for failures in (1, 2, 3):
        assert deliver_due([holder], at=at) == 0
        state = HolderState.objects.get()
        assert state.failures == failures
        assert deliver_due([holder], at=state.next_try_at - timedelta(seconds=1)) == 0
        at = state.next_try_at
    (now,) = ChainState.now([holder]).holders
    assert "not mounted" in now.words.en and now.failing_since is not None

    (tmp_path / "not mounted").mkdir()

    assert deliver_due([holder], at=at) == 2
    (now,) = ChainState.now([holder]).holders
    assert now.failing_since is None
    assert "up to place 200" in now.words.en


def test_a_mailbox_gets_one_mail_with_all_checkpoints_and_none_before_its_time(at: datetime, tmp_path: Path) -> None:
    holder = Holder("discipline", HolderKind.MAIL, "audit@example.com")

    assert deliver_due([holder], at=at) == 2
    sealed_records(100)
    assert deliver_due([holder], at=at + timedelta(minutes=59)) == 0
    assert deliver_due([holder], at=at + timedelta(minutes=61)) == 1

    assert [message.to for message in mail.outbox] == [["audit@example.com"]] * 2
    (tmp_path / "saved.eml").write_bytes(mail.outbox[0].message().as_bytes())
    assert {one.place for one in held_in(tmp_path)} == {100, 200}
    assert verify_database(held_in(tmp_path), at=at).chain.fault is None
    assert Delivery.objects.first().receipt == mail.outbox[0].message()["Message-ID"]  # type: ignore[union-attr]  # there is one


def test_two_processes_do_not_deliver_the_same_twice(at: datetime, tmp_path: Path) -> None:
    HolderState.objects.create(holder="archive", next_try_at=at + timedelta(minutes=2))  # the other has claimed it

    assert deliver_due([folder(tmp_path)], at=at) == 0
    assert list(tmp_path.iterdir()) == []
