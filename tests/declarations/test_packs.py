"""A pack is read whole, merged with what it extends, and refused with every problem named."""

from pathlib import Path

import pytest

from guatu.declarations import DeclarationRefused, load_pack
from guatu.declarations.packs import NoSuchPack, pack_names
from guatu.text import Refusal

PACK = """\
pack: {key}
title: {{zh: 试, en: Trial}}
version: "1"
effective_from: "2021-01-01"
source: {{zh: 试, en: Trial}}
extends: [{extends}]
"""

LEDGER = """\
ledger: projects
title: {zh: 台账, en: Ledger}
item: {zh: 项目, en: project}
identity: [[name]]
fields:
  - {key: name, title: {zh: 项目名称, en: Name}, type: text}
  - {key: done, title: {zh: 累计完成, en: Done}, type: money, currency: CNY, unit: 万元}
lists:
  - {key: provincial, title: {zh: 省重点, en: Provincial}}
"""


def pack(folder: Path, key: str, ledger: str, *, extends: str = "", units: str = "") -> Path:
    home = folder / key
    home.mkdir(parents=True)
    (home / "pack.yaml").write_text(PACK.format(key=key, extends=extends), encoding="utf-8")
    (home / "ledger.yaml").write_text(ledger, encoding="utf-8")
    if units:
        (home / "units.yaml").write_text(units, encoding="utf-8")
    return home


def problems(folder: Path) -> list[str]:
    with pytest.raises(DeclarationRefused) as refused:
        load_pack(folder)
    return [problem.in_("en") for problem in refused.value.problems]


def test_every_shipped_pack_loads() -> None:
    assert "key_projects" in pack_names()
    assert all(load_pack(name).key == name for name in pack_names())


def test_an_extending_pack_adds_words_and_keeps_the_type(tmp_path: Path) -> None:
    pack(tmp_path, "base", LEDGER)
    city = pack(
        tmp_path,
        "city",
        "ledger: projects\nfields:\n  - {key: done, synonyms: [今年以来完成]}\n"
        "lists:\n  - {key: provincial, synonyms: [省级重点]}\n",
        extends="base",
    )

    ledger = load_pack(city).ledger

    assert ledger.fields["done"].synonyms == ("今年以来完成",)
    assert ledger.fields["done"].currency == "CNY"
    assert ledger.lists["provincial"].synonyms == ("省级重点",)
    assert ledger.identity == (("name",),)


def test_an_inherited_field_may_not_change_its_type(tmp_path: Path) -> None:
    pack(tmp_path, "base", LEDGER)
    city = pack(tmp_path, "city", "ledger: projects\nfields:\n  - {key: done, type: text}\n", extends="base")

    assert problems(city) == [
        "city/ledger.yaml:3: the type of inherited field 'done' cannot change. "
        "Declare a new key and keep the old field."
    ]


def test_all_problems_are_named_at_once_with_line_and_remedy(tmp_path: Path) -> None:
    broken = pack(
        tmp_path,
        "broken",
        "ledger: projects\n"
        "title: 台账\n"
        "item: {zh: 项目, en: project}\n"
        "fields:\n"
        "  - {key: done, title: {zh: 完成, en: Done}, type: mony}\n"
        "  - {key: plan, title: {zh: 计划, en: Plan}, type: money}\n"
        "  - {key: started, title: {zh: 开工, en: Started}, type: flag, dated_by: startd, colour: red}\n",
    )

    found = problems(broken)

    assert found[0].startswith("broken/ledger.yaml:2: 'title' is in one language only. Write title: {zh: 台账, en: …}")
    assert "broken/ledger.yaml:5: 'type' does not know 'mony'" in found[1] and "Did you mean 'money'?" in found[1]
    assert found[2].startswith("broken/ledger.yaml:6: money field 'plan' has no currency")
    assert any("unknown key 'colour'" in one for one in found)
    assert any("there is no field 'startd'. Did you mean 'started'?" in one for one in found)


def test_a_child_unit_is_declared_after_its_parent(tmp_path: Path) -> None:
    home = pack(
        tmp_path,
        "city",
        LEDGER,
        units="units:\n  - {code: '370202', parent: '370200', title: {zh: 市南区, en: Shinan}}\n",
    )

    assert problems(home) == [
        "city/units.yaml:2: parent unit '370200' is not declared yet. Declare a parent before its children."
    ]


def test_packs_that_extend_each_other_are_refused(tmp_path: Path) -> None:
    pack(tmp_path, "one", LEDGER, extends="two")
    two = pack(tmp_path, "two", LEDGER, extends="one")

    assert any("extend one another in a circle" in one for one in problems(two))


def test_an_unknown_pack_names_the_nearest_known_one() -> None:
    with pytest.raises(NoSuchPack, match="Did you mean 'key_projects'"):
        load_pack("key_project")


def test_an_unknown_rulebook_lists_those_there_are(tmp_path: Path) -> None:
    home = pack(tmp_path, "city", LEDGER)
    (home / "rulebooks").mkdir()
    (home / "rulebooks" / "ladder_2020.yaml").write_text("rulebook: ladder_2020\n", encoding="utf-8")
    loaded = load_pack(home)

    assert loaded.rulebook("ladder_2020").name == "ladder_2020.yaml"
    with pytest.raises(Refusal, match="Did you mean 'ladder_2020'"):
        loaded.rulebook("ladder_2021")
