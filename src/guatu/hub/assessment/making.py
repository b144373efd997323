"""The engine's tables turned into the plain rows a run keeps.

Loads pyarrow: only for the worker.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from guatu.engine.evaluation import Sentences, explain_step
from guatu.engine.evaluation.lists import ALL
from guatu.engine.evaluation.plain_reasons import items_counted, plain, values_said
from guatu.engine.evaluation.results import EarlierResults, Results
from guatu.engine.rulebook import Rulebook
from guatu.hub.accounts.tree import Tree, tree_on
from guatu.hub.assessment.judged import JudgedItem, JudgedUnit
from guatu.hub.assessment.rows import Figure, LightRow
from guatu.hub.ledger.engine_tables import code_of


def items_of(results: Results, rulebook: Rulebook, history: Sequence[EarlierResults]) -> list[JudgedItem]:
    """Every item judged, in the order of the snapshot."""
    units = _units_by_code(tree_on(results.period.last_day))
    lights = _lights(results, rulebook, "item")
    counted = defaultdict[str, list[int]](list)
    for number, items in items_counted(results, rulebook, history):
        for item in items:
            counted[item].append(number)
    lists = defaultdict[str, list[str]](list)
    membership = results.membership
    for item, listed in zip(membership["item_id"].to_pylist(), membership["list"].to_pylist(), strict=True):
        if listed != ALL:
            lists[item].append(listed)
    values = values_said(results, rulebook)
    answering = zip(results.items["item_id"].to_pylist(), results.items["unit"].to_pylist(), strict=True)
    return [
        JudgedItem(int(item), units[unit], lights.get(item, {}), lists[item], counted[item], values[item])
        for item, unit in answering
    ]


def _units_by_code(tree: Tree) -> dict[str, int]:
    return {code_of(node): node.unit_id for node in tree.nodes.values()}


def _lights(results: Results, rulebook: Rulebook, subject: str) -> dict[str, dict[str, LightRow]]:
    """Subject's id -> dimension -> light, with the sentence of the clause that fired."""
    found = defaultdict[str, dict[str, LightRow]](dict)
    sentences, said = Sentences(rulebook), dict[tuple[Any, ...], Any]()
    for row in results.lights.to_pylist():
        if row["subject"] != subject:
            continue
        inputs = tuple(row["inputs"] or ())
        key = (row["clause"], inputs)
        if key not in said:
            because = sentences.reason_of(row)
            said[key] = "" if because is None else plain(because)
        found[row["id"]][row["dimension"]] = LightRow(
            state=row["state"], severity=row["severity"], clause=row["clause"] or "", because=said[key],
            conditions=row["conditions"] or "", inputs=inputs, undecided=tuple(row["undecided"] or ()),
            missing=tuple(row["missing"] or ()), before=row["before"] or "", change=row["change"] or "",
        )  # fmt: skip
    return found


def units_of(results: Results, rulebook: Rulebook) -> list[JudgedUnit]:
    """Every unit and list with a figure, in the order of the tree; what is judged of the unit beside the list of all."""
    tree = tree_on(results.period.last_day)
    nodes = {code_of(node): node for node in tree.nodes.values()}
    places = {code: place for place, code in enumerate(nodes)}
    peers = dict(zip(results.units["code"].to_pylist(), results.units["peers"].to_pylist(), strict=True))
    figures = defaultdict[tuple[str, str], dict[str, Figure]](dict)
    for row in results.indicators.to_pylist():
        figures[row["unit"], row["list"]][row["indicator"]] = _figure(row)
    besides = _besides(results, rulebook)
    found = []
    for (code, listed), known in figures.items():
        node = nodes[code]
        above = "/".join(str(one.unit_id) for one in reversed([*tree.above(node.unit_id)]))
        group = peers.get(code) or (f"under/{node.parent_id}" if node.parent_id is not None else "")
        own = besides.get(code, {}) if listed == ALL else {}
        found.append(JudgedUnit(node.unit_id, listed, node.title, f"/{above}/", group, places[code], known, own))
    return found


def _figure(row: Mapping[str, Any]) -> Figure:
    whole = {key: None if row[key] is None else str(row[key]) for key in ("num", "den", "numerator", "denominator")}
    return Figure(
        state=row["state"], **whole, value=row["value"], rank=row["rank"], ranked_among=row["ranked_among"],
        comparable=bool(row["comparable"]), items=row["items"], missing=row["missing"],
    )  # fmt: skip


def _besides(results: Results, rulebook: Rulebook) -> dict[str, dict[str, Any]]:
    """Of each unit by code: its own lights, its points, and the steps of ladders that are due."""
    found = defaultdict[str, dict[str, Any]](dict)
    for code, lights in _lights(results, rulebook, "unit").items():
        found[code]["lights"] = {key: one.written() for key, one in lights.items()}
    for code, points in _points(results).items():
        found[code]["points"] = points
    ladders = {one.key: one for one in rulebook.ladders}
    for row in results.ladder.to_pylist():
        if row["subject"] == "unit" and row["step"] is not None:
            step = next(one for one in ladders[row["ladder"]].steps if one.key == row["step"])
            why = [plain(one.with_values) for one in explain_step(results, rulebook, row["ladder"], row["id"]).breach]
            told = {"title": plain(step.title), "measure": plain(step.measure), "count": row["count"], "why": why}
            found[row["id"]].setdefault("steps", []).append(told)
    return found


def _points(results: Results) -> dict[str, dict[str, Any]]:
    """Unit by code -> dimension, the total among them -> its points with how they came about, each matter's under it."""
    found = defaultdict[str, dict[str, Any]](dict)
    for row in results.points.to_pylist():
        told = {"points": row["points"], "state": row["state"], "how": plain_pair(row["how_zh"], row["how_en"])}
        dimension = found[row["unit"]].setdefault(row["dimension"], {"points": None, "rank": None, "items": {}})
        if row["item"] is None:
            dimension.update(told, rank=row["rank"])
        else:
            dimension["items"][row["item"]] = told
    return found


def plain_pair(zh: str | None, en: str | None) -> Any:
    return [zh or "", en or ""]
