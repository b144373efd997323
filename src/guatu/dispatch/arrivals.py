"""Who has reported this round: arrived, refused, standing from an earlier run, or missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from guatu.declarations import Pack, UnitDeclaration
from guatu.office.workbooks import Finding, WorkbookReading
from guatu.standards.divisions import all_divisions
from guatu.text import Refusal, Text

State = Literal["accepted", "standing", "refused", "missing"]

STATE_WORDS: Mapping[State, Text] = {
    "accepted": Text("已收到", "arrived"),
    "standing": Text("沿用本期上次收到的", "standing from earlier this round"),
    "refused": Text("已退回", "refused"),
    "missing": Text("未报", "not arrived"),
}


@dataclass(frozen=True, slots=True)
class Arrival:
    """What became of one unit's report."""

    unit: str
    title: Text
    state: State
    workbook: str | None = None
    sha256: str | None = None
    items: int = 0
    errors: int = 0
    questions: int = 0
    warnings: int = 0

    @property
    def counted(self) -> bool:
        """Whether the unit's figures are in this round's results."""
        return self.items > 0 and self.state != "missing"


def recounted(arrival: Arrival, items: int, findings: Sequence[Finding], given: Collection[str]) -> Arrival:
    """The arrival once its items were told from others': how many count, and what was found if its workbook is given."""
    own = [one for one in findings if one.workbook == arrival.workbook] if arrival.workbook in given else []
    return replace(
        arrival,
        items=items if arrival.items else 0,
        questions=arrival.questions + count(own, "question"),
        warnings=arrival.warnings + count(own, "warning"),
    )


def unit_tree(pack: Pack, reporting: Sequence[str]) -> dict[str, UnitDeclaration]:
    """The pack's unit tree; without one, the divisions that report, up to their common parent."""
    if pack.units:
        return dict(pack.units)
    known = {unit.code: unit for unit in national_units(pack)}
    paths = [_path(code, known) for code in dict.fromkeys(reporting)]
    if not paths:
        return {}
    shared = {code for code in paths[0] if all(code in path for path in paths)}
    top = max((paths[0].index(code) for code in shared), default=0)
    tree: dict[str, UnitDeclaration] = {}
    for path in paths:
        for code in path[path.index(paths[0][top]) if shared else 0 :]:
            unit = known[code]
            tree[code] = unit if unit.parent in tree else _root(unit)
    return tree


def _root(unit: UnitDeclaration) -> UnitDeclaration:
    return UnitDeclaration(unit.code, unit.title, unit.place, unit.synonyms, None, unit.peers)


def _path(code: str, known: Mapping[str, UnitDeclaration]) -> list[str]:
    """From the top of the country down to `code`."""
    path = [code]
    while (parent := known[path[0]].parent) is not None:
        path.insert(0, parent)
    return path


def national_units(pack: Pack) -> list[UnitDeclaration]:
    """Every division in force as a unit, for packs that declare no units of their own."""
    return [
        UnitDeclaration(
            code=division.code,
            title=Text(division.name, division.name),
            place=pack.ledger.place,
            synonyms=division.aliases,
            parent=division.parent,
        )
        for division in all_divisions()
    ]


def units_above(units: Mapping[str, UnitDeclaration]) -> dict[str, list[str]]:
    """Every unit's code with itself and all above it, the top last."""
    found: dict[str, list[str]] = {}
    for code in units:
        above: str | None = code
        while above is not None:
            found.setdefault(code, []).append(above)
            above = units[above].parent
    return found


def leaves(units: Mapping[str, UnitDeclaration]) -> list[UnitDeclaration]:
    """The units that report: those with no unit below them."""
    parents = {unit.parent for unit in units.values()}
    return [unit for unit in units.values() if unit.code not in parents]


def refuse_doubles(readings: Sequence[WorkbookReading]) -> None:
    """Two workbooks of one unit in one call cannot both be right."""
    seen: dict[str, WorkbookReading] = {}
    for reading in readings:
        if reading.unit is None:
            continue
        code = reading.unit.code
        if code in seen:
            raise Refusal(
                f"{seen[code].name}, {reading.name}",
                Text(f"两个工作簿都是“{reading.unit.title.zh}”的", f"both workbooks are from {reading.unit.title.en}"),
                Text("只留要采用的那一个，再运行一次。", "Keep the one that counts and run again."),
            )
        seen[code] = reading


def refuse_namesakes(readings: Sequence[WorkbookReading]) -> None:
    """Two workbooks of one name cannot be told apart in answers."""
    names = Counter(reading.name for reading in readings)
    for name in (name for name, times in names.items() if times > 1):
        raise Refusal(
            name,
            Text("有两个工作簿同名", "two workbooks have the same name"),
            Text("改成单位名再运行，例如 某区.xlsx。", "Rename them after their units and run again."),
        )


def count(findings: Sequence[Finding], grade: str) -> int:
    return sum(finding.grade == grade for finding in findings)
