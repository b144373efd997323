"""A paper as a Word file, in one language: written in a process of its own, which alone loads what writes documents."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

from django.utils.timezone import localtime

from guatu.declarations.goals import Goals
from guatu.hub.ledger.goals.paper_shown import Place, places_of, sections_of
from guatu.hub.ledger.goals.schemes import paper_named
from guatu.hub.ledger.models import Paper
from guatu.text import Language, Refusal, Text

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SECONDS = 30
"""How long writing a Word file may take."""


class NotWritten(Refusal):
    """The process that writes Word files gave none."""

    def __init__(self, title: str) -> None:
        super().__init__(
            title,
            Text("Word 文件没有写成", "the Word file could not be written"),
            Text(
                "先用网页打印；请系统管理员看日志。",
                "Print the page meanwhile; ask the administrator to look at the log.",
            ),
        )


def word_of(paper: Paper, scheme: Goals, language: Language) -> bytes:
    """Nothing of it is kept."""
    return written(json.dumps(_said(paper, scheme, language)).encode(), paper.goal.title)


def word_name(paper: Paper) -> str:
    """What the file is called when it is given out."""
    return f"{paper.kind}-{paper.goal_id}-{paper.version}.docx"


def written(said: bytes, title: str) -> bytes:
    """The Word file of a paper's words; `title` says where, should it fail."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "guatu.office.documents.papers"], input=said, capture_output=True, timeout=SECONDS,
            check=True,
        )  # fmt: skip
    except (subprocess.SubprocessError, OSError) as error:
        raise NotWritten(title) from error
    return done.stdout


def _said(paper: Paper, scheme: Goals, language: Language) -> dict[str, Any]:
    """The paper's words as plain data."""
    sections = [
        {
            "title": one.title.in_(language),
            "paragraphs": [each.in_(language) for each in one.paragraphs],
            "head": [each.in_(language) for each in one.head],
            "rows": [[cell.in_(language) for cell in row] for row in one.rows],
        }
        for one in sections_of(paper, scheme)
    ]
    places = [_place(one, language == "zh") for one in places_of(paper, scheme)]
    if places:
        sections.append(
            {"title": Text("签字", "Signatures").in_(language), "paragraphs": places, "head": [], "rows": []}
        )
    title = paper_named(scheme, paper.kind).title.in_(language)
    return {
        "language": language, "title": f"{paper.goal.title} {title}", "dated": localtime(paper.drawn_at).date().isoformat(),
        "lines": [Text(f"第 {paper.version} 版", f"Version {paper.version}").in_(language)], "sections": sections,
    }  # fmt: skip


def _place(place: Place, is_chinese: bool) -> str:
    signed = place.signed
    title = place.title.zh if is_chinese else place.title.en
    if signed is None:
        return f"{title}：________________" if is_chinese else f"{title}: ________________"
    post = signed.post.title.zh if is_chinese else signed.post.title.en
    return f"{title}：{signed.post.person.name}（{post}）{localtime(signed.signed_at):%Y-%m-%d}"
