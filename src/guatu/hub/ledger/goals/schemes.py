"""The declaration of goals a goal follows: that of the current version of its pack."""

from __future__ import annotations

from guatu.declarations.goals import GoalIndicator, GoalPaper, Goals
from guatu.hub.ledger.models import Goal, PackVersion
from guatu.hub.ledger.packs import loaded
from guatu.text import Refusal, Text


class NotDeclared(Refusal):
    """The pack declares no such level, slot, indicator or paper; `field` says which was meant."""

    def __init__(self, field: str, key: str, known: list[str]) -> None:
        self.field = field
        super().__init__(
            key or field,
            Text(f"业务包没有“{key}”", f"the pack declares no '{key}'"),
            Text(f"可选：{'、'.join(known) or '（无）'}。", f"Choose among: {', '.join(known) or '(none)'}."),
        )


def schemes() -> dict[str, Goals]:
    """Of every installed pack that declares goals, by the pack's key; what a site changed of a pack declares none of its own."""
    current = PackVersion.objects.filter(is_current=True, overlay_of="").defer("files").order_by("key")
    found = {one.key: loaded(one).goals for one in current}
    return {key: goals for key, goals in found.items() if goals is not None}


def scheme_of(goal: Goal) -> Goals:
    return scheme_named(goal.pack)


def scheme_named(pack: str) -> Goals:
    found = schemes()
    if pack not in found:
        raise NotDeclared("pack", pack, list(found))
    return found[pack]


def indicator_of(scheme: Goals, key: str) -> GoalIndicator:
    if key not in scheme.indicators:
        raise NotDeclared("indicator", key, list(scheme.indicators))
    return scheme.indicators[key]


def paper_named(scheme: Goals, kind: str) -> GoalPaper:
    if kind not in scheme.papers:
        raise NotDeclared("kind", kind, list(scheme.papers))
    return scheme.papers[kind]
