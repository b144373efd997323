"""Forms of a site's own changes to a pack."""

from __future__ import annotations

from typing import Any

from django import forms

from guatu.declarations import FieldType, Pack
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
        entry: dict[str, Any] = {"key": said["key"], "title": as_data(self.title()), "type": kind.value}
        if unit := said["unit"] or _UNITS.get(kind, ""):
            entry["unit"] = unit
        if kind is FieldType.MONEY:
            entry["currency"] = "CNY"
        if kind is FieldType.FLAG:
            entry["states"] = _FLAG_WORDS
        if kind is FieldType.CHOICE:
            entry["choices"] = [_choice(line) for line in said["choices"].splitlines() if line.strip()]
        return entry


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

    def __init__(self, allowed: list[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        label = Text("取值", "Value")
        self.fields["value"] = (
            ChosenField(label, {one: Text(one, one) for one in allowed}) if allowed else LineField(label)
        )
        self.order_fields(["value", "why_zh", "why_en"])
