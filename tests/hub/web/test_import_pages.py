"""The pages of a workbook: answers, exceptions and columns through the browser's forms; the worker's progress; large ones."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_tasks_db.models import DBTaskResult

from guatu.hub.ledger.actions.imports import take_import
from guatu.hub.ledger.actions.items import change_item
from guatu.hub.ledger.importing import dealing
from guatu.hub.ledger.importing.progress import say_progress
from guatu.hub.ledger.importing.task import take_in_background, undo_in_background
from guatu.hub.ledger.models import Import, Item, Ledger
from guatu.hub.ledger.models.imports import ImportState, Stage
from guatu.hub.web.templatetags.forms import FIELD
from tests.hub.ledger.workbooks import install, read, send, workbook
from tests.hub.people import NOW, City

TWINS = [("R-1", "东关大桥", 500, 10, None, None), (None, "东关大桥工程", 500, 5, None, None)]
BAD = ("R-2", "滨海路", "约五百", 10, None, None)


@pytest.fixture
def roads(city: City, tmp_path: Path, client: Client) -> Ledger:
    client.force_login(city.people["li"])
    return install(city, tmp_path)


def test_both_sides_are_on_the_page_and_the_answer_given_there_is_kept(
    client: Client, city: City, roads: Ledger
) -> None:
    sent = send(city, workbook(TWINS))
    page = client.get(f"/imports/{sent.pk}").content.decode()
    assert "并排看" in page and "不是同一个" in page

    asked = sent.findings.get(code="likely_duplicate")
    client.post(f"/imports/{sent.pk}/answer", {f"answer-{asked.pk}": "same"})

    assert "正在读" in client.get(f"/imports/{sent.pk}").content.decode()
    assert read(sent).counts["new"] == 1


def test_what_has_errors_is_left_out_at_one_click_and_the_rest_is_taken(
    client: Client, city: City, roads: Ledger
) -> None:
    sent = send(city, workbook([TWINS[0], BAD]))
    assert "■ 1 处错误" in client.get(f"/imports/{sent.pk}").content.decode()

    client.post(f"/imports/{sent.pk}/leave-out", {"faulty": "1", "reason": "投资待核实"})
    page = client.get(f"/imports/{sent.pk}?kind=left_out").content.decode()
    assert "例外：投资待核实" in page and "入账（1 项例外）" in page
    client.post(f"/imports/{sent.pk}/take")

    assert [one.name for one in Item.objects.all()] == ["东关大桥"]


def test_a_column_is_chosen_on_its_page_and_read_so_from_then_on(client: Client, city: City, roads: Ledger) -> None:
    titles = ("编号", "名称", "钱数", "年初累计完成(万元)", "应完工")
    content = workbook([("R-1", "东关大桥", 500, 10, "2026-12-31")], titles)
    sent = send(city, content)
    assert "待定" in client.get(f"/imports/{sent.pk}/columns").content.decode()

    client.post(f"/imports/{sent.pk}/columns/0", {"field-2": "cost", "unit-2": "万元", "period-2": ""})

    assert "values.cost" in read(sent).steps.get().changes
    page = client.get(f"/imports/{send(city, content, '2026-05').pk}/columns").content.decode()
    assert "照核定过的读" in page


def test_the_original_and_the_marked_workbook_go_back_under_their_names(
    client: Client, city: City, roads: Ledger
) -> None:
    content = workbook([BAD])
    sent = send(city, content)

    assert client.get(f"/imports/{sent.pk}/file").content == content
    marked = client.get(f"/imports/{sent.pk}/marked")
    assert marked.content[:2] == b"PK"
    assert "报表（问题标注）.xlsx" in unquote(marked["Content-Disposition"])
    client.force_login(city.people["qian"])
    for what in ("file", "marked", "columns"):
        assert client.get(f"/imports/{sent.pk}/{what}").status_code in (403, 404)


def test_who_waits_sees_how_far_it_is(client: Client, city: City, roads: Ledger) -> None:
    sent = send(city, workbook(TWINS))
    Import.objects.filter(pk=sent.pk).update(state=ImportState.WAITING)
    say_progress(sent.pk, Stage.COMPARING, 20_000, 5_000)

    page, part = (client.get(f"/imports/{sent.pk}{end}") for end in ("", "/progress"))

    assert '<noscript><meta http-equiv="refresh" content="2"></noscript>' in page.content.decode()
    for answer in (page, part):
        assert "5000 / 20000 行" in answer.content.decode() and 'value="70"' in answer.content.decode()
        assert f'hx-get="/imports/{sent.pk}/progress"' in answer.content.decode()
    assert "HX-Refresh" not in part
    assert f'hx-get="/imports/{sent.pk}/line"' in client.get("/ledgers/roads/imports").content.decode()


def test_the_page_comes_whole_once_the_worker_is_done(client: Client, city: City, roads: Ledger) -> None:
    sent = send(city, workbook([TWINS[0]]))

    part, line = (client.get(f"/imports/{sent.pk}/{end}") for end in ("progress", "line"))

    assert part["HX-Refresh"] == "true" and "hx-get" not in part.content.decode()
    assert "hx-get" not in line.content.decode() and "待入账" in line.content.decode()


def test_a_large_workbook_is_taken_and_undone_by_the_worker(
    client: Client, city: City, roads: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dealing, "AT_ONCE", 1)
    sent = send(city, workbook([("R-1", "东关大桥", 500, 10, None, None), ("R-2", "滨海路", 800, 20, None, None)]))
    client.post(f"/imports/{sent.pk}/take")
    assert "正在入账" in client.get(f"/imports/{sent.pk}").content.decode()
    take_in_background.func(sent.pk, city.people["li"].pk)
    assert Item.objects.filter(state="active").count() == 2

    client.post(f"/imports/{sent.pk}/undo", {"reason": "报错了"})
    assert "正在撤销" in client.get(f"/imports/{sent.pk}").content.decode()
    undo_in_background.func(sent.pk, city.people["li"].pk, "报错了")
    assert not Item.objects.filter(state="active").exists()


def test_what_was_undone_is_back_when_the_same_workbook_comes_again(client: Client, city: City, roads: Ledger) -> None:
    content = workbook([("R-1", "东关大桥", 500, 10, None, None)])
    sent = send(city, content)
    client.post(f"/imports/{sent.pk}/take")
    client.post(f"/imports/{sent.pk}/undo", {"reason": "报错了"})
    assert Item.objects.get().state == "withdrawn"

    again = send(city, content)
    client.post(f"/imports/{again.pk}/take")

    assert Item.objects.get().state == "active"


def test_a_preview_costs_the_same_queries_whatever_it_shows(client: Client, city: City, roads: Ledger) -> None:
    counted = []
    for number in (3, 60):
        sent = send(city, workbook([(f"R-{one}", f"第{one}路", 500 + one, 10, None, None) for one in range(number)]))
        client.get(f"/imports/{sent.pk}")
        with CaptureQueriesContext(connection) as queries:
            page = client.get(f"/imports/{sent.pk}").content.decode()
        counted.append(len(queries))

    assert counted[0] == counted[1]
    assert "1 / 2" in page


def test_a_preview_grown_stale_is_drawn_again_when_it_is_taken(client: Client, city: City, roads: Ledger) -> None:
    """With the key every form carries: what a refused form did would be gone with it."""
    take_import(sent=send(city, workbook([TWINS[0]])), by=city.actor("li"), at=NOW)
    sent = send(city, workbook([("R-1", "东关大桥", 600, 20, None, None)]), "2026-05")
    change_item(
        item=Item.objects.get(), seen=1, name="东关特大桥", on=NOW.date(), reason="更名", by=city.actor("zhao"), at=NOW
    )

    page = client.post(f"/imports/{sent.pk}/take", {FIELD: "a-key-of-sixteen-or-more"}, follow=True).content.decode()

    sent.refresh_from_db()
    assert "预览之后有人改过：东关大桥" in page and "预览正在重新生成" in page
    assert sent.state == ImportState.WAITING
    assert DBTaskResult.objects.filter(args_kwargs__args=[sent.pk]).count() == 1
    assert read(sent).state == ImportState.READY
