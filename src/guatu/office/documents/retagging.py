"""Find figures again in a paragraph whose content controls lost their tags (LibreOffice 7 drops them on saving)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from guatu.office.documents.model import Mention, Run


def retagged(runs: tuple[Run, ...], generated: tuple[Run, ...]) -> tuple[Run, ...]:
    """`runs` with lost mentions found by how they were printed.

    A figure is tagged again only when its print stands in the words exactly as often as it was lost: what a person typed
    is never mistaken for ours. Same prints are taken in the order they were generated.
    """
    lost = _lost(runs, generated)
    prints: dict[str, list[Mention]] = {}
    for mention in lost:
        prints.setdefault(mention.printed, []).append(mention)
    words = "\ue000".join(run for run in runs if isinstance(run, str))
    found = {text: own for text, own in prints.items() if len(_whole(text).findall(words)) == len(own)}
    if not found:
        return runs
    either = re.compile("|".join(_whole(text).pattern for text in sorted(found, key=len, reverse=True)))
    return tuple(part for run in runs for part in _split(run, either, found))


def _lost(runs: tuple[Run, ...], generated: tuple[Run, ...]) -> list[Mention]:
    left = Counter(run.figure for run in runs if isinstance(run, Mention))
    lost = []
    for run in generated:
        if isinstance(run, Mention):
            if left[run.figure]:
                left[run.figure] -= 1
            else:
                lost.append(run)
    return lost


def _whole(text: str) -> re.Pattern[str]:
    """The print as a whole: not the end or the beginning of a longer number."""
    return re.compile(rf"(?<![\d.,]){re.escape(text)}(?![\d%]|[.,]\d)")


def _split(run: Run, either: re.Pattern[str], found: dict[str, list[Mention]]) -> Iterator[Run]:
    if isinstance(run, Mention):
        yield run
        return
    end = 0
    for match in either.finditer(run):
        if match.start() > end:
            yield run[end : match.start()]
        yield found[match[0]].pop(0)
        end = match.end()
    if end < len(run):
        yield run[end:]
