"""Whose name stands under what a command does."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.utils.timezone import localdate, now

from guatu.cli.person import NoPerson, acting_person
from guatu.hub.accounts.actions.tokens import issue_token
from guatu.hub.accounts.actions.units import rename_unit
from guatu.hub.accounts.actor import NotAllowed
from guatu.hub.accounts.tokens import new_token
from guatu.hub.audit.models import Record
from guatu.hub.audit.source import Door
from guatu.text import Text
from tests.hub.people import City, build_city


@pytest.fixture
def city(db: None) -> City:
    return build_city()


def secret_of(city: City, name: str) -> str:
    issued = issue_token(
        post=city.posts[name],
        name="终端",
        expires_on=localdate() + timedelta(days=7),
        by=city.actor(name, at=now()),
        at=now(),
    )
    return issued.secret


def test_a_command_acts_as_the_post_of_its_token(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUATU_TOKEN", secret_of(city, "li"))

    actor = acting_person()

    assert [held.post_id for held in actor.posts] == [city.posts["li"].pk]
    assert actor.source.door is Door.CLI
    with pytest.raises(NotAllowed):
        rename_unit(unit=city.units["town"], title=Text("新", "New"), on=date(2024, 3, 1), by=actor, at=now())


def test_the_token_may_stand_in_a_file(city: City, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "token").write_text(secret_of(city, "li") + "\n")
    monkeypatch.delenv("GUATU_TOKEN", raising=False)
    monkeypatch.setenv("GUATU_TOKEN_FILE", str(tmp_path / "token"))

    assert acting_person().person_id == city.people["li"].pk


@pytest.mark.parametrize("token", [None, "", "guatu_cut", new_token()], ids=["none", "empty", "cut", "unknown"])
def test_without_a_token_in_force_nothing_is_done(
    city: City, monkeypatch: pytest.MonkeyPatch, token: str | None
) -> None:
    monkeypatch.delenv("GUATU_TOKEN", raising=False)
    if token is not None:
        monkeypatch.setenv("GUATU_TOKEN", token)

    with pytest.raises(NoPerson) as refusal:
        acting_person()

    assert "GUATU_TOKEN" in str(refusal.value)
    assert token in (None, "") or token not in str(refusal.value)
    assert not Record.objects.exists()
