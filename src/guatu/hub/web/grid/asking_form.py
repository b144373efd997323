"""The form in which a filter is put together: every part of the sentence, every field people filter by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from guatu.declarations import FieldDeclaration, FieldType
from guatu.declarations import Ledger as LedgerDeclaration
from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.ledger.asking import NONE, ItemsAsked, kept_as_said
from guatu.hub.ledger.encodings import Json, WrongValue, encoded
from guatu.hub.ledger.fields import facts_of, stated_list_titles
from guatu.hub.ledger.packs import declared
from guatu.hub.ledger.shown import STATES
from guatu.hub.web.declared_fields import YES_NO, DeclaredField, choices_of
from guatu.hub.web.grid.sentence import LIGHTS
from guatu.hub.web.grid.strip import VIEWS
from guatu.hub.web.ledgers import ledger_of
from guatu.hub.web.page_forms import ChosenField, DayField, LineField, PageForm, in_language, with_unit
from guatu.hub.web.units import units_to_choose
from guatu.text import Text

_SPANS = (FieldType.INTEGER, FieldType.MONEY, FieldType.AREA, FieldType.DATE)
_ENDS = {"from": Text("不小于", "at least"), "to": Text("不大于", "at most")}
_DAYS = {"from": Text("起", "from"), "to": Text("止", "to")}
LACKS = "-"


class AskingForm(PageForm):
    """What a list may be narrowed to. Names of its fields are those of an address; fields of the ledger are `is.KEY`,
    `from.KEY`, `to.KEY`, in people's units."""

    def __init__(self, request: ActorRequest, ledger: LedgerDeclaration, asked: ItemsAsked, *, sent: bool) -> None:
        self.declared = [one for one in facts_of(ledger).values() if one.filterable]
        super().__init__(request.GET if sent else None, initial={**_core_at_first(asked), **_at_first(ledger, asked)})
        units = {str(one.pk): one.title for one in units_to_choose(request.actor)}
        self.fields["unit"] = ChosenField(Text("单位", "Unit"), units, required=False)
        if lists := stated_list_titles(ledger):
            self.fields["list"] = ChosenField(Text("清单", "List"), lists, required=False)
        for one in self.declared:
            self._ask(one)
        if ledger.milestones:
            reached = {key: one.title for key, one in ledger.milestones.items()} | {NONE: Text("一个也没有到", "none")}
            self.fields["reached"] = ChosenField(Text("走到的节点", "Milestone reached last"), reached, required=False)
        self.fields["light"] = ChosenField(Text("灯（最近一期）", "Light, of the latest round"), LIGHTS, required=False)
        self.fields["q"] = LineField(
            Text("名称、代码、拼音或首字母含", "Name, code or pinyin with"), most=200, required=False
        )
        self.fields["state"] = ChosenField(Text("状态", "State"), STATES)
        self.fields["left"] = forms.IntegerField(
            label=in_language(Text("哪一年退出或并入", "Year it was withdrawn or merged in")), required=False,
            min_value=1900, max_value=2999,
        )  # fmt: skip

    def _ask(self, one: FieldDeclaration) -> None:
        if one.type in _SPANS:
            for way, word in (_DAYS if one.type is FieldType.DATE else _ENDS).items():
                self.fields[f"{way}.{one.key}"] = _end(one, word)
            return
        options: Mapping[str, Text] | None = None
        if one.type is FieldType.FLAG:
            options = YES_NO
        elif one.type is FieldType.CHOICE:
            options = choices_of(one)
        if options is not None:
            blank = {LACKS: Text("没有填", "not given")}
            self.fields[f"is.{one.key}"] = ChosenField(one.title, {**options, **blank}, required=False)
        else:
            asked = DeclaredField(one).asked(None)
            asked.required = False
            self.fields[f"is.{one.key}"] = asked

    def conditions(self, data: Mapping[str, Any]) -> Iterator[str]:
        """Each as `where` says it."""
        for one in self.declared:
            for way in ("is", "from", "to"):
                answer = data.get(f"{way}.{one.key}")
                if way == "is" and answer == LACKS and one.type in (FieldType.FLAG, FieldType.CHOICE):
                    yield f"{one.key}:lacks:"
                    continue
                meant = DeclaredField(one).meant(answer)
                if meant is not None:
                    yield f"{one.key}:{way}:{_as_said(encoded(one, meant))}"

    def asked(self) -> ItemsAsked:
        """What a form that holds asks for."""
        data = self.cleaned_data
        plain = {name: str(data.get(name) or "") for name in ("q", "unit", "list", "state", "reached", "light", "left")}
        core = ItemsAsked.of(plain)
        return replace(core, where=tuple(self.conditions(data)))


def asking(request: ActorRequest, ledger_key: str) -> HttpResponse:
    """The form of what the address asks; sent (`ask`), it leads to the view it was opened from, which then asks that."""
    ledger = ledger_of(ledger_key)
    declaration = declared(ledger)
    view = request.GET.get("view", "")
    view = view if view in {route for route, _ in VIEWS} else "items"
    sent = "ask" in request.GET
    form = AskingForm(request, declaration, ItemsAsked.of(request.GET), sent=sent)
    kept = [(name, value) for name in KEPT for value in request.GET.getlist(name) if value]
    if sent and form.is_valid():
        query = urlencode([*form.asked().pairs(), *kept])
        return HttpResponseRedirect(reverse(view, args=[ledger.key]) + (f"?{query}" if query else ""))
    words = {
        "form": form, "ledger": ledger, "declaration": declaration, "kept": [*kept, ("view", view)],
        "back": f"{reverse(view, args=[ledger.key])}?{urlencode([*ItemsAsked.of(request.GET).pairs(), *kept])}",
    }  # fmt: skip
    return render(request, "ledgers/asking.html", words, status=422 if sent else 200)


KEPT = ("columns", "sort", "group", "folded", "by", "month", "edit")
"""What addresses of views say beside what is asked for, and go on saying when something else is asked."""


def _end(one: FieldDeclaration, word: Text) -> forms.Field:
    title = Text(f"{one.title.zh}{word.zh}", f"{one.title.en}, {word.en}")
    if one.type is FieldType.DATE:
        return DayField(title, required=False)
    field = DeclaredField(one).asked(None)
    field.required = False
    field.label = in_language(with_unit(title, one.unit))
    return field


def _core_at_first(asked: ItemsAsked) -> dict[str, Any]:
    core = ("unit", "list", "q", "state", "reached", "light", "left")
    return {name: getattr(asked, name) for name in core}


def _at_first(ledger: LedgerDeclaration, asked: ItemsAsked) -> dict[str, Any]:
    """Conditions as the form's fields show them."""
    fields, found = facts_of(ledger), dict[str, Any]()
    for said in asked.where:
        key, _, rest = said.partition(":")
        way, _, value = rest.partition(":")
        if key not in fields:
            continue
        if way == "lacks":
            found[f"is.{key}"] = LACKS
        else:
            found[f"{way}.{key}"] = DeclaredField(fields[key]).shown_at_first(_kept(fields[key], value))
    return found


def _kept(one: FieldDeclaration, said: str) -> Json | None:
    """A value of an address as the ledger keeps it; nothing where it cannot."""
    try:
        return kept_as_said(one, said)
    except WrongValue:
        return None


def _as_said(kept: Json) -> str:
    return {True: "true", False: "false"}[kept] if isinstance(kept, bool) else str(kept)
