"""A pack chooses which papers are written, and in which forms."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from guatu.declarations import load_pack
from guatu.declarations.entries import DeclarationRefused
from guatu.dispatch.job import run_round
from guatu.dispatch.papers import load_papers
from guatu.dispatch.request import RoundRequest
from tests.dispatch.cast import AUGUST, no_notice, pack, project, workbook

LETTERHEAD = (
    "letterhead: {issuer: {zh: 办, en: Office}, recipients: {zh: 各镇, en: Towns}, place: {zh: 全县, en: county}}\n"
)


def written(tmp_path: Path, papers: str) -> set[str]:
    home = pack(tmp_path, **{"papers.yaml": papers + LETTERHEAD})
    east = workbook(tmp_path / "东关镇.xlsx", project(1, "清河大桥"))
    request = RoundRequest(
        workbooks=[east], pack=str(home), rulebook="shibei_2021_lights", period=AUGUST, out=tmp_path / "out",
        dated=date(2021, 9, 1),
    )  # fmt: skip
    outcome = run_round(replace(request, language="zh"), no_notice)
    return {path.name for path in (tmp_path / "out").iterdir() if path.suffix in (".docx", ".pdf")} & {
        name for name, _ in outcome.files
    }


def test_only_the_papers_and_forms_asked_for_are_written(tmp_path: Path) -> None:
    assert written(tmp_path, "write: {circular: [docx]}\n") == {"circular.docx"}


def test_without_a_word_every_template_is_written_in_both_forms(tmp_path: Path) -> None:
    plan = load_papers(load_pack(pack(tmp_path, **{"papers.yaml": LETTERHEAD})))

    assert plan.forms("circular") == plan.forms("bulletin") == {"docx", "pdf"}


@pytest.mark.parametrize("forms", ["[pdf]", "[docx, odt]"])
def test_a_form_nobody_writes_is_refused_by_line(tmp_path: Path, forms: str) -> None:
    home = pack(tmp_path, **{"papers.yaml": f"write: {{circular: {forms}}}\n" + LETTERHEAD})

    with pytest.raises(DeclarationRefused) as refused:
        load_papers(load_pack(home))

    assert "papers.yaml:1" in str(refused.value)
