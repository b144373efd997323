"""Names and phones hidden where cells are shown to somebody who only wants to know what a column is."""

from __future__ import annotations

import re
from collections.abc import Sequence

# The hundred commonest surnames (Ministry of Public Security, national names report 2020) and common double ones.
_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔"
    "谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常"
)
_DOUBLE = ("欧阳", "上官", "司马", "诸葛", "司徒", "东方", "皇甫", "尉迟", "公孙", "慕容")
_LONG_NUMBER = re.compile(r"(?<!\d)(\d{3})[\d-]{4,}(\d{4})(?![\d.])")
_WORD = re.compile(r"[^\W\d_]+")
_NAME = re.compile(r"[\u4e00-\u9fff·]{2,4}")
_SPACED = re.compile(r"(?<![\u4e00-\u9fff])([\u4e00-\u9fff])\s+([\u4e00-\u9fff])(?![\u4e00-\u9fff])")
_BETWEEN = re.compile(r"[\s\d,，、;；/:：()（）-]+")
_MOSTLY = 0.6


def masked(samples: Sequence[str], *, personal: bool) -> tuple[str, ...]:
    """Cells fit to be shown. In a personal column, or one whose cells look like names, every name keeps one letter;
    phone numbers keep their ends anywhere, other figures stay."""
    hidden = personal or _are_names(samples)
    return tuple(_without_names(_without_phones(text)) if hidden else _without_phones(text) for text in samples)


def _without_phones(text: str) -> str:
    """138****0000: a run of eleven digits or more, as mobile and identity numbers are; amounts are shorter."""
    return _LONG_NUMBER.sub(lambda match: f"{match[1]}****{match[2]}" if _is_long(match[0]) else match[0], text)


def _is_long(number: str) -> bool:
    return len(number.replace("-", "")) >= 11 and number.count("-") <= 2


def _without_names(text: str) -> str:
    return _WORD.sub(lambda match: f"{match[0][0]}**" if len(match[0]) > 1 else match[0], text)


def _are_names(samples: Sequence[str]) -> bool:
    names = sum(_looks_like_a_name(text) for text in samples)
    return bool(samples) and names >= len(samples) * _MOSTLY


def _looks_like_a_name(text: str) -> bool:
    """张伟, 张 伟, 张伟 139…, 张伟、李报: nothing but names and figures."""
    parts = [part for part in _BETWEEN.split(_SPACED.sub(r"\1\2", text)) if part]
    return bool(parts) and all(
        _NAME.fullmatch(part) and (part[0] in _SURNAMES or part.startswith(_DOUBLE)) for part in parts
    )
