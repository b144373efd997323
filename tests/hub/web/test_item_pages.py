"""A dispatcher enters and changes items in the browser, in forms the ledger's declaration draws."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from guatu.hub.accounts.models import Post
from guatu.hub.ledger.actions.items import change_item, enter_item
from guatu.hub.ledger.models import Item, Ledger, Link
from tests.hub.ledger.conftest import bridge, works
from tests.hub.people import NOW, City

__all__ = ["bridge", "works"]
FORM = {
    "name": "西关小学", "unit": "东关镇", "code": "W-2", "lists": "schools", "f-cost": "1234.56", "f-share": "12.5",
    "f-due": "2027-08-31", "f-begun": "false", "on": "2026-03-01", "reason": "",
}  # fmt: skip


@pytest.fixture
def zhao(client: Client, city: City) -> Client:
    client.force_login(city.people["zhao"])
    return client


def test_an_item_entered_in_a_form_holds_exact_values(works: Ledger, zhao: Client) -> None:
    answer = zhao.post("/ledgers/works/items/enter", FORM)

    assert answer.status_code == 302, answer.content.decode()
    item = Item.objects.get()
    assert (item.name, item.code, str(item.unit), item.entered_on.isoformat()) == (
        "西关小学", "W-2", "东关镇", "2026-03-01",
    )  # fmt: skip
    assert item.values == {"cost": 1_234_560_000, "share": "0.125", "due": "2027-08-31", "begun": False}
    assert list(item.memberships.values_list("list", flat=True)) == ["schools"]


def test_a_form_of_an_item_shows_what_it_holds_and_sent_back_unchanged_changes_nothing(
    bridge: Item, zhao: Client
) -> None:
    page = zhao.get(f"/items/{bridge.pk}/change").content.decode()
    assert 'value="12345.6789"' in page  # 12 345 678 900 分 in 万元
    assert "造价（万元）" in page
    assert "责任人" not in page.split("<form")[-1]  # about people: never in this form

    same = {"name": bridge.name, "code": bridge.code, "lists": "roads", "f-cost": "12345.6789", "seen": "1"}
    answer = zhao.post(f"/items/{bridge.pk}/change", {**same, "on": "2026-05-01", "reason": "无"})

    assert answer.status_code == 409
    assert Item.objects.get().revision == 1


def test_what_a_field_cannot_hold_is_said_beside_it(works: Ledger, zhao: Client) -> None:
    answer = zhao.post("/ledgers/works/items/enter", {**FORM, "f-cost": "0.0000001", "f-due": "明年"})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "不是整数分" in page.split('id="id_f-cost"')[0]
    assert 'id="id_f-due_error"' in page
    assert Item.objects.count() == 0


def test_who_changes_what_somebody_else_changed_meanwhile_is_told(bridge: Item, zhao: Client, city: City) -> None:
    change_item(item=bridge, seen=1, values={"cost": 5}, on=NOW.date(), reason="先", by=city.actor("zhao"), at=NOW)

    answer = zhao.post(
        f"/items/{bridge.pk}/change",
        {"name": "新名", "code": "W-1", "lists": "roads", "seen": "1", "on": "2026-05-01", "reason": "后"},
    )

    assert answer.status_code == 409
    assert "打开后有人改过" in answer.content.decode()
    assert Item.objects.get().name == "东关大桥"


def test_a_fact_left_blank_is_taken_away_and_the_page_of_an_item_without_any_says_where_they_come_from(
    bridge: Item, zhao: Client
) -> None:
    assert "还没有填写" not in zhao.get(f"/items/{bridge.pk}").content.decode()
    blank = {"name": bridge.name, "code": "W-1", "lists": "roads", "f-cost": "", "seen": "1"}
    zhao.post(f"/items/{bridge.pk}/change", {**blank, "on": "2026-05-01", "reason": "概算作废"})

    assert Item.objects.get().values == {}
    assert "还没有填写" in zhao.get(f"/items/{bridge.pk}").content.decode()


def test_an_item_is_moved_and_suspended_by_its_page(bridge: Item, zhao: Client, city: City) -> None:
    moved = {"other": "西城区", "on": "2026-05-01", "reason": "区划调整"}
    assert zhao.post(f"/items/{bridge.pk}/move", moved).status_code == 302
    assert zhao.post(f"/items/{bridge.pk}/state", {"state": "suspended", "on": "2026-05-02", "reason": "停工"})

    item = Item.objects.get()
    assert (item.unit_id, item.state) == (city.units["west"].pk, "suspended")
    assert "暂停" in zhao.get(f"/items/{bridge.pk}").content.decode()


@pytest.mark.parametrize(("stranger", "status"), [("li", 403), ("qian", 403), ("zheng", 403), ("sun", 403)])
def test_nobody_else_gets_the_form(bridge: Item, client: Client, city: City, stranger: str, status: int) -> None:
    client.force_login(city.people[stranger])

    assert client.get(f"/items/{bridge.pk}/change").status_code == status
    assert client.post(f"/items/{bridge.pk}/state", {"state": "withdrawn"}).status_code == status


def test_a_link_is_ended_by_nobody_who_does_not_see_what_it_leads_to(works: Ledger, bridge: Item, city: City) -> None:
    Post.objects.filter(pk=city.posts["wang"].pk).update(role="dispatcher")
    far = enter_item(
        ledger=works, unit=city.units["west"], name="西城小学", on=date(2026, 1, 10), by=city.actor("zhao"), at=NOW
    )
    link = Link.objects.create(source=bridge, target=far, kind="beside", valid_from=date(2026, 1, 10))
    for who, status in (("zhao", 200), ("wang", 404)):
        client = Client()
        client.force_login(city.people[who])
        assert client.get(f"/links/{link.pk}/end").status_code == status
        assert client.get(f"/items/{bridge.pk}/change").status_code == 200
