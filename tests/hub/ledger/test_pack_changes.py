"""A site's own changes to a pack survive its upgrades; keys that become others carry the values with them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from guatu.hub.accounts.actor import NotAllowed
from guatu.hub.audit.models import Record
from guatu.hub.audit.refusals import Conflict
from guatu.hub.ledger.actions.attachments import attach
from guatu.hub.ledger.actions.items import change_item, enter_item
from guatu.hub.ledger.actions.milestones import plan_milestone
from guatu.hub.ledger.actions.packs import PackChangedMeanwhile, UpgradeRefused, change_overlay, install_pack
from guatu.hub.ledger.actions.remarks import NoSuchKind, add_remark
from guatu.hub.ledger.as_of import rows_on
from guatu.hub.ledger.models import Item, Ledger, PackVersion
from guatu.hub.ledger.overlays import Overlay, WrongOverlay, as_data, overlay_in
from guatu.hub.ledger.packs import declared
from guatu.hub.ledger.shown import said_of, titled
from guatu.text import Text
from tests.hub.ledger.conftest import LEDGER, write_pack
from tests.hub.people import NOW, City

COST = Text("造价（含征迁）", "Cost with resettlement")
REMARK = {"key": "own_remark", "title": {"zh": "督办备注", "en": "Supervision remark"}, "type": "text"}
STANDING = """\
  - key: standing
    title: {zh: 进度, en: Standing}
    type: choice
    choices:
      - {key: todo, title: {zh: 未办, en: To do}}
      - {key: done, title: {zh: 办结, en: Done}}
"""
WITH_STANDING = LEDGER.replace("lists:\n  - {key: roads", f"{STANDING}lists:\n  - {{key: roads")
RENAMED = (
    WITH_STANDING.replace("{key: todo, title: {zh: 未办, en: To do}}", "{key: open, title: {zh: 待办, en: Open}, was: [todo]}")
    .replace("{key: due, title: {zh: 应完工, en: Due}, type: date}", "{key: due_on, title: {zh: 应完工, en: Due}, type: date, was: [due]}")
    .replace("{key: roads, title: {zh: 道路, en: Roads}}", "{key: highways, title: {zh: 道路, en: Roads}, was: [roads]}")
)  # fmt: skip


def base() -> PackVersion:
    return PackVersion.objects.get(key="works", is_current=True)


def change(overlay: Overlay, city: City, *, by: str = "sun", seen: str | None = None) -> PackVersion:
    own = PackVersion.objects.filter(overlay_of="works", is_current=True).first()
    known = own.hash if own is not None else ""
    return change_overlay(base=base(), overlay=overlay, seen=known if seen is None else seen, by=city.actor(by), at=NOW)


def own_changes() -> Overlay:
    named = {"key": "cost", "title": {"zh": COST.zh, "en": COST.en}}
    return Overlay().with_entry("works", "fields", named).with_entry("works", "fields", REMARK)


def test_what_a_site_changed_is_laid_over_every_upgrade(
    works: Ledger, bridge: Item, city: City, tmp_path: Path
) -> None:
    change(own_changes(), city)
    newer = LEDGER.replace("zh: 进度, en: Progress", "zh: 形象进度, en: Physical progress")
    install_pack(folder=write_pack(tmp_path / "newer", newer), by=city.actor("sun"), at=NOW)

    works.refresh_from_db()
    fields = declared(works).fields
    assert fields["cost"].title == COST and "own_remark" in fields
    assert fields["share"].title.zh == "形象进度"


MENDED = Text("整改台账", "Mended")
PARTS = """\
ledgers:
  works:
    milestones:
      - key: own_fenced
        title: {zh: 围挡, en: Fenced}
        standard: {zh: 围挡合拢, en: The fence is closed}
        source: {zh: 本市, en: The city}
    duties:
      - {key: own_warden, title: {zh: 看护, en: Warden}, held_by: [unit]}
    links:
      - {key: own_faces, title: {zh: 对着, en: faces}, back: {zh: 对着, en: faces}, to: [this]}
"""


def test_milestones_duties_and_links_a_site_added_stay_through_upgrades_and_get_other_names(
    works: Ledger, bridge: Item, city: City, tmp_path: Path
) -> None:
    overlay = Overlay.read(PARTS, "own.yaml")
    change(overlay, city)
    plan_milestone(item=bridge, key="own_fenced", on=date(2026, 9, 1), by=city.actor("zhao"), at=NOW)
    newer = LEDGER.replace("zh: 进度, en: Progress", "zh: 形象进度, en: Physical progress")
    install_pack(folder=write_pack(tmp_path / "newer", newer), by=city.actor("sun"), at=NOW)
    change(
        overlay.with_entry("works", "milestones", {"key": "own_fenced", "title": {"zh": "合围", "en": "Closed"}}), city
    )

    works.refresh_from_db()
    ledger = declared(works)
    assert ledger.fields["share"].title.zh == "形象进度"
    assert ledger.milestones["own_fenced"].title == Text("合围", "Closed")
    assert ledger.milestones["own_fenced"].standard.zh == "围挡合拢"
    assert ledger.duties["own_warden"].title.zh == "看护" and ledger.link_kinds["own_faces"].to == ("works",)


BOOKS = """\
ledgers:
  works:
    remarks:
      - {key: own_mend, title: {zh: 整改记录, en: To be mended}, of_visits: true}
    visit_boxes:
      - {key: own_fence, title: {zh: 围挡完好, en: The fence stands}}
"""


def test_a_book_of_remarks_a_site_added_is_written_into_and_not_taken_back_once_it_was(
    works: Ledger, bridge: Item, city: City
) -> None:
    overlay = Overlay.read(BOOKS, "own.yaml")
    with pytest.raises(NoSuchKind, match="own_mend"):
        add_remark(item=bridge, kind="own_mend", on=date(2026, 6, 1), text="补围挡", by=city.actor("li"), at=NOW)
    change(overlay, city)

    add_remark(item=bridge, kind="own_mend", on=date(2026, 6, 1), text="补围挡", by=city.actor("li"), at=NOW)
    change(overlay.with_entry("works", "remarks", {"key": "own_mend", "title": as_data(MENDED)}), city)

    works.refresh_from_db()
    assert declared(works).remark_kinds["own_mend"].title == MENDED
    assert declared(works).visit_boxes["own_fence"].title.zh == "围挡完好"
    with pytest.raises(UpgradeRefused) as refused:
        change(overlay.without("works/remarks/own_mend"), city)
    assert "去掉日志种类“整改台账”" in refused.value.in_("zh")
    change(overlay.without("works/visit_boxes/own_fence"), city)


def test_an_upgrade_whose_milestone_collides_with_one_the_site_added_names_both(
    works: Ledger, city: City, tmp_path: Path
) -> None:
    change(Overlay.read(PARTS, "own.yaml"), city)
    milestone = "{key: own_fenced, title: {zh: 封闭, en: Shut}, standard: {zh: 一, en: One}, source: {zh: 一, en: One}}"

    with pytest.raises(UpgradeRefused) as refused:
        newer = write_pack(tmp_path / "newer", f"{LEDGER}milestones:\n  - {milestone}\n")
        install_pack(folder=newer, by=city.actor("sun"), at=NOW)

    assert "本地加的“围挡”（own_fenced）：新版也有同键的“封闭”" in refused.value.in_("zh")


def test_a_milestone_with_evidence_alone_is_not_taken_back(works: Ledger, bridge: Item, city: City) -> None:
    change(Overlay.read(PARTS, "own.yaml"), city)
    attach(to=bridge, name="围挡.jpg", content=b"x", milestone="own_fenced", by=city.actor("li"), at=NOW)

    with pytest.raises(UpgradeRefused) as refused:
        change(Overlay.read(PARTS, "own.yaml").without("works/milestones/own_fenced"), city)

    assert "去掉节点“围挡”" in refused.value.in_("zh") and "1 个事项" in refused.value.in_("zh")


def test_an_item_is_filled_with_a_field_the_site_added(works: Ledger, bridge: Item, city: City) -> None:
    change(own_changes(), city)
    bridge.refresh_from_db()

    changed = change_item(
        item=bridge, seen=1, values={"own_remark": "月底前报"}, on=date(2026, 6, 1), reason="督办",
        by=city.actor("zhao"), at=NOW,
    )  # fmt: skip

    assert changed.values["own_remark"] == "月底前报"


def test_a_change_that_items_use_is_not_taken_back(works: Ledger, bridge: Item, city: City) -> None:
    change(own_changes(), city)
    enter_item(
        ledger=Ledger.objects.get(), unit=city.units["town"], name="西关桥", values={"own_remark": "已催"},
        on=date(2026, 6, 1), by=city.actor("zhao"), at=NOW,
    )  # fmt: skip

    with pytest.raises(UpgradeRefused) as refused:
        change(own_changes().without("works/fields/own_remark"), city)

    assert "去掉字段“督办备注”" in refused.value.in_("zh") and "1 个事项" in refused.value.in_("zh")
    change(own_changes().without("works/fields/cost"), city)
    assert declared(Ledger.objects.get()).fields["cost"].title.zh == "造价"


def test_an_upgrade_whose_field_collides_with_one_the_site_added_names_both(
    works: Ledger, city: City, tmp_path: Path
) -> None:
    change(own_changes(), city)
    field = "  - {key: own_remark, title: {zh: 备考, en: Notes}, type: text}\nlists:\n  - {key: roads"
    newer = LEDGER.replace("lists:\n  - {key: roads", field)

    with pytest.raises(UpgradeRefused) as refused:
        install_pack(folder=write_pack(tmp_path / "newer", newer), by=city.actor("sun"), at=NOW)

    assert "本地加的“督办备注”（own_remark）：新版也有同键的“备考”" in refused.value.in_("zh")
    assert base().version == "1" and PackVersion.objects.count() == 2


def test_an_upgrade_without_a_field_the_site_renamed_is_refused(works: Ledger, city: City, tmp_path: Path) -> None:
    change(own_changes(), city)
    newer = LEDGER.replace("  - {key: cost, title: {zh: 造价, en: Cost}, type: money, unit: 万元, currency: CNY}\n", "")

    with pytest.raises(UpgradeRefused) as refused:
        install_pack(folder=write_pack(tmp_path / "newer", newer), by=city.actor("sun"), at=NOW)

    assert "本地改过“造价”（cost）：新版没有它" in refused.value.in_("zh")


def test_a_new_name_of_what_the_site_renamed_is_said_and_the_site_s_stands(
    works: Ledger, city: City, tmp_path: Path
) -> None:
    change(own_changes(), city)
    newer = LEDGER.replace("zh: 造价, en: Cost", "zh: 概算, en: Estimate")
    install_pack(folder=write_pack(tmp_path / "newer", newer), by=city.actor("sun"), at=NOW)

    told = Record.objects.filter(kind="pack.installed").latest("id").after
    assert "“造价”新版称“概算”，本地仍称“造价（含征迁）”" in told
    assert declared(Ledger.objects.get()).fields["cost"].title == COST


def test_changes_made_from_an_old_look_are_refused(works: Ledger, city: City) -> None:
    change(own_changes(), city)

    with pytest.raises(PackChangedMeanwhile):
        change(Overlay(), city, seen="")


def test_nothing_different_is_refused(works: Ledger, city: City) -> None:
    with pytest.raises(Conflict, match="nothing is different"):
        change(Overlay(), city)


@pytest.mark.parametrize("stranger", ["li", "zhao", "qian", "zhou", "wu"])
def test_only_the_system_administrator_changes_a_pack(works: Ledger, city: City, stranger: str) -> None:
    with pytest.raises(NotAllowed):
        change(own_changes(), city, by=stranger)


def test_changes_written_in_a_file_come_back_as_they_were(works: Ledger, city: City) -> None:
    version = change(Overlay.read(own_changes().text, "own.yaml"), city)

    assert overlay_in(version) == own_changes()


@pytest.mark.parametrize("text", ["- a\n", "ledger: {}\n", "ledgers: [1]\n", "ledgers: {works: 1}\n", "a: [\n"])
def test_a_file_that_holds_something_else_is_refused(text: str) -> None:
    with pytest.raises(WrongOverlay):
        Overlay.read(text, "own.yaml")


def test_a_key_that_would_be_a_path_is_refused(works: Ledger, city: City) -> None:
    with pytest.raises(WrongOverlay, match="cannot be a key"):
        change(Overlay().with_title("../../etc", Text("坏", "Bad")), city)


def test_values_follow_keys_that_were_renamed_and_past_days_keep_theirs(city: City, tmp_path: Path) -> None:
    sun, zhao = city.actor("sun"), city.actor("zhao")
    install_pack(folder=write_pack(tmp_path / "works", WITH_STANDING), by=sun, at=NOW)
    item = enter_item(
        ledger=Ledger.objects.get(), unit=city.units["town"], name="东关大桥", lists=("roads",), on=date(2026, 1, 10),
        values={"standing": "todo", "due": date(2026, 9, 30)}, by=zhao, at=NOW,
    )  # fmt: skip
    install_pack(folder=write_pack(tmp_path / "works2", RENAMED), by=sun, at=NOW)

    item.refresh_from_db()
    assert item.values == {"standing": "open", "due_on": "2026-09-30"} and item.revision == 2
    assert list(Item.objects.on_list("highways")) == [item] and not Item.objects.on_list("roads").exists()
    [(_, then)] = rows_on(Item.objects.all(), date(2026, 3, 1))
    assert then.values == {"standing": "todo", "due": "2026-09-30"} and then.lists == ("roads",)
    ledger = declared(Ledger.objects.get())
    assert titled(ledger, "values.due").zh == "应完工"
    assert said_of(ledger, "values.standing", "todo", {}).en == "Open"
    assert said_of(ledger, "lists", ["roads"], {}).zh == "道路"


def test_the_record_tells_how_many_items_followed(city: City, tmp_path: Path) -> None:
    sun = city.actor("sun")
    install_pack(folder=write_pack(tmp_path / "works", WITH_STANDING), by=sun, at=NOW)
    for name in ("一桥", "二桥"):
        enter_item(
            ledger=Ledger.objects.get(), unit=city.units["town"], name=name, values={"standing": "todo"},
            on=date(2026, 1, 10), by=city.actor("zhao"), at=NOW,
        )  # fmt: skip
    install_pack(folder=write_pack(tmp_path / "works2", RENAMED), by=sun, at=NOW)

    told = Record.objects.filter(kind="pack.installed").latest("id").after
    assert "选项“未办”由 todo 改为 open，2 个事项随改" in told


def test_a_choice_taken_away_without_its_new_key_is_refused(city: City, tmp_path: Path) -> None:
    sun = city.actor("sun")
    install_pack(folder=write_pack(tmp_path / "works", WITH_STANDING), by=sun, at=NOW)
    enter_item(
        ledger=Ledger.objects.get(), unit=city.units["town"], name="桥", values={"standing": "todo"},
        on=date(2026, 1, 10), by=city.actor("zhao"), at=NOW,
    )  # fmt: skip

    with pytest.raises(UpgradeRefused) as refused:
        install_pack(folder=write_pack(tmp_path / "works2", RENAMED.replace(", was: [todo]", "")), by=sun, at=NOW)

    assert "去掉选项“未办”" in refused.value.in_("zh") and "1 个事项" in refused.value.in_("zh")
