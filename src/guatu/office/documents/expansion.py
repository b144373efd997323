"""Template + facts -> document: conditions decided, lists repeated, headings numbered, figures mentioned."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from guatu.office.documents.facts import CircularFacts
from guatu.office.documents.model import (
    Attachment,
    Block,
    Column,
    Document,
    DocumentKind,
    Heading,
    Imprint,
    Labels,
    Masthead,
    Mention,
    PageBreak,
    Paragraph,
    Picture,
    Row,
    Run,
    Table,
)
from guatu.office.documents.numbering import HeadingCounter, written_date
from guatu.office.documents.phrases import Formula, localised, refuse
from guatu.office.documents.sources import sources_table
from guatu.office.documents.templates import (
    AttachmentSpec,
    BlockSpec,
    ChartSpec,
    ColumnSpec,
    Common,
    GroupSpec,
    HeadingSpec,
    Loop,
    PageBreakSpec,
    ParagraphSpec,
    SourcesSpec,
    TableSpec,
    Template,
)
from guatu.office.figures import MISSING, REST_MARK, Figure, figures_in, number_of, printed, scale_for
from guatu.text import Language

if TYPE_CHECKING:
    from guatu.office.documents.charts import Charts

Scope = dict[str, Any]


def write(template: Template, facts: CircularFacts, language: Language) -> Document:
    """The document a template makes of the facts, in one language.

    A template that does not fit the facts raises `TemplateRefused` with file and line.
    """
    writer = _Writer(template, facts, language)
    return writer.document()


@dataclass(slots=True)
class _Writer:
    template: Template
    facts: CircularFacts
    language: Language
    mentioned: dict[str, str] = field(default_factory=dict)
    """Figure id -> how it was first printed, in reading order."""
    figures: dict[str, Figure] = field(init=False)
    _charts: Charts | None = None
    headings: HeadingCounter = field(init=False)

    def __post_init__(self) -> None:
        self.figures = {}
        for figure in figures_in(self.facts):
            known = self.figures.setdefault(figure.id, figure)
            if known.value != figure.value:
                raise ValueError(f"Two figures are called {figure.id!r}: {known.value} and {figure.value}.")
        self.headings = HeadingCounter(self.language)

    @property
    def charts(self) -> Charts:
        """Made for the first chart: a paper without one loads no drawing library."""
        if self._charts is None:
            from guatu.office.documents.charts import Charts

            self._charts = Charts(self.facts, self.language)
        return self._charts

    def document(self) -> Document:
        letterhead, template = self.facts.letterhead, self.template
        scope = self.scope()
        blocks = tuple(self.blocks(template.blocks, scope, ""))
        attachments = tuple(self.attachments(scope))
        number = str(letterhead.number) if letterhead.number else ""
        recipients = template.recipients.text(self.language, scope) if template.recipients else ""
        return Document(
            kind=template.kind,
            language=self.language,
            title=template.title.text(self.language, scope),
            dated=letterhead.dated,
            dated_printed=written_date(letterhead.dated, self.language),
            labels=Labels(
                attachments=template.attachments_label.text(self.language, scope),
                seal=template.seal.text(self.language, scope),
            ),
            blocks=blocks,
            number=number,
            recipients=recipients,
            signer=letterhead.issuer.in_(self.language),
            masthead=self.masthead(),
            attachments=attachments,
            imprint=self.imprint(scope),
            figures=self.figures,
        )

    def scope(self) -> Scope:
        scope = dict(vars(localised(self.facts, self.language)))
        for name in ("arrived", "not_arrived", "refused"):
            scope[name] = localised(getattr(self.facts, name), self.language)
        letterhead = scope["letterhead"]
        letterhead.number = str(self.facts.letterhead.number or "")
        return scope

    def masthead(self) -> Masthead | None:
        letterhead = self.facts.letterhead
        if self.template.kind is not DocumentKind.BULLETIN:
            return None
        if letterhead.masthead is None or letterhead.issue is None:
            raise refuse(
                self.template.title.place,
                "简报没有刊名或期号",
                "a bulletin needs letterhead.masthead and letterhead.issue",
            )
        return Masthead(
            name=letterhead.masthead.in_(self.language),
            issue=letterhead.issue,
            issue_printed=letterhead.issue.in_(self.language),
            editor=letterhead.issuer.in_(self.language),
            dated=written_date(letterhead.dated, self.language),
        )

    def imprint(self, scope: Scope) -> Imprint | None:
        lines = []
        for line in self.template.imprint:
            if line.when is None or line.when.value(scope):
                right = line.right.text(self.language, scope) if line.right else ""
                lines.append((line.left.text(self.language, scope), right))
        return Imprint(tuple(lines)) if lines else None

    # -- blocks --------------------------------------------------------------------------------------------

    def blocks(self, specs: tuple[BlockSpec, ...], scope: Scope, prefix: str) -> Iterator[Block]:
        for spec in specs:
            if isinstance(spec, TableSpec):
                yield from self.table(spec, scope, prefix)
                continue
            for inside, id_ in self.repetitions(spec.common, scope, prefix):
                yield from self.block(spec, inside, id_)

    def repetitions(self, common: Common, scope: Scope, prefix: str) -> Iterator[tuple[Scope, str]]:
        for inside, suffix in _repeat(common.loop, scope):
            if common.when is None or common.when.value(inside):
                yield inside, f"{prefix}{common.id}{suffix}"

    def block(self, spec: BlockSpec, scope: Scope, id_: str) -> Iterator[Block]:
        match spec:
            case HeadingSpec():
                yield Heading(
                    id_, spec.level, self.runs(spec.text.runs(self.language, scope)), self.headings.next(spec.level)
                )
            case ParagraphSpec():
                runs = self.runs(spec.text.runs(self.language, scope))
                if runs:
                    yield Paragraph(id_, runs, spec.role)
            case ChartSpec():
                yield self.picture(spec, scope, id_)
            case SourcesSpec():
                headers = {key: title.text(self.language, scope) for key, title in spec.columns}
                caption = spec.caption.text(self.language, scope)
                yield sources_table(id_, caption, headers, self.mentioned, self.figures, self.language)
            case GroupSpec():
                yield from self.blocks(spec.blocks, scope, f"{id_}/")
            case PageBreakSpec():
                yield PageBreak(id_)
            case TableSpec():
                yield from self.table(spec, scope, id_)

    def runs(self, runs: tuple[Run, ...]) -> tuple[Run, ...]:
        for run in runs:
            if isinstance(run, Mention):
                self.mentioned.setdefault(run.figure, run.printed)
        return runs

    def picture(self, spec: ChartSpec, scope: Scope, id_: str) -> Picture:
        chart = self.charts.draw(spec.chart, spec.indicator, spec.common.place)
        return Picture(id_, chart.png, chart.width_mm, spec.caption.text(self.language, scope), chart.alt)

    # -- tables --------------------------------------------------------------------------------------------

    def table(self, spec: TableSpec, scope: Scope, prefix: str) -> Iterator[Table]:
        rows = [one for one in _repeat(spec.common.loop, scope) if _holds(spec.common.when, one[0])]
        if not rows:
            return
        columns: list[Column] = []
        cells: list[list[tuple[Run, ...]]] = []
        for one in spec.columns:
            for bound, suffix in _repeat(one.loop, scope):
                if _holds(one.when, bound):
                    header, align, column = self.column(one, bound, [{**bound, **inside} for inside, _ in rows])
                    columns.append(Column(f"{one.key}{suffix}", header, align, one.width))
                    cells.append(column)
        yield Table(
            id=f"{prefix}{spec.common.id}",
            columns=tuple(columns),
            rows=tuple(
                Row(
                    key=suffix.strip("[]"),
                    cells=tuple(self.runs(column[index]) for column in cells),
                    strong=spec.strong is not None and bool(spec.strong.value(inside)),
                )
                for index, (inside, suffix) in enumerate(rows)
            ),
            caption=spec.caption.text(self.language, scope),
            size=spec.size,
        )

    def column(self, spec: ColumnSpec, bound: Scope, rows: list[Scope]) -> tuple[str, str, list[tuple[Run, ...]]]:
        """Header with its unit, alignment, and one cell a row."""
        title = spec.title.text(self.language, bound)
        if spec.text is not None:
            return title, spec.align or "left", [spec.text.runs(self.language, scope) for scope in rows]
        assert spec.value is not None  # the loader refuses a column with neither
        values = [spec.value.value(scope) for scope in rows]
        figures = [value for value in values if isinstance(value, Figure)]
        if not figures:
            return title, spec.align or "left", [self.plain_cell(value) for value in values]
        scale = scale_for(figures)
        unit = scale.header.in_(self.language) if spec.unit_in_header else ""
        header = title if not unit else f"{title}（{unit}）" if self.language == "zh" else f"{title} ({unit})"
        cells = []
        for value in values:
            if not isinstance(value, Figure):
                cells.append(self.plain_cell(value, counted=True))
                continue
            shown = number_of(value, scale, self.language) if spec.unit_in_header else printed(value, self.language)
            cells.append((Mention(value.id, shown + (REST_MARK if value.rests_on_missing else "")),))
        return header, spec.align or "right", cells

    def plain_cell(self, value: Any, *, counted: bool = False) -> tuple[Run, ...]:
        if value is None:
            return (MISSING,) if counted else ()
        return (written_date(value, self.language) if hasattr(value, "isoformat") else str(value),)

    # -- attachments ---------------------------------------------------------------------------------------

    def attachments(self, scope: Scope) -> Iterator[Attachment]:
        shown: list[AttachmentSpec] = [one for one in self.template.attachments if _holds(one.when, scope)]
        for order, spec in enumerate(shown, 1):
            self.headings = HeadingCounter(self.language)
            label = spec.label.text(self.language, scope)
            if len(shown) > 1:
                label += str(order) if self.language == "zh" else f" {order}"
            yield Attachment(
                id=spec.id,
                label=label,
                title=spec.title.text(self.language, scope),
                blocks=tuple(self.blocks(spec.blocks, scope, f"{spec.id}/")),
                listed=spec.listed,
            )


def _holds(when: Formula | None, scope: Scope) -> bool:
    return when is None or bool(when.value(scope))


def _repeat(loop: Loop | None, scope: Scope) -> Iterator[tuple[Scope, str]]:
    """Each scope of a repetition with the `[key]` its ids carry; one scope and no key without a loop."""
    if loop is None:
        yield scope, ""
        return
    over = loop.over.value(scope)
    for value in over.values() if isinstance(over, Mapping) else over:
        inside = {**scope, loop.name: value}
        yield inside, f"[{loop.key.value(inside)}]"
