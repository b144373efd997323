"""What a round's papers show, as a pack declares it: columns, order, who is praised, who is called out, who signs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from guatu.declarations.entries import Entry, Problems, top_entry
from guatu.declarations.located import Mapping_
from guatu.declarations.packs import Pack
from guatu.text import Refusal, Text


@dataclass(frozen=True, slots=True)
class LaggingPlan:
    """Which items a circular calls out, and what it says of each."""

    at: tuple[str, ...]
    """Severities that are called out."""
    most: int
    """How many at most; the largest first."""
    largest: str
    """Field by which the largest are found."""
    next_date: tuple[str, ...]
    """Date fields that may hold the next date, the first still ahead wins."""
    next_step: str | None
    owner: tuple[str, ...]
    """Fields that name who answers, the first filled wins."""


@dataclass(frozen=True, slots=True)
class LetterheadPlan:
    issuer: Text
    recipients: Text
    place: Text
    masthead: Text | None


@dataclass(frozen=True, slots=True)
class PapersPlan:
    """The declaration `papers.yaml`, merged over the packs it extends."""

    list: str
    lists: tuple[str, ...]
    indicators: tuple[str, ...]
    groups: Mapping[str, Text]
    """Indicator -> the heading it shares with its neighbours (开工 over 个数, 率, 位次)."""
    ranked: tuple[str, ...]
    ranked_by: str
    yardsticks: Mapping[str, str]
    advanced_top: int
    lagging: LaggingPlan
    letterhead: LetterheadPlan
    write: Mapping[str, frozenset[str]] | None = None
    """Which papers are written and in which forms (docx, pdf); None: every template of the pack in both."""

    def forms(self, paper: str) -> frozenset[str]:
        return FORMS if self.write is None else self.write.get(paper, frozenset())


FORMS = frozenset({"docx", "pdf"})


def load_papers(pack: Pack) -> PapersPlan:
    """Read the pack's `papers.yaml`; keys it does not give come from the packs it extends."""
    problems = Problems()
    merged: Mapping_ | None = None
    for folder in reversed(pack.folders):
        path = folder / "papers.yaml"
        if path.is_file():
            mapping = top_entry(path, problems).mapping
            merged = mapping if merged is None else _over(merged, mapping)
    if merged is None:
        raise Refusal(
            f"{pack.folder.name}/papers.yaml",
            Text("业务包没有说明通报和排名表列什么", "the pack does not say what its papers show"),
            Text(
                "写一份 papers.yaml，或 extends 一个有它的业务包。", "Write papers.yaml, or extend a pack that has one."
            ),
        )
    plan = _plan(Entry(merged, problems))
    problems.refuse()
    return plan


def _over(below: Mapping_, above: Mapping_) -> Mapping_:
    result = Mapping_({**below, **above})
    result.place = above.place
    result.places = {**below.places, **above.places}
    return result


def _plan(entry: Entry) -> PapersPlan:
    plan = PapersPlan(
        list=entry.word("list"),
        lists=entry.words("lists"),
        indicators=entry.words("indicators"),
        groups=_groups(entry),
        ranked=entry.words("ranked"),
        ranked_by=entry.word("ranked_by"),
        yardsticks=_yardsticks(entry),
        advanced_top=_advanced(entry),
        lagging=_lagging(entry),
        letterhead=_letterhead(entry),
        write=_written(entry),
    )
    if plan.ranked_by not in plan.ranked:
        entry.wrong(
            "ranked_by",
            Text(f"“{plan.ranked_by}”不在 ranked 里", f"'{plan.ranked_by}' is not among 'ranked'"),
            Text("把它加进 ranked。", "Add it to ranked."),
        )
    entry.done()
    return plan


def _written(entry: Entry) -> dict[str, frozenset[str]] | None:
    nested = entry.entry("write")
    if nested is None:
        return None
    found = {key: frozenset(nested.words(key)) for key in nested.mapping}
    for key, forms in found.items():
        if "docx" not in forms or not forms <= FORMS:
            nested.wrong(
                key,
                Text(
                    "只能写 [docx] 或 [docx, pdf]：PDF 总随可编辑的 DOCX",
                    "is [docx] or [docx, pdf]: a PDF comes with its DOCX",
                ),
                Text(
                    "改成其中之一，或整行删去不出这份文稿。",
                    "Write one of them, or delete the line to leave the paper out.",
                ),
            )
    nested.done()
    return found


def _groups(entry: Entry) -> dict[str, Text]:
    found: dict[str, Text] = {}
    for group in entry.entries("groups"):
        title = group.text("title")
        found |= dict.fromkeys(group.words("indicators"), title)
        group.done()
    return found


def _yardsticks(entry: Entry) -> dict[str, str]:
    nested = entry.entry("yardsticks")
    return {key: nested.word(key) for key in nested.mapping} if nested else {}


def _advanced(entry: Entry) -> int:
    nested = entry.entry("advanced")
    if nested is None:
        return 0
    top = nested.number("top", default=3)
    nested.done()
    return top


def _lagging(entry: Entry) -> LaggingPlan:
    nested = entry.entry("lagging")
    if nested is None:
        return LaggingPlan((), 0, "", (), None, ())
    plan = LaggingPlan(
        at=nested.words("at"),
        most=nested.number("most", default=30),
        largest=nested.word("largest"),
        next_date=nested.words("next_date"),
        next_step=nested.optional("next_step"),
        owner=nested.words("owner"),
    )
    nested.done()
    return plan


def _letterhead(entry: Entry) -> LetterheadPlan:
    nested = entry.entry("letterhead")
    empty = Text("", "")
    if nested is None:
        entry.wrong(
            "letterhead",
            Text("没有写明发文单位", "nobody is named as the issuer"),
            Text(
                "加上 letterhead: {issuer: …, recipients: …, place: …}。",
                "Add letterhead with issuer, recipients, place.",
            ),
        )
        return LetterheadPlan(empty, empty, empty, None)
    plan = LetterheadPlan(
        issuer=nested.text("issuer"),
        recipients=nested.text("recipients"),
        place=nested.text("place"),
        masthead=nested.text("masthead") if nested.has("masthead") else None,
    )
    nested.done()
    return plan
