"""Read the paragraphs of a DOCX that Word, WPS or LibreOffice saved: words, tags and bookmarks in reading order."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from guatu.office.documents.model import Mention, Run
from guatu.office.documents.word import bookmark_of
from guatu.text import Refusal, Text

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SKIPPED = {f"{_W}{tag}" for tag in ("del", "moveFrom", "pPr", "rPr", "sdtPr", "instrText", "delText")}
_MOST_BYTES = 64 * 1024 * 1024


class NotADocx(Refusal):
    """The file cannot be read as a DOCX."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(
            path.name,
            Text(f"读不了这份 DOCX：{why}", f"this DOCX cannot be read: {why}"),
            Text("用 Word 或 WPS 打开后另存为 .docx。", "Open it in Word or WPS and save it as .docx."),
        )


@dataclass(frozen=True, slots=True)
class Found:
    """A paragraph as it stands: the id its bookmark gives it (None for one we did not write), words, style."""

    id: str | None
    runs: tuple[Run, ...]
    style: str
    in_table: bool


def read_paragraphs(path: Path, ids: Iterable[str], tags: Mapping[str, str]) -> list[Found]:
    """Every paragraph of the document's text. `ids` are those we wrote, `tags` lead from content controls to figures."""
    body, styles = _parts(path)
    reader = _Reader({bookmark_of(id_): id_ for id_ in ids}, tags, styles)
    return list(reader.blocks(body, in_table=False))


def _parts(path: Path) -> tuple[Element, dict[str, str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as package:
            document = ElementTree.fromstring(_part(package, "word/document.xml"))
            styles = ElementTree.fromstring(_part(package, "word/styles.xml"))
    except (OSError, KeyError, ValueError, zipfile.BadZipFile, ParseError, DefusedXmlException) as error:
        raise NotADocx(path, str(error)) from error
    body = document.find(f"{_W}body")
    if body is None:
        raise NotADocx(path, "no body")
    names = {}
    for style in styles.iter(f"{_W}style"):
        name = style.find(f"{_W}name")
        if name is not None:
            names[style.get(f"{_W}styleId", "")] = name.get(f"{_W}val", "")
    return body, names


def _part(package: zipfile.ZipFile, name: str) -> bytes:
    if package.getinfo(name).file_size > _MOST_BYTES:
        raise ValueError(f"{name} is too large")
    return package.read(name)


class _Reader:
    def __init__(self, ids: Mapping[str, str], tags: Mapping[str, str], styles: Mapping[str, str]) -> None:
        self.ids = ids
        self.tags = tags
        self.styles = styles
        self.seen: set[str] = set()
        self.waiting: list[Element] = []

    def blocks(self, parent: Element, *, in_table: bool) -> Iterator[Found]:
        for child in parent:
            if child.tag == f"{_W}bookmarkStart":
                self.waiting.append(child)  # some editors put it before the paragraph it begins in
            elif child.tag == f"{_W}p":
                yield self.paragraph(child, in_table)
            elif child.tag not in _SKIPPED:  # tables, rows, cells, block content controls, tracked moves
                yield from self.blocks(child, in_table=in_table or child.tag == f"{_W}tbl")

    def paragraph(self, paragraph: Element, in_table: bool) -> Found:
        style = paragraph.find(f"{_W}pPr/{_W}pStyle")
        name = "" if style is None else self.styles.get(style.get(f"{_W}val", ""), "")
        return Found(self.id_of(paragraph), _joined(self.runs(paragraph)), name, in_table)

    def id_of(self, paragraph: Element) -> str | None:
        """The first bookmark of ours in the paragraph that no paragraph before had."""
        marks = [*self.waiting, *paragraph.iter(f"{_W}bookmarkStart")]
        self.waiting = []
        for mark in marks:
            id_ = self.ids.get(mark.get(f"{_W}name", ""))
            if id_ is not None and id_ not in self.seen:
                self.seen.add(id_)
                return id_
        return None

    def runs(self, parent: Element) -> Iterator[Run]:
        for child in parent:
            if child.tag in _SKIPPED:
                continue
            if child.tag == f"{_W}t":
                yield child.text or ""
            elif child.tag == f"{_W}tab":
                yield "\t"
            elif child.tag in (f"{_W}br", f"{_W}cr"):
                yield "\n"
            elif child.tag == f"{_W}sdt" and (figure := self.figure(child)) is not None:
                yield Mention(figure, "".join(str(run) for run in self.runs(child)))
            else:
                yield from self.runs(child)

    def figure(self, control: Element) -> str | None:
        tag = control.find(f"{_W}sdtPr/{_W}tag")
        return None if tag is None else self.tags.get(tag.get(f"{_W}val", ""))


def _joined(runs: Iterator[Run]) -> tuple[Run, ...]:
    """Neighbouring words as one run: an editor splits them as it likes."""
    joined: list[Run] = []
    for run in runs:
        if isinstance(run, str) and joined and isinstance(joined[-1], str):
            joined[-1] += run
        elif run:
            joined.append(run)
    return tuple(run for run in joined if run)
