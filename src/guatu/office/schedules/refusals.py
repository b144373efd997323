"""A schedule file that cannot be taken, and what to export instead."""

from __future__ import annotations

from guatu.office.schedules.facts import UnreadableSchedule
from guatu.text import Text

EXPORT = Text(
    "在 Microsoft Project 中另存为 XML 格式，或在 Primavera P6 中导出 XER。",
    "Save it as XML in Microsoft Project, or export XER from Primavera P6.",
)


def refused(name: str, zh: str, en: str, remedy: Text = EXPORT) -> UnreadableSchedule:
    """The refusal of the file of that name; `zh` and `en` go on after "the file"."""
    return UnreadableSchedule(name, Text(f"文件{zh}", f"the file {en}"), remedy)
