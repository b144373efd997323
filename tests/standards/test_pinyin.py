"""Names as they sound."""

from __future__ import annotations

import json
from importlib.resources import files

import pytest

from guatu.standards.pinyin import read, spelt


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


def test_syllables_that_are_the_same_are_held_once_and_no_word_is_read_otherwise() -> None:
    words = read().constants.PHRASES_DICT

    assert words == json.loads(files("pypinyin").joinpath("phrases_dict.json").read_text(encoding="utf-8"))
    assert words["重庆"][0] is words["重阳"][0]
    assert len({id(syllable) for word in words.values() for syllable in word}) < 1500
