"""The papers of a round as files: circular and bulletin in DOCX and PDF, each with its companion JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from guatu.declarations import Pack
from guatu.dispatch.papers import PapersPlan, load_papers
from guatu.dispatch.request import RoundRequest, kept_language
from guatu.dispatch.round import Round
from guatu.office.documents import (
    CircularFacts,
    Edits,
    Template,
    load_template,
    prepare_word,
    produce,
    recover_edits,
)
from guatu.office.documents.numbering import IssueNumber
from guatu.text import Language, Refusal, Text

ISSUE = "issue.json"


@dataclass(frozen=True, slots=True)
class Papers:
    """What the papers of a pack are written by, whatever a round comes to."""

    plan: PapersPlan
    templates: Mapping[str, Template]
    """Of the papers the pack asks for, by their key."""


def papers_of(pack: Pack, language: Language) -> Papers:
    """Read the plan and the templates, and have the empty document ready."""
    plan = load_papers(pack)
    files = sorted(pack.files("documents").items())
    templates = {key: load_template(path) for key, path in files if plan.forms(key)}
    if templates:
        prepare_word(language)
    return Papers(plan, templates)


def write_papers(folder: Path, made: Round, facts: CircularFacts, papers: Papers) -> list[Text]:
    """Write the papers the pack has templates for and asks for; returns what became of words people had edited."""
    notes: list[Text] = []
    for key, template in papers.templates.items():
        forms = papers.plan.forms(key)
        edits = _edits(made.request.out, key)
        if edits and kept_language(made.request.out) not in (None, made.request.language):
            raise Refusal(
                f"{key}.docx",
                Text("有人改过这份文稿，不能换成另一种语言", "was edited by a person and cannot change its language"),
                Text(
                    "先把文稿另存到别处并从结果文件夹删去，或不写 --paper-language。",
                    "Move the paper out of the result folder first, or leave out --paper-language.",
                ),
            )
        paper = produce(template, facts, made.request.language, edits=edits, pdf="pdf" in forms)
        (folder / f"{key}.docx").write_bytes(paper.docx)
        if paper.pdf is not None:
            (folder / f"{key}.pdf").write_bytes(paper.pdf)
        (folder / f"{key}.json").write_text(paper.companion, encoding="utf-8")
        notes += [Text(f"{key}.docx：{one.zh}", f"{key}.docx: {one.en}") for one in paper.warnings]
    return notes


def _edits(out: Path, key: str) -> Edits | None:
    """A person's changes to the paper as the last run of this round left it."""
    docx, companion = out / f"{key}.docx", out / f"{key}.json"
    return recover_edits(docx, companion) if docx.is_file() and companion.is_file() else None


def issue_number(request: RoundRequest) -> IssueNumber:
    """This round's bulletin number: as given, as this round already had it, or the one after the last round's."""
    year = request.period.year
    if request.issue is not None:
        return _given(request.issue, year)
    own = _kept(request.out)
    if own is not None:
        return own
    earlier = [one for folder in request.history if (one := _kept(folder)) is not None]
    return max(earlier, key=lambda one: one.total).following(year) if earlier else IssueNumber(year, 1, 1)


def keep_issue(folder: Path, issue: IssueNumber) -> None:
    """Write the number down for the next round, in the results folder."""
    record = {"year": issue.year, "number": issue.number, "total": issue.total}
    (folder / ISSUE).write_text(json.dumps(record), encoding="utf-8")


def _kept(folder: Path) -> IssueNumber | None:
    path = folder / "results" / ISSUE
    return IssueNumber(**json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else None


def _given(text: str, year: int) -> IssueNumber:
    match = re.fullmatch(r"([1-9]\d*)/([1-9]\d*)", text)
    if match is None or int(match[1]) > int(match[2]):
        raise Refusal(
            f"--issue {text}",
            Text("不是期号", "is not an issue number"),
            Text("写成 本年期数/总期数，例如 32/332。", "Write number in the year / number in all, such as 32/332."),
        )
    return IssueNumber(year, int(match[1]), int(match[2]))
