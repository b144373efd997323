"""Declarations know where they stand, and lose nothing on the way in."""

from decimal import Decimal
from pathlib import Path

import pytest

from guatu.declarations.located import read_yaml
from guatu.text import Refusal


def written(folder: Path, text: str) -> Path:
    path = folder / "rules.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_every_key_knows_its_line(tmp_path: Path) -> None:
    declaration = read_yaml(
        written(tmp_path, "pack: a\nlists:\n  - key: 省重点\n    where: x\n"), shown_as="a/rules.yaml"
    )

    assert str(declaration.at("lists")) == "a/rules.yaml:2"
    assert str(declaration["lists"][0].at("where")) == "a/rules.yaml:4"


def test_a_decimal_stays_exact_and_a_date_stays_text(tmp_path: Path) -> None:
    declaration = read_yaml(written(tmp_path, "weight: 0.1\nfrom: 2025-03-01\n"))

    assert declaration["weight"] == Decimal("0.1")
    assert declaration["from"] == "2025-03-01"


def test_the_english_word_no_is_a_word_and_only_true_and_false_are_flags(tmp_path: Path) -> None:
    declaration = read_yaml(written(tmp_path, "answer: no\nstate: on\nrequired: true\n"))

    assert (declaration["answer"], declaration["state"], declaration["required"]) == ("no", "on", True)


@pytest.mark.parametrize(
    ("text", "where", "words"),
    [
        ("a: 1\na: 2\n", "rules.yaml:2", "'a' is written twice"),
        ("- a\n", "rules.yaml:1", "the top level must be 'key: value'"),
        ("a: [1\nb: 2\n", "rules.yaml:2", "not valid YAML"),
    ],
)
def test_a_broken_file_is_refused_with_its_line(tmp_path: Path, text: str, where: str, words: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_yaml(written(tmp_path, text))

    assert refused.value.where.endswith(where)
    assert words in refused.value.in_("en")


def test_a_file_that_is_not_there_is_refused_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="Check that the file exists"):
        read_yaml(tmp_path / "nowhere.yaml")
