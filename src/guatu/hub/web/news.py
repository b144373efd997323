"""What happened to what one answers for since one last looked, what waits for one, and the count in the masthead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.contrib import messages
from django.core.cache import cache
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.timezone import localdate
from django.views.decorators.http import require_POST

from guatu.hub.accounts.actor import Actor
from guatu.hub.accounts.language import spoken
from guatu.hub.accounts.numbers import whole_number
from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.assessment.moved import moved_since
from guatu.hub.composed import ByKey
from guatu.hub.ledger.actions.news import see_news
from guatu.hub.ledger.goals.waiting import papers_waiting, shares_waiting
from guatu.hub.ledger.models import Duty, Figure, Item, ItemRevision, Milestone, SeenUpTo
from guatu.hub.ledger.news import (
    MOST,
    Seen,
    Told,
    answered_for,
    changes_since,
    claims_waiting,
    duties_given,
    seen_up_to,
    touched_since,
)
from guatu.hub.ledger.packs import declared
from guatu.hub.ledger.shown import FACTS, shown_figure
from guatu.hub.ledger.telling import UNTOLD, Telling, tellings
from guatu.hub.web.dossier.history import KINDS
from guatu.hub.web.dossier.milestones import STANDINGS
from guatu.hub.web.home import imports_ready, loads_waiting
from guatu.hub.web.posted import posted
from guatu.hub.web.rounds.lit import moved
from guatu.text import Text

FRESH_FOR = 60
"""Seconds for which a count in the masthead may be behind."""
CLAIMS = 20
MOST_MOVED = 30
_SEEN = ByKey(lambda person: SeenUpTo.objects.filter(person=person).values_list("sequence", "at"))


@dataclass(frozen=True, slots=True)
class Happened:
    """One thing that happened to an item."""

    what: Text
    said: str
    told: Telling


@dataclass
class About:
    """An item with all that happened to it, the newest first."""

    item: Item
    sequence: int
    """Of the newest."""
    latest: datetime | None = None
    happened: list[Happened] = field(default_factory=list)


def page(request: ActorRequest) -> HttpResponse:
    now = timezone.now()
    seen, day = seen_up_to(request.actor, now), localdate(now)
    claims = list(
        claims_waiting(request.actor)
        .select_related("item__unit", "item__ledger__pack")
        .defer("item__ledger__pack__files")[:CLAIMS]
    )
    happened = about(request.actor, seen, day)
    lights = moved(moved_since(answered_for(request.actor, day), seen.at), MOST_MOVED + 1)
    words = {
        "seen": seen,
        "since": "Y-m-d H:i" if seen.said else "Y-m-d",
        "shown_to": max((one.sequence for one in happened), default=seen.sequence),
        "shown_at": now.isoformat(),
        "about": happened,
        "moved": lights[:MOST_MOVED],
        "moved_more": len(lights) > MOST_MOVED,
        "duties": [(one, _slot(one)) for one in duties_given(request.actor, seen, day)],
        "claims": [(one, _milestone(one), STANDINGS[one.standing][0]) for one in claims],
        "shares": shares_waiting(request.actor),
        "papers": papers_waiting(request.actor),
        "workbooks": imports_ready(request.actor),
        "loads": loads_waiting(request.actor),
        "most": MOST,
    }
    return render(request, "home/news.html", words)


@require_POST
def see(request: ActorRequest) -> HttpResponse:
    up_to = whole_number(posted(request, "up_to")) or 0
    see_news(up_to=up_to, shown_at=_moment(posted(request, "shown_at")), by=request.actor, at=timezone.now())
    messages.success(request, Text("都看过了。", "All of it is seen.").in_(spoken()))
    return redirect("news")


def _moment(said: str) -> datetime | None:
    """When a page was shown, as its form says it."""
    try:
        at = datetime.fromisoformat(said)
    except ValueError:
        return None
    return at if at.tzinfo is not None else None


def count(actor: Actor) -> int:
    """For the masthead of whoever sees items: kept for a minute, so that no page pays for it twice."""
    seen = _SEEN.first(actor.person_id)
    posts = "-".join(str(one.post_id) for one in actor.posts)
    key = f"news/{actor.person_id}/{posts}/{'never' if seen is None else f'{seen[0]}-{seen[1].timestamp()}'}"
    held: int | None = cache.get(key)
    if held is None:
        now = timezone.now()
        held = count_since(actor, seen_up_to(actor, now), localdate(now))
        cache.set(key, held, FRESH_FOR)
    return held


def count_since(actor: Actor, seen: Seen, day: date) -> int:
    """Items that something happened to, and items whose light moved. A few small queries."""
    lit = moved_since(answered_for(actor, day), seen.at).order_by().values_list("item_id", flat=True)
    return len(touched_since(actor, seen, day) | set(lit[: MOST * 4]))


def about(actor: Actor, seen: Seen, day: date) -> list[About]:
    """The items something happened to, the latest first."""
    facts: list[Told] = [
        one for kind in changes_since(actor, seen, day) for one in kind.order_by("-sequence", "-pk")[:MOST]
    ]
    given = tellings(one.sequence for one in facts)
    items = Item.objects.select_related("unit", "ledger__pack").defer("ledger__pack__files", "search_text")
    known = items.in_bulk({one.item_id for one in facts})
    found: dict[int, About] = {}
    for one in sorted(facts, key=lambda fact: -fact.sequence):
        item = known[one.item_id or 0]
        told = found.setdefault(item.pk, About(item, one.sequence))
        telling = given.get(one.sequence, UNTOLD)
        told.latest = told.latest or telling.at
        told.happened.append(Happened(*_said(one, item), telling))
    return list(found.values())


def _said(one: Told, item: Item) -> tuple[Text, str]:
    match one:
        case ItemRevision():
            return KINDS.get(one.kind, Text(one.kind, one.kind)), one.reason
        case Figure():
            field = declared(item.ledger).fields.get(one.field)
            title = field.title if field is not None else Text(one.field, one.field)
            what = Text(f"报数 {one.period} {title.zh}", f"reported {one.period}, {title.en}")
            told = shown_figure(field, one.amount, one.number) if field is not None else None
            return what, told.with_unit.in_(spoken()) if told is not None else one.number
        case Milestone():
            word = STANDINGS[one.standing][0] if one.fact == "actual" else FACTS[one.fact]
            title = _milestone(one, item)
            day = one.on.isoformat() if one.on is not None else ""
            return Text(f"{title.zh} {word.zh}", f"{title.en}, {word.en}"), " ".join(filter(None, (day, one.reason)))
        case _:
            return Text("日志、备注", "log or remark"), one.text


def _milestone(one: Milestone, item: Item | None = None) -> Text:
    return declared((item or one.item).ledger).milestone_title(one.key)


def _slot(one: Duty) -> Text:
    slots: Mapping[str, Text] = {key: slot.title for key, slot in declared(one.item.ledger).duties.items()}
    return slots.get(one.slot, Text(one.slot, one.slot))
