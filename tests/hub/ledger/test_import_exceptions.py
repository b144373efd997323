"""Named exceptions: items left out of a workbook with a reason, errors in them included; nothing else gets past an error."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest

from guatu.hub.accounts.actor import NotAllowed
from guatu.hub.audit.models import Record
from guatu.hub.ledger.actions.import_answers import leave_out, put_back
from guatu.hub.ledger.actions.import_undoing import NoReason
from guatu.hub.ledger.actions.imports import NotInState, discard_import, take_import
from guatu.hub.ledger.models import Import, ImportStep, Item, Ledger, PersonalValue
from guatu.hub.ledger.models.imports import ImportState
from tests.hub.ledger.workbooks import install, read, send, workbook
from tests.hub.people import NOW, City

GOOD = ("R-1", "东关大桥", 500, 10, None, "张三")
BAD = ("R-2", "滨海路", "约五百左右吧", 10, None, "李四")


@pytest.fixture
def roads(city: City, tmp_path: Path) -> Ledger:
    return install(city, tmp_path)


def left_out(city: City, sent: Import, name: str, reason: str = "投资待核实") -> Import:
    key = sent.steps.get(name=name).key
    return leave_out(sent=sent, keys=[key], reason=reason, by=city.actor("li"), at=NOW)


def test_an_error_refuses_the_workbook_until_its_item_is_left_out_by_name(city: City, roads: Ledger) -> None:
    sent = send(city, workbook([GOOD, BAD]))
    assert sent.state == ImportState.REFUSED
    assert dict(sent.steps.values_list("name", "errors")) == {"东关大桥": 0, "滨海路": 1}
    with pytest.raises(NotInState):
        take_import(sent=sent, by=city.actor("li"), at=NOW)

    sent = left_out(city, sent, "滨海路")
    assert sent.state == ImportState.READY
    take_import(sent=sent, by=city.actor("li"), at=NOW)

    assert [one.name for one in Item.objects.all()] == ["东关大桥"]
    assert '"left_out":1' in Record.objects.get(kind="import.taken").after
    assert "投资待核实" in Record.objects.get(kind="import.left_out").context


def test_what_was_left_out_stays_so_when_the_workbook_is_read_again_and_can_be_put_back(
    city: City, roads: Ledger
) -> None:
    sent = read(left_out(city, send(city, workbook([GOOD, BAD])), "滨海路"))
    assert sent.state == ImportState.READY

    put_back(sent=sent, keys=[sent.steps.get(name="滨海路").key], by=city.actor("li"), at=NOW)

    assert read(sent).state == ImportState.REFUSED


def test_an_error_that_belongs_to_no_item_cannot_be_left_out(city: City, roads: Ledger) -> None:
    sent = send(city, workbook([(1, 10)], titles=("造价(万元)", "年初累计完成(万元)")))

    assert sent.state == ImportState.REFUSED
    assert not sent.steps.exists()


def test_without_a_reason_or_by_a_stranger_nothing_is_left_out(city: City, roads: Ledger) -> None:
    sent = send(city, workbook([GOOD, BAD]))

    with pytest.raises(NoReason):
        left_out(city, sent, "滨海路", reason=" ")
    with pytest.raises(NotAllowed):
        leave_out(sent=sent, keys=[sent.steps.first().key], reason="不归我管", by=city.actor("qian"), at=NOW)
    assert not sent.steps.exclude(left_out="").exists()


def test_the_marked_workbook_names_the_wrong_cell(city: City, roads: Ledger) -> None:
    sent = send(city, workbook([GOOD, BAD]))

    with sent.marked.open("rb") as marked:
        book = openpyxl.load_workbook(io.BytesIO(marked.read()))
    assert book.sheetnames == ["台账", "填报问题"]
    assert book["台账"]["C3"].comment is not None
    assert "C3" in [cell.value for cell in book["填报问题"]["C"]]
    assert not send(city, workbook([GOOD])).findings.filter(grade="error").exists()


def test_names_of_people_leave_the_preview_when_it_is_taken_left_out_or_discarded(city: City, roads: Ledger) -> None:
    sent = left_out(city, send(city, workbook([GOOD, BAD])), "滨海路")
    assert dict(sent.steps.values_list("name", "people")) == {"东关大桥": '{"head":"张三"}', "滨海路": ""}
    assert "张三" not in "".join(sent.steps.values_list("offer", flat=True))

    take_import(sent=sent, by=city.actor("li"), at=NOW)
    other = send(city, workbook([GOOD]), "2026-05")
    discard_import(sent=other, by=city.actor("li"), at=NOW)

    assert PersonalValue.objects.get().value == "张三"
    assert not ImportStep.objects.exclude(people="").exists()
