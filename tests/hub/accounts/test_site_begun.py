"""A site begins once, on an empty database, with three administrators and no password that is known beforehand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from guatu.hub.accounts.actions.site import FirstAdministrator, NotEmpty, begin_site
from guatu.hub.accounts.models import Person, Post, Unit
from guatu.hub.accounts.roles import ADMINISTRATORS
from guatu.hub.accounts.sign_in.first_passwords import first_password
from guatu.hub.audit.models import PersonalPart, Record
from guatu.hub.audit.source import Door, OnBehalf, Source
from guatu.text import Text
from tests.hub.people import NOW, City

OPERATOR = OnBehalf(None, None, None, Source(Door.CLI))
THREE = tuple(FirstAdministrator(role, f"x-{role}", f"某{role}", first_password()) for role in sorted(ADMINISTRATORS))


def begin(administrators: tuple[FirstAdministrator, ...] = THREE) -> Unit:
    return begin_site(
        title=Text("挂图市", "Guatu City"),
        code="990000",
        since=date(2026, 1, 1),
        administrators=administrators,
        by=OPERATOR,
        at=NOW,
    )


def test_a_site_begins_with_a_unit_and_one_administrator_of_each_kind(db: None) -> None:
    root = begin()

    assert Unit.objects.get() == root
    assert set(Post.objects.values_list("role", "unit")) == {(role, root.pk) for role in ADMINISTRATORS}


def test_the_first_passwords_open_the_door_once_and_must_be_changed(db: None) -> None:
    begin()

    for one in THREE:
        person = Person.objects.get(username=one.username)
        assert person.check_password(one.password) and person.must_change_password


def test_the_beginning_is_on_the_record_and_the_passwords_are_not(db: None) -> None:
    begin()

    record = Record.objects.get()
    kept = record.after + record.context + "".join(PersonalPart.objects.values_list("value", flat=True))
    assert (record.kind, record.door, record.person_id) == ("site.begun", "cli", None)
    assert not [one.role for one in THREE if one.password in kept]
    assert not [one.name for one in THREE if one.name in record.after]


def test_a_site_that_has_begun_does_not_begin_again(city: City) -> None:
    before = Person.objects.count()

    with pytest.raises(NotEmpty):
        begin()

    assert (Person.objects.count(), Record.objects.count()) == (before, 0)


def test_a_site_does_not_begin_with_two_administrators_in_one_duty(db: None) -> None:
    doubled = tuple(replace(one, role="system_administrator") for one in THREE)

    with pytest.raises(ValueError, match="one administrator of each kind"):
        begin(doubled)

    assert not Unit.objects.exists()
