"""Our own guides as HTML: headings, paragraphs, lists, tables, code, emphasis and links. Everything else stays text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

_ITEM = re.compile(r"(?P<indent> *)(?:(?P<number>\d+)\.|[-*]) +(?P<text>.*)")
_INLINE = re.compile(
    r"`(?P<code>[^`]+)`|\*\*(?P<strong>.+?)\*\*|\*(?P<em>[^*]+)\*|\[(?P<label>[^\]]+)\]\((?P<to>[^)\s]+)\)"
)
_GUIDE = re.compile(r"(?:\.\./(?:how-to|tutorials)/)?(?P<name>[a-z0-9-]+?)(?:\.zh-CN)?\.md(?:#.*)?")


@dataclass(frozen=True, slots=True)
class Page:
    """A guide: its title, and the rest as HTML."""

    title: str
    body: SafeString


def page_of(text: str) -> Page:
    lines = text.splitlines()
    title = lines[0].removeprefix("# ") if lines and lines[0].startswith("# ") else ""
    return Page(title, mark_safe("\n".join(_blocks(lines[1:] if title else lines))))


def _blocks(lines: Sequence[str]) -> Iterator[str]:
    at = 0
    while at < len(lines):
        end = _end_of_block(lines, at)
        if lines[at].strip():
            yield _block(lines[at:end])
        at = end


def _end_of_block(lines: Sequence[str], at: int) -> int:
    """The line after a block: a fence goes to its end, a heading is one line, the rest goes to a blank line or a heading."""
    if lines[at].startswith("```"):
        return next((n + 1 for n in range(at + 1, len(lines)) if lines[n].startswith("```")), len(lines))
    if not lines[at].strip() or lines[at].startswith("#"):
        return at + 1
    listed = bool(_ITEM.match(lines[at]))
    for n in range(at + 1, len(lines)):
        begins_list = bool(_ITEM.match(lines[n])) and not listed
        if not lines[n].strip() or lines[n].startswith(("#", "```")) or begins_list:
            return n
    return len(lines)


def _block(lines: Sequence[str]) -> str:
    first = lines[0]
    if first.startswith("```"):
        return format_html('<pre tabindex="0"><code>{}</code></pre>', "\n".join(lines[1:-1]))
    if first.startswith("#"):
        level = min(len(first) - len(first.lstrip("#")), 4)
        return f"<h{level}>{_inline(first.lstrip('# '))}</h{level}>"
    if first.startswith("|"):
        return _table(lines)
    if _ITEM.match(first):
        return _list(lines)
    return f"<p>{_inline(' '.join(line.strip() for line in lines))}</p>"


def _list(lines: Sequence[str]) -> str:
    """One level; what is indented below an item goes on with it."""
    items: list[str] = []
    margin = len(lines[0]) - len(lines[0].lstrip())
    for line in lines:
        found = _ITEM.match(line)
        if found is not None and len(found["indent"]) < margin + 2:
            items.append(found["text"])
        else:
            items[-1] += " " + line.strip()
    first = _ITEM.match(lines[0])
    tag = "ol" if first is not None and first["number"] else "ul"
    return f"<{tag}>" + "".join(f"<li>{_inline(one)}</li>" for one in items) + f"</{tag}>"


def _table(lines: Sequence[str]) -> str:
    rows = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines]
    head = "".join(f"<th>{_inline(cell)}</th>" for cell in rows[0])
    body = "".join("<tr>" + "".join(f"<td>{_inline(cell)}</td>" for cell in row) + "</tr>" for row in rows[2:])
    return f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def _inline(text: str) -> str:
    parts: list[str] = []
    at = 0
    for found in _INLINE.finditer(text):
        parts.append(escape(text[at : found.start()]))
        parts.append(_marked(found))
        at = found.end()
    return "".join([*parts, escape(text[at:])])


def _marked(found: re.Match[str]) -> str:
    if found["code"]:
        return f"<code>{escape(found['code'])}</code>"
    if found["strong"]:
        return f"<strong>{_inline(found['strong'])}</strong>"
    if found["em"]:
        return f"<em>{_inline(found['em'])}</em>"
    to = _GUIDE.fullmatch(found["to"])
    label = _inline(found["label"])
    return f'<a href="{reverse("guide", args=[to["name"]])}">{label}</a>' if to is not None else label
