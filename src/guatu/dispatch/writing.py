"""Write what a round leaves: plain files, papers, error workbooks, and what the next round and `explain` read."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from guatu.declarations.ledger import Ledger
from guatu.declarations.packs import Pack
from guatu.dispatch import outputs
from guatu.dispatch.arrivals import Arrival, units_above
from guatu.dispatch.beside import beside
from guatu.dispatch.facts import Gatherer, published_indicators
from guatu.dispatch.figures import Figures, list_title
from guatu.dispatch.folder import replaced
from guatu.dispatch.issuing import Papers, keep_issue, write_papers
from guatu.dispatch.league import league_facts
from guatu.dispatch.reading import Notice
from guatu.dispatch.reasons import Reasons
from guatu.dispatch.reconciliation.decisions import write_decisions
from guatu.dispatch.request import keep_request
from guatu.dispatch.round import Round
from guatu.dispatch.store import write_arrivals, write_cells, write_findings
from guatu.engine.evaluation import Results
from guatu.office.documents import CircularFacts
from guatu.office.league import write_league
from guatu.office.workbooks import Finding
from guatu.office.workbooks.error_workbook import write_error_workbook
from guatu.text import Language, Text

WRITING = Text("写结果", "Writing results")
RETURNED = "returned"
FILES: Mapping[str, Text] = {
    "circular.docx": Text(
        "通报，可编辑；改过的话下次运行仍保留", "the circular, to be edited; edits survive the next run"
    ),
    "circular.pdf": Text("通报", "the circular"),
    "bulletin.docx": Text("简报", "the bulletin"),
    "bulletin.pdf": Text("简报", "the bulletin"),
    "league.xlsx": Text("排名表、亮灯、指标", "league, lights, indicators"),
    "lights.csv": Text("每个项目每个维度的灯和理由", "every item's light in every dimension, with the reason"),
    "indicators.csv": Text("各单位各清单的指标", "indicators by unit and list"),
    "points.csv": Text("各单位积分，逐项列明怎么得的", "points of every unit, item by item, with how they were earned"),
    "ladder.csv": Text("应采取的措施", "measures due"),
    "findings.csv": Text("工作簿里发现的问题", "what was found in the workbooks"),
    "questions.yaml": Text(
        "待答复的问题：填好后用 --answers 交回", "questions that wait: fill in and give back with --answers"
    ),
    "provenance.json": Text("每个值的来源单元格", "the cells behind every value"),
    RETURNED: Text("退给填报单位的错误标注表", "error workbooks to send back"),
}
OURS = frozenset({*FILES, "circular.json", "bulletin.json", "results"})


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run came to, for whoever called it."""

    shown_folder: Path
    period: str
    period_title: Text
    arrivals: Sequence[Arrival]
    findings: Sequence[Finding]
    item_count: int
    facts: CircularFacts
    files: Sequence[tuple[str, Text]]
    notes: Sequence[Text]
    """What a person should know of the papers, such as figures somebody typed over."""

    @property
    def items_of(self) -> Mapping[str, int]:
        """Unit -> how many of its items are counted."""
        return {one.unit: one.items for one in self.arrivals}

    @property
    def waiting(self) -> bool:
        """Whether somebody must still do something: a workbook went back, or a question is open."""
        return any(one.state == "refused" for one in self.arrivals) or any(
            finding.grade != "warning" for finding in self.findings
        )

    def record(self, language: Language) -> dict[str, object]:
        """The outcome for programs."""
        return {
            "round": self.period,
            "folder": str(self.shown_folder),
            "items": self.item_count,
            "arrivals": [
                {
                    "unit": one.unit,
                    "title": one.title.in_(language),
                    "state": one.state,
                    "workbook": one.workbook,
                    "items": one.items,
                    "errors": one.errors,
                    "questions": one.questions,
                    "warnings": one.warnings,
                }
                for one in self.arrivals
            ],
            "findings": outputs.finding_rows(self.findings, language),
            "files": [name for name, _ in self.files],
            "notes": [note.in_(language) for note in self.notes],
        }


def write_round(made: Round, papers: Papers, judge: Callable[[], Results], notice: Notice) -> Outcome:
    """Judge the round and write every file of it; the folder changes as a whole or not at all.

    What the next round reads of the items is written while they are judged, which changes nothing of it.
    """
    with replaced(made.request.out, ours=OURS) as folder, beside(partial(_keep_given, folder / "results", made)):
        outcome = _write(folder, made, papers, judge(), notice)
    return outcome


def _write(folder: Path, made: Round, papers: Papers, results: Results, notice: Notice) -> Outcome:
    notice(WRITING, 0, 4)
    figures = Figures(
        made.rulebook, results, {item.item_id: item for item in made.items}, made.members,
        before=made.before, units_above=units_above(made.units), language=made.request.language,
    )  # fmt: skip
    reasons = Reasons(made, results)
    gatherer = Gatherer(made, figures, reasons, papers.plan, published_indicators(made.history))
    with beside(partial(_keep_judged, folder, made, results, figures)):
        facts = gatherer.circular()
        reasons.say_all()
        with beside(lambda: write_league(folder / "league.xlsx", league_facts(gatherer, facts))):
            _write_tables(folder, made, figures, reasons)
            notice(WRITING, 1, 4)
            _write_returned(folder, made)
            notes = [*made.notes, *write_papers(folder, made, facts, papers)]
            notice(WRITING, 2, 4)
    if facts.letterhead.issue is not None:
        keep_issue(folder / "results", facts.letterhead.issue)
    notice(WRITING, 4, 4)
    return Outcome(
        shown_folder=made.request.out,
        period=str(made.request.period),
        period_title=made.request.period.title(),
        arrivals=made.arrivals,
        findings=made.findings,
        item_count=len(made.items),
        facts=facts,
        files=[(name, words) for name, words in FILES.items() if (folder / name).exists()],
        notes=notes,
    )


def _keep_given(home: Path, made: Round) -> None:
    """What the next round and `explain` read of what was given, before anything is judged."""
    home.mkdir(exist_ok=True)
    write_cells(home, made.items, made.ledger)
    write_arrivals(home, made.arrivals)
    write_findings(home, made.findings)
    write_decisions(home, made.decisions)
    keep_request(home, made.request)
    keep_declarations(made.pack, home / "declarations")


def _keep_judged(folder: Path, made: Round, results: Results, figures: Figures) -> None:
    """What the next round and `explain` read of the results, and the cell behind every value."""
    results.write(folder / "results")
    _write_provenance(folder / "provenance.json", made, figures)


def keep_declarations(pack: Pack, home: Path) -> None:
    """The pack as it was: an old round is explained by the rules it was judged by."""
    for root in pack.folders:
        shutil.copytree(
            root, home / root.name, ignore=lambda _, names: [n for n in names if not _declared(n)], dirs_exist_ok=True
        )
    (home / "pack.json").write_text(json.dumps({"pack": pack.folder.name}), encoding="utf-8")


def _declared(name: str) -> bool:
    return "." not in name or name.endswith(".yaml")


def _write_tables(folder: Path, made: Round, figures: Figures, reasons: Reasons) -> None:
    language = made.request.language
    findings = outputs.finding_rows(made.findings, language)
    outputs.write_csv(folder / "findings.csv", outputs.FINDINGS, findings)
    outputs.write_questions(folder / "questions.yaml", made.findings, language, made.questions)
    outputs.write_csv(folder / "indicators.csv", outputs.INDICATORS, indicator_rows(figures, made.ledger, language))
    outputs.write_csv(folder / "lights.csv", outputs.LIGHTS, _light_rows(reasons, figures, language))
    outputs.write_csv(folder / "ladder.csv", outputs.LADDER, _ladder_rows(reasons, made, language))
    if made.rulebook.points is not None:
        outputs.write_csv(folder / "points.csv", outputs.POINTS, point_rows(figures.results, language))


def _write_provenance(path: Path, made: Round, figures: Figures) -> None:
    language = made.request.language
    outputs.write_json(
        path,
        {
            "round": str(made.request.period),
            "pack": made.pack.key,
            "rulebook": {
                "key": made.rulebook.key,
                "title": made.rulebook.title.in_(language),
                "version": made.rulebook.version,
                "sha256": made.rulebook.sha256,
            },
            "workbooks": {one.workbook: one.sha256 for one in made.arrivals if one.workbook},
            "indicators": {
                key: {
                    "title": declared.title.in_(language),
                    "formula": declared.formula.source,
                    "fields": figures.fields(key),
                }
                for key, declared in made.rulebook.indicators.items()
            },
            "members": _nested(made.members),
            **outputs.provenance(made.items, made.ledger),
        },
    )


def _nested(members: Mapping[tuple[str, str], list[str]]) -> dict[str, dict[str, list[str]]]:
    found: dict[str, dict[str, list[str]]] = {}
    for (unit, listed), ids in members.items():
        found.setdefault(unit, {})[listed] = ids
    return found


def indicator_rows(figures: Figures, ledger: Ledger, language: Language) -> Iterable[dict[str, object]]:
    """The rows of indicators.csv; a value that rests on cells counted as missing says so behind the printed figure."""
    for (unit, listed, indicator), row in figures.rows.items():
        numerator, denominator = figures.sides(indicator, row)
        bad = len(figures.bad_cells(unit, listed, indicator))
        note = Text(f"（{bad}处坏格按缺失计）", f" ({bad} bad cells counted as missing)") if bad else Text("", "")
        yield {
            "unit_code": unit,
            "list": list_title(ledger, listed).in_(language),
            "indicator": indicator,
            "value": row["value"],
            "numerator": numerator,
            "denominator": denominator,
            "rank": row["rank"] if int(str(row["ranked_among"] or 0)) > 1 else None,
            "printed": f"{figures.said(indicator, row).in_(language)}{note.in_(language)}",
        }


def _light_rows(reasons: Reasons, figures: Figures, language: Language) -> Iterable[dict[str, object]]:
    for row in reasons.all():
        item = figures.items.get(str(row["id"]))
        yield {
            "unit_code": row["unit"],
            "item": row["id"] if row["subject"] == "item" else "",
            "name": item.name if item else reasons.unit_title(row["unit"]).in_(language),
            "dimension": row["dimension"],
            "severity": row["severity"],
            "because": reasons.because(row).in_(language),
        }


def point_rows(results: Results, language: Language) -> Iterable[dict[str, object]]:
    """The rows of points.csv."""
    for row in results.points.to_pylist():
        yield {**row, "unit_code": row["unit"], "how": row["how_zh"] if language == "zh" else row["how_en"]}


def _ladder_rows(reasons: Reasons, made: Round, language: Language) -> Iterable[dict[str, object]]:
    for step in reasons.steps_due():
        yield {
            "unit_code": step.unit,
            "subject": step.id,
            "ladder": step.ladder,
            "step": step.step,
            "measure": step.measure.in_(language),
            "hold": step.hold or "",
            "because": step.because.in_(language),
        }


def _write_returned(folder: Path, made: Round) -> None:
    """For each refused or questioned workbook the same one with its cells marked, under the name it came with."""
    for name in sorted(made.carried):
        marked = made.request.out / RETURNED / f"{Path(name).stem}.xlsx"
        if marked.is_file():
            (folder / RETURNED).mkdir(exist_ok=True)
            shutil.copy2(marked, folder / RETURNED / marked.name)
    for reading in made.readings:
        if reading.tables and (reading.refused or reading.of_grade("question")):
            home = folder / RETURNED
            home.mkdir(exist_ok=True)
            target = home / f"{reading.path.stem}.xlsx"
            write_error_workbook(reading.path, reading.findings, target, encoding=made.ledger.encoding)
