"""Read a round's workbooks, with the mappings and answers a person gave."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from guatu.declarations import Ledger, UnitDeclaration, read_yaml
from guatu.declarations.located import Mapping_
from guatu.office.workbooks import WorkbookReading, read_workbook
from guatu.standards.periods import Period
from guatu.text import Refusal, Text

Notice = Callable[[Text, int, int], None]

READING = Text("读工作簿", "Reading workbooks")


def read_all(
    workbooks: Sequence[Path],
    ledger: Ledger,
    period: Period,
    units: Sequence[UnitDeclaration],
    *,
    mappings: Path | None,
    answers: Path | None,
    notice: Notice,
) -> list[WorkbookReading]:
    """Every workbook read; a mapping file `<name>.yaml` in `mappings` decides the columns of that workbook."""
    given = load_answers(answers) if answers else {}
    readings: list[WorkbookReading] = []
    for position, path in enumerate(workbooks):
        notice(READING, position, len(workbooks))
        readings.append(
            read_workbook(
                path,
                ledger,
                period=period,
                units=units,
                mapping=_mapping(path, mappings),
                answers=given.get(path.name, {}),
            )
        )
    notice(READING, len(workbooks), len(workbooks))
    return readings


def _mapping(workbook: Path, folder: Path | None) -> Mapping_ | None:
    if folder is None:
        return None
    path = folder / f"{workbook.stem}.yaml"
    return read_yaml(path) if path.is_file() else None


def load_answers(path: Path) -> Mapping[str, Mapping[tuple[str, str], str]]:
    """The filled-in `questions.yaml`: workbook -> (sheet, cell) -> what the cell should have said.

    An answer left empty stays a question.
    """
    found: dict[str, dict[tuple[str, str], str]] = {}
    for one in read_yaml(path).get("questions", []):
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
