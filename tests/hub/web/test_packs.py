"""The pages of packs, as the system administrator uses them."""

from __future__ import annotations

from itertools import count

import pytest
from django.test import Client

from guatu.hub.ledger.actions.items import enter_item
from guatu.hub.ledger.actions.packs import install_pack
from guatu.hub.ledger.models import Ledger, PackVersion
from guatu.hub.ledger.packs import declared, loaded
from tests.hub.people import LONG_AGO, NOW, City, build_city

_keys = count(1)
PACK = "land_disposal"


@pytest.fixture
def city(db: None) -> City:
    return build_city()


@pytest.fixture
def land(city: City) -> Ledger:
    install_pack(folder=PACK, by=city.actor("sun"), at=NOW)
    return Ledger.objects.get()


def as_(city: City, name: str) -> Client:
    client = Client()
    client.force_login(city.people[name])
    return client


def send(client: Client, path: str, **said: str) -> tuple[int, str]:
    answer = client.post(path, said, headers={"Idempotency-Key": f"packs-{next(_keys)}"}, follow=True)
    return answer.status_code, answer.content.decode()


def test_a_shipped_pack_is_looked_at_and_installed(city: City) -> None:
    client = as_(city, "sun")
    assert "土地处置" in client.get("/packs").content.decode()
    shown = client.get(f"/packs/{PACK}/install").content.decode()
    assert "台账“土地处置台账”：" in shown

    status, page = send(client, f"/packs/{PACK}/install")

    assert status == 200 and "已安装。" in page
    assert Ledger.objects.get().key == PACK
    assert "已经装了这一版" in client.get(f"/packs/{PACK}/install").content.decode()


def test_names_fields_lists_and_settings_are_changed_and_shown(land: Ledger, city: City) -> None:
    client = as_(city, "sun")
    send(client, f"/packs/{PACK}/rename", what=f"{PACK}/fields/way", zh="办法", en="How")
    send(
        client, f"/packs/{PACK}/add-field", ledger=PACK, key="own_stage", zh="阶段", en="Stage", type="choice",
        choices="open|在办|Open\ndone|办结|Done",
    )  # fmt: skip
    send(client, f"/packs/{PACK}/add-list", ledger=PACK, key="urgent", zh="急办", en="Urgent")
    send(client, f"/packs/{PACK}/add-choice", field=f"{PACK}/own_stage", key="held", zh="暂缓", en="On hold")
    _, page = send(
        client,
        f"/packs/{PACK}/settings/laixi_2021_land/test_rounds",
        value="quarter_end",
        why_zh="按季",
        why_en="By quarter",
    )

    land.refresh_from_db()
    ledger = declared(land)
    assert ledger.fields["way"].title.en == "How" and "urgent" in ledger.lists
    assert list(ledger.fields["own_stage"].choices) == ["open", "done", "held"]
    assert [one.written for one in loaded(land.pack).chosen("laixi_2021_land")] == ["quarter_end"]
    assert land.pack.version == "5"
    for said in ("办法", "急办", "暂缓", "test_rounds = quarter_end（按季）"):
        assert said in page


def test_a_change_is_taken_back_unless_items_use_it(land: Ledger, city: City) -> None:
    client = as_(city, "sun")
    send(client, f"/packs/{PACK}/add-list", ledger=PACK, key="urgent", zh="急办", en="Urgent")
    send(client, f"/packs/{PACK}/rename", what=f"{PACK}/title", zh="土地台账", en="Land")
    enter_item(
        ledger=Ledger.objects.get(),
        unit=city.units["town"],
        name="东关地块",
        lists=("urgent",),
        on=LONG_AGO,
        by=city.actor("zhao"),
        at=NOW,
    )
    _, refused = send(client, f"/packs/{PACK}/take-back", place=f"{PACK}/lists/urgent")
    _, taken = send(client, f"/packs/{PACK}/take-back", place=f"{PACK}/title")

    assert "升级会丢掉已填的内容" in refused and "已撤销" in taken
    land.refresh_from_db()
    assert "urgent" in declared(land).lists and land.title.zh == "土地处置台账"


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"key": "Own Stage"}, "不合写法"),
        ({"type": "choice", "choices": "open"}, "选项缺一部分"),
        ({"key": "parcel_no"}, "类型不能改"),
    ],
)
def test_what_cannot_be_added_is_said_on_the_form(land: Ledger, city: City, said: dict[str, str], why: str) -> None:
    form = {"ledger": PACK, "key": "own_stage", "zh": "阶段", "en": "Stage", "type": "text"} | said

    status, page = send(as_(city, "sun"), f"/packs/{PACK}/add-field", **form)

    assert status in (409, 422) and why in page
    assert not PackVersion.objects.exclude(overlay_of="").exists()


@pytest.mark.parametrize("name", ["zhao", "li", "qian", "zhou", "wu"])
def test_nobody_else_sees_the_pages(land: Ledger, city: City, name: str) -> None:
    client = as_(city, name)

    assert client.get("/packs").status_code == 403 and client.get(f"/packs/{PACK}").status_code == 403
    assert send(client, f"/packs/{PACK}/add-list", ledger=PACK, key="x", zh="x", en="x")[0] == 403


def test_a_pack_that_does_not_ship_is_not_found(city: City) -> None:
    assert as_(city, "sun").get("/packs/nothing/install").status_code == 404


def test_what_a_change_would_do_is_looked_at_first(land: Ledger, city: City) -> None:
    said = {"what": f"{PACK}/fields/way", "zh": "办法", "en": "How", "preview": "1"}

    status, page = send(as_(city, "sun"), f"/packs/{PACK}/rename", **said)

    assert status == 200 and "字段“处置方式”改称“办法”" in page
    assert not PackVersion.objects.exclude(overlay_of="").exists()
