"""The command line speaks the reader's language, opens every command, and refuses with where, what and remedy."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from guatu.cli.exits import MEANING, Exit
from guatu.cli.language import chosen_language
from guatu.cli.main import COMMANDS, main

ROOT = Path(__file__).resolve().parents[2]


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    captured = capsys.readouterr()
    return int(ended.value.code or 0), captured.out, captured.err


@pytest.mark.parametrize(
    ("arguments", "environment", "language"),
    [
        ([], {}, "zh"),
        ([], {"LANG": "en_GB.UTF-8"}, "en"),
        ([], {"LANG": "C.UTF-8"}, "zh"),
        (["--lang", "en", "run"], {"LANG": "zh_CN.UTF-8"}, "en"),
        (["run", "--lang=zh"], {"LANG": "en_GB.UTF-8"}, "zh"),
        ([], {"GUATU_LANG": "en", "LANG": "zh_CN.UTF-8"}, "en"),
    ],
)
def test_the_language_is_asked_for_or_taken_from_the_locale(
    arguments: list[str], environment: dict[str, str], language: str
) -> None:
    assert chosen_language(arguments, environment) == language


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself_in_both_languages(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, chinese, _ = run(capsys, name, "--help", "--lang", "zh")
    _, english, _ = run(capsys, name, "--help", "--lang", "en")

    assert code == Exit.DONE
    assert re.search("[\u4e00-\u9fff]", chinese)
    assert not re.search("[\u4e00-\u9fff]", english.replace("督〔2021〕15号", ""))


def test_a_misspelt_option_names_the_one_meant(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, said = run(capsys, "run", "--rulebok", "x", "--lang", "en")

    assert code == Exit.USAGE
    assert "there is no option --rulebok" in said and "Did you mean --rulebook?" in said


def test_a_missing_option_is_named_in_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, said = run(capsys, "run", "--lang", "zh")

    assert code == Exit.USAGE
    assert "缺少 --pack" in said


def test_a_refusal_is_json_where_a_program_asked_for_json(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "packs", "check", "nowhere", "--json", "--lang", "en")

    assert code == Exit.REFUSED
    assert json.loads(out)["where"] == "nowhere"


def test_every_exit_code_is_documented() -> None:
    page = (ROOT / "docs/reference/cli.md").read_text(encoding="utf-8")

    assert all(f"| {code.value} | {MEANING[code].en} |" in page for code in Exit)
