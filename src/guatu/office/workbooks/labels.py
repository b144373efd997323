"""What the first words of a line say about it: a total, a section, a note."""

from __future__ import annotations

import re

from guatu.office.workbooks.normalising import squeezed

SEQUENCE_TITLES = frozenset({"序号", "编号", "项次", "行次", "no", "no.", "№", "序"})
_ORDINAL = re.compile(r"^(?:[(]?[一二三四五六七八九十百]+[)、.．]|第[一二三四五六七八九十]+[类批部])")
_TOTAL = re.compile(
    r"^(?:[(]?[一二三四五六七八九十\d]*[)、.]?)?(?:本[页表]|(?:以上|共)?\d+[个项宗家](?:项目)?)?"
    r"(?:(?:合计|总计|小计|共计|累计|汇总|总合计|分计)数?|全[市区县]合?计?|其中:?|[Σ∑])"
    r"(?:[(:].*|\d+个?)?$"
)
_NOTE = re.compile(
    r"^(?:[*※]*(?:备?注|说明|附注|填表|填报|制表|审核|复核|单位负责人|负责人|联系人|联系电话|统计负责人|数据来源|资料来源|报送)"
    r"[^,,。:]{0,8}(?:[:]|\d+[.、])|[*※])"
)

_GUIDE = re.compile(r"^(?:(?:填[写报表])?(?:示例|样例|举例|范例|例)|填[写报表](?:说明|要求|要点|口径))[::]?$")


def is_total(text: str) -> bool:
    """合计, 小计, 总计(96个), 本页合计, 10个项目合计, 其中: rows that repeat or add up other rows."""
    return bool(_TOTAL.match(squeezed(text)))


def is_note(text: str) -> bool:
    """注:, 说明:, 填表人: lines below or above a table."""
    return bool(_NOTE.match(squeezed(text)))


def is_section(text: str) -> bool:
    """一、省重点项目(13个), (二)续建."""
    return bool(_ORDINAL.match(squeezed(text)))


def is_guide(text: str) -> bool:
    """示例, 例, 填写说明: the first cell of a row that shows how to fill the table in."""
    return bool(_GUIDE.match(squeezed(text)))
