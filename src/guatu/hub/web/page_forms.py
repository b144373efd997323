"""Forms of pages: labels in both languages, one answer to a form, and what is refused said beside the field it is about."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import lazy

from guatu.hub.accounts.actor import Actor, NotAllowed
from guatu.hub.accounts.language import spoken
from guatu.hub.accounts.models import Person, Unit
from guatu.hub.accounts.refusals import status_of
from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.accounts.roles import Permission
from guatu.standards.unit_titles import bracketed, unit_title
from guatu.text import Refusal, Text

OFFERED = 400
"""How many a field that is typed in offers at most."""
ID_BEHIND = re.compile(r"#([0-9]{1,18})$")
"""The number that follows the name of what was offered."""


def in_language(text: Text | None) -> str:
    """A saying that becomes its page's language when it is shown: forms are declared before anybody asks."""
    return lazy(lambda: text.in_(spoken()), str)() if text is not None else ""


def with_unit(title: Text, unit: str | None) -> Text:
    """A title with the unit its values are in behind it, if they are in any."""
    told = bracketed(unit_title(unit or ""))
    return Text(f"{title.zh}{told.zh}", f"{title.en}{told.en}")


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class DayField(forms.DateField):
    """A day, as the browser's own calendar writes it."""

    def __init__(
        self, label: Text, *, required: bool = True, initial: Callable[[], date] | None = None, help: Text | None = None
    ):
        super().__init__(
            label=in_language(label), required=required, initial=initial, widget=DayInput(), help_text=in_language(help)
        )


PERSONAL = {"data-personal": ""}
"""Of a field about people: what is typed into it is not kept in the browser."""


class LineField(forms.CharField):
    """One line of text; `personal`: about somebody, so that no browser keeps it."""

    def __init__(
        self, label: Text, *, most: int = 100, required: bool = True, help: Text | None = None, personal: bool = False
    ) -> None:
        super().__init__(label=in_language(label), max_length=most, required=required, help_text=in_language(help))
        self.widget.attrs.update(PERSONAL if personal else {})


class ReasonField(forms.CharField):
    """Why: it goes into the record."""

    def __init__(self, *, required: bool = True) -> None:
        super().__init__(
            label=in_language(Text("理由", "Reason")),
            required=required,
            max_length=500,
            widget=forms.Textarea(attrs={"rows": 2}),
            help_text=in_language(Text("记入审计，不要写个人信息。", "Goes into the record; write no personal data.")),
        )


class ChosenField(forms.ChoiceField):
    """One of a few, titled in the page's language."""

    def __init__(self, label: Text, options: Mapping[str, Text], *, required: bool = True) -> None:
        super().__init__(label=in_language(label), required=required, choices=lambda: self._titled(options, required))

    @staticmethod
    def _titled(options: Mapping[str, Text], required: bool) -> list[tuple[str, str]]:
        titled = [(key, title.in_(spoken())) for key, title in options.items()]
        return titled if required else [("", "—"), *titled]


class OfferedInput(forms.TextInput):
    """Typed, with what may be meant offered below."""

    template_name = "forms/offered.html"

    def __init__(self, offered: Iterable[str]) -> None:
        super().__init__(attrs={"autocomplete": "off"})
        self.offered = list(offered)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        context["widget"]["attrs"]["list"] = f"{name}-offered"
        return context | {"offered": self.offered}


class UnitField(forms.CharField):
    """A unit by name or code, of those a queryset holds."""

    def __init__(self, label: Text, units: QuerySet[Unit], *, required: bool = True, help: Text | None = None) -> None:
        self.units = units.filter(closed_on=None)
        offered = [f"{unit.title.in_(spoken())} #{unit.pk}" for unit in self.units.order_by("order", "pk")[:OFFERED]]
        super().__init__(
            label=in_language(label), required=required, widget=OfferedInput(offered), help_text=in_language(help)
        )

    def clean(self, value: Any) -> Unit | None:
        said = str(super().clean(value)).strip()
        if not said:
            return None
        by_id = ID_BEHIND.search(said)
        found = self.units.filter(
            Q(pk=int(by_id[1])) if by_id else Q(code=said) | Q(title_zh=said) | Q(title_en__iexact=said)
        )[:2]
        unit: Unit = the_one(said, list(found))
        return unit


class PersonField(forms.CharField):
    """A person by sign-in name or name, of those a queryset holds."""

    def __init__(self, label: Text, people: QuerySet[Person], *, required: bool = True) -> None:
        self.people = people.filter(is_active=True)
        offered = [f"{one.name} · {one.username}" for one in self.people.order_by("name", "pk")[:OFFERED]]
        super().__init__(label=in_language(label), required=required, widget=OfferedInput(offered))
        self.widget.attrs.update(PERSONAL)

    def clean(self, value: Any) -> Person | None:
        said = str(super().clean(value)).strip()
        if not said:
            return None
        last = said.rsplit("·", 1)[-1].strip().lower()
        found = self.people.filter(username=last) or self.people.filter(name=said)
        person: Person = the_one(said, list(found[:2]))
        return person


def the_one(said: str, found: list[Any]) -> Any:
    if len(found) == 1:
        return found[0]
    none, several = (
        Text("没有找到“{said}”。从列表中选。", "'{said}' was not found. Choose from the list."),
        Text("“{said}”不止一个。从列表中选。", "There are several '{said}'. Choose from the list."),
    )
    raise forms.ValidationError((several if found else none).filled(said=said).in_(spoken()))


def beside_field(refusal: Refusal) -> str:
    """A refusal as it is said beside a field, which is its place."""
    language = spoken()
    stop = "。" if language == "zh" else ". "
    return f"{refusal.what.in_(language)}{stop}{refusal.remedy.in_(language)}"


class PageForm(forms.Form):
    """A form whose refusals stand where they belong."""

    def field_of(self, refusal: Refusal) -> str:
        """The field a refusal is about, if it names one."""
        return str(getattr(refusal, "field", ""))

    def refuse(self, refusal: Refusal) -> None:
        """Beside the field the refusal names; otherwise above the form."""
        field, said = self.field_of(refusal), beside_field(refusal)
        if field in self.fields:
            self.add_error(field, said)
        else:
            self.add_error(None, f"{refusal.where}{'：' if spoken() == 'zh' else ': '}{said}")


class ReasonForm(PageForm):
    """Of something that is done and asks only why."""

    reason = ReasonField()


def answered(
    request: ActorRequest,
    form: PageForm,
    act: Callable[[dict[str, Any]], object],
    *,
    title: Text,
    subject: str,
    back: str,
    done: Text,
    button: Text | None = None,
    explained: Text | None = None,
    grave: bool = False,
    template: str = "forms/form.html",
    more: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """The page of a form; sent with what will do, `act` is done and leads `back`. One that refuses shows itself again."""
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                act(form.cleaned_data)
            except NotAllowed:
                raise
            except Refusal as refusal:
                form.refuse(refusal)
                status = status_of(refusal)
            else:
                messages.success(request, done.in_(spoken()))
                return redirect(back)
    words = {
        "form": form, "title": title, "subject": subject, "back": back, "button": button or title,
        "explained": explained, "grave": grave, **(more or {}),
    }  # fmt: skip
    return render(request, template, words, status=status)


def manageable(actor: Actor, permission: Permission = Permission.MANAGE_UNITS) -> QuerySet[Unit]:
    return Unit.objects.visible_to(actor, permission)
