"""Pages of units, people and posts: what they show, what their forms do, and what the stranger gets."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate

from guatu.hub.accounts.actions.people import Details, create_person
from guatu.hub.accounts.actions.posts import assign_post
from guatu.hub.accounts.actions.units import open_unit, rename_unit
from guatu.hub.accounts.models import Person, PersonalDetails, Post, Unit
from guatu.hub.audit.models import Record
from guatu.text import Text
from tests.hub.asking import queries_of
from tests.hub.people import NOW, City, enrol

SignIn = Callable[[str], Client]
TODAY = localdate().isoformat()


@pytest.fixture
def sign_in(city: City) -> SignIn:
    def signed_in(name: str) -> Client:
        client = Client()
        client.force_login(city.people[name])
        return client

    return signed_in


def test_the_tree_shows_what_one_may_see_and_who_holds_which_post(sign_in: SignIn) -> None:
    page = sign_in("wang").get("/units").content.decode()

    assert "东城区" in page and "东关镇" in page and "李填报" in page
    assert "西城区" not in page and "挂图市" not in page


def test_a_unit_is_found_by_the_name_it_used_to_have(city: City, sign_in: SignIn) -> None:
    rename_unit(unit=city.units["town"], title=Text("东关街道", ""), on=date(2024, 3, 1), by=city.actor("sun"), at=NOW)

    page = sign_in("zhao").get("/units", {"q": "东关镇"}).content.decode()

    assert "东关街道" in page and "曾用名" in page


def test_who_a_unit_was_on_a_day(city: City, sign_in: SignIn) -> None:
    rename_unit(unit=city.units["town"], title=Text("东关街道", ""), on=date(2024, 3, 1), by=city.actor("sun"), at=NOW)
    client, address = sign_in("zhao"), f"/units/{city.units['town'].pk}"

    assert "<dd>东关镇</dd>" in client.get(address, {"on": "2021-06-01"}).content.decode()
    assert "<dd>东关街道</dd>" in client.get(address).content.decode()
    assert "还没有这个单位" in client.get(address, {"on": "2019-06-01"}).content.decode()


def test_a_tree_costs_the_same_queries_whatever_its_size(city: City, sign_in: SignIn) -> None:
    client = sign_in("zhao")
    few = queries_of(client, "/units")
    for number in range(30):
        open_unit(
            parent=city.units["east"], kind="town", title=Text(f"{number}镇", ""), on=date(2024, 1, 1),
            by=city.actor("sun"), at=NOW,
        )  # fmt: skip

    assert queries_of(client, "/units") == few


def test_the_list_of_people_costs_the_same_queries_whatever_its_length(city: City, sign_in: SignIn) -> None:
    client = sign_in("sun")
    client.get("/people")  # the first page of a session looks whether there is a second factor, and remembers
    few = queries_of(client, "/people")
    for number in range(60):
        slip = create_person(unit=city.units["east"], username=f"p{number}", name="某人", by=city.actor("sun"), at=NOW)
        assign_post(
            person=slip.person, unit=city.units["town"], role="reporter", starts_on=date(2024, 1, 1),
            by=city.actor("zhou"), at=NOW,
        )  # fmt: skip

    second = {"role": "reporter", "page": "2"}
    assert queries_of(client, "/people", second) == few
    assert "2 / 2" in client.get("/people", second).content.decode()


@pytest.mark.parametrize(
    ("asked", "found", "not_found"),
    [
        ({"role": "reviewer"}, "王审核", "李填报"),
        ({"q": "li"}, "李填报", "王审核"),
        ({"state": "disabled"}, "钱外人", "李填报"),
        ({"state": "postless"}, "徐新来", "李填报"),
        ({"state": "waiting"}, "徐新来", "李填报"),
    ],
)
def test_people_are_filtered(city: City, sign_in: SignIn, asked: dict[str, str], found: str, not_found: str) -> None:
    create_person(unit=city.units["east"], username="xu", name="徐新来", by=city.actor("sun"), at=NOW)
    Person.objects.filter(username="qian").update(is_active=False)

    page = sign_in("sun").get("/people", asked).content.decode()

    assert found in page and not_found not in page


def test_a_post_that_has_ended_and_an_account_that_is_disabled_are_shown_as_current_nowhere(
    city: City, sign_in: SignIn
) -> None:
    Post.objects.filter(person__username__in=["li", "qian"]).update(ends_on=date(2026, 1, 1))
    Person.objects.filter(username="qian").update(is_active=False, password_changed_at=None)
    town, sun = city.units["town"].pk, sign_in("sun")

    def page(address: str, **asked: str) -> str:
        return sun.get(address, asked).content.decode()

    assert "李填报" not in page("/units")
    assert "李填报" not in page(f"/units/{town}").split("历任和将任")[0]
    assert f"/units/{town}" not in page("/people", q="li") and "李填报" in page("/people", q="li")
    assert "李填报" not in page("/people", role="reporter")
    assert "钱外人" not in page("/people", state="active") and "李填报" not in page("/people", state="disabled")
    assert "李填报" in page("/people", state="postless") and "钱外人" not in page("/people", state="postless")
    assert "现在没有岗位" in page(f"/people/{city.people['li'].pk}")
    assert reverse("slips_print") not in page(f"/people/{city.people['qian'].pk}")


def test_loading_units_from_a_workbook_is_offered_to_whoever_manages_them(city: City, sign_in: SignIn) -> None:
    offered = f'href="{reverse("loads")}"'

    assert offered in sign_in("sun").get("/units").content.decode()
    assert offered not in sign_in("li").get("/units").content.decode()


def test_nobody_who_is_disabled_is_offered_a_slip_or_a_post(city: City, sign_in: SignIn) -> None:
    Person.objects.filter(username="qian").update(password_changed_at=None, unit=city.units["west"])
    sun, qian = sign_in("sun"), f"/people/{city.people['qian'].pk}"
    assign = f"/units/{city.units['town'].pk}/posts/assign"
    assert reverse("slips_print") in sun.get(qian).content.decode()
    assert "钱外人 · qian" in sign_in("zhou").get(assign).content.decode()

    Person.objects.filter(username="qian").update(is_active=False)

    assert reverse("slips_print") not in sun.get(qian).content.decode()
    assert "钱外人 · qian" not in sign_in("zhou").get(assign).content.decode()
    sent = {"person": "qian", "role": "reporter", "starts_on": "2026-05-01"}
    assert "没有找到“qian”" in sign_in("zhou").post(assign, sent).content.decode()


def test_people_of_a_units_subtree_are_listed(city: City, sign_in: SignIn) -> None:
    page = sign_in("zhao").get("/people", {"unit": str(city.units["east"].pk)}).content.decode()

    assert "李填报" in page and "王审核" in page and "钱外人" not in page


def test_phones_and_id_numbers_are_masked_everywhere_but_on_ones_own_page(city: City, sign_in: SignIn) -> None:
    li = city.people["li"]
    for name, address in (("sun", "/people"), ("wang", f"/people/{li.pk}"), ("sun", f"/people/{li.pk}")):
        page = sign_in(name).get(address).content.decode()
        assert "13800000000" not in page and "110101199003070000" not in page

    assert "138****0000" in sign_in("wang").get(f"/people/{li.pk}").content.decode()
    assert "13800000000" in sign_in("li").get("/my-data").content.decode()


def test_a_reveal_shows_the_value_once_for_a_reason(city: City, sign_in: SignIn) -> None:
    client, address = sign_in("wang"), f"/people/{city.people['li'].pk}/reveal"

    assert client.post(address, {"field": "phone", "reason": ""}).status_code == 422
    shown = client.post(address, {"field": "phone", "reason": "催报逾期"})

    assert "13800000000" in shown.content.decode() and "no-store" in shown["Cache-Control"]
    assert Record.objects.filter(kind="person.revealed").count() == 1


def test_a_form_that_will_do_is_done_and_leads_back(city: City, sign_in: SignIn) -> None:
    address = f"/units/{city.units['east'].pk}/open"
    sent = {"kind": "town", "title_zh": "新镇", "title_en": "New Town", "code": "990001109", "order": "5", "on": TODAY}

    answer = sign_in("sun").post(address, sent)

    assert (answer.status_code, answer["Location"]) == (302, f"/units/{city.units['east'].pk}")
    assert Unit.objects.get(code="990001109").parent == city.units["east"]


def test_a_refusal_stands_on_the_form_with_what_was_typed(city: City, sign_in: SignIn) -> None:
    answer = sign_in("sun").post(
        f"/units/{city.units['east'].pk}/open",
        {"kind": "town", "title_zh": "东关镇", "title_en": "", "code": "", "order": "0", "on": TODAY},
    )

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "已有同名单位" in page and 'value="东关镇"' in page


def test_a_person_with_a_wrong_phone_is_told_beside_the_field(city: City, sign_in: SignIn) -> None:
    sent = {
        "name": "徐新来",
        "username": "xu",
        "unit": f"#{city.units['east'].pk}",
        "phone": "abc",
        "id_number": "",
        "email": "",
    }

    answer = sign_in("sun").post("/people/create", sent)

    assert answer.status_code == 422
    assert 'id="id_phone_error"' in answer.content.decode()
    assert not Person.objects.filter(username="xu").exists()


def test_a_unit_is_named_by_code_name_or_from_the_list(city: City, sign_in: SignIn) -> None:
    for number, said in enumerate(("990001", "东城区", f"East District #{city.units['east'].pk}")):
        sent = {"name": "徐", "username": f"xu{number}", "unit": said, "phone": "", "id_number": "", "email": ""}
        assert sign_in("sun").post("/people/create", sent).status_code == 302
        assert Person.objects.get(username=f"xu{number}").unit == city.units["east"]


def test_every_change_of_a_unit_has_its_form(city: City, sign_in: SignIn) -> None:
    spare = open_unit(
        parent=city.units["east"],
        kind="zone",
        title=Text("新区", "Zone"),
        on=date(2021, 1, 1),
        by=city.actor("sun"),
        at=NOW,
    )
    client, yesterday = sign_in("sun"), "2026-01-02"
    steps = (
        ("rename", {"title_zh": "新城", "title_en": "", "on": yesterday}),
        ("recode", {"code": "Z01", "on": yesterday}),
        ("correct", {"title_zh": "新城区", "title_en": "New", "code": "Z01", "order": "1"}),
        ("move", {"other": "西城区", "on": "2026-02-01", "reason": ""}),
        ("divide", {"zh-1": "甲", "en-1": "", "code-1": "", "zh-2": "乙", "en-2": "", "code-2": "", "zh-3": "", "en-3": "",
                    "code-3": "", "zh-4": "", "en-4": "", "code-4": "", "on": "2026-03-01", "reason": ""}),
    )  # fmt: skip
    for change, sent in steps:
        assert client.get(f"/units/{spare.pk}/{change}").status_code == 200
        assert client.post(f"/units/{spare.pk}/{change}", sent).status_code == 302, change
    first, second = Unit.objects.filter(title_zh__in=["甲", "乙"]).order_by("pk")
    assert (
        client.post(
            f"/units/{first.pk}/merge", {"other": f"#{second.pk}", "on": "2026-04-01", "reason": ""}
        ).status_code
        == 302
    )
    assert client.post(f"/units/{second.pk}/close", {"on": "2026-05-01", "reason": "撤并"}).status_code == 302


def test_every_change_of_a_post_has_its_form(city: City, sign_in: SignIn) -> None:
    client, town = sign_in("zhou"), city.units["town"].pk
    sent = {
        "person": "冯督查 · feng",
        "role": "leader",
        "title_zh": "镇长",
        "title_en": "",
        "starts_on": "2026-01-01",
        "ends_on": "",
    }
    assert client.get(f"/units/{town}/posts/assign").status_code == 200
    assert client.post(f"/units/{town}/posts/assign", sent).status_code == 302
    post = Post.objects.get(title_zh="镇长")

    stand_in = {"person": "wang", "starts_on": "2026-02-01", "ends_on": "2026-03-01", "reason": "学习"}
    assert client.post(f"/posts/{post.pk}/stand-in", stand_in).status_code == 302
    assert (
        client.post(f"/posts/{post.pk}/hand-over", {"person": "zheng", "on": "2026-04-01", "reason": ""}).status_code
        == 302
    )
    successor = Post.objects.get(person=city.people["zheng"], unit=city.units["town"])
    assert client.post(f"/posts/{successor.pk}/end", {"on": "2026-05-01", "reason": ""}).status_code == 302

    assert list(Post.objects.filter(unit=town, role="leader").order_by("pk").values_list("person__username", flat=True)) == [
        "feng", "wang", "zheng",
    ]  # fmt: skip


def test_slips_are_printed_once_and_say_the_password(city: City, sign_in: SignIn) -> None:
    person = create_person(
        unit=city.units["east"], username="xu", name="徐新来", details=Details(), by=city.actor("sun"), at=NOW
    ).person
    client = sign_in("sun")
    assert "徐新来" in client.get("/people/slips").content.decode()

    sheet = client.post("/people/slips/print", {"person": [person.pk]})

    page = sheet.content.decode()
    password = page.split('class="password">')[1].split("<")[0]
    assert Person.objects.get(pk=person.pk).check_password(password)
    assert "no-store" in sheet["Cache-Control"]
    assert "style=" not in page and "<script" not in page


def test_accounts_are_changed_disabled_enabled_and_erased(city: City, sign_in: SignIn) -> None:
    person = create_person(unit=city.units["east"], username="xu", name="徐新来", by=city.actor("sun"), at=NOW).person
    system, security = sign_in("sun"), sign_in("zhou")
    changed = {"name": "徐新", "unit": "东城区", "phone": "13900001111", "id_number": "", "email": ""}

    assert system.post(f"/people/{person.pk}/change", changed).status_code == 302
    assert PersonalDetails.objects.get(person=person).phone == "13900001111"
    assert system.post(f"/people/{person.pk}/disable", {"reason": "借调"}).status_code == 302
    assert system.post(f"/people/{person.pk}/enable").status_code == 302
    assert security.post(f"/people/{person.pk}/erase", {"reason": "本人申请"}).status_code == 302
    assert Person.objects.get(pk=person.pk).name == "已注销人员"


def test_the_form_of_a_change_shows_nothing_personal_and_keeps_what_is_sent_back_masked(
    city: City, sign_in: SignIn
) -> None:
    li, system = city.people["li"], sign_in("sun")
    page = system.get(f"/people/{li.pk}/change").content.decode()

    assert "138****0000" in page and "13800000000" not in page and "110101199003070000" not in page

    kept = {"name": "李改名", "unit": "东关镇", "phone": "138****0000", "id_number": "", "email": "li@example.cn"}
    assert system.post(f"/people/{li.pk}/change", kept).status_code == 302
    details = PersonalDetails.objects.get(person=li)
    assert (details.phone, details.id_number, details.email) == ("13800000000", "", "li@example.cn")


def test_a_copy_of_ones_own_data_is_a_file_and_on_the_record(sign_in: SignIn) -> None:
    answer = sign_in("li").post("/my-data/copy")

    assert answer.json()["phone"] == "13800000000"
    assert "attachment" in answer["Content-Disposition"]
    assert Record.objects.filter(kind="person.copy_given").count() == 1


def test_the_stranger_gets_nothing_of_anothers_unit(city: City, sign_in: SignIn) -> None:
    qian, unit, person, post = sign_in("qian"), city.units["town"].pk, city.people["li"].pk, city.posts["li"].pk
    for address in (f"/units/{unit}", f"/people/{person}"):
        assert qian.get(address).status_code == 404
    changes = ("open", "rename", "recode", "correct", "move", "merge", "divide", "close", "posts/assign")
    closed = [f"/units/{unit}/{change}" for change in changes]
    closed += [f"/posts/{post}/{change}" for change in ("end", "stand-in", "hand-over")]
    closed += [f"/people/{person}/{change}" for change in ("change", "disable", "enable", "reveal", "erase")]
    closed += ["/people/create", "/people/slips/print"]
    for address in closed:
        assert qian.post(address).status_code == 403, address
    assert "李填报" not in qian.get("/people").content.decode()
    assert "东关镇" not in qian.get("/units", {"q": "东关"}).content.decode()
    assert Record.objects.count() == 0


def test_an_administrator_of_one_district_finds_nothing_to_change_in_another(city: City, sign_in: SignIn) -> None:
    Post.objects.create(
        person=city.people["qian"], unit=city.units["west"], role="system_administrator", starts_on="2021-01-01"
    )
    enrol(city.people["qian"])
    client = sign_in("qian")

    assert client.get(f"/units/{city.units['west'].pk}/rename").status_code == 200
    for change in ("rename", "close", "open"):
        assert client.get(f"/units/{city.units['east'].pk}/{change}").status_code == 404
    assert client.get(f"/people/{city.people['li'].pk}/change").status_code == 404
