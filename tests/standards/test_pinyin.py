"""Names as they sound."""

from __future__ import annotations

from importlib.resources import files

import pytest

from guatu.standards.pinyin import spelt
from tests.standards.pinyin_table import characters_written, syllables, words, words_written


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("东关大桥", "dong guan da qiao"),
        ("重庆路二期", "chong qing lu er qi"),
        ("长江银行", "chang jiang yin hang"),
        ("绿地T6楼", "lv di T6 lou"),
        ("A 座", "A zuo"),
        ("", ""),
    ],
)
def test_a_name_is_read_as_people_say_it(text: str, said: str) -> None:
    assert " ".join(spelt(text)) == said


def test_the_tables_are_those_that_follow_from_the_library_named_as_their_source() -> None:
    data, usual = files("guatu.standards") / "data", syllables()

    assert (data / "pinyin.txt").read_text(encoding="utf-8") == characters_written(usual)
    assert (data / "pinyin_words.txt").read_text(encoding="utf-8") == words_written(words(usual))
