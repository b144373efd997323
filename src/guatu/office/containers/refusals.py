"""A file that cannot be taken: what it really is, and how to save it so that it can."""

from __future__ import annotations

import json

from guatu.text import Refusal, Text

SAVE_AGAIN = Text(
    "用 Excel 或 WPS 打开，另存为“Excel 工作簿(.xlsx)”后再报。",
    "Open it in Excel or WPS, save it as 'Excel workbook (.xlsx)' and send it again.",
)


class UnreadableWorkbook(Refusal):
    """The file is no workbook, is damaged, or asks for more than a ledger ever needs."""


def refused(name: str, zh: str, en: str, remedy: Text = SAVE_AGAIN) -> UnreadableWorkbook:
    """The refusal of the file of that name; `zh` and `en` go on after "the file"."""
    return UnreadableWorkbook(name, Text(f"文件{zh}", f"the file {en}"), remedy)


def packed_refusal(refusal: Refusal) -> bytes:
    """Where, what and the remedy as bytes, for the way out of a child."""
    what, remedy = refusal.what, refusal.remedy
    return json.dumps([refusal.where, what.zh, what.en, remedy.zh, remedy.en]).encode()


def unpacked_refusal(packed: bytes) -> tuple[str, Text, Text]:
    where, zh, en, remedy_zh, remedy_en = json.loads(packed)
    return where, Text(zh, en), Text(remedy_zh, remedy_en)
