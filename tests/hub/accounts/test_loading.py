"""Units and people from a workbook: what is wrong is named by cell, and what is right is taken whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pytest

from guatu.hub.accounts.actions.carrying_out_loads import carry_out_people, carry_out_units
from guatu.hub.accounts.actions.loading import (
    NotReady,
    WrongLoad,
    accept_load,
    accept_posts,
    give_up_load,
    keep_reading,
    plan_shown,
    submit_load,
)
from guatu.hub.accounts.actions.people import print_slips
from guatu.hub.accounts.actions.taking_loads import carry_out_load, carry_out_posts
from guatu.hub.accounts.actions.units import open_unit
from guatu.hub.accounts.actor import NotAllowed
from guatu.hub.accounts.loading.planning import Plan, plan_of
from guatu.hub.accounts.loading.reading import read_load
from guatu.hub.accounts.loading.template import template
from guatu.hub.accounts.loading.working import carry_out_accepted, read_waiting
from guatu.hub.accounts.models import Load, LoadState, Person, PersonalDetails, Post, Unit, UnitAncestry, UnitSpan
from guatu.hub.accounts.sign_in.passwords import slip_has_expired
from guatu.hub.accounts.tree import tree_on
from guatu.hub.audit.models import Record
from guatu.text import Text
from tests.hub.people import NOW, City

ON = date(2026, 6, 1)
UNITS = ("单位名称", "英文名称", "类别", "单位代码", "上级单位", "排序", "设立日期")
PEOPLE = ("登录名", "姓名", "所在单位", "角色", "职务", "手机", "身份证号", "邮箱", "任职日期")
Rows = Sequence[Sequence[object]]


def workbook(path: Path, units: Rows = (), people: Rows = ()) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "单位"
    for row in (UNITS, *units):
        sheet.append(list(row))
    other = book.create_sheet("人员")
    for row in (PEOPLE, *people):
        other.append(list(row))
    book.save(path)
    return path


def read(city: City, path: Path, *, by: str = "sun") -> Load:
    load = submit_load(content=path.read_bytes(), name=path.name, on=ON, by=city.actor(by), at=NOW)
    return keep_reading(load=load, read=read_load(path, today=ON), marked=b"", by=city.actor(by), at=NOW)


def taken(city: City, load: Load, *, by: str = "sun") -> Load:
    accept_load(load=load, by=city.actor(by), at=NOW)
    return carry_out_load(load=load, by=city.actor(by), at=NOW)


def posts_given(city: City, load: Load) -> Load:
    accept_posts(load=load, by=city.actor("zhou"), at=NOW)
    return carry_out_posts(load=load, by=city.actor("zhou"), at=NOW)


GOOD_UNITS = (
    ("东关街道", "Dongguan Subdistrict", "街道", "990001101", "东城区", 1, ""),  # renamed
    ("北城区", "North District", "区市县", "990005", "挂图市", 5, "2021-03-01"),
    ("北关镇", "", "镇", "990005101", "990005", 1, "2021-03-01"),  # under a unit of the same sheet
    ("东城产业园", "", "园区", "", "东城区", "", ""),
)
GOOD_PEOPLE = (
    ("Xu.Qing", "许青", "北关镇", "填报员", "", "13911112222", "", "", "2022-01-01"),
    ("xu.qing", "许青", "北城区", "审核员", "副局长", "13911112222", "", "", "2023-01-01"),
    ("li", "李填报", "东关街道", "填报员", "", "13800000000", "", "", ""),  # as it is
)


def test_a_load_opens_renames_and_adds_and_nothing_happens_before_it_is_accepted(city: City, tmp_path: Path) -> None:
    load = read(city, workbook(tmp_path / "city.xlsx", GOOD_UNITS, GOOD_PEOPLE))
    assert (load.state, load.counts["units_new"], load.counts["units_changed"]) == (LoadState.READY, 3, 1)
    assert (load.counts["people_new"], load.counts["people_changed"], load.counts["posts_new"]) == (1, 0, 2)
    accept_load(load=load, by=city.actor("sun"), at=NOW)
    assert not Unit.objects.filter(code="990005").exists()

    carry_out_load(load=load, by=city.actor("sun"), at=NOW)

    north = Unit.objects.get(code="990005101")
    assert [node.title.zh for node in tree_on(ON).above(north.pk)] == ["北关镇", "北城区", "挂图市"]
    assert list(city.units["town"].spans.values_list("title_zh", "valid_from")) == [
        ("东关镇", date(2020, 1, 1)),
        ("东关街道", ON),
    ]
    person = Person.objects.get(username="xu.qing")
    assert person.unit == north and person.details.phone == "13911112222"
    assert not person.has_usable_password() and person.must_change_password
    assert not person.posts.exists()


def test_posts_of_a_load_wait_for_the_security_administrator(city: City, tmp_path: Path) -> None:
    load = taken(city, read(city, workbook(tmp_path / "c.xlsx", GOOD_UNITS, GOOD_PEOPLE)))
    assert load.state == LoadState.POSTS
    for name in ("sun", "li", "wu", "qian"):
        with pytest.raises(NotAllowed):
            accept_posts(load=load, by=city.actor(name), at=NOW)

    posts_given(city, load)

    posts = (
        Post.objects.filter(person__username="xu.qing")
        .order_by("starts_on")
        .values_list("unit__title_zh", "role", "title_zh")
    )
    assert list(posts) == [("北关镇", "reporter", ""), ("北城区", "reviewer", "副局长")]


def test_nothing_personal_of_a_load_is_left_once_it_is_taken(city: City, tmp_path: Path) -> None:
    load = taken(city, read(city, workbook(tmp_path / "c.xlsx", GOOD_UNITS, GOOD_PEOPLE)))
    load.refresh_from_db()

    assert bytes(load.content) == b"" and bytes(load.marked) == b""
    assert "13911112222" not in load.read and "许青" not in load.read
    assert "13911112222" not in "".join(Record.objects.values_list("after", flat=True))


def test_a_load_is_one_event_with_a_digest(city: City, tmp_path: Path) -> None:
    load = taken(city, read(city, workbook(tmp_path / "c.xlsx", GOOD_UNITS, GOOD_PEOPLE)))

    record = Record.objects.get(kind="unit.loaded")
    after = json.loads(record.after)
    assert record.subject_id == str(load.pk)
    assert after["rows"].startswith("sha256:") and after["counts"]["units_new"] == 3


def test_the_same_workbook_again_changes_nothing(city: City, tmp_path: Path) -> None:
    path = workbook(tmp_path / "c.xlsx", GOOD_UNITS, GOOD_PEOPLE)
    posts_given(city, taken(city, read(city, path)))
    models = (Unit, UnitSpan, UnitAncestry, Person, PersonalDetails, Post)
    before = [sorted(map(str, model.objects.values_list())) for model in models]

    again = read(city, path)

    assert again.state == LoadState.TAKEN
    assert (again.counts["units_same"], again.counts["people_same"]) == (4, 2)
    assert [sorted(map(str, model.objects.values_list())) for model in models] == before


def test_bulk_and_single_opening_make_the_same_tree(city: City, tmp_path: Path) -> None:
    load = read(city, workbook(tmp_path / "c.xlsx", GOOD_UNITS[1:3]))
    taken(city, load)
    loaded = Unit.objects.get(code="990005101")
    by_hand = open_unit(
        parent=Unit.objects.get(code="990005"), kind="town", title=Text("手工镇", ""), code="990005102",
        on=date(2021, 3, 1), by=city.actor("sun"), at=NOW,
    )  # fmt: skip

    def pairs(unit: Unit) -> list[tuple[int | None, int]]:
        above = UnitAncestry.objects.filter(descendant=unit).order_by("depth").values_list("ancestor_id", "depth")
        return [(None if depth == 0 else ancestor, depth) for ancestor, depth in above]

    assert pairs(loaded) == pairs(by_hand)
    assert UnitSpan.objects.get(unit=loaded).valid_from == date(2021, 3, 1)


@pytest.mark.parametrize(
    ("sheet", "row", "cell", "code"),
    [
        (UNITS, ("新镇", "", "什么", "", "东城区", "", ""), "C6", "unknown_word"),
        (UNITS, ("新镇", "", "镇", "", "没有的区", "", ""), "E6", "unknown_parent"),
        (UNITS, ("新镇", "", "镇", "", "", "", ""), "E6", "no_parent"),
        (UNITS, ("新镇", "", "镇", "12", "东城区", "", ""), "D6", "wrong_code"),
        (UNITS, ("新企业", "", "企业", "91370200MA3C0000X0", "东城区", "", ""), "D6", "wrong_code"),
        (UNITS, ("新镇", "", "镇", "", "东城区", "x", ""), "F6", "not_a_number"),
        (UNITS, ("", "", "镇", "990001777", "东城区", "", ""), "A6", "no_name"),
        (PEOPLE, ("xu", "许青", "没有的区", "", "", "", "", "", ""), "C5", "unknown_unit"),
        (PEOPLE, ("x!", "许青", "东城区", "", "", "", "", "", ""), "A5", "wrong_username"),
        (PEOPLE, ("xu", "许青", "东城区", "", "", "12", "", "", ""), "F5", "wrong_phone"),
        (PEOPLE, ("xu", "许青", "东城区", "", "", "", "110105199001011234", "", ""), "G5", "wrong_id_number"),
        (PEOPLE, ("xu", "许青", "东城区", "市长", "", "", "", "", ""), "D5", "unknown_word"),
    ],
)
def test_every_wrong_cell_is_named_and_nothing_is_taken(
    city: City, tmp_path: Path, sheet: Sequence[str], row: Sequence[str], cell: str, code: str
) -> None:
    units = (*GOOD_UNITS, row) if sheet is UNITS else GOOD_UNITS
    people = (*GOOD_PEOPLE, row) if sheet is PEOPLE else GOOD_PEOPLE

    load = read(city, workbook(tmp_path / "c.xlsx", units, people))

    named = "单位" if sheet is UNITS else "人员"
    remarks = plan_shown(load, city.actor("sun")).remarks
    assert (named, cell, code) in {(one.sheet, one.cell, one.code) for one in remarks if one.hinders}
    assert load.state == LoadState.WRONG
    with pytest.raises(NotReady):
        accept_load(load=load, by=city.actor("sun"), at=NOW)
    assert Unit.objects.count() == len(city.units)


def test_a_column_that_is_not_understood_stops_the_load(city: City, tmp_path: Path) -> None:
    path = workbook(tmp_path / "c.xlsx", [], [("xu", "许青", "东城区", "市长", "", "", "", "", "")])

    load = read(city, path)

    assert load.state == LoadState.WRONG
    assert ("人员", "D1") in {(one.sheet, one.cell) for one in plan_shown(load, city.actor("sun")).remarks}


def test_two_units_that_stand_under_each_other_are_refused(city: City, tmp_path: Path) -> None:
    rows = [("甲园", "", "园区", "", "乙园", "", ""), ("乙园", "", "园区", "", "甲园", "", "")]

    load = read(city, workbook(tmp_path / "c.xlsx", rows))

    assert load.state == LoadState.WRONG


def test_what_changed_since_it_was_shown_is_not_taken_but_shown_anew(city: City, tmp_path: Path) -> None:
    load = read(city, workbook(tmp_path / "c.xlsx", GOOD_UNITS))
    accept_load(load=load, by=city.actor("sun"), at=NOW)
    open_unit(
        parent=city.units["east"], kind="zone", title=Text("东城产业园", ""), on=date(2024, 1, 1), by=city.actor("sun"),
        at=NOW,
    )  # fmt: skip

    carry_out_accepted(load.pk)

    load.refresh_from_db()
    assert (load.state, load.counts["units_new"], load.accepted_by) == (LoadState.READY, 2, None)
    assert load.refusal is not None and "有变动" in load.refusal.zh
    assert not Unit.objects.filter(code="990005").exists()
    accept_load(load=load, by=city.actor("sun"), at=NOW)
    carry_out_accepted(load.pk)
    assert Unit.objects.filter(code="990005").exists()


def test_the_worker_carries_out_what_was_accepted_once_in_the_name_of_whoever_accepted_it(
    city: City, tmp_path: Path
) -> None:
    load = read(city, workbook(tmp_path / "c.xlsx", GOOD_UNITS, GOOD_PEOPLE))
    carry_out_accepted(load.pk)
    assert not Unit.objects.filter(code="990005").exists()
    accept_load(load=load, by=city.actor("sun"), at=NOW)

    carry_out_accepted(load.pk)
    carry_out_accepted(load.pk)
    accept_posts(load=load, by=city.actor("zhou"), at=NOW)
    carry_out_accepted(load.pk)

    load.refresh_from_db()
    assert load.state == LoadState.TAKEN
    done = (
        Record.objects.filter(kind__in=("unit.loaded", "post.loaded"))
        .values_list("kind", "person_id", "door")
        .order_by("pk")
    )
    assert list(done) == [
        ("unit.loaded", city.people["sun"].pk, "worker"),
        ("post.loaded", city.people["zhou"].pk, "worker"),
    ]


def test_whoever_lost_their_post_after_accepting_changes_nothing(city: City, tmp_path: Path) -> None:
    load = read(city, workbook(tmp_path / "c.xlsx", GOOD_UNITS))
    accept_load(load=load, by=city.actor("sun"), at=NOW)
    Post.objects.filter(person=city.people["sun"]).update(ends_on=date(2021, 1, 1))

    carry_out_accepted(load.pk)

    assert not Unit.objects.filter(code="990005").exists()
    assert Record.objects.filter(kind="unit.load_set_back").count() == 1


def test_whoever_lost_their_post_after_accepting_posts_gives_up_nothing(city: City, tmp_path: Path) -> None:
    load = taken(city, read(city, workbook(tmp_path / "c.xlsx", GOOD_UNITS, GOOD_PEOPLE)))
    accept_posts(load=load, by=city.actor("zhou"), at=NOW)
    Post.objects.filter(person=city.people["zhou"]).update(ends_on=date(2021, 1, 1))

    with pytest.raises(NotAllowed):
        give_up_load(load=load, by=city.actor("zhou"), at=NOW)


def test_the_slip_of_somebody_who_was_loaded_expires_like_any_other(city: City, tmp_path: Path) -> None:
    taken(city, read(city, workbook(tmp_path / "c.xlsx", GOOD_UNITS, GOOD_PEOPLE)))
    person = Person.objects.get(username="xu.qing")
    assert person.first_password_at is None and not person.has_usable_password()

    print_slips(people=[person], by=city.actor("sun"), at=NOW)

    person.refresh_from_db()
    assert not slip_has_expired(person, NOW + timedelta(days=29))
    assert slip_has_expired(person, NOW + timedelta(days=31))


def test_a_districts_administrator_loads_nothing_outside_the_district(city: City, tmp_path: Path) -> None:
    Post.objects.create(
        person=city.people["feng"], unit=city.units["east"], role="system_administrator", starts_on="2021-01-01"
    )
    outside = [("西关镇", "", "镇", "", "西城区", "", "")]

    somebody = [("qian", "钱外人", "东城区", "", "", "", "", "", "")]

    assert read(city, workbook(tmp_path / "c.xlsx", outside), by="feng").state == LoadState.WRONG
    assert read(city, workbook(tmp_path / "p.xlsx", (), somebody), by="feng").state == LoadState.WRONG
    inside = read(city, workbook(tmp_path / "d.xlsx", [("东新镇", "", "镇", "", "东城区", "", "")]), by="feng")
    taken(city, inside, by="feng")
    assert Unit.objects.get(title_zh="东新镇").parent == city.units["east"]


def test_a_plan_is_carried_out_for_nobody_who_does_not_look_after_its_units(city: City, tmp_path: Path) -> None:
    """Each part of it asks by itself, whoever drew the plan: opening under a unit, changing one, adding people."""

    def parts(units: Rows = (), people: Rows = ()) -> Plan:
        found = read_load(workbook(tmp_path / "load.xlsx", units, people), today=ON)
        return plan_of(found, on=ON, by=city.actor("sun"))

    opens = parts(units=[("北城区", "", "区市县", "990005", "挂图市", 5, "2021-03-01")])
    changes = parts(units=[("东关街道", "", "街道", "990001101", "东城区", 1, "")])
    adds = parts(people=[("he", "何载入", "挂图市", "填报员", "", "", "", "", "")])
    assert opens.new_units and changes.changed_units and adds.new_people

    for plan in (opens, changes):
        with pytest.raises(NotAllowed):
            carry_out_units(plan, on=ON, by=city.actor("zhao"), at=NOW)
    with pytest.raises(NotAllowed):
        carry_out_people(adds, {}, by=city.actor("zhao"))


@pytest.mark.parametrize("stranger", ["li", "wang", "zhao", "qian", "zhou", "wu"])
def test_nobody_but_the_system_administrator_submits_a_load(city: City, stranger: str) -> None:
    with pytest.raises(NotAllowed):
        submit_load(content=b"x", name="c.xlsx", on=ON, by=city.actor(stranger), at=NOW)


def test_a_post_that_has_ended_is_asked_for_again(city: City, tmp_path: Path) -> None:
    city.people["li"].posts.update(ends_on=date(2021, 1, 1))
    rows = [("li", "李填报", "东关镇", "填报员", "", "13800000000", "", "", "")]

    assert taken(city, read(city, workbook(tmp_path / "c.xlsx", (), rows))).state == LoadState.POSTS


def test_what_is_no_workbook_is_sent_back_with_the_reason(city: City, tmp_path: Path) -> None:
    path = tmp_path / "picture.xlsx"
    path.write_bytes(b"\x89PNG not a workbook")

    assert read(city, path).state == LoadState.WRONG
    with pytest.raises(WrongLoad):
        submit_load(content=b"", name="c.xlsx", on=ON, by=city.actor("sun"), at=NOW)


def test_a_load_given_up_is_emptied(city: City, tmp_path: Path) -> None:
    load = give_up_load(load=read(city, workbook(tmp_path / "c.xlsx", GOOD_UNITS)), by=city.actor("sun"), at=NOW)

    assert (load.state, load.read, bytes(load.content)) == (LoadState.GIVEN_UP, "", b"")


def test_the_worker_reads_what_waits_once_and_marks_wrong_cells(city: City, tmp_path: Path) -> None:
    path = workbook(tmp_path / "c.xlsx", [("新镇", "", "镇", "12", "东城区", "", "")])
    load = submit_load(content=path.read_bytes(), name="c.xlsx", on=ON, by=city.actor("sun"), at=NOW)

    read_waiting(load.pk)
    read_waiting(load.pk)

    load.refresh_from_db()
    (tmp_path / "marked.xlsx").write_bytes(bytes(load.marked))
    book = openpyxl.load_workbook(tmp_path / "marked.xlsx")
    assert load.state == LoadState.WRONG
    assert "D2" in str([[cell.value for cell in row] for row in book[book.sheetnames[-1]].iter_rows()])
    assert Record.objects.filter(kind="unit.load_read").count() == 1


def test_the_template_comes_back_without_a_change(city: City, tmp_path: Path) -> None:
    path = tmp_path / "template.xlsx"
    path.write_bytes(template(city.actor("sun"), "en", made_at=NOW.replace(tzinfo=None)))

    load = read(city, path)

    assert (load.state, load.counts["units_same"], load.counts["errors"]) == (LoadState.TAKEN, 5, 0)
