"""Packs in the hub: installed, upgraded with every difference said, never at the cost of what items hold."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from django.conf import settings

from guatu.hub.accounts.actor import NotAllowed
from guatu.hub.audit.models import Record
from guatu.hub.audit.refusals import Conflict
from guatu.hub.ledger.actions.packs import UpgradeRefused, install_pack
from guatu.hub.ledger.models import Item, Ledger, PackVersion
from guatu.hub.ledger.packs import declared, loaded
from tests.hub.ledger.conftest import LEDGER, PACK, write_pack
from tests.hub.people import NOW, City


def test_a_shipped_pack_is_installed_with_all_it_inherits(city: City) -> None:
    install_pack(folder="key_projects", by=city.actor("sun"), at=NOW)

    ledger = Ledger.objects.get(key="key_projects")
    assert declared(ledger).fields["total_investment"].unit == "万元"


def test_an_installed_pack_is_read_from_the_database_alone(city: City, tmp_path: Path) -> None:
    folder = write_pack(tmp_path / "works")
    install_pack(folder=folder, by=city.actor("sun"), at=NOW)
    shutil.rmtree(folder)
    shutil.rmtree(Path(settings.HOME) / "packs", ignore_errors=True)

    assert "cost" in declared(Ledger.objects.get(key="works")).fields


def test_files_of_a_pack_cleared_away_while_the_site_runs_are_laid_out_anew(city: City) -> None:
    version = install_pack(folder="land_disposal", by=city.actor("sun"), at=NOW)
    assert loaded(version).files("rulebooks")

    shutil.rmtree(Path(settings.HOME) / "packs" / version.hash)

    assert loaded(version).files("rulebooks")


def test_a_new_title_and_a_new_field_are_an_upgrade(works: Ledger, bridge: Item, city: City, tmp_path: Path) -> None:
    changed = LEDGER.replace("zh: 造价, en: Cost", "zh: 总造价, en: Total cost").replace(
        "lists:\n  - {key: roads",
        "  - {key: area, title: {zh: 面积, en: Area}, type: area, unit: 亩}\nlists:\n  - {key: roads",
    )
    install_pack(folder=write_pack(tmp_path / "works2", changed), by=city.actor("sun"), at=NOW)

    works.refresh_from_db()
    assert declared(works).fields["cost"].title.zh == "总造价"
    assert PackVersion.objects.count() == 2
    told = Record.objects.filter(kind="pack.installed").latest("id").after
    assert "字段“造价”改称“总造价”" in told and "新增字段“面积”" in told


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("type: money, unit: 万元, currency: CNY", "type: text", "由 money 万元 改为 text"),
        (
            "  - {key: cost, title: {zh: 造价, en: Cost}, type: money, unit: 万元, currency: CNY}\n",
            "",
            "去掉字段“造价”",
        ),
        ("  - {key: roads, title: {zh: 道路, en: Roads}}\n", "", "去掉清单“道路”"),
    ],
)
def test_an_upgrade_that_loses_what_items_hold_is_refused_with_the_reason(
    works: Ledger, bridge: Item, city: City, tmp_path: Path, old: str, new: str, said: str
) -> None:
    folder = write_pack(tmp_path / "works2", LEDGER.replace(old, new))

    with pytest.raises(UpgradeRefused) as refused:
        install_pack(folder=folder, by=city.actor("sun"), at=NOW)

    assert said in refused.value.in_("zh")
    assert "1 个事项" in refused.value.in_("zh")
    works.refresh_from_db()
    assert "cost" in declared(works).fields


def test_the_same_content_is_not_installed_twice(works: Ledger, city: City, tmp_path: Path) -> None:
    with pytest.raises(Conflict):
        install_pack(folder=write_pack(tmp_path / "again"), by=city.actor("sun"), at=NOW)


def test_a_city_s_pack_takes_over_the_ledger_it_builds_on_and_keeps_it(city: City, tmp_path: Path) -> None:
    sun = city.actor("sun")
    install_pack(folder="key_projects", by=sun, at=NOW)
    own = tmp_path / "county"
    own.mkdir()
    (own / "pack.yaml").write_text(PACK.replace("works", "county") + "extends: [key_projects]\n", encoding="utf-8")
    install_pack(folder=own, by=sun, at=NOW)
    install_pack(folder=write_pack(tmp_path / "works"), by=sun, at=NOW)

    assert Ledger.objects.get(key="key_projects").pack.key == "county"
    with pytest.raises(Conflict, match="declared by 'works'"):
        install_pack(
            folder=write_pack(tmp_path / "rival", pack=PACK.replace("pack: works", "pack: rival")), by=sun, at=NOW
        )


@pytest.mark.parametrize("stranger", ["li", "zhao", "qian", "zhou", "wu"])
def test_only_the_system_administrator_installs_packs(city: City, stranger: str) -> None:
    with pytest.raises(NotAllowed):
        install_pack(folder="key_projects", by=city.actor(stranger), at=NOW)
