"""No template says in one language alone what belongs to the page."""

from __future__ import annotations

from tests.hub.web.sayings import CHINESE, HUB, beside_sayings, in_template, own_words

SPOKEN_IN_ITSELF = {"look.html"}
"""Shows how things look, on invented works."""


def test_no_template_says_anything_in_chinese_alone() -> None:
    found = [
        f"{path.relative_to(HUB)}: {line.strip()[:100]}"
        for path in sorted(HUB.rglob("*.html"))
        if path.name not in SPOKEN_IN_ITSELF
        for line in beside_sayings(path).splitlines()
        if CHINESE.search(line)
    ]

    assert found == []


def test_no_saying_is_chinese_on_its_english_side() -> None:
    found = [
        f"{path.relative_to(HUB)}: {english[:80]}"
        for path in sorted(HUB.rglob("*.html"))
        for _, english in in_template(path)
        if CHINESE.search(english) and english != "中文"
    ]

    assert found == []
    assert len(own_words()) > 1000
