"""API tokens: made for one's own post, shown once, ended at once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from guatu.hub.accounts.actions.tokens import (
    AlreadyRevoked,
    TokenMakesNoToken,
    TooManyTokens,
    WrongToken,
    issue_token,
    revoke_token,
)
from guatu.hub.accounts.actor import Actor, NotAllowed
from guatu.hub.accounts.models import ApiToken, Post
from guatu.hub.accounts.tokens import actor_of_token, is_well_formed, new_token
from guatu.hub.audit.models import PersonalPart, Record
from guatu.hub.audit.source import Door, Source
from tests.hub.people import NOW, City

SOURCE = Source(Door.API)
SUMMER = date(2026, 9, 1)


def issued_to(city: City, name: str) -> tuple[ApiToken, str]:
    made = issue_token(post=city.posts[name], name="报表程序", expires_on=SUMMER, by=city.actor(name), at=NOW)
    return made.token, made.secret


def test_a_token_speaks_as_its_post_and_no_other(city: City) -> None:
    Post.objects.create(person=city.people["li"], unit=city.units["west"], role="reviewer", starts_on=date(2020, 1, 1))
    token, secret = issued_to(city, "li")

    actor = actor_of_token(secret, at=NOW, source=SOURCE)

    assert actor is not None
    assert [held.post_id for held in actor.posts] == [city.posts["li"].pk]
    assert actor.source.token_id == token.pk


def test_the_token_itself_is_kept_nowhere(city: City) -> None:
    _, secret = issued_to(city, "li")

    kept = (
        str(list(ApiToken.objects.values())) + str(list(Record.objects.values())) + str(PersonalPart.objects.values())
    )
    assert secret not in kept
    assert secret.removeprefix("guatu_")[:20] not in kept


def test_issuing_and_revoking_are_recorded_under_the_post(city: City) -> None:
    token, _ = issued_to(city, "li")
    revoke_token(token=token, by=city.actor("li"), at=NOW)

    issued, revoked = Record.objects.order_by("id")
    assert (issued.kind, issued.post_id, issued.subject_id) == ("token.issued", city.posts["li"].pk, str(token.pk))
    assert revoked.kind == "token.revoked"
    assert "报表程序" not in issued.after  # a name may say whose it is: it stands behind a commitment


def test_a_post_whose_role_has_no_tokens_gets_none(city: City) -> None:
    with pytest.raises(NotAllowed):
        issued_to(city, "zheng")


@pytest.mark.parametrize("stranger", ["qian", "wang", "zhao", "sun", "zhou"])
def test_nobody_makes_a_token_for_somebody_elses_post(city: City, stranger: str) -> None:
    with pytest.raises(NotAllowed):
        issue_token(post=city.posts["li"], name="x", expires_on=SUMMER, by=city.actor(stranger), at=NOW)
    assert not ApiToken.objects.exists()


def test_a_token_makes_no_token(city: City) -> None:
    _, secret = issued_to(city, "li")
    program = actor_of_token(secret, at=NOW, source=SOURCE)
    assert program is not None

    with pytest.raises(TokenMakesNoToken):
        issue_token(post=city.posts["li"], name="x", expires_on=SUMMER, by=program, at=NOW)


@pytest.mark.parametrize("expires_on", [date(2026, 6, 15), date(2020, 1, 1), date(2027, 6, 17)])
def test_a_token_ends_between_tomorrow_and_the_longest_time_of_the_site(city: City, expires_on: date) -> None:
    with pytest.raises(WrongToken):
        issue_token(post=city.posts["li"], name="x", expires_on=expires_on, by=city.actor("li"), at=NOW)


@pytest.mark.parametrize("name", ["", "   ", "x" * 65, "a\x00b", "a\nb"])
def test_a_token_says_what_it_is_for(city: City, name: str) -> None:
    with pytest.raises(WrongToken):
        issue_token(post=city.posts["li"], name=name, expires_on=SUMMER, by=city.actor("li"), at=NOW)


def test_a_post_has_no_more_tokens_in_force_than_the_site_allows(city: City, settings) -> None:  # type: ignore[no-untyped-def]
    settings.TOKENS_PER_POST = 2
    first, _ = issued_to(city, "li")
    issued_to(city, "li")

    with pytest.raises(TooManyTokens):
        issued_to(city, "li")
    revoke_token(token=first, by=city.actor("li"), at=NOW)
    issued_to(city, "li")


def speaks(secret: str, **later: int) -> bool:
    return actor_of_token(secret, at=NOW + timedelta(**later), source=SOURCE) is not None


def test_a_revoked_token_is_nobody_at_once_and_is_revoked_once(city: City) -> None:
    token, secret = issued_to(city, "li")
    assert speaks(secret)

    revoke_token(token=token, by=city.actor("li"), at=NOW)

    assert not speaks(secret)
    with pytest.raises(AlreadyRevoked):
        revoke_token(token=token, by=city.actor("li"), at=NOW)


def test_a_token_ends_with_its_day_its_post_and_its_person(city: City) -> None:
    _, secret = issued_to(city, "li")
    assert speaks(secret, days=77)
    assert not speaks(secret, days=78)  # 1 September

    Post.objects.filter(pk=city.posts["li"].pk).update(ends_on=date(2026, 6, 16))
    assert speaks(secret)
    assert not speaks(secret, days=1)

    Post.objects.filter(pk=city.posts["li"].pk).update(ends_on=None)
    city.people["li"].is_active = False
    city.people["li"].save()
    assert not speaks(secret)


def test_whoever_looks_after_sign_in_revokes_what_others_left(city: City) -> None:
    token, secret = issued_to(city, "li")

    revoke_token(token=token, by=city.actor("zhou"), at=NOW)

    assert not speaks(secret)
    assert Record.objects.latest("id").post_id == city.posts["zhou"].pk


@pytest.mark.parametrize("stranger", ["qian", "wang", "zhao", "sun", "wu", "zheng"])
def test_others_revoke_nothing(city: City, stranger: str) -> None:
    token, secret = issued_to(city, "li")

    with pytest.raises(NotAllowed):
        revoke_token(token=token, by=city.actor(stranger), at=NOW)
    assert speaks(secret)


def test_one_finds_ones_own_tokens_and_the_security_administrator_all_of_theirs(city: City) -> None:
    token, _ = issued_to(city, "li")

    def found(actor: Actor) -> bool:
        return ApiToken.objects.visible_to(actor).filter(pk=token.pk).exists()

    assert {name for name in city.people if found(city.actor(name))} == {"li", "zhou"}


def test_every_change_of_one_character_is_seen_in_the_token_itself() -> None:
    token = new_token()
    assert is_well_formed(token)

    changed = {token[:i] + other + token[i + 1 :] for i in range(len(token)) for other in "0Zz" if other != token[i]}
    assert not any(is_well_formed(one) for one in changed)
    assert not any(is_well_formed(token[:length]) for length in range(len(token)))
    assert not is_well_formed(token + "0")


def test_a_mistyped_token_asks_nothing_of_the_database(city: City, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    with django_assert_num_queries(0):
        assert actor_of_token("guatu_" + "x" * 49, at=NOW, source=SOURCE) is None
    with django_assert_num_queries(1):
        assert actor_of_token(new_token(), at=NOW, source=SOURCE) is None
