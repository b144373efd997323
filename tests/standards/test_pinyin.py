"""Names as they sound."""

from __future__ import annotations

import pytest

from guatu.standards.pinyin import spelt


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
