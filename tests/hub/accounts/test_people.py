"""Accounts of people, and what is personal about them."""

from __future__ import annotations

import json
import re

import pytest

from guatu.hub.accounts.actions.people import (
    Details,
    WrongPerson,
    change_person,
    create_person,
    disable_person,
    enable_person,
    print_slips,
)
from guatu.hub.accounts.actions.personal_data import copy_personal_data, erase_person, reveal_personal_data
from guatu.hub.accounts.actions.posts import end_post
from guatu.hub.accounts.actor import NotAllowed
from guatu.hub.accounts.masking import masked_email, masked_id_number, masked_phone
from guatu.hub.accounts.models import Person, PersonalDetails, Post
from guatu.hub.audit.models import PersonalPart, Record
from tests.hub.people import NOW, City

PHONE, ID_NUMBER = "13911112222", "11010519491231002X"


def created(city: City, username: str = "xu.qing", unit: str = "east") -> Person:
    return create_person(
        unit=city.units[unit],
        username=username,
        name="许青",
        details=Details.checked(phone=PHONE),
        by=city.actor("sun"),
        at=NOW,
    ).person


def test_a_new_person_has_a_first_password_that_must_be_changed(city: City) -> None:
    slip = create_person(unit=city.units["east"], username="Xu.Qing", name="许青", by=city.actor("sun"), at=NOW)

    person = Person.objects.get(username="xu.qing")
    assert person.check_password(slip.password)
    assert person.must_change_password
    assert re.fullmatch(r"([A-Z][a-z][A-Za-z][2-9]-){3}[A-Z][a-z][A-Za-z][2-9]", slip.password)
    assert slip.password not in "".join(Record.objects.values_list("after", flat=True))


def test_the_record_of_a_new_person_holds_commitments_alone(city: City) -> None:
    person = created(city)

    record = Record.objects.get(kind="person.created")
    assert PHONE not in record.after and "许青" not in record.after
    assert set(json.loads(record.after)) == {"unit", "username", "name", "phone"}
    assert PersonalPart.objects.filter(about_person_id=person.pk, value=PHONE).exists()


@pytest.mark.parametrize("stranger", ["li", "wang", "zhao", "qian", "zhou", "wu", "zheng", "feng"])
def test_nobody_but_the_system_administrator_looks_after_accounts(city: City, stranger: str) -> None:
    by, li = city.actor(stranger), city.people["li"]
    attempts = (
        lambda: create_person(unit=city.units["east"], username="new", name="新", by=by, at=NOW),
        lambda: change_person(person=li, name="新", unit=city.units["east"], details=Details(), by=by, at=NOW),
        lambda: disable_person(person=li, reason="离职", by=by, at=NOW),
        lambda: enable_person(person=li, by=by, at=NOW),
        lambda: print_slips(people=[li], by=by, at=NOW),
    )
    for attempt in attempts:
        with pytest.raises(NotAllowed):
            attempt()

    assert Record.objects.count() == 0


def test_a_districts_administrator_does_not_reach_whoever_also_serves_the_city(city: City) -> None:
    Post.objects.create(
        person=city.people["feng"], unit=city.units["east"], role="system_administrator", starts_on="2021-01-01"
    )
    Post.objects.create(person=city.people["zhao"], unit=city.units["east"], role="leader", starts_on="2021-01-01")

    disable_person(person=city.people["li"], reason="离职", by=city.actor("feng"), at=NOW)
    with pytest.raises(NotAllowed):
        disable_person(person=city.people["zhao"], reason="离职", by=city.actor("feng"), at=NOW)


@pytest.mark.parametrize(
    ("username", "name", "field"),
    [("li", "李四", "username"), ("a b/c", "李四", "username"), ("x", "李四", "username"), ("lisi", "  ", "name")],
)
def test_a_wrong_name_says_which_field(city: City, username: str, name: str, field: str) -> None:
    with pytest.raises(WrongPerson) as refused:
        create_person(unit=city.units["east"], username=username, name=name, by=city.actor("sun"), at=NOW)

    assert refused.value.field == field


@pytest.mark.parametrize(
    ("field", "value"), [("phone", "12ab"), ("id_number", "110105199001011234"), ("id_number", "1"), ("email", "a@b")]
)
def test_wrong_details_say_which_field(field: str, value: str) -> None:
    with pytest.raises(WrongPerson) as refused:
        Details.checked(**{field: value})

    assert refused.value.field == field


def test_details_are_kept_in_their_normal_form() -> None:
    assert Details.checked(phone="139 1111 2222", id_number="1101051949123100 2x") == Details(PHONE, ID_NUMBER)


def test_changed_details_are_recorded_before_and_after(city: City) -> None:
    change_person(
        person=city.people["li"],
        name="李填报",
        unit=city.units["town"],
        details=Details(PHONE),
        by=city.actor("sun"),
        at=NOW,
    )

    assert PersonalDetails.objects.get(person=city.people["li"]).phone == PHONE
    values = PersonalPart.objects.filter(record__kind="person.changed").values_list("value", flat=True)
    assert {"13800000000", PHONE} <= set(values)


def test_a_disabled_person_holds_nothing_until_enabled(city: City) -> None:
    disable_person(person=city.people["li"], reason="离职", by=city.actor("sun"), at=NOW)
    city.people["li"].refresh_from_db()
    assert city.actor("li").posts == ()

    enable_person(person=city.people["li"], by=city.actor("sun"), at=NOW)
    city.people["li"].refresh_from_db()
    assert len(city.actor("li").posts) == 1


@pytest.mark.parametrize(("name", "reason"), [("sun", "离职"), ("wu", "离职"), ("li", " ")])
def test_oneself_the_last_administrator_or_without_a_reason_nobody_is_disabled(
    city: City, name: str, reason: str
) -> None:
    with pytest.raises(WrongPerson):
        disable_person(person=city.people[name], reason=reason, by=city.actor("sun"), at=NOW)


@pytest.mark.parametrize(("ends_on", "is_active"), [("2022-01-01", True), (None, False)])
def test_whoever_is_an_administrator_no_more_or_disabled_is_no_other(
    city: City, ends_on: str | None, is_active: bool
) -> None:
    Post.objects.create(
        person=city.people["feng"], unit=city.units["city"], role="audit_administrator", starts_on="2021-01-01",
        ends_on=ends_on,
    )  # fmt: skip
    Person.objects.filter(pk=city.people["feng"].pk).update(is_active=is_active)

    with pytest.raises(WrongPerson, match="the last Audit administrator"):
        disable_person(person=city.people["wu"], reason="离职", by=city.actor("sun"), at=NOW)


def test_whoever_was_an_administrator_once_is_disabled_like_anybody(city: City) -> None:
    city.people["wu"].posts.update(ends_on="2022-01-01")

    assert not disable_person(person=city.people["wu"], reason="离职", by=city.actor("sun"), at=NOW).is_active


def test_nobody_is_disabled_twice_or_given_a_slip_while_disabled(city: City) -> None:
    new = created(city)
    disable_person(person=new, reason="离职", by=city.actor("sun"), at=NOW)

    with pytest.raises(WrongPerson, match="is disabled already"):
        disable_person(person=new, reason="离职", by=city.actor("sun"), at=NOW)
    with pytest.raises(WrongPerson, match="or is disabled"):
        print_slips(people=[Person.objects.get(pk=new.pk)], by=city.actor("sun"), at=NOW)


def test_a_district_looks_after_its_own_also_if_they_once_served_the_city(city: City) -> None:
    Post.objects.create(
        person=city.people["feng"], unit=city.units["east"], role="system_administrator", starts_on="2021-01-01"
    )
    Post.objects.create(
        person=city.people["li"], unit=city.units["city"], role="leader", starts_on="2021-01-01", ends_on="2022-01-01"
    )

    assert not disable_person(person=city.people["li"], reason="离职", by=city.actor("feng"), at=NOW).is_active


def test_whoever_works_nowhere_and_never_held_a_post_is_looked_after_by_nobody(city: City) -> None:
    adrift = Person.objects.create(username="adrift", name="无单位")

    with pytest.raises(NotAllowed):
        disable_person(person=adrift, reason="离职", by=city.actor("sun"), at=NOW)


def test_slips_carry_new_passwords_and_the_printing_is_recorded_once(city: City) -> None:
    people = [created(city, f"clerk-{number}") for number in range(3)]

    first = print_slips(people=people, by=city.actor("sun"), at=NOW)
    second = print_slips(people=people, by=city.actor("sun"), at=NOW)

    assert not Person.objects.get(pk=people[0].pk).check_password(first[0].password)
    assert Person.objects.get(pk=people[0].pk).check_password(second[0].password)
    records = Record.objects.filter(kind="person.slips_printed")
    assert [json.loads(record.after)["count"] for record in records] == [3, 3]
    assert all(slip.password not in record.after for slip in (*first, *second) for record in records)


def test_whoever_set_a_password_of_their_own_gets_no_slip(city: City) -> None:
    with pytest.raises(WrongPerson):
        print_slips(people=[created(city), city.people["li"]], by=city.actor("sun"), at=NOW)


def test_a_reveal_needs_a_reason_and_leaves_a_record(city: City) -> None:
    with pytest.raises(WrongPerson):
        reveal_personal_data(person=city.people["li"], field="phone", reason="", by=city.actor("wang"), at=NOW)

    shown = reveal_personal_data(person=city.people["li"], field="phone", reason="催报", by=city.actor("wang"), at=NOW)

    assert shown == "13800000000"
    record = Record.objects.get(kind="person.revealed")
    assert (record.person_id, json.loads(record.context)["reason"]) == (city.people["wang"].pk, "催报")
    assert "13800000000" not in record.after + record.context


@pytest.mark.parametrize("stranger", ["li", "qian", "sun", "zhou", "wu", "zheng"])
def test_whose_role_does_not_allow_it_reveals_nothing(city: City, stranger: str) -> None:
    with pytest.raises(NotAllowed):
        reveal_personal_data(person=city.people["li"], field="phone", reason="催报", by=city.actor(stranger), at=NOW)


def test_an_erased_person_is_found_nowhere_and_their_posts_stay(city: City) -> None:
    person = created(city)
    post = Post.objects.create(
        person=person, unit=city.units["town"], role="reporter", starts_on="2025-01-01", ends_on="2026-01-01"
    )

    erase_person(person=person, reason="本人申请", by=city.actor("zhou"), at=NOW)

    person.refresh_from_db()
    assert (person.name, person.username, person.is_active) == ("已注销人员", f"erased-{person.pk}", False)
    assert not PersonalPart.objects.filter(about_person_id=person.pk).exists()
    everything = str([list(model.objects.values()) for model in (Person, PersonalDetails, PersonalPart, Record)])
    assert "许青" not in everything and PHONE not in everything and "xu.qing" not in everything
    assert Post.objects.get(pk=post.pk).person.name == "已注销人员"


def test_nobody_is_erased_while_they_hold_a_post(city: City) -> None:
    with pytest.raises(WrongPerson):
        erase_person(person=city.people["li"], reason="本人申请", by=city.actor("zhou"), at=NOW)

    end_post(post=city.posts["li"], on=NOW.date(), by=city.actor("zhou"), at=NOW)
    erase_person(person=city.people["li"], reason="本人申请", by=city.actor("zhou"), at=NOW)


@pytest.mark.parametrize("stranger", ["li", "wang", "zhao", "qian", "sun", "wu"])
def test_nobody_but_the_security_administrator_erases(city: City, stranger: str) -> None:
    with pytest.raises(NotAllowed):
        erase_person(person=created(city), reason="本人申请", by=city.actor(stranger), at=NOW)


def test_everybody_gets_a_copy_of_what_is_kept_about_them(city: City) -> None:
    copy = copy_personal_data(by=city.actor("li"), at=NOW)

    assert (copy["name"], copy["phone"]) == ("李填报", "13800000000")
    assert [post["unit"] for post in copy["posts"]] == ["东关镇"]
    assert Record.objects.get(kind="person.copy_given").subject_id == str(city.people["li"].pk)


def test_masks_keep_enough_to_recognise() -> None:
    assert masked_phone("13800000000") == "138****0000"
    assert masked_phone("88881234") == "****34"
    assert masked_id_number(ID_NUMBER) == "110***********002X"
    assert masked_email("zhao@example.cn") == "z***@example.cn"
    assert (masked_phone(""), masked_id_number(""), masked_email("")) == ("", "", "")
