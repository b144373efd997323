"""Ticked items changed together: what is to be done, what would become of each, then all or none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate

from guatu.declarations import Ledger as LedgerDeclaration
from guatu.hub.accounts.actor import NotAllowed
from guatu.hub.accounts.language import spoken
from guatu.hub.accounts.models import Unit
from guatu.hub.accounts.refusals import status_of
from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.accounts.roles import Permission
from guatu.hub.ledger.actions.together import Together, differences, set_together
from guatu.hub.ledger.fields import facts_of, stated_list_titles, stated_lists
from guatu.hub.ledger.models import Ledger
from guatu.hub.ledger.models.items import ItemState
from guatu.hub.ledger.packs import declared
from guatu.hub.ledger.shown import STATES, said_of, titled
from guatu.hub.web.declared_fields import DeclaredField
from guatu.hub.web.grid.back import back_of
from guatu.hub.web.grid.choosing import Chosen, chosen
from guatu.hub.web.item_changes import SINCE, SINCE_HELP
from guatu.hub.web.ledgers import ledger_of
from guatu.hub.web.page_forms import ChosenField, DayField, PageForm, ReasonField, UnitField, manageable
from guatu.hub.web.posted import posted
from guatu.text import Refusal, Text

CORE = {
    "unit": Text("划到另一个单位", "Move to another unit"),
    "enters": Text("列入清单", "Put on a list"),
    "leaves": Text("移出清单", "Take off a list"),
    "state": Text("暂停、退出、恢复", "Suspend, withdraw, resume"),
}


def deeds(ledger: LedgerDeclaration) -> dict[str, Text]:
    """What can be done to items together, by its word in a form: core deeds, or the key of a field."""
    core = {key: title for key, title in CORE.items() if key not in ("enters", "leaves") or stated_lists(ledger)}
    return core | {
        f"f-{key}": Text(f"改“{one.title.zh}”", f"Set {one.title.en}") for key, one in facts_of(ledger).items()
    }


class TogetherForm(PageForm):
    """What every chosen item becomes, from which day, and why."""

    on = DayField(SINCE, initial=localdate, help=SINCE_HELP)
    reason = ReasonField()

    def __init__(self, request: ActorRequest, ledger: LedgerDeclaration, what: str) -> None:
        self.what = what
        self.asked = DeclaredField(facts_of(ledger)[what.removeprefix("f-")]) if what.startswith("f-") else None
        super().__init__(request.POST if posted(request, "deed") else None)
        lists = stated_list_titles(ledger)
        if self.asked is not None:
            self.fields[what] = self.asked.asked(None)
            self.fields[what].required = False
        elif what == "unit":
            self.fields["unit"] = UnitField(CORE["unit"], manageable(request.actor, Permission.CHANGE_ITEMS))
        elif what == "state":
            offered = {key: title for key, title in STATES.items() if key != ItemState.MERGED}
            self.fields["state"] = ChosenField(CORE["state"], offered)
        else:
            self.fields[what] = ChosenField(CORE[what], lists)
        self.order_fields([what, "on", "reason"])

    def field_of(self, refusal: Refusal) -> str:
        return f"f-{getattr(refusal, 'field', '')}"

    def changes(self, items: Sequence[Chosen]) -> list[Together]:
        """What the form says of each item."""
        answer = self.cleaned_data[self.what]
        said: dict[str, Any]
        if self.asked is not None:
            said = {"values": {self.asked.declared.key: self.asked.meant(answer)}}
        elif self.what == "unit":
            said = {"unit": answer}
        elif self.what == "state":
            said = {"state": ItemState(answer)}
        else:
            said = {self.what: (answer,)}
        return [Together(one.item, one.seen, **said) for one in items]


@dataclass(frozen=True, slots=True)
class Becomes:
    """A line of the preview: what differs of an item."""

    item: int
    name: str
    title: Text
    before: Text
    after: Text


def preview(ledger: Ledger, declaration: LedgerDeclaration, changes: Sequence[Together]) -> list[Becomes]:
    """What would differ, by the very checks of the action."""
    found = differences(declaration, [one.item for one in changes], changes)
    pks = {row.unit for one, _ in found for row in (one.before, one.after)}
    units = {one.pk: one.title for one in Unit.objects.filter(pk__in=pks)}
    return [
        Becomes(
            one.item.pk, one.item.name, titled(declaration, fact), said_of(declaration, fact, before, units),
            said_of(declaration, fact, after, units),
        )
        for one, said in found
        for fact, (before, after) in said.items()
    ]  # fmt: skip


def together(request: ActorRequest, ledger_key: str) -> HttpResponse:
    """The form, then what would become of each item, then done."""
    ledger = ledger_of(ledger_key)
    declaration = declared(ledger)
    items, offered = chosen(request, ledger), deeds(declaration)
    what = posted(request, "what") or request.GET.get("what", "")
    what = what if what in offered else next(iter(offered))
    form = TogetherForm(request, declaration, what)
    back = back_of(request, f"{reverse('items', args=[ledger.key])}?edit=1")
    words: dict[str, Any] = {
        "ledger": ledger, "items": items, "offered": offered, "what": what, "form": form, "back": back,
        "title": offered[what], "lines": None,
    }  # fmt: skip
    status = 200
    if request.method == "POST" and posted(request, "deed"):
        status = 422
        if items and form.is_valid():
            data = form.cleaned_data
            try:
                changes = form.changes(items)
                if posted(request, "deed") == "take":
                    done = set_together(
                        ledger=ledger, changes=changes, on=data["on"], reason=data["reason"], by=request.actor,
                        at=timezone.now(),
                    )  # fmt: skip
                    said = Text(f"改了 {len(done)} 个。", f"{len(done)} changed.")
                    messages.success(request, said.in_(spoken()))
                    return HttpResponseRedirect(back)
                words["lines"] = preview(ledger, declaration, changes)
                status = 200
            except NotAllowed:
                raise
            except Refusal as refusal:
                form.refuse(refusal)
                status = status_of(refusal)
    return render(request, "ledgers/together.html", words, status=status)
