"""One project is one item, however many sheets list it; nothing differs silently."""

from __future__ import annotations

from dataclasses import replace

from guatu.declarations import load_pack
from guatu.dispatch.items import Cell, Item, give_ids, items_of, month_from_last_round
from guatu.dispatch.reconciliation.decisions import Decisions
from guatu.dispatch.reconciliation.identity import Places
from guatu.dispatch.reconciliation.joining import reconcile
from guatu.dispatch.reconciliation.names import identity_name
from guatu.standards.periods import Period
from tests.dispatch.cast import AUGUST, JULY, cell, ledger, reading, row

LEDGER = ledger()


def joined(*rows: object) -> tuple[list[Item], list[str]]:
    items, findings = items_of(reading(*rows), "990001", LEDGER, AUGUST)  # type: ignore[arg-type]
    return items, [finding.code for finding in findings]


def test_a_project_on_two_sheets_is_one_item_on_two_lists() -> None:
    items, findings = joined(
        row(4, cell("name", "清河大桥"), cell("project_code", "2103-370285-48-01-000001"), tags=["provincial"]),
        row(
            4,
            cell("name", "清河大桥"),
            cell("project_code", "2103-370285-48-01-000001"),
            tags=["four_new"],
            sheet="四新",
        ),
    )

    assert len(items) == 1
    assert sorted(items[0].tags) == ["four_new", "provincial"]
    assert items[0].tags["four_new"].sheet == "四新"
    assert findings == []


def test_without_a_code_the_name_joins_whatever_its_brackets_and_spaces() -> None:
    items, _ = joined(
        row(4, cell("name", "污水厂（一期）"), cell("project_code", None, missing="slash")),
        row(5, cell("name", "污水厂(一期) "), cell("project_code", None, missing="slash")),
    )

    assert len(items) == 1


def test_first_and_second_phase_are_never_one() -> None:
    items, _ = joined(row(4, cell("name", "污水厂一期")), row(5, cell("name", "污水厂二期")))

    assert [item.name for item in items] == ["污水厂一期", "污水厂二期"]


def test_two_codes_under_one_name_are_two_projects() -> None:
    items, _ = joined(
        row(4, cell("name", "改造项目"), cell("project_code", "2103-370285-48-01-000001")),
        row(5, cell("name", "改造项目"), cell("project_code", "2103-370285-48-01-000002")),
    )

    assert len(items) == 2


def test_a_figure_that_differs_between_sheets_is_a_question_and_missing_until_answered() -> None:
    items, findings = joined(
        row(4, cell("name", "清河大桥"), cell("total_investment", 100_000_000)),
        row(9, cell("name", "清河大桥"), cell("total_investment", 120_000_000)),
        row(12, cell("name", "清河大桥"), cell("total_investment", 130_000_000)),
    )

    assert findings == ["differs_between_rows"]
    assert items[0].values["total_investment"] is None
    assert items[0].missing["total_investment"] == "question"


def test_one_code_under_two_names_is_said() -> None:
    items, findings = joined(
        row(4, cell("name", "清河大桥"), cell("project_code", "2103-370285-48-01-000001")),
        row(9, cell("name", "清河二桥"), cell("project_code", "2103-370285-48-01-000001")),
    )

    assert len(items) == 1
    assert findings == ["one_code_two_names"]


def test_the_code_is_the_field_by_which_the_ledger_says_one_item_is_known() -> None:
    parcels = load_pack("land_disposal").ledger
    rows = (
        row(4, cell("name", "北关地块"), cell("parcel_no", "C-01")),
        row(5, cell("name", "北关一号地"), cell("parcel_no", "C-01")),
        row(6, cell("name", "南关地块"), cell("parcel_no", "C-02")),
    )

    items, _ = items_of(reading(*rows), "990001", parcels, AUGUST)
    give_ids(items, {"p-2": ("990001", "C-02", identity_name("别的名字"))})

    assert parcels.code_field == "parcel_no"
    assert [(item.name, item.code) for item in items] == [("北关地块", "C-01"), ("南关地块", "C-02")]
    assert items[1].item_id == "p-2"


def test_a_ledger_known_by_names_alone_has_no_code() -> None:
    by_name = replace(LEDGER, identity=(("credit_code", "name"), ("name",)))

    items, _ = items_of(
        reading(
            row(4, cell("name", "甲路"), cell("project_code", "2103-370285-48-01-000001")),
            row(5, cell("name", "乙路"), cell("project_code", "2103-370285-48-01-000001")),
        ),
        "990001",
        by_name,
        AUGUST,
    )

    assert by_name.code_field is None
    assert [(item.name, item.code) for item in items] == [("甲路", None), ("乙路", None)]


def test_a_later_row_fills_what_the_first_left_blank() -> None:
    items, findings = joined(
        row(4, cell("name", "清河大桥"), cell("annual_plan", None, missing="blank")),
        row(9, cell("name", "清河大桥"), cell("annual_plan", 60_000_000)),
    )

    assert items[0].values["annual_plan"] == 60_000_000
    assert "annual_plan" not in items[0].missing
    assert findings == []


def test_the_month_is_the_difference_of_two_cumulative_columns_and_may_be_negative() -> None:
    items, _ = joined(
        row(4, cell("name", "清河大桥"), cell("ytd_done", 900, period=JULY), cell("ytd_done", 850, period=AUGUST))
    )

    assert items[0].values["month_done"] == -50
    assert [one.period for one in items[0].cells["month_done"]] == ["2021-08", "2021-07"]


def test_a_stated_month_is_never_replaced_by_a_difference() -> None:
    items, _ = joined(
        row(
            4,
            cell("name", "清河大桥"),
            cell("ytd_done", 900, period=JULY),
            cell("ytd_done", 850, period=AUGUST),
            cell("month_done", None, period=AUGUST, missing="dash"),
        )
    )

    assert items[0].values["month_done"] is None
    assert items[0].missing["month_done"] == "dash"


def test_the_month_comes_from_last_rounds_figure_when_the_workbook_has_only_one() -> None:
    (now,), _ = joined(row(4, cell("name", "清河大桥"), cell("ytd_done", 900, period=AUGUST)))
    (before,), _ = joined(row(4, cell("name", "清河大桥"), cell("ytd_done", 700)))
    assert now.missing["month_done"] == "not_reported"

    month_from_last_round(now, before, LEDGER, AUGUST)

    assert now.values["month_done"] == 200


def test_the_first_round_of_a_year_is_its_own_month_and_never_less_last_december() -> None:
    january, february = Period.parse("2022-01"), Period.parse("2022-02")
    december = Item("i1", "990001", values={"name": "清河大桥"})
    december.cells["ytd_done"] = (Cell("ytd_done", None, 9000, "9000", None, "w", "s", "A1"),)

    (first,), _ = items_of(reading(row(4, cell("name", "清河大桥"), cell("ytd_done", 100))), "990001", LEDGER, january)
    (both,), _ = items_of(reading(row(4, cell("name", "清河大桥"), cell("ytd_done", 150))), "990001", LEDGER, february)
    month_from_last_round(first, december, LEDGER, january)

    assert first.values["month_done"] == 100
    assert both.values["month_done"] == 150  # 1-2月 together: there is no January report


def test_a_cumulative_that_cannot_be_taken_makes_the_month_missing_for_the_same_reason() -> None:
    (item,), _ = joined(
        row(
            4,
            cell("name", "清河大桥"),
            cell("ytd_done", 900, period=JULY),
            cell("ytd_done", None, missing="bad", period=AUGUST),
        )
    )

    assert item.missing["month_done"] == "bad"
    assert [one.address for one in item.cells["month_done"]] == ["D5"]


def test_an_item_keeps_its_id_when_it_gets_a_code_or_a_new_unit() -> None:
    (nameless,), _ = joined(row(4, cell("name", "清河大桥")))
    give_ids([nameless], {})
    earlier = {nameless.item_id: ("990001", None, identity_name("清河大桥"))}
    (coded,), _ = joined(row(4, cell("name", "清河大桥"), cell("project_code", "2103-370285-48-01-000001")))

    give_ids([coded], earlier)
    known = {"name": "清河大桥", "project_code": "2103-370285-48-01-000001"}
    moved = Item("", "990002", values=known, code_field="project_code")
    give_ids([moved], {coded.item_id: ("990001", coded.code, identity_name("清河大桥"))})

    assert coded.item_id == moved.item_id == nameless.item_id


def test_the_same_code_in_two_units_is_said_and_both_stay() -> None:
    (mine,), _ = joined(row(4, cell("name", "清河大桥"), cell("project_code", "2103-370285-48-01-000001")))
    (theirs,), _ = joined(row(4, cell("name", "清河大桥"), cell("project_code", "2103-370285-48-01-000001")))
    theirs.unit = "990002"

    done = reconcile([mine, theirs], ledger(), AUGUST, {}, [], Decisions(), Places({}, {}))

    assert [finding.code for finding in done.findings] == ["same_project_in_two_units"]
    assert done.items == [mine, theirs]
    assert mine.item_id != theirs.item_id
