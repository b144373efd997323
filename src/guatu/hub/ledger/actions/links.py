"""One item and another it has to do with, in the kinds the ledger declares, for a time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from guatu.declarations import LinkKind
from guatu.hub.accounts.actor import Actor, require
from guatu.hub.accounts.roles import Permission
from guatu.hub.audit.acting import action
from guatu.hub.audit.events import Event
from guatu.hub.audit.recording import record
from guatu.hub.audit.refusals import Conflict
from guatu.hub.ledger.actions.holding import held_and_there, require_not_merged, require_reason
from guatu.hub.ledger.actions.revising import require_past
from guatu.hub.ledger.models import Item, Ledger, Link
from guatu.hub.ledger.packs import declared
from guatu.text import Refusal, Text


class WrongLink(Refusal):
    """The ledger declares no such kind of link, or not to that ledger."""


class LinkRefused(Conflict):
    """The links there are do not allow it."""


@action("link.make")
def link_items(*, source: Item, target: Item, kind: str, on: date, reason: str = "", by: Actor, at: datetime) -> Link:
    """From a day on, the source has to do with the target in this way. Whoever links may change the one and see the other."""
    source = held_and_there(source)
    under = require(by, Permission.CHANGE_ITEMS, unit=source.unit)
    _require_seen(target, by)
    require_past(source.name, on, at)
    require_not_merged(target)
    declaration = _require_kind(source, target, kind)
    Ledger.objects.select_for_update().get(pk=source.ledger_id)  # one link at a time, or two could close a circle
    refused = room_for(source, target, declaration)
    if refused is not None:
        raise refused
    record(
        Event.ITEMS_LINKED, subject=source, after={"kind": kind, "target": target.pk, "on": on}, reason=reason, by=under, at=at
    )  # fmt: skip
    made: Link = Link.objects.create(source=source, target=target, kind=kind, valid_from=on, reason=reason.strip())
    return made


@action("link.end")
def end_link(*, link: Link, on: date, reason: str, by: Actor, at: datetime) -> Link:
    """It holds no more, from a day on."""
    source = held_and_there(link.source)
    under = require(by, Permission.CHANGE_ITEMS, unit=source.unit)
    require_past(source.name, on, at)
    reason = require_reason(source.name, reason)
    standing: Link = Link.objects.get(pk=link.pk)
    if standing.valid_to is not None or on <= standing.valid_from:
        raise LinkRefused(
            source.name,
            Text("这个关联已经解除，或那天还没有开始", "the link has ended, or had not begun by that day"),
            Text(f"写 {standing.valid_from} 之后的日期。", f"Give a day after {standing.valid_from}."),
        )
    record(
        Event.LINK_ENDED, subject=source, before={"kind": standing.kind, "target": standing.target_id}, after={"on": on},
        reason=reason, by=under, at=at,
    )  # fmt: skip
    standing.valid_to = on
    standing.save()
    return standing


def _require_seen(target: Item, by: Actor) -> None:
    if not Item.objects.visible_to(by).filter(pk=target.pk).exists():
        require(by, Permission.SEE_ITEMS, unit=target.unit)


def _require_kind(source: Item, target: Item, kind: str) -> LinkKind:
    kinds = declared(source.ledger).link_kinds
    if kind not in kinds:
        raise WrongLink(
            source.name,
            Text(f"台账没有关联“{kind}”", f"its ledger has no link '{kind}'"),
            Text(
                f"可用：{'、'.join(one.title.zh for one in kinds.values())}。",
                f"There are: {', '.join(one.title.en for one in kinds.values())}.",
            ),
        )
    if target.ledger.key not in kinds[kind].to or target.pk == source.pk:
        raise WrongLink(
            source.name,
            Text(
                f"“{kinds[kind].title.zh}”不能连到“{target.name}”",
                f"'{kinds[kind].title.en}' does not lead to '{target.name}'",
            ),
            Text(
                f"它只连到台账：{'、'.join(kinds[kind].to)}，且不是自己。",
                f"It leads to ledgers {', '.join(kinds[kind].to)} only, and never to itself.",
            ),
        )
    return kinds[kind]


def room_for(source: Item, target: Item, kind: LinkKind) -> LinkRefused | None:
    """Why the links there are do not allow another; None if they do."""
    standing = Link.objects.filter(kind=kind.key, valid_to=None)
    if standing.filter(source=source, target=target).exists():
        return LinkRefused(
            source.name,
            Text("已经有这个关联", "is linked like this already"),
            Text("不必再办。", "Nothing is left to do."),
        )
    if kind.single and (other := standing.filter(source=source).select_related("target").first()) is not None:
        return LinkRefused(
            source.name,
            Text(f"已经{kind.title.zh}“{other.target.name}”", f"is {kind.title.en} '{other.target.name}' already"),
            Text("先解除那一个。", "End that link first."),
        )
    if kind.acyclic and source.pk in _reached(target.pk, kind.key):
        return LinkRefused(
            source.name,
            Text(
                f"“{target.name}”已经直接或间接{kind.title.zh}它，会绕成圈",
                f"'{target.name}' leads back to it by '{kind.title.en}': a circle",
            ),
            Text("核对谁在前、谁在后。", "Check which comes first."),
        )
    return None


def _reached(start: int, kind: str) -> set[int]:
    """Every item a chain of links of a kind leads to from one, itself included; a query a step of the longest chain."""
    found, edge = {start}, {start}
    while edge:
        further: Iterable[int] = Link.objects.filter(source__in=edge, kind=kind, valid_to=None).values_list(
            "target_id", flat=True
        )
        edge = set(further) - found
        found |= edge
    return found
