"""Lights and ladder steps of a round with their reasons in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from guatu.dispatch.item import UNACCEPTED, Held, Item
from guatu.dispatch.round import Round
from guatu.dispatch.tables import listed
from guatu.engine.evaluation import Results, Sentences, explain_step
from guatu.engine.evaluation.explaining import name_title
from guatu.engine.rulebook import Rulebook
from guatu.engine.rulebook.model import Subject
from guatu.engine.tables import OVERALL
from guatu.text import Text

LightRow = dict[str, object]
"""A light as the engine gave it; `because` joins it when it was first said."""


@dataclass(frozen=True, slots=True)
class StepDue:
    """A step of a ladder that is due now."""

    ladder: str
    subject: str
    id: str
    unit: str
    step: str
    title: Text
    measure: Text
    hold: str | None
    because: Text


@dataclass
class Reasons:
    """Answers of one round's results, in words."""

    made: Round
    results: Results

    # -- lights ----------------------------------------------------------------------------------------------

    @cached_property
    def _lights(self) -> list[LightRow]:
        """Each subject's lights together: the results hold one dimension after another."""
        found: dict[tuple[str, str], list[LightRow]] = {}
        for row in self._told():
            found.setdefault((row["subject"], row["id"]), []).append(row)
        return [row for rows in found.values() for row in rows]

    def _told(self) -> Iterator[dict[str, Any]]:
        """What is told of each light. Written out because there are many: twice as fast as pairing names with values."""
        table = self.results.lights
        names = ("subject", "id", "unit", "dimension", "state", "severity", "clause", "missing", "inputs")
        columns = (listed(table[name]) for name in names)
        for subject, key, unit, dimension, state, severity, clause, missing, inputs in zip(*columns, strict=True):
            yield {
                "subject": subject,
                "id": key,
                "unit": unit,
                "dimension": dimension,
                "state": state,
                "severity": severity,
                "clause": clause,
                "missing": missing,
                "inputs": inputs,
            }

    def all(self) -> Sequence[LightRow]:
        """Every light of every subject, as the engine gave them."""
        return self._lights

    @cached_property
    def _of_items(self) -> dict[str, dict[str, LightRow]]:
        found: dict[str, dict[str, LightRow]] = {}
        for row in self._lights:
            if row["subject"] == "item":
                found.setdefault(str(row["id"]), {})[str(row["dimension"])] = row
        return found

    def overall(self) -> list[LightRow]:
        """The rolled-up light of every item."""
        return [found[OVERALL] for found in self._of_items.values() if OVERALL in found]

    def overall_of(self, item_id: str) -> LightRow | None:
        return self._of_items.get(item_id, {}).get(OVERALL)

    def dimensions(self, item_id: str) -> list[LightRow]:
        """An item's lights by dimension, without the roll-up."""
        return [row for key, row in self._of_items.get(item_id, {}).items() if key != OVERALL]

    def of_dimension(self, dimension: str) -> list[LightRow]:
        return [found[dimension] for found in self._of_items.values() if dimension in found]

    def titles(self) -> dict[str, Text]:
        """The dimensions in which items are judged."""
        return self._titles

    @cached_property
    def _titles(self) -> dict[str, Text]:
        lights = self.made.rulebook.lights_of("item")
        return {one.key: one.title for one in lights.dimensions} if lights else {}

    def dimension_title(self, dimension: str) -> Text:
        return self.titles().get(dimension, Text("总", "overall"))

    def unit_title(self, unit: object) -> Text:
        declared = self.made.units.get(str(unit))
        return declared.title if declared else Text(str(unit), str(unit))

    # -- in words --------------------------------------------------------------------------------------------

    def because(self, row: LightRow) -> Text:
        """Why a light is what it is, in one sentence."""
        said = row.get("because")
        if said is None:
            said = row["because"] = self._said(row)
        assert isinstance(said, Text)
        return said

    def _said(self, row: LightRow) -> Text:
        if row["id"] in self._doubted and (note := self.bad_note(row)).zh:
            return light_words(self._sentences, row, note)
        key = (row["subject"], row["dimension"], row["state"], row["clause"], row["inputs"], row["missing"])
        found = self._words.get(key)
        if found is None:
            found = self._words[key] = light_words(self._sentences, row, _NO_NOTE)
        return found

    def say_all(self) -> None:
        """Make every sentence now, for all that tell them later, in this process or beside it."""
        for row in self._lights:
            self.because(row)

    @cached_property
    def _sentences(self) -> Sentences:
        return Sentences(self.made.rulebook)

    @cached_property
    def _words(self) -> dict[tuple[object, ...], Text]:
        """Sentences already made: the league, lists and files tell the same lights again."""
        return {}

    def bad_note(self, row: LightRow) -> Text:
        """Cells behind a missing input that were wrong or are in question."""
        item = self._doubted.get(str(row["id"]))
        if item is None:
            return _NO_NOTE
        missing = self._missing_fields(row)
        cells = [cell for key in missing if item.reason(key) in UNACCEPTED for cell in item.cells.get(key, ())]
        if not cells:
            return _NO_NOTE
        places = "、".join(f"{cell.place}“{cell.raw}”" for cell in cells)
        return Text(f"（{places} 按缺失计）", f" ({places} counted as missing)")

    def _missing_fields(self, row: LightRow) -> list[str]:
        """Fields a light lacked; of the roll-up, those its dimensions lacked."""
        rows = self.dimensions(str(row["id"])) if row["dimension"] == OVERALL else [row]
        found: dict[str, None] = {}
        for one in rows:
            missing = one["missing"]
            assert isinstance(missing, tuple)
            found.update(dict.fromkeys(missing))
        return list(found)

    def rests_on_bad_cells(self, row: LightRow) -> bool:
        """Whether a light was judged without a cell that was wrong or is in question."""
        return str(row["id"]) in self._doubted and bool(self.bad_note(row).zh)

    @cached_property
    def _doubted(self) -> dict[str, Item]:
        """Items with a cell that was wrong or is in question."""
        held = Held.of(self.made.items)
        found = [item for _, item in held.others if any(item.missing[key] in UNACCEPTED for key in item.missing)]
        for table, positions, rows in held.tables:
            doubted = frozenset[int]().union(*table.unaccepted.values())
            found += [self.made.items[at] for at, row in zip(positions, rows, strict=True) if row in doubted]
        return {item.item_id: item for item in found}

    # -- ladder ----------------------------------------------------------------------------------------------

    def steps_due(self) -> list[StepDue]:
        """Steps of every ladder that are due this round."""
        ladders = {one.key: one for one in self.made.rulebook.ladders}
        due = []
        for row in self.results.ladder.to_pylist():
            if row["step"] is None:
                continue
            ladder = ladders[row["ladder"]]
            step = next(one for one in ladder.steps if one.key == row["step"])
            count = row["count"]
            times = Text(f"（第{count}次）", f" (breach {count})") if count > 1 else Text("", "")
            facts = self._facts(row) if row["subject"] == "unit" else Text("", "")
            because = Text(f"{step.cite.zh}{times.zh}{facts.zh}", f"{step.cite.en}{times.en}{facts.en}")
            due.append(
                StepDue(
                    ladder=ladder.key,
                    subject=row["subject"],
                    id=row["id"],
                    unit=row["unit"],
                    step=step.key,
                    title=step.title,
                    measure=step.measure,
                    hold=step.hold.key if step.hold else None,
                    because=because,
                )
            )
        return due

    def _facts(self, row: LightRow) -> Text:
        """The ladder's trigger with a unit's values put in."""
        explained = explain_step(self.results, self.made.rulebook, str(row["ladder"]), str(row["id"]))
        values = [one.with_values for one in explained.breach]
        return Text(f"（{'，'.join(one.zh for one in values)}）", f" ({', '.join(one.en for one in values)})")


_NO_NOTE = Text("", "")
NOT_APPLICABLE = Text("不适用", "does not apply")
EXEMPT = Text("已批准顺延或免责", "exempt by an approved reason")
NOTHING_FIRED = Text("没有触发任何一条", "no clause fired")
NOT_JUDGED = Text("未判定", "not judged")


def light_words(sentences: Sentences, row: LightRow, note: Text) -> Text:
    """The clause that fired with its values put in, or why nothing was judged."""
    state = row["state"]
    if state == "not_applicable":
        return NOT_APPLICABLE
    if state == "exempt":
        return EXEMPT
    if row["dimension"] == OVERALL and (clause := sentences.clause(_word(row["clause"]))) is not None:
        base = Text(f"{clause.cite.zh}", f"{clause.cite.en}")
    else:
        base = sentences.reason_of(row) or (NOT_JUDGED if state == "not_judged" else NOTHING_FIRED)
    if not row["missing"] and note is _NO_NOTE:
        return base
    lacking = _lacking(sentences.rulebook, row)
    return Text(f"{base.zh}{lacking.zh}{note.zh}", f"{base.en}{lacking.en}{note.en}")


def _word(value: object) -> str | None:
    return None if value is None else str(value)


def _lacking(rulebook: Rulebook, row: LightRow) -> Text:
    missing = row["missing"]
    assert isinstance(missing, tuple)
    if not missing:
        return Text("", "")
    subject: Subject = "item" if row["subject"] == "item" else "unit"
    dimensions = {one.key: one.title for lights in rulebook.lights for one in lights.dimensions}
    titles = [dimensions.get(name) or name_title(rulebook, subject, name) for name in missing]
    zh, en = "、".join(one.zh for one in titles), ", ".join(one.en for one in titles)
    return Text(f"（缺{zh}）", f" (missing: {en})")
