"""Forms about goals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.timezone import localdate

from guatu.declarations.goals import Goals
from guatu.hub.accounts.actor import Actor
from guatu.hub.accounts.language import spoken
from guatu.hub.accounts.models import Person, Unit
from guatu.hub.accounts.roles import Permission
from guatu.hub.ledger.actions.goals import Wanted
from guatu.hub.ledger.models import Goal, Item
from guatu.hub.web.item_field import ItemField
from guatu.hub.web.page_forms import (
    ChosenField,
    DayField,
    LineField,
    PageForm,
    PersonField,
    ReasonField,
    UnitField,
    in_language,
    with_unit,
)
from guatu.text import Text


class GoalForm(PageForm):
    """What a goal says."""

    def __init__(self, *args: Any, scheme: Goals | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title"] = LineField(Text("名称", "Title"), most=200)
        self.fields["statement"] = forms.CharField(
            label=in_language(Text("要求", "What is wanted")), required=False, max_length=4000,
            widget=forms.Textarea(attrs={"rows": 4}),
        )  # fmt: skip
        self.fields["starts_on"] = DayField(Text("开始", "Starts"))
        self.fields["ends_on"] = DayField(Text("结束（含当天）", "Ends (last day)"))
        if scheme is not None and scheme.flags:
            self.fields["flags"] = forms.MultipleChoiceField(
                label=in_language(Text("列入", "Entered in")), required=False,
                choices=lambda: [(key, title.in_(spoken())) for key, title in scheme.flags.items()],
                widget=forms.CheckboxSelectMultiple,
            )  # fmt: skip

    def wanted(self) -> Wanted:
        said = self.cleaned_data
        return Wanted(
            title=said["title"], statement=said["statement"], starts_on=said["starts_on"], ends_on=said["ends_on"],
            flags=tuple(said.get("flags", ())),
        )  # fmt: skip


class OpenForm(GoalForm):
    """A new goal: at which level, and whose."""

    def __init__(
        self, *args: Any, levels: Mapping[str, Text], actor: Actor, scheme: Goals | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, scheme=scheme, **kwargs)
        first = {
            "level": ChosenField(Text("层级", "Level"), levels),
            "unit": UnitField(Text("牵头单位", "Owner"), Unit.objects.visible_to(actor, Permission.MANAGE_GOALS)),
        }
        self.fields = {**first, **self.fields}


class ChangeForm(GoalForm):
    """The same, changed for a reason; the revision it was read in goes along."""

    def __init__(self, *args: Any, scheme: Goals | None, **kwargs: Any) -> None:
        super().__init__(*args, scheme=scheme, **kwargs)
        self.fields["reason"] = ReasonField()


class EndForm(PageForm):
    state = ChosenField(
        Text("怎样结束", "How it ends"),
        {"ended": Text("到期结束", "It has run its time"), "withdrawn": Text("撤回", "It is withdrawn")},
    )
    reason = ReasonField()


class AssignForm(PageForm):
    """Who answers in a slot: a person, a unit, or nobody any more."""

    def __init__(self, *args: Any, scheme: Goals, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slot"] = ChosenField(Text("责任", "As"), {key: one.title for key, one in scheme.slots.items()})
        self.fields["unit"] = UnitField(
            Text("单位", "Unit"), Unit.objects.visible_to(actor), required=False,
            help=Text("单位和人写一个；都空着就是免去。", "Give a unit or a person; neither relieves whoever answers now."),
        )  # fmt: skip
        self.fields["person"] = PersonField(Text("人", "Person"), Person.objects.visible_to(actor), required=False)
        self.fields["on"] = DayField(Text("从哪天起", "From"), initial=localdate)


class LinkForm(PageForm):
    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["item"] = ItemField(Text("事项", "Item"), Item.objects.visible_to(actor).filter(state="active"))
        self.fields["on"] = DayField(Text("从哪天起", "From"), initial=localdate)


class TargetForm(PageForm):
    """A value for an indicator in a period."""

    def __init__(self, *args: Any, scheme: Goals, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        titles = {key: with_unit(one.title, one.field.unit) for key, one in scheme.indicators.items()}
        self.fields["indicator"] = ChosenField(Text("指标", "Indicator"), titles)
        self.fields["period"] = LineField(
            Text("期", "Period"), most=16, help=Text("如 2026、2026Q3、2026-09", "such as 2026, 2026Q3, 2026-09")
        )
        self.fields["value"] = LineField(Text("目标值", "Target"), most=40)


class AdjustForm(PageForm):
    value = LineField(Text("新的目标值", "New target"), most=40)
    reason = ReasonField()


def initial_of(goal: Goal) -> dict[str, Any]:
    return {
        "title": goal.title, "statement": goal.statement, "starts_on": goal.starts_on, "ends_on": goal.ends_on,
        "flags": goal.flags,
    }  # fmt: skip
