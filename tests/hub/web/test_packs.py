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
    for said in ("办法", "急办", "暂缓", "何时考核：季末（按季）"):
        assert said in page


def test_values_of_settings_are_shown_by_their_titles_and_kept_by_their_keys(land: Ledger, city: City) -> None:
    client = as_(city, "sun")

    page = client.get(f"/packs/{PACK}").content.decode()
    assert "每期、季末" in page and "quarter_end" not in page
    form = client.get(f"/packs/{PACK}/settings/laixi_2021_land/test_rounds").content.decode()
    assert '<option value="quarter_end">季末</option>' in form and "原值 每期" in form


def test_a_milestone_a_duty_and_a_kind_of_link_are_added_on_pages_and_used(land: Ledger, city: City) -> None:
    client, zhao = as_(city, "sun"), as_(city, "zhao")
    send(
        client, f"/packs/{PACK}/add-milestone", ledger=PACK, key="own_fenced", zh="围挡", en="Fenced", standard_zh="围挡合拢",
        standard_en="The fence is closed", source_zh="本市要求", source_en="The city asks for it", after="", days="",
    )  # fmt: skip
    after = {"ledger": PACK, "key": "own_lit", "zh": "亮化", "en": "Lit", "after": f"{PACK}/own_fenced", "days": "20"}
    about = {"standard_zh": "通电", "standard_en": "Power is on", "source_zh": "本市", "source_en": "The city"}
    send(client, f"/packs/{PACK}/add-milestone", **after, **about)
    send(
        client,
        f"/packs/{PACK}/add-duty",
        ledger=PACK,
        key="own_warden",
        zh="看护",
        en="Warden",
        held_by="unit",
        wanted="on",
    )
    _, page = send(
        client, f"/packs/{PACK}/add-link", ledger=PACK, key="own_faces", zh="对着", en="faces", back_zh="对着", back_en="faces",
        to=PACK, acyclic="on",
    )  # fmt: skip

    send(client, f"/packs/{PACK}/add-remark", ledger=PACK, key="own_mend", zh="整改记录", en="To be mended")
    _, page = send(
        client, f"/packs/{PACK}/add-box", ledger=PACK, key="own_fence", zh="栏杆完好", en="The railing stands"
    )

    for said in ("围挡", "亮化", "看护", "对着", "整改记录", "栏杆完好"):
        assert said in page
    land.refresh_from_db()
    ledger = declared(land)
    assert ledger.milestones["own_lit"].after == {"own_fenced": 20}
    assert ledger.duties["own_warden"].required and ledger.link_kinds["own_faces"].acyclic
    first, second = (
        enter_item(ledger=land, unit=city.units["town"], name=name, on=LONG_AGO, by=city.actor("zhao"), at=NOW)
        for name in ("甲", "乙")
    )
    send(zhao, f"/items/{first.pk}/milestones/own_fenced/plan", on="2026-09-01", precision="", agreed_by="", reason="")
    send(
        zhao,
        f"/items/{first.pk}/duties/assign",
        slot="own_warden",
        unit=f"#{city.units['town'].pk}",
        on="2026-02-01",
        reason="",
    )
    send(zhao, f"/items/{first.pk}/links/add", kind="own_faces", target=f"#{second.pk}", on="2026-02-01", reason="")
    send(zhao, f"/items/{first.pk}/remarks/add", kind="own_mend", on="2026-02-01", text="补栏杆", corrects="")
    shown = zhao.get(f"/items/{first.pk}").content.decode()
    assert "围挡" in shown and "看护" in shown and "对着" in shown
    assert "整改记录" in shown and "补栏杆" in shown
    assert "□ 栏杆完好" in zhao.get(f"/visits/new?item={first.pk}").content.decode()

    for part in ("milestones/own_fenced", "duties/own_warden", "links/own_faces", "remarks/own_mend"):
        _, refused = send(client, f"/packs/{PACK}/take-back", place=f"{PACK}/{part}")
        assert "升级会丢掉已填的内容" in refused or "没有节点" in refused


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("add-milestone", {"after": "elsewhere/begun"}),
        ("add-duty", {"held_by": "nobody"}),
        ("add-link", {"to": "nowhere"}),
    ],
)
def test_a_part_that_cannot_be_is_said_on_its_form(land: Ledger, city: City, page: str, said: dict[str, str]) -> None:
    about = {"ledger": PACK, "key": "own_x", "zh": "一", "en": "One", "back_zh": "一", "back_en": "One"}
    sources = {"standard_zh": "一", "standard_en": "One", "source_zh": "一", "source_en": "One"}

    status, shown = send(as_(city, "sun"), f"/packs/{PACK}/{page}", **{**about, **sources, **said})

    assert status == 422 and "不在可用的选项中" in shown
    assert not PackVersion.objects.exclude(overlay_of="").exists()


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
        ({"key": "parcel_no"}, "键“parcel_no”已经用了"),
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
