"""The facts a circular, a bulletin and a league workbook are written from, gathered from one round's results."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction

from guatu.dispatch.arrivals import STATE_WORDS
from guatu.dispatch.arrivals import Arrival as UnitArrival
from guatu.dispatch.figures import Figures
from guatu.dispatch.issuing import issue_number
from guatu.dispatch.items import Item
from guatu.dispatch.papers import PapersPlan
from guatu.dispatch.reasons import LightRow, Reasons, StepDue
from guatu.dispatch.round import Round
from guatu.engine.evaluation import EarlierResults
from guatu.engine.values import Severity
from guatu.office.documents import facts as paper
from guatu.office.documents.numbering import DocumentNumber
from guatu.office.facts import (
    Arrival,
    ArrivalState,
    DimensionLight,
    IndicatorTitle,
    LadderStep,
    LeagueRow,
    LightCount,
    MissingNote,
    RulebookLine,
    Target,
)
from guatu.office.figures import Figure, FigureKind, Mark, Provenance
from guatu.text import Text


@dataclass(frozen=True, slots=True)
class Gatherer:
    """Everything needed to gather facts of one round."""

    made: Round
    figures: Figures
    reasons: Reasons
    plan: PapersPlan
    published: Mapping[str, Mapping[tuple[str, str, str], Mapping[str, object]]]
    """Period of an earlier round -> unit, list, indicator -> its published row."""
    _marks: dict[str, Mark] = field(default_factory=dict)
    _dimension_lights: dict[tuple[object, ...], DimensionLight] = field(default_factory=dict)
    _lights: dict[tuple[str, str], dict[str, Figure]] = field(default_factory=dict)

    def circular(self) -> paper.CircularFacts:
        """The facts of the round, in the order the papers tell them."""
        made, plan = self.made, self.plan
        league = self.league(plan.list)
        lagging = self.lagging()
        return paper.CircularFacts(
            round=str(made.request.period),
            period=made.request.period.title(),
            month=made.request.period.month_title(),
            as_of=made.request.period.last_day,
            place=plan.letterhead.place,
            letterhead=self._letterhead(),
            rulebook=RulebookLine(made.rulebook.title, made.rulebook.version, made.rulebook.source),
            arrivals=tuple(self.arrival(one) for one in made.arrivals),
            totals={key: self.figures.figure(self.made.top, plan.list, key) for key in made.rulebook.indicators},
            indicators=self._indicator_titles(),
            league=league,
            ranked_by=plan.ranked_by,
            lights=self._light_counts(),
            advanced=self._advanced(league),
            lagging=lagging,
            causes=self._causes(),
            ladder=self._ladder(),
            missing=self._missing(),
            targets=self._targets(),
            counts=self._counts(lagging),
        )

    # -- who writes, who reported ----------------------------------------------------------------------------

    def _letterhead(self) -> paper.Letterhead:
        request, plan = self.made.request, self.plan.letterhead
        return paper.Letterhead(
            issuer=plan.issuer,
            recipients=plan.recipients,
            dated=request.dated,
            number=DocumentNumber.parse(request.number) if request.number else None,
            issue=issue_number(request),
            masthead=plan.masthead,
        )

    def arrival(self, one: UnitArrival) -> Arrival:
        """A refused correction leaves the unit arrived: what was accepted before still counts."""
        state: ArrivalState = "arrived" if one.counted else "missing" if one.state == "missing" else "refused"
        return Arrival(
            key=one.unit,
            unit=one.title,
            state=state,
            workbook=one.workbook,
            reason=self._why(one),
            errors=one.errors,
            questions=one.questions,
            warnings=one.warnings,
        )

    def _why(self, one: UnitArrival) -> Text | None:
        """What stands against a unit's report: the first error of a refused workbook, or that old figures stand."""
        if one.state == "standing":
            return STATE_WORDS[one.state]
        if one.state != "refused":
            return None
        errors = (found for found in self.made.findings if found.workbook == one.workbook and found.grade == "error")
        first = next(errors, None)
        told = (
            Text(f"{first.sheet}!{first.cell} {first.reason.zh}", f"{first.sheet}!{first.cell} {first.reason.en}")
            if first
            else None
        )
        stands = Text("更正件有误已退回，沿用此前的数据", "the correction was returned; the figures from before stand")
        if told is None:
            return stands if one.counted else None
        return Text(f"{stands.zh}：{told.zh}", f"{stands.en}: {told.en}") if one.counted else told

    # -- the league ------------------------------------------------------------------------------------------

    def _indicator_titles(self) -> tuple[IndicatorTitle, ...]:
        declared = self.made.rulebook.indicators
        return tuple(
            IndicatorTitle(key, declared[key].title, key in self.plan.ranked, self.plan.groups.get(key))
            for key in self.plan.indicators
        )

    def league(self, listed: str) -> tuple[LeagueRow, ...]:
        """Units in order of rank; those without one last, in the order of the unit tree."""
        before = self._ranks_before(listed)
        rows = [self._league_row(arrival, listed, before) for arrival in self.made.arrivals]
        return tuple(sorted(rows, key=self._place))

    def _place(self, row: LeagueRow) -> tuple[int, int]:
        rank = row.ranks[self.plan.ranked_by].value
        return (0, int(rank)) if rank is not None else (1, 0)

    def _league_row(self, arrival: UnitArrival, listed: str, before: Mapping[str, int]) -> LeagueRow:
        unit = arrival.unit
        ranks = {key: self.figures.rank(unit, listed, key) for key in self.plan.ranked}
        rank = ranks[self.plan.ranked_by].value
        return LeagueRow(
            key=unit,
            unit=arrival.title,
            values={key: self.figures.figure(unit, listed, key) for key in self.plan.indicators},
            ranks=ranks,
            lights=self.lights_of(unit, listed),
            moved=before[unit] - int(rank) if rank is not None and unit in before else None,
            stands=arrival.counted,
            trend=self._trend(unit, listed),
            note=None if arrival.state == "accepted" else STATE_WORDS[arrival.state],
        )

    def _ranks_before(self, listed: str) -> dict[str, int]:
        """Ranks of the round before as published then; none unless the same units are ranked now, or moves would lie."""
        earlier = self.published.get(str(self.made.request.period.previous()), {})
        ranks = {
            unit: int(str(row["rank"]))
            for (unit, on, indicator), row in earlier.items()
            if on == listed and indicator == self.plan.ranked_by and row["rank"] is not None
        }
        ranked = {one.unit for one in self.made.arrivals}
        now = {unit for unit in ranked if self.figures.rank(unit, listed, self.plan.ranked_by).value is not None}
        return ranks if ranked & ranks.keys() == now else {}

    def _trend(self, unit: str, listed: str) -> tuple[Figure, ...]:
        """The ranking indicator as published in earlier rounds, oldest first, and now."""
        now = self.figures.figure(unit, listed, self.plan.ranked_by)
        key = (unit, listed, self.plan.ranked_by)
        return (
            *(self._published(now, self.published[period].get(key), period) for period in sorted(self.published)),
            now,
        )

    def _published(self, now: Figure, row: Mapping[str, object] | None, period: str) -> Figure:
        value = Fraction(int(str(row["num"])), int(str(row["den"]))) if row and row["num"] is not None else None
        missing = None if value is not None else Text("当期没有结果", "no result that round")
        return replace(now, id=f"{now.id}@{period}", value=value, missing=missing)

    # -- lights ----------------------------------------------------------------------------------------------

    def mark(self, key: str) -> Mark:
        """How this rulebook shows a severity: its word and colour, and the shape every page uses."""
        found = self._marks.get(key)
        if found is None:
            rulebook, severity = self.made.rulebook, Severity(key)
            colour = rulebook.colour(severity) or "grey"
            serious = key in self.plan.lagging.at
            found = self._marks[key] = Mark(key, severity.glyph, rulebook.word(severity), colour, serious)
        return found

    def dimension_light(self, row: LightRow) -> DimensionLight:
        """A light in one dimension; many items have the same for the same reason."""
        because = self.reasons.because(row)
        key = (row["dimension"], row["severity"], id(because))  # what is kept keeps its reason, and with it the id
        found = self._dimension_lights.get(key)
        if found is None:
            title, mark = self.reasons.dimension_title(str(row["dimension"])), self.mark(str(row["severity"]))
            found = self._dimension_lights[key] = DimensionLight(title, mark, because)
        return found

    def _shown(self) -> list[Severity]:
        """The severities items can show under this rulebook, worst first, not judged last; none without lights."""
        lights = self.made.rulebook.lights_of("item")
        if lights is None:
            return []
        used = {clause.severity for one in lights.dimensions for clause in one.clauses}
        ranked = sorted(used | {Severity.NORMAL}, key=lambda one: -(one.rank or 0))
        return [*ranked, Severity.NOT_JUDGED]

    def lights_of(self, unit: str, listed: str) -> dict[str, Figure]:
        """How many items show each light; league and totals ask for the same ones."""
        found = self._lights.get((unit, listed))
        if found is None:
            found = self._lights[unit, listed] = self._counted(unit, listed)
        return found

    def _counted(self, unit: str, listed: str) -> dict[str, Figure]:
        members = self.figures.members.get((unit, listed), ())
        rows = [row for item_id in members if (row := self.reasons.overall_of(item_id)) is not None]
        counted = Counter(str(row["severity"]) for row in rows)
        bad = Counter(str(row["severity"]) for row in rows if self.reasons.rests_on_bad_cells(row))
        return {
            one.value: self._count(
                f"light:{unit}:{listed}:{one.value}", counted[one.value], self.mark(one.value).word, bad[one.value]
            )
            for one in self._shown()
        }

    def _light_counts(self) -> tuple[LightCount, ...]:
        counts = self.lights_of(self.made.top, self.plan.list)
        return tuple(LightCount(self.mark(one.value), counts[one.value]) for one in self._shown())

    def _count(self, key: str, number: int, title: Text, bad: int = 0) -> Figure:
        """A count; `bad`: how many of those counted were judged without a cell that could not be accepted."""
        rule = self.made.rulebook.title.in_(self.made.request.language)
        provenance = Provenance(title, rule, self.made.rulebook.version, missing_cells=bad)
        return Figure(key, FigureKind.COUNT, number, provenance)

    # -- who is ahead, who lags ------------------------------------------------------------------------------

    def _advanced(self, league: Sequence[LeagueRow]) -> tuple[paper.AdvancedUnit, ...]:
        """Units among the first few in any ranked indicator, with what they stand out in."""
        titles = {one.key: one.title for one in self._indicator_titles()}
        found = []
        for row in league:
            achieved = tuple(
                paper.Achievement(titles[key], row.values[key], rank)
                for key, rank in row.ranks.items()
                if rank.value is not None and rank.value <= self.plan.advanced_top
            )
            if achieved:
                found.append(paper.AdvancedUnit(row.key, row.unit, achieved))
        return tuple(found)

    def lagging(self) -> tuple[paper.LaggingItem, ...]:
        """Items a circular calls out: the worst severities first, the largest among equals."""
        rows = [row for row in self.reasons.overall() if row["severity"] in self.plan.lagging.at]
        rows.sort(
            key=lambda row: (-(Severity(str(row["severity"])).rank or 0), -self._size(str(row["id"])), str(row["id"]))
        )
        return tuple(self._lagging_item(row) for row in rows[: self.plan.lagging.most])

    def _size(self, item_id: str) -> int:
        value = self.figures.items[item_id].value(self.plan.lagging.largest)
        return value if isinstance(value, int) else 0

    def _lagging_item(self, row: LightRow) -> paper.LaggingItem:
        item = self.figures.items[str(row["id"])]
        dimensions = tuple(
            self.dimension_light(one)
            for one in self.reasons.dimensions(item.item_id)
            if one["severity"] not in (Severity.NORMAL.value, Severity.NOT_JUDGED.value)
        )
        return paper.LaggingItem(
            key=item.item_id,
            name=item.name,
            unit=self.made.units[item.unit].title,
            mark=self.mark(str(row["severity"])),
            dimensions=dimensions,
            owner=self.owner(item),
            next_date=self.next_date(item),
            next_step=self._text(item, self.plan.lagging.next_step),
            code=item.code,
        )

    def owner(self, item: Item) -> str | None:
        for key in self.plan.lagging.owner:
            value = item.value(key)
            if value:
                return "、".join(value) if isinstance(value, tuple) else str(value)
        return None

    def next_date(self, item: Item) -> date | None:
        """The first declared date that is still ahead."""
        last_day = self.made.request.period.last_day
        for key in self.plan.lagging.next_date:
            value = item.value(key)
            if isinstance(value, date) and value > last_day:
                return value
        return None

    def _text(self, item: Item, key: str | None) -> str | None:
        value = item.value(key) if key else None
        return str(value) if value else None

    def _causes(self) -> tuple[paper.Cause, ...]:
        """How many items lag in each dimension, and the units that hold most of them."""
        found = []
        for dimension, title in self.reasons.titles().items():
            rows = [row for row in self.reasons.of_dimension(dimension) if row["severity"] in self.plan.lagging.at]
            if not rows:
                continue
            worst = max((Severity(str(row["severity"])) for row in rows), key=lambda one: one.rank or 0)
            units = Counter(str(row["unit"]) for row in rows)
            most = tuple(self.made.units[unit].title for unit, _ in units.most_common(3))
            count = self._count(f"cause:{dimension}", len(rows), title)
            found.append(paper.Cause(dimension, title, self.mark(worst.value), count, most))
        return tuple(found)

    # -- ladder, missing data, yardsticks --------------------------------------------------------------------

    def _ladder(self) -> tuple[LadderStep, ...]:
        """Steps due, units one by one; items too, unless there are so many that only their number is told."""
        due = self.reasons.steps_due()
        units = [step for step in due if step.subject == "unit"]
        items = [step for step in due if step.subject == "item"]
        told = [*units, *items] if len(items) <= self.plan.lagging.most else units
        steps = [self._step(step, f"{step.ladder}:{step.id}", self._subject(step.subject, step.id)) for step in told]
        if told is units:
            steps += self._grouped(items)
        return tuple(steps)

    def _grouped(self, due: Sequence[StepDue]) -> list[LadderStep]:
        """One line a step, with how many items it is due for; ladder.csv names them."""
        together: dict[tuple[str, str], list[StepDue]] = {}
        for step in due:
            together.setdefault((step.ladder, step.step), []).append(step)
        return [
            self._step(steps[0], f"{ladder}:{key}", Text(f"{len(steps)}个项目", f"{len(steps)} items"))
            for (ladder, key), steps in together.items()
        ]

    def _step(self, step: StepDue, key: str, subject: Text) -> LadderStep:
        return LadderStep(key=key, subject=subject, step=step.title, measure=step.measure, because=step.because)

    def _subject(self, kind: str, key: str) -> Text:
        if kind == "unit":
            return self.made.units[key].title
        name = self.figures.items[key].name
        return Text(name, name)

    def _missing(self) -> tuple[MissingNote, ...]:
        """Results of the league that rest on cells that were wrong or are in question."""
        notes = []
        for arrival in self.made.arrivals:
            for key in self.plan.indicators:
                bad = self.figures.bad_cells(arrival.unit, self.plan.list, key)
                if not bad:
                    continue
                title = self.made.rulebook.indicators[key].title
                places = "、".join(cell.place for cell in bad[:3])
                more_zh, more_en = (f"等{len(bad)}处", f" and {len(bad) - 3} more") if len(bad) > 3 else ("", "")
                notes.append(
                    MissingNote(
                        key=f"{arrival.unit}:{key}",
                        result=Text(f"{arrival.title.zh}{title.zh}", f"{title.en} of {arrival.title.en}"),
                        why=Text(f"{places}{more_zh}按缺失处理", f"{places}{more_en} counted as missing"),
                        cells=self._count(f"missing:{arrival.unit}:{key}", len(bad), title),
                    )
                )
        return tuple(notes)

    def _targets(self) -> dict[str, Target]:
        """Yardsticks such as the expected progress: constants the rulebook computed for the round."""
        found = {}
        names = self.made.rulebook.formulas.item_scope.constants
        for indicator, constant in self.plan.yardsticks.items():
            written = self.figures.results.constants.get(constant)
            if written:
                title = names[constant].title
                provenance = Provenance(
                    title, self.made.rulebook.title.in_(self.made.request.language), self.made.rulebook.version
                )
                value = Figure(f"constant:{constant}", FigureKind.PERCENT, Fraction(written), provenance, decimals=1)
                found[indicator] = Target(title, value)
        return found

    def _counts(self, lagging: Sequence[paper.LaggingItem]) -> dict[str, Figure]:
        arrivals = self.made.arrivals
        numbers = {
            "units": (len(arrivals), Text("应报单位", "units due to report")),
            "arrived": (
                sum(one.counted for one in arrivals),
                Text("已报送并采用", "arrived and accepted"),
            ),
            "missing": (sum(one.state == "missing" for one in arrivals), Text("未报送", "not arrived")),
            "refused": (sum(one.state == "refused" and not one.counted for one in arrivals), Text("退回", "returned")),
            "lagging": (
                sum(row["severity"] in self.plan.lagging.at for row in self.reasons.overall()),
                Text("滞后项目", "lagging items"),
            ),
            "listed": (len(lagging), Text("列出的滞后项目", "lagging items listed")),
        }
        return {key: self._count(f"count:{key}", number, title) for key, (number, title) in numbers.items()}


def published_indicators(history: Iterable[EarlierResults]) -> dict[str, dict[tuple[str, str, str], dict[str, object]]]:
    """Earlier rounds' indicators as they were published, by period."""
    return {
        earlier.period: {
            (row["unit"], row["list"], row["indicator"]): row for row in earlier.indicators.read().to_pylist()
        }
        for earlier in history
    }
