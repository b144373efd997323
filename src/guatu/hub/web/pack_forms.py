"""Forms of a site's own changes to a pack."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from guatu.declarations import FieldType, Pack
from guatu.hub.accounts.language import spoken
from guatu.hub.ledger.actions.duties import HOLDERS
from guatu.hub.ledger.overlays import as_data
from guatu.hub.web.packs import PART_WORDS
from guatu.hub.web.page_forms import ChosenField, LineField, PageForm, in_language
from guatu.text import Refusal, Text

TYPES = {
    FieldType.TEXT: Text("文字", "Text"),
    FieldType.INTEGER: Text("整数", "Whole number"),
    FieldType.NUMBER: Text("数", "Number"),
    FieldType.MONEY: Text("金额（人民币）", "Money (yuan)"),
    FieldType.AREA: Text("面积", "Area"),
    FieldType.PERCENT: Text("百分比", "Percentage"),
    FieldType.DATE: Text("日期", "Day"),
    FieldType.FLAG: Text("是或否", "Yes or no"),
    FieldType.CHOICE: Text("选项", "Choice"),
}
_UNITS = {FieldType.MONEY: "万元", FieldType.AREA: "亩", FieldType.PERCENT: "%"}
_FLAG_WORDS = {"true": ["是", "√"], "false": ["否", "×"]}
_KEY_HELP = Text(
    "小写字母、数字和下划线，以后不能改，例如 own_remark。",
    "Small letters, digits, underscores; never changed later.",
)


class NamedForm(PageForm):
    """A name in both languages."""

    zh = LineField(Text("中文名称", "Name in Chinese"))
    en = LineField(Text("英文名称", "Name in English"))

    def title(self) -> Text:
        return Text(self.cleaned_data["zh"], self.cleaned_data["en"])


class LedgerForm(NamedForm):
    """Something new in one of the pack's ledgers."""

    def __init__(self, pack: Pack, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        titles = {key: one.title for key, one in pack.ledgers.items()}
        self.fields["ledger"] = ChosenField(Text("台账", "Ledger"), titles)
        self.fields["key"] = LineField(Text("键", "Key"), most=63, help=_KEY_HELP)
        self.order_fields(["ledger", "key", "zh", "en"])

    def entry(self) -> dict[str, Any]:
        """As a pack's file says it."""
        return {"key": self.cleaned_data["key"], "title": as_data(self.title())}


class FieldForm(LedgerForm):
    def __init__(self, pack: Pack, *args: Any, **kwargs: Any) -> None:
        super().__init__(pack, *args, **kwargs)
        self.fields["type"] = ChosenField(
            Text("填什么", "What it holds"), {kind.value: title for kind, title in TYPES.items()}
        )
        self.fields["unit"] = LineField(
            Text("单位", "Unit"), most=16, required=False, help=Text("万元、亿元、亩、人……", "万元, 亿元, 亩, 人 …")
        )
        self.fields["choices"] = forms.CharField(
            required=False,
            max_length=4000,
            label=in_language(Text("选项", "Choices")),
            widget=forms.Textarea(attrs={"rows": 4}),
            help_text=in_language(
                Text("选项字段才填，每行一个：键|中文|英文。", "For a choice alone, one a line: key|Chinese|English.")
            ),
        )

    def entry(self) -> dict[str, Any]:
        said = self.cleaned_data
        kind = FieldType(said["type"])
        entry = super().entry() | {"type": kind.value}
        if unit := said["unit"] or _UNITS.get(kind, ""):
            entry["unit"] = unit
        if kind is FieldType.MONEY:
            entry["currency"] = "CNY"
        if kind is FieldType.FLAG:
            entry["states"] = _FLAG_WORDS
        if kind is FieldType.CHOICE:
            entry["choices"] = [_choice(line) for line in said["choices"].splitlines() if line.strip()]
        return entry


class MilestoneForm(LedgerForm):
    """One more dated fact that items of a ledger pass, with what counts as having reached it."""

    standard_zh = LineField(Text("认定标准（中文）", "Recognition standard, in Chinese"), most=300)
    standard_en = LineField(Text("认定标准（英文）", "Recognition standard, in English"), most=300)
    source_zh = LineField(Text("依据（中文）", "Source, in Chinese"), most=200)
    source_en = LineField(Text("依据（英文）", "Source, in English"), most=200)
    days = forms.IntegerField(
        label=in_language(Text("至少间隔几个工作日", "Least working days between")),
        required=False, min_value=0, max_value=2000,
    )  # fmt: skip

    def __init__(self, pack: Pack, *args: Any, **kwargs: Any) -> None:
        super().__init__(pack, *args, **kwargs)
        before = {
            f"{key}/{name}": Text(f"{ledger.title.zh}：{one.title.zh}", f"{ledger.title.en}: {one.title.en}")
            for key, ledger in pack.ledgers.items()
            for name, one in ledger.milestones.items()
        }
        self.fields["after"] = ChosenField(Text("在哪个节点之后", "After which milestone"), before, required=False)
        self.order_fields(
            ["ledger", "key", "zh", "en", "standard_zh", "standard_en", "source_zh", "source_en", "after", "days"]
        )

    def clean_after(self) -> str:
        said = str(self.cleaned_data["after"])
        if said and said.partition("/")[0] != self.cleaned_data.get("ledger"):
            wrong = Text("不是这本台账的节点。", "It is a milestone of another ledger.")
            raise forms.ValidationError(wrong.in_(spoken()))
        return said.partition("/")[2]

    def entry(self) -> dict[str, Any]:
        said = self.cleaned_data
        entry = super().entry()
        entry["standard"] = {"zh": said["standard_zh"], "en": said["standard_en"]}
        entry["source"] = {"zh": said["source_zh"], "en": said["source_en"]}
        return entry | ({"after": {said["after"]: said["days"] or 0}} if said["after"] else {})


class DutyForm(LedgerForm):
    """One more slot for somebody who answers for an item."""

    several = forms.BooleanField(
        label=in_language(Text("可以同时有几个", "Several may hold it at a time")), required=False
    )
    wanted = forms.BooleanField(
        label=in_language(Text("没有落实的要点名", "An item without a holder is named")), required=False
    )

    def __init__(self, pack: Pack, *args: Any, **kwargs: Any) -> None:
        super().__init__(pack, *args, **kwargs)
        self.fields["held_by"] = forms.MultipleChoiceField(
            label=in_language(Text("由谁担任", "Who may hold it")), widget=forms.CheckboxSelectMultiple,
            choices=lambda: [(kind.value, title.in_(spoken())) for kind, title in HOLDERS.items()],
        )  # fmt: skip
        self.order_fields(["ledger", "key", "zh", "en", "held_by", "several", "wanted"])

    def entry(self) -> dict[str, Any]:
        said = self.cleaned_data
        entry = super().entry() | {"held_by": list(said["held_by"])}
        flags = {"several": said["several"], "required": said["wanted"]}
        return entry | {name: True for name, is_so in flags.items() if is_so}


class LinkForm(LedgerForm):
    """One more way in which an item has to do with another."""

    back_zh = LineField(Text("从对方看叫什么（中文）", "Read from the other item, in Chinese"))
    back_en = LineField(Text("从对方看叫什么（英文）", "Read from the other item, in English"))
    single = forms.BooleanField(
        label=in_language(Text("一个事项只能有一个", "An item has one at most")), required=False
    )
    acyclic = forms.BooleanField(label=in_language(Text("不能绕成圈", "It never leads back to itself")), required=False)

    def __init__(self, pack: Pack, ledgers: Mapping[str, Text], *args: Any, **kwargs: Any) -> None:
        super().__init__(pack, *args, **kwargs)
        self.fields["to"] = forms.MultipleChoiceField(
            label=in_language(Text("连到哪些台账", "To which ledgers")), widget=forms.CheckboxSelectMultiple,
            choices=lambda: [(key, title.in_(spoken())) for key, title in ledgers.items()],
        )  # fmt: skip
        self.order_fields(["ledger", "key", "zh", "en", "back_zh", "back_en", "to", "single", "acyclic"])

    def entry(self) -> dict[str, Any]:
        said = self.cleaned_data
        entry = super().entry() | {"to": list(said["to"]), "back": {"zh": said["back_zh"], "en": said["back_en"]}}
        return entry | {name: True for name in ("single", "acyclic") if said[name]}


def _choice(line: str) -> dict[str, Any]:
    key, _, rest = line.partition("|")
    zh, _, en = rest.partition("|")
    if not (key.strip() and zh.strip() and en.strip()):
        refusal = Refusal(
            line.strip()[:40],
            Text("选项缺一部分", "a part of the choice is missing"),
            Text("写成 键|中文|英文。", "Write key|Chinese|English."),
        )
        raise refusal
    return {"key": key.strip(), "title": {"zh": zh.strip(), "en": en.strip()}}


class RenameForm(NamedForm):
    """Another name for something the pack declares."""

    def __init__(self, pack: Pack, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["what"] = ChosenField(Text("改什么的名称", "What gets another name"), _named(pack))
        self.order_fields(["what", "zh", "en"])


def _named(pack: Pack) -> dict[str, Text]:
    """Everything that has a name, by its place."""
    found: dict[str, Text] = {}
    for key, ledger in pack.ledgers.items():
        found[f"{key}/title"] = Text(f"台账：{ledger.title.zh}", f"Ledger: {ledger.title.en}")
        parts: dict[str, dict[str, Text]] = {
            "fields": {name: one.title for name, one in ledger.fields.items()},
            "lists": {name: one.title for name, one in ledger.lists.items()},
            "milestones": {name: one.title for name, one in ledger.milestones.items()},
            "duties": {name: one.title for name, one in ledger.duties.items()},
            "links": {name: one.title for name, one in ledger.link_kinds.items()},
            "remarks": {name: one.title for name, one in ledger.remark_kinds.items()},
            "visit_boxes": {name: one.title for name, one in ledger.visit_boxes.items()},
        }
        for part, titles in parts.items():
            for name, title in titles.items():
                word = PART_WORDS[part]
                found[f"{key}/{part}/{name}"] = Text(f"{word.zh}：{title.zh}", f"{word.en}: {title.en}")
    return found


class ChoiceForm(NamedForm):
    """One more choice of a field."""

    def __init__(self, pack: Pack, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        titles = {
            f"{key}/{name}": one.title
            for key, ledger in pack.ledgers.items()
            for name, one in ledger.fields.items()
            if one.type is FieldType.CHOICE
        }
        self.fields["field"] = ChosenField(Text("字段", "Field"), titles)
        self.fields["key"] = LineField(Text("键", "Key"), most=63, help=_KEY_HELP)
        self.order_fields(["field", "key", "zh", "en"])


class SettingForm(PageForm):
    why_zh = LineField(Text("为什么（中文）", "Why, in Chinese"), most=200)
    why_en = LineField(Text("为什么（英文）", "Why, in English"), most=200)

    def __init__(self, allowed: Mapping[str, Text], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        label = Text("取值", "Value")
        self.fields["value"] = ChosenField(label, allowed) if allowed else LineField(label)
        self.order_fields(["value", "why_zh", "why_en"])
