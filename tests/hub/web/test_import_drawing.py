"""Workbooks sent many at once, what was recognised of each, and its sheets drawn beside what was found."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from guatu.hub.ledger.models import Import, Ledger
from guatu.hub.web.import_drawing import drawing_of
from guatu.office.workbooks import drawn_sheets
from tests.hub.asking import queries_of
from tests.hub.ledger.workbooks import install, send, workbook
from tests.hub.people import City

GOOD = ("R-1", "东关大桥", 500, 10, "2026-12-31", "张建国 13812345678")


def good(number: int) -> tuple[str | float | None, ...]:
    return (f"R-{number}", f"第{number}路", 500 + number, 10, None, None)


def mixed(count: int) -> list[tuple[str | float | None, ...]]:
    """One of three rows is wrong."""
    return [bad(number) if number % 3 == 0 else good(number) for number in range(2, count + 2)]


def bad(number: int) -> tuple[str | float | None, ...]:
    return (f"R-{number}", f"第{number}路", "约五百", 10, None, "李小明 13912345678")


@pytest.fixture
def roads(city: City, tmp_path: Path, client: Client) -> Ledger:
    client.force_login(city.people["zhao"])
    return install(city, tmp_path)


def posted(client: Client, city: City, *names: str, unit: str = "city") -> object:
    files = [SimpleUploadedFile(name, workbook([GOOD])) for name in names]
    return client.post(
        "/ledgers/roads/imports/send", {"unit": city.units[unit].pk, "period": "2026-04", "workbook": files}
    )


def test_several_files_become_an_import_each_of_the_unit_their_name_speaks_of(
    client: Client, city: City, roads: Ledger
) -> None:
    answer = posted(client, city, "东城区4月.xlsx", "东关镇.xlsx", "报表.xlsx")

    assert answer["Location"] == "/ledgers/roads/imports"  # type: ignore[index]
    assert dict(Import.objects.values_list("file_name", "unit__title_zh")) == {
        "东城区4月.xlsx": "东城区", "东关镇.xlsx": "东关镇", "报表.xlsx": "挂图市",
    }  # fmt: skip
    assert client.get("/ledgers/roads/imports").content.decode().count("hx-get") == 3


def test_a_file_is_not_given_to_a_unit_that_is_not_under_the_one_chosen(
    client: Client, city: City, roads: Ledger
) -> None:
    posted(client, city, "西城区.xlsx", unit="east")

    assert Import.objects.get().unit == city.units["east"]


def test_more_than_ten_at_a_time_are_refused_and_none_is_kept(client: Client, city: City, roads: Ledger) -> None:
    answer = posted(client, city, *(f"{number}.xlsx" for number in range(11)))

    assert answer.status_code == 422 and "一次最多 10 个" in answer.content.decode()  # type: ignore[attr-defined]
    assert not Import.objects.exists()


def test_what_was_recognised_is_said_in_a_few_words(client: Client, city: City, roads: Ledger) -> None:
    sent = send(city, workbook([GOOD, bad(2)]))

    page, listed = (
        client.get(address).content.decode() for address in (f"/imports/{sent.pk}", "/ledgers/roads/imports")
    )

    for said in ("xlsx，1 张表", "台账：表头第 1 行，2 行", "报送单位 东关镇"):
        assert said in page and said in listed
    assert '<span class="mark">■</span> 1' in listed


def test_a_finding_and_its_cell_lead_to_each_other(client: Client, city: City, roads: Ledger) -> None:
    sent = send(city, workbook([GOOD, bad(2)]))
    found = sent.findings.get(grade="error")

    page = client.get(f"/imports/{sent.pk}/sheet").content.decode()

    assert f'<li id="f-{found.pk}" class="error">' in page and '<a href="#c-c3">C3</a>' in page
    assert f'<td id="c-c3" class="error"><a href="#f-{found.pk}">约五百' in page
    assert f"/imports/{sent.pk}/sheet?sheet=%E5%8F%B0%E8%B4%A6" in client.get(f"/imports/{sent.pk}").content.decode()


def test_names_and_phones_are_masked_in_the_drawing(client: Client, city: City, roads: Ledger) -> None:
    sent = send(city, workbook([GOOD, bad(2)]))

    pages = [client.get(f"/imports/{sent.pk}/{what}").content.decode() for what in ("sheet", "columns")]

    for page in pages:
        assert "13812345678" not in page and "张建国" not in page and "东关大桥" in page


def test_a_long_sheet_is_drawn_around_what_was_found_alone(client: Client, city: City, roads: Ledger) -> None:
    rows = [bad(number) if number == 303 else good(number) for number in range(3, 400)]

    sent = send(city, workbook(rows))

    numbers = [number for number, _ in drawing_of(sent)["台账"]["rows"]]
    assert numbers == [*range(1, 10), *range(299, 306)]
    page = client.get(f"/imports/{sent.pk}/sheet").content.decode()
    assert 'id="c-c302"' in page and page.count("<tr") < 12 and 'class="gap"' in page


def test_however_much_is_wrong_the_drawing_stays_small(
    client: Client, city: City, roads: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawn_sheets, "MOST_ROWS", 100)
    sent = send(city, workbook(mixed(150)))

    assert len(drawing_of(sent)["台账"]["rows"]) == 100
    page = client.get(f"/imports/{sent.pk}/sheet").content.decode()
    assert page.count("<tr") < 90


def test_a_page_of_findings_costs_the_same_queries_whatever_there_is(client: Client, city: City, roads: Ledger) -> None:
    counted = []
    for number in (3, 90):
        sent = send(city, workbook(mixed(number)))
        counted.append(queries_of(client, f"/imports/{sent.pk}/sheet"))

    assert counted[0] == counted[1]


def test_a_finding_is_shown_on_the_page_it_stands_on(client: Client, city: City, roads: Ledger) -> None:
    sent = send(city, workbook(mixed(120)))
    last = sent.findings.filter(grade="error").order_by("position").last()
    assert last is not None

    assert f'id="f-{last.pk}"' in client.get(f"/imports/{sent.pk}/sheet?sheet=台账&at={last.pk}").content.decode()
    assert client.get(f"/imports/{sent.pk}/sheet?sheet=台账&at=x").status_code == 200
    assert client.get(f"/imports/{sent.pk}/sheet?sheet=没有这张").status_code == 200


def test_a_title_pointed_at_in_the_sheet_leads_to_the_choices_of_its_column(
    client: Client, city: City, roads: Ledger
) -> None:
    sent = send(
        city, workbook([("R-1", "东关大桥", 500, 10, None)], ("编号", "名称", "钱数", "年初累计完成(万元)", "应完工"))
    )

    page = client.get(f"/imports/{sent.pk}/columns").content.decode()

    assert '<label for="t0-C">钱数</label>' in page and '<select id="t0-C" name="field-2"' in page


def test_what_cannot_be_opened_is_not_drawn(client: Client, city: City, roads: Ledger) -> None:
    sent = send(city, b"%PDF-1.4 no workbook")

    assert not sent.drawn and sent.recognised == {}
    assert "没有画出来" in client.get(f"/imports/{sent.pk}/sheet").content.decode()
