"""A pack is read whole, merged with what it extends, and refused with every problem named."""

from pathlib import Path

import pytest

from guatu.declarations import DeclarationRefused, Holder, load_pack
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


DATED = (
    LEDGER
    + """\
milestones:
  - {key: approved, title: {zh: 立项, en: Approved}, standard: {zh: 批, en: Issued}, source: {zh: 例, en: Example}}
  - {key: begun, title: {zh: 开工, en: Begun}, standard: {zh: 挖, en: Dug}, source: {zh: 例, en: Example}, after: {approved: 20}}
duties:
  - {key: lead, title: {zh: 牵头, en: Lead}, held_by: [unit], required: true}
  - {key: helpers, title: {zh: 配合, en: Helpers}, several: true}
links:
  - {key: part_of, title: {zh: 属于, en: part of}, back: {zh: 包含, en: has}, to: [this, parcels], acyclic: true, single: true}
"""
)


def test_slots_link_kinds_and_what_comes_before_a_milestone_are_declared(tmp_path: Path) -> None:
    ledger = load_pack(pack(tmp_path, "city", DATED)).ledger

    assert ledger.milestones["begun"].after == {"approved": 20}
    assert ledger.duties["lead"].held_by == (Holder.UNIT,) and ledger.duties["lead"].required
    assert ledger.duties["helpers"].several and ledger.duties["helpers"].held_by == tuple(Holder)
    kind = ledger.link_kinds["part_of"]
    assert (kind.to, kind.back.zh, kind.acyclic, kind.single) == (("projects", "parcels"), "包含", True, True)
    assert ledger.links == {}


def test_an_extending_pack_renames_a_slot_and_keeps_what_it_does_not_say(tmp_path: Path) -> None:
    pack(tmp_path, "base", DATED)
    own = (
        "ledger: projects\nduties:\n  - {key: lead, title: {zh: 总牵头, en: Chief}}\n"
        "milestones:\n  - {key: begun, title: {zh: 动工, en: Ground broken}}\n"
        "links:\n  - {key: part_of, title: {zh: 归属, en: belongs to}}\n"
    )

    ledger = load_pack(pack(tmp_path, "city", own, extends="base")).ledger

    assert ledger.duties["lead"].title.zh == "总牵头" and ledger.duties["lead"].required
    assert ledger.milestones["begun"].title.zh == "动工" and ledger.milestones["begun"].after == {"approved": 20}
    assert ledger.link_kinds["part_of"].title.zh == "归属" and ledger.link_kinds["part_of"].acyclic


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (
            ("after: {approved: 20}", "after: {aproved: 20}"),
            "there is no milestone 'aproved'. Did you mean 'approved'?",
        ),
        (("after: {approved: 20}", "after: {begun: 1}"), "milestones come after one another: begun -> begun"),
        (("after: {approved: 20}", "after: {approved: -1}"), "-1 working days is no distance"),
        (("held_by: [unit]", "held_by: [units]"), "'units' is nobody who holds a duty. Use: person, post, unit."),
        (("to: [this, parcels], ", ""), "link 'part_of' says neither by which fields nor to which ledger"),
    ],
)
def test_what_is_wrong_with_dated_facts_is_said(tmp_path: Path, wrong: tuple[str, str], said: str) -> None:
    assert any(said in one for one in problems(pack(tmp_path, "city", DATED.replace(*wrong))))


WRITTEN = (
    LEDGER
    + """\
remarks:
  - {key: note, title: {zh: 备注, en: Note}}
  - {key: log, title: {zh: 日志, en: Log}, of_visits: true}
visit_boxes:
  - {key: fenced, title: {zh: 围挡完好, en: The fence stands}}
"""
)


def test_what_is_written_of_items_and_ticked_on_visits_is_declared(tmp_path: Path) -> None:
    ledger = load_pack(pack(tmp_path, "city", WRITTEN)).ledger

    assert [one.title.zh for one in ledger.remark_kinds.values()] == ["备注", "日志"]
    assert ledger.visit_kind is ledger.remark_kinds["log"]
    assert ledger.visit_boxes["fenced"].title.en == "The fence stands"
    plain = load_pack(pack(tmp_path, "plain", WRITTEN.replace(", of_visits: true", ""))).ledger
    assert plain.visit_kind is plain.remark_kinds["note"]
    assert load_pack(pack(tmp_path, "bare", LEDGER)).ledger.visit_kind is None


def test_an_extending_pack_renames_a_book_of_remarks_and_adds_a_box(tmp_path: Path) -> None:
    pack(tmp_path, "base", WRITTEN)
    own = (
        "ledger: projects\nremarks:\n  - {key: log, title: {zh: 大事记, en: Annals}}\n"
        "visit_boxes:\n  - {key: lit, title: {zh: 已亮化, en: Lit}}\n"
    )

    ledger = load_pack(pack(tmp_path, "city", own, extends="base")).ledger

    assert ledger.remark_kinds["log"].title.zh == "大事记" and ledger.remark_kinds["log"].of_visits
    assert list(ledger.visit_boxes) == ["fenced", "lit"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (
            ("title: {zh: 备注, en: Note}}", "title: {zh: 备注, en: Note}, of_visits: true}"),
            "goes into another one than",
        ),
        (("{key: fenced, title: {zh: 围挡完好, en: The fence stands}}", "{key: fenced}"), "'title'"),
        (("{key: note, title: {zh: 备注, en: Note}}", "{key: note, title: {zh: 备注}}"), "'en'"),
        (("{key: note,", "{key: note, level: 1,"), "level"),
    ],
)
def test_what_is_wrong_with_remarks_and_boxes_is_said(tmp_path: Path, wrong: tuple[str, str], said: str) -> None:
    assert any(said in one for one in problems(pack(tmp_path, "city", WRITTEN.replace(*wrong))))


CHOICES = """\
  - key: standing
    title: {zh: 进度, en: Standing}
    type: choice
    filterable: true
    choices:
      - {key: open, title: {zh: 未办, en: Open}, words: [没办], was: [todo]}
      - {key: done, title: {zh: 办结, en: Done}}
lists:
"""


def test_choices_have_names_in_both_languages_and_know_their_old_keys(tmp_path: Path) -> None:
    standing = load_pack(pack(tmp_path, "city", LEDGER.replace("lists:\n", CHOICES))).ledger.fields["standing"]

    assert standing.states == {"open": ("未办", "没办"), "done": ("办结",)}
    assert standing.choice_title("open").en == "Open" and standing.choice_title("todo").en == "Open"
    assert standing.filterable


def test_people_and_lists_are_not_filtered_by(tmp_path: Path) -> None:
    field = "  - {key: boss, title: {zh: 人, en: Boss}, type: people, filterable: true}\nlists:\n"

    [found] = problems(pack(tmp_path, "city", LEDGER.replace("lists:\n", field)))

    assert "field 'boss' cannot be filtered by" in found


RULEBOOK = """\
rulebook: lines
settings:
  - {key: red_from, title: {zh: 红灯起点, en: Red from}, value: 15pp, allowed: [10pp, 15pp], why: {zh: 例, en: Example}}
"""
CHOSEN = "settings:\n  - {rulebook: lines, setting: red_from, value: 10pp, why: {zh: 本市从严, en: Stricter here}}\n"


def city_with_settings(folder: Path, chosen: str) -> Path:
    base = pack(folder, "base", LEDGER)
    (base / "rulebooks").mkdir()
    (base / "rulebooks" / "lines.yaml").write_text(RULEBOOK, encoding="utf-8")
    city = pack(folder, "city", "ledger: projects\n", extends="base")
    (city / "settings.yaml").write_text(chosen, encoding="utf-8")
    return city


def test_a_pack_chooses_values_for_settings_of_the_rulebooks_it_inherits(tmp_path: Path) -> None:
    city = load_pack(city_with_settings(tmp_path, CHOSEN))

    assert [(one.setting, one.written) for one in city.chosen("lines")] == [("red_from", "10pp")]
    assert load_pack(tmp_path / "base").chosen("lines") == ()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (("10pp", "12pp"), "setting 'red_from' cannot be 12pp. Choose among: 10pp, 15pp."),
        (("red_from", "red_form"), "there is no setting 'red_form'. Did you mean 'red_from'?"),
        (("rulebook: lines", "rulebook: liness"), "there is no rulebook 'liness'. Did you mean 'lines'?"),
    ],
)
def test_a_setting_that_is_not_there_or_not_allowed_is_refused(
    tmp_path: Path, wrong: tuple[str, str], said: str
) -> None:
    [found] = problems(city_with_settings(tmp_path, CHOSEN.replace(*wrong)))

    assert said in found


def test_a_list_has_its_title_under_former_keys_too_and_its_key_where_nobody_declares_it(tmp_path: Path) -> None:
    declared = LEDGER.replace("省重点, en: Provincial}}", "省重点, en: Provincial}, was: [key_ones]}")
    ledger = load_pack(pack(tmp_path, "city", declared)).ledger

    assert [ledger.list_title(key).en for key in ("provincial", "key_ones", "gone")] == [
        "Provincial",
        "Provincial",
        "gone",
    ]
    assert ledger.milestone_title("begun").zh == "begun"
