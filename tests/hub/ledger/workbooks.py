"""A pack with checks and a unit's small workbooks for it: what tests of imports send."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from pathlib import Path

import xlsxwriter

from guatu.hub.accounts.models import Unit
from guatu.hub.ledger.actions.import_answers import answer_questions
from guatu.hub.ledger.actions.imports import submit_import, take_import
from guatu.hub.ledger.actions.packs import install_pack
from guatu.hub.ledger.importing.task import read_import
from guatu.hub.ledger.models import Import, ImportFinding, Ledger
from tests.hub.ledger.conftest import write_pack
from tests.hub.people import NOW, City

PACK = """\
pack: roads
title: {zh: 道路, en: Roads}
version: "1"
effective_from: "2020-01-01"
source: {zh: 测试, en: For tests}
"""
LEDGER = """\
ledger: roads
title: {zh: 道路台账, en: Ledger of roads}
item: {zh: 道路, en: road}
identity: [[project_code], [name]]
fields:
  - {key: project_code, title: {zh: 编号, en: Number}, type: text}
  - {key: name, title: {zh: 名称, en: Name}, type: text, required: true}
  - {key: cost, title: {zh: 造价, en: Cost}, type: money, unit: 万元, currency: CNY}
  - key: month_done
    title: {zh: 本月完成, en: Done this month}
    type: money
    unit: 万元
    currency: CNY
    negative: true
    measure: done
    basis: month
  - {key: done, title: {zh: 年初累计完成, en: Done this year}, type: money, unit: 万元, currency: CNY, measure: done, basis: year_to_date}
  - {key: due, title: {zh: 应完工, en: Due}, type: date}
  - {key: head, title: {zh: 责任人, en: In charge}, type: people}
"""
CHECKS = """\
checks: roads
effective_from: "2020-01-01"
source: {zh: 测试, en: For tests}
definitions:
  - {key: done_before, title: {zh: 上期累计, en: Done by last round}, formula: prev(done), show: {unit: 万元, decimals: 2}}
rows:
  - key: fell
    title: {zh: 累计小于上期, en: Below last round's}
    grade: question
    field: done
    when: done < done_before
    reason: {zh: "“{field}”是 {this}，上期已报 {done_before}", en: "'{field}' says {this}, last round had {done_before}"}
    remedy: {zh: 核对。, en: Check it.}
    cite: {zh: 累计只增, en: It does not fall}
    examples:
      - {kind: firing, before: {done: 9万元}, given: {done: 8万元}, then: fires}
      - {kind: boundary, before: {done: 9万元}, given: {done: 9万元}, then: quiet}
      - {kind: quiet, before: {done: 8万元}, given: {done: 9万元}, then: quiet}
      - {kind: missing, given: {done: 8万元}, then: quiet}
names:
  noise: [工程, 项目]
  marks: ["[0-9]+"]
identity:
  - key: likely_duplicate
    title: {zh: 疑似重复, en: Likely duplicate}
    kind: similar
    grade: question
    fields: [cost]
    likeness: 60
    reason: {zh: "“{name}”与 {other_place} 的“{other}”（{other_unit}）相近", en: "'{name}' resembles '{other}' of {other_unit}"}
    remedy: {zh: 请答复。, en: Answer.}
    cite: {zh: 由人确认, en: A person confirms}
    examples:
      - {kind: firing, given: [{unit: a, name: 东关大桥, cost: 1万元}, {unit: a, name: 东关大桥工程, cost: 1万元}], then: fires}
      - {kind: quiet, given: [{unit: a, name: 东关大桥, cost: 1万元}, {unit: a, name: 东关大桥工程, cost: 2万元}], then: quiet}
      - {kind: missing, given: [{unit: a, name: 东关大桥}, {unit: a, name: 东关大桥工程}], then: quiet}
  - key: likely_renamed
    title: {zh: 疑似改名, en: Likely renamed}
    kind: succeeds
    grade: question
    within: unit
    fields: [cost]
    likeness: 40
    reason: {zh: "“{name}”新出现，“{other}”不见了", en: "'{name}' is new, '{other}' is gone"}
    remedy: {zh: 请答复。, en: Answer.}
    cite: {zh: 由人确认, en: A person confirms}
    examples:
      - {kind: firing, before: [{name: 东关大桥, cost: 1万元}], given: [{name: 东关特大桥, cost: 1万元}], then: fires}
      - {kind: quiet, before: [{name: 东关大桥, cost: 1万元}], given: [{name: 东关大桥, cost: 1万元}], then: quiet}
"""
TITLES = ("编号", "名称", "造价(万元)", "年初累计完成(万元)", "应完工", "责任人")
Row = Sequence[str | float | None]


def install(city: City, folder: Path) -> Ledger:
    """The pack, installed by the system administrator."""
    pack = write_pack(folder / "roads", LEDGER, PACK)
    (pack / "checks.yaml").write_text(CHECKS, encoding="utf-8")
    install_pack(folder=pack, by=city.actor("sun"), at=NOW)
    return Ledger.objects.get(key="roads")


def workbook(rows: Sequence[Row], titles: Sequence[str] = TITLES) -> bytes:
    """One sheet: titles, and a row each."""
    held = io.BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True}) as book:
        sheet = book.add_worksheet("台账")
        for number, row in enumerate([titles, *rows]):
            sheet.write_row(number, 0, row)
    return held.getvalue()


def send(
    city: City, content: bytes, period: str = "2026-04", *, unit: str = "town", by: str = "li", name: str = "报表.xlsx"
) -> Import:
    """The workbook sent and read."""
    sent = submit_import(
        ledger=Ledger.objects.get(), unit=_unit(city, unit), period=period, file_name=name, content=content,
        sha256=hashlib.sha256(content).hexdigest(), by=city.actor(by), at=NOW,
    )  # fmt: skip
    return read(sent)


def _unit(city: City, key: str) -> Unit:
    return city.units[key]


def read(sent: Import) -> Import:
    """Read (again), as the worker does."""
    read_import.func(sent.pk)
    sent.refresh_from_db()
    return sent


def take(city: City, content: bytes, period: str = "2026-04", *, unit: str = "town", by: str = "li") -> Import:
    """The workbook sent, read and taken."""
    return take_import(sent=send(city, content, period, unit=unit, by=by), by=city.actor(by), at=NOW)


def answered(city: City, question: ImportFinding, answer: str, by: str = "li") -> Import:
    """The question answered, and the workbook read again."""
    sent = question.found_in
    answer_questions(sent=sent, answers={question.pk: answer}, by=city.actor(by), at=NOW)
    return read(sent)


def questions(sent: Import, code: str) -> list[ImportFinding]:
    return list(sent.findings.filter(grade="question", code=code))
