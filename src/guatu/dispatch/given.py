"""What a round begins with: its request as earlier runs settled it, its pack, and its workbooks read.

Nothing here needs the engine, so that workbooks are being read while the engine is still loaded.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from guatu.declarations import Pack, load_pack
from guatu.dispatch.arrivals import national_units
from guatu.dispatch.mappings import load_memory
from guatu.dispatch.reading import Notice, read_all, unused_answers
from guatu.dispatch.request import RoundRequest, kept_history, kept_language
from guatu.office.workbooks import Memory, WorkbookReading
from guatu.text import Text


@dataclass(frozen=True, slots=True)
class Given:
    """A request with nothing left open, and the pack it names."""

    request: RoundRequest
    pack: Pack
    notes: Sequence[Text]
    """What a person should know of the request itself."""


def settled(request: RoundRequest) -> Given:
    """A round run again without `history` reads the rounds it read before, so that nobody's light changes for that."""
    before = kept_history(request.out)
    notes = [*_other_history(request.history, before), *unused_answers(request.answers, request.workbooks)]
    language = request.paper_language or kept_language(request.out) or request.language
    request = replace(request, history=request.history or before, language=language)
    return Given(request, load_pack(request.pack), notes)


def read_given(given: Given, notice: Notice, meanwhile: Callable[[], None]) -> list[WorkbookReading]:
    """The workbooks of a request read; `meanwhile` is done here while children of this process read them."""
    request, pack = given.request, given.pack
    return read_all(
        request.workbooks,
        pack.ledger,
        request.period,
        list(pack.units.values()) or national_units(pack),
        memory=load_memory(request.mappings, pack.ledger) if request.mappings else Memory(),
        answers=request.answers,
        notice=notice,
        meanwhile=meanwhile,
    )


def _other_history(given: Sequence[Path], before: Sequence[Path]) -> list[Text]:
    if not given or not before or {path.resolve() for path in given} == {path.resolve() for path in before}:
        return []
    names = "、".join(str(path) for path in before)
    return [
        Text(
            f"上次用的往期结果是 {names}，这次不同：要看往期的规则会给出不同的灯",
            f"the earlier rounds read before were {names}; with others, rules that look back give other lights",
        )
    ]
