"""Read a round's workbooks, with the mappings and answers a person gave."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from guatu.declarations import Ledger, UnitDeclaration, read_yaml
from guatu.declarations.located import Mapping_
from guatu.dispatch.composed_codes import with_codes
from guatu.dispatch.reconciliation.decisions import CONFIRMED, DIFFERENT, ENDED, SAME, Decision
from guatu.office.workbooks import (
    Finding,
    Memory,
    Recognised,
    UnreadableWorkbook,
    WorkbookReading,
    read_each,
    read_workbook,
)
from guatu.office.workbooks.reading import Sender
from guatu.standards.periods import Period
from guatu.text import Refusal, Text

Notice = Callable[[Text, int, int], None]

OPEN_MARK = "~$"
READING = Text("读工作簿", "Reading workbooks")


def read_all(
    workbooks: Sequence[Path],
    ledger: Ledger,
    period: Period,
    units: Sequence[UnitDeclaration],
    *,
    memory: Memory,
    answers: Path | None,
    notice: Notice,
    meanwhile: Callable[[], None] | None = None,
    answered: Mapping[str, Mapping[tuple[str, str], str]] | None = None,
    sent_by: Sender | None = None,
) -> list[WorkbookReading]:
    """Every workbook read; what `memory` holds of its sender decides its columns.

    `meanwhile` is done here while children of this process read the last of them. `answers` is a filled-in
    `questions.yaml`, `answered` the same by workbook where no file holds it; `sent_by` is who sent what does not say so.
    """
    given = load_answers(answers) if answers else answered or {}
    # What Excel and WPS leave beside a workbook somebody has open is none.
    wanted = [path for path in workbooks if not path.name.startswith(OPEN_MARK)]
    reads = []
    for path in wanted:
        read = partial(
            read_workbook,
            path,
            ledger,
            period=period,
            units=units,
            memory=memory,
            answers=given.get(path.name, {}),
            sent_by=sent_by,
        )
        reads.append((path, read))
    notice(READING, 0, len(reads))
    found = read_each(reads, done=lambda count: notice(READING, count, len(reads)), meanwhile=meanwhile)
    return [
        _unread(path, one, units) if isinstance(one, UnreadableWorkbook) else with_codes(one, ledger)
        for path, one in zip(wanted, found, strict=True)
    ]


def _unread(path: Path, refused: UnreadableWorkbook, units: Sequence[UnitDeclaration]) -> WorkbookReading:
    """A file that is no workbook: refused like any other, so that the others still count."""
    finding = Finding(path.name, "", "", "", "error", "unreadable", refused.what, refused.remedy)
    return WorkbookReading(
        path=path,
        name=path.name,
        sha256=_digest(path),
        unit=_by_file_name(path, units),
        tables=(),
        rows=(),
        findings=(finding,),
        controls=(),
        skipped={},
    )


def _digest(path: Path) -> str:
    """The fingerprint of a file of any size; empty for what cannot be read."""
    if not path.is_file():
        return ""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def _by_file_name(path: Path, units: Sequence[UnitDeclaration]) -> Recognised | None:
    """The unit whose longest name stands in the file's name."""
    named = [(len(name), unit) for unit in units for name in (unit.title.zh, *unit.synonyms) if name in path.stem]
    if not named:
        return None
    unit = max(named, key=lambda one: one[0])[1]
    return Recognised(unit.code, unit.title, Text("文件名", "file name"))


def unused_answers(answers: Path | None, workbooks: Sequence[Path]) -> list[Text]:
    """Answers for workbooks that are not given: they change nothing, and that is said."""
    given = {path.name for path in workbooks}
    names = [name for name in (load_answers(answers) if answers else {}) if name not in given]
    return [
        Text(
            f"对 {name} 的答复没有用上：这次没有给这个工作簿，请连同它再运行一次",
            f"the answers for {name} were not used: the workbook is not given; run again with it",
        )
        for name in names
    ]


ANSWERS: Mapping[str, tuple[str, ...]] = {
    SAME: ("same", "相同", "同一", "同一项目", "是"),
    DIFFERENT: ("different", "不同", "不是", "否"),
    ENDED: ("ended", "已结束", "已退出", "已完成", "结束", "退出", "完成"),
    CONFIRMED: ("confirmed", "确认", "无误", "属实"),
}
"""What a decision may be written as; the first word is what is kept."""


def load_decisions(answers: Path | None, period: Period) -> Iterator[Decision]:
    """The decisions in a filled-in `questions.yaml`: answers about items rather than about a cell."""
    for one in read_yaml(answers).get("questions", []) if answers else ():
        if not isinstance(one, Mapping_) or "about" not in one or one.get("answer") in (None, ""):
            continue
        written = str(one["answer"]).strip()
        choices = [choice for choice in ANSWERS if choice in str(one.get("choices", ""))]
        answer = next((choice for choice in choices if written in ANSWERS[choice]), None)
        if answer is None:
            known = [word for choice in choices for word in ANSWERS[choice][:2]]
            raise Refusal(
                str(one.at("answer")),
                Text(f"看不懂答复“{written}”", f"the answer '{written}' is not understood"),
                Text(f"可答：{'、'.join(known)}。", f"Answer one of: {', '.join(known)}."),
            )
        items = tuple(str(item) for item in one.get("items", ()))
        rests_on = {str(key): str(value) for key, value in dict(one.get("rests_on") or {}).items()}
        yield Decision(str(one["about"]), items, answer, str(period), rests_on)


def unknown_items(answers: Path | None, period: Period, known: Collection[str]) -> list[Text]:
    """Decisions about items this round knows nothing of: they are kept, and that they changed nothing is said."""
    return [
        Text(
            f"对“{one.check}”的答复没有用上：本期和往期都没有 {'、'.join(one.items)}",
            f"the answer about '{one.check}' changed nothing: no round given has {', '.join(one.items)}",
        )
        for one in load_decisions(answers, period)
        if not any(item in known for item in one.items)
    ]


def load_answers(path: Path) -> Mapping[str, Mapping[tuple[str, str], str]]:
    """The filled-in `questions.yaml`: workbook -> (sheet, cell) -> what the cell should have said.

    An answer left empty stays a question.
    """
    found: dict[str, dict[tuple[str, str], str]] = {}
    for one in read_yaml(path).get("questions", []):
        if isinstance(one, Mapping_) and "about" in one:
            continue  # a decision about items, not a cell
        if not isinstance(one, Mapping_) or not {"workbook", "sheet", "cell"} <= one.keys():
            raise Refusal(
                str(path),
                Text("不是 questions.yaml 的格式", "is not in the form of questions.yaml"),
                Text(
                    "用上次运行写出的 questions.yaml，只填 answer。",
                    "Use the questions.yaml a run wrote; fill in only 'answer'.",
                ),
            )
        answer = one.get("answer")
        if answer not in (None, ""):
            found.setdefault(str(one["workbook"]), {})[(str(one["sheet"]), str(one["cell"]))] = str(answer)
    return found
