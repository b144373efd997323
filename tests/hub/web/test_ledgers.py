"""Ledgers, items and workbooks as pages."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from guatu.hub.ledger.actions.imports import keep_reading
from guatu.hub.ledger.actions.items import change_item, enter_item
from guatu.hub.ledger.importing.offers import Offer
from guatu.hub.ledger.importing.plan import Standing, planned
from guatu.hub.ledger.models import Import, Item, Ledger
from tests.hub.ledger.conftest import bridge, works  # noqa: F401  # fixtures
from tests.hub.people import NOW, City


def page_of(client: Client, city: City, who: str, address: str) -> str:
    client.force_login(city.people[who])
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_a_list_shows_money_in_its_unit_and_who_answers(client: Client, city: City, bridge: Item) -> None:  # noqa: F811
    page = page_of(client, city, "li", "/ledgers/works")

    assert "东关大桥" in page and "东关镇" in page
    assert "12\u2009345.6789" in page  # 12,345,678,900 分 in 万元
    assert "共 1 个" in page


@pytest.mark.parametrize(
    ("asked", "found"),
    [("?list=roads", 1), ("?list=schools", 0), ("?q=大桥", 1), ("?q=W-1", 1), ("?state=withdrawn", 0)],
)
def test_a_sentence_filters_the_list(client: Client, city: City, bridge: Item, asked: str, found: int) -> None:  # noqa: F811
    assert f"共 {found} 个" in page_of(client, city, "zhao", f"/ledgers/works{asked}")


def test_a_stranger_finds_neither_the_item_nor_its_name(client: Client, city: City, bridge: Item) -> None:  # noqa: F811
    assert "东关大桥" not in page_of(client, city, "qian", "/ledgers/works")
    assert client.get(f"/items/{bridge.pk}").status_code == 404


def test_an_item_is_shown_as_it_was_on_a_day(client: Client, city: City, bridge: Item) -> None:  # noqa: F811
    change_item(
        item=bridge, seen=1, values={"cost": 100_000_000}, on=date(2026, 6, 1), reason="概算批复",
        by=city.actor("zhao"), at=NOW + timedelta(hours=1),
    )  # fmt: skip

    today, may = (page_of(client, city, "li", f"/items/{bridge.pk}{on}") for on in ("", "?on=2026-05-31"))
    assert "<dd>100</dd>" in today and "概算批复" in today
    assert "<dd>12\u2009345.6789</dd>" in may and "这是 2026-05-31 的样子" in may
    assert "还没有它" in page_of(client, city, "li", f"/items/{bridge.pk}?on=2025-12-31")


def test_a_list_costs_the_same_queries_whatever_it_shows(client: Client, city: City, works: Ledger) -> None:  # noqa: F811
    client.force_login(city.people["zhao"])
    counted = []
    for number in (1, 30):
        for place in range(number):
            enter_item(
                ledger=works, unit=city.units["town"], name=f"工程{number}-{place}", on=date(2026, 1, 1),
                by=city.actor("zhao"), at=NOW,
            )  # fmt: skip
        client.get("/ledgers/works")
        with CaptureQueriesContext(connection) as queries:
            client.get("/ledgers/works")
        counted.append(len(queries))

    assert counted[0] == counted[1]


def test_a_workbook_is_sent_looked_at_taken_and_undone(client: Client, city: City, works: Ledger) -> None:  # noqa: F811
    client.force_login(city.people["li"])
    sent = client.post(
        "/ledgers/works/imports/send",
        {"unit": city.units["town"].pk, "period": "2026-05", "workbook": SimpleUploadedFile("东关镇.xlsx", b"PK")},
    )
    one = Import.objects.get()
    assert sent["Location"] == f"/imports/{one.pk}"
    assert "正在读" in client.get(f"/imports/{one.pk}").content.decode()

    offer = Offer(unit=city.units["town"].pk, name="新桥", code="W-9", values={"cost": 500})
    plan = planned([offer], Standing(Item.objects.none()))
    worker = city.actor("li").as_self()
    keep_reading(sent=one, findings=[], plan=plan, by=worker, at=timezone.now())
    assert "新桥" in client.get(f"/imports/{one.pk}").content.decode()
    client.post(f"/imports/{one.pk}/take")
    assert Item.objects.get().name == "新桥"
    client.post(f"/imports/{one.pk}/undo", {"reason": "报错了"})

    assert Item.objects.get().state == "withdrawn"
    assert "已撤销" in client.get(f"/imports/{one.pk}").content.decode()


def test_a_wrong_round_is_said_beside_its_field_and_nothing_is_kept(client: Client, city: City, works: Ledger) -> None:  # noqa: F811
    client.force_login(city.people["li"])
    answer = client.post(
        "/ledgers/works/imports/send",
        {"unit": city.units["town"].pk, "period": "六月", "workbook": SimpleUploadedFile("东关镇.xlsx", b"PK")},
    )

    assert answer.status_code == 422
    assert "不是统计期" in answer.content.decode()
    assert not Import.objects.exists()
