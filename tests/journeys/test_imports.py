"""Ten workbooks dropped at once, read while one looks on, and a wrong cell found in its sheet."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

from demo.ledger import HERE

from tests.hub.ledger.workbooks import workbook
from tests.journeys.conftest import Opens, kept

LEDGER = "/ledgers/key_projects"
DROPPED = """([zone, files]) => {
  const held = new DataTransfer()
  for (const [name, content] of files) held.items.add(new File([Uint8Array.from(atob(content), sign => sign.charCodeAt(0))], name))
  document.querySelector(zone).dispatchEvent(new DragEvent('drop', { dataTransfer: held, bubbles: true, cancelable: true }))
}"""
READ = 180_000
"""Milliseconds in which the worker must have read what was sent."""


def drop(page: Any, paths: list[Path]) -> None:
    files = [[path.name, base64.b64encode(path.read_bytes()).decode()] for path in paths]
    page.evaluate(DROPPED, [".drop", files])


def test_ten_workbooks_are_dropped_and_each_is_recognised(page_of: Opens) -> None:
    page = page_of("zhao")
    page.goto(f"{LEDGER}/imports")
    there = set(page.locator("tr[id^=import-]").evaluate_all("rows => rows.map(row => row.id)"))
    page.select_option("[name=unit]", label="青岛市")
    page.fill("[name=period]", "2021-07")
    drop(page, sorted((HERE / "2021-07").glob("*.xlsx")))
    assert page.locator(".drop li").count() == 10
    page.click("main form.sheet button")

    page.wait_for_selector("tr[hx-get]", state="detached", timeout=READ)
    kept(page, "journey-ten-workbooks-1440-zh")
    lines = [line for line in page.locator("tr[id^=import-]").all() if line.get_attribute("id") not in there]
    assert len(lines) == 10
    assert [
        line.inner_text() for line in lines if "2021-07" not in line.inner_text() or "表头第" not in line.inner_text()
    ] == []


def test_a_wrong_cell_is_found_in_its_sheet_and_back(page_of: Opens, tmp_path: Path) -> None:
    titles = ("项目名称", "项目代码", "总投资（万元）", "年度计划投资（万元）", "是否开工")
    figures = {21: "约五百"}
    rows = [(f"第{number}厂房项目", None, figures.get(number, 500.0), 100, "是") for number in range(1, 30)]
    (tmp_path / "崂山区.xlsx").write_bytes(workbook(rows, titles))
    page = page_of("zhao")
    page.goto(f"{LEDGER}/imports")
    page.select_option("[name=unit]", label="崂山区")
    page.set_input_files("[name=workbook]", str(tmp_path / "崂山区.xlsx"))
    page.click("main form.sheet button")
    page.wait_for_selector("text=整本退回", timeout=READ)

    page.click("text=对着表看")
    page.click(".findings a >> text=C22")
    assert page.locator("td:target").inner_text().startswith("约五百")
    kept(page, "journey-beside-the-sheet-1440-zh")
    page.click("td:target a")
    assert "总投资" in page.locator("li:target").inner_text()
