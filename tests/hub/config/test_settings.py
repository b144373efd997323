"""Every setting is declared once, explained in both languages, and refused when it makes no sense."""

from __future__ import annotations

import re
from dataclasses import asdict
from pathlib import Path

import pytest

from guatu.hub.config.declared import DECLARED, as_env, as_markdown
from guatu.hub.config.environment import Environment, WrongSetting
from guatu.office.containers.limits import PREFIX, Limits

ROOT = Path(__file__).resolve().parents[3]
FOR_DRILLS = {"GUATU_FAILPOINT"}
BETWEEN_OUR_PROCESSES = {"GUATU_APPLICATION_ROLE"}


def read_in_source() -> set[str]:
    names: set[str] = set()
    for path in (ROOT / "src").rglob("*.py"):
        if path.name != "declared.py":
            names |= set(re.findall(r'"(GUATU_[A-Z_]+[A-Z])(?:_FILE)?"', path.read_text(encoding="utf-8")))
    return names - FOR_DRILLS - BETWEEN_OUR_PROCESSES


def test_every_variable_the_source_reads_is_declared() -> None:
    undeclared = read_in_source() - {one.name for one in DECLARED}

    assert undeclared == set(), "declare it in config/declared.py, then run: make settings"


def test_every_declared_variable_is_read() -> None:
    limits = {f"{PREFIX}{limit.upper()}" for limit in asdict(Limits())}

    assert {one.name for one in DECLARED} - read_in_source() - limits == set()


def test_the_declared_limits_are_those_in_force() -> None:
    declared = {one.name: one.default for one in DECLARED if one.name.startswith(PREFIX)}

    assert declared == {f"{PREFIX}{limit.upper()}": str(value) for limit, value in asdict(Limits()).items()}


def test_the_page_about_settings_is_what_the_command_prints() -> None:
    assert (ROOT / "docs/reference/settings.md").read_text(encoding="utf-8") == as_markdown()


def test_the_sample_file_is_what_the_command_prints_and_sets_nothing() -> None:
    sample = (ROOT / ".env.sample").read_text(encoding="utf-8")

    assert sample == as_env()
    assert [line for line in sample.splitlines() if line and not line.startswith("#")] == []


@pytest.mark.parametrize("one", DECLARED, ids=lambda one: one.name)
def test_a_setting_is_explained_in_both_languages(one) -> None:  # type: ignore[no-untyped-def]
    assert re.search("[\u4e00-\u9fff]", one.meaning.zh)
    assert not re.search("[\u4e00-\u9fff]", one.meaning.en)


@pytest.mark.parametrize(
    ("variables", "read"),
    [
        ({"GUATU_TLS": "yes"}, lambda env: env.flag("GUATU_TLS", False)),
        ({"GUATU_BACKUP_HOURS": "0"}, lambda env: env.whole("GUATU_BACKUP_HOURS", 26, 1, 100)),
        ({"GUATU_LOG": "xml"}, lambda env: env.choice("GUATU_LOG", "auto", ("auto", "json", "text"))),
        ({"GUATU_PROXIES": "proxy.local"}, lambda env: env.networks("GUATU_PROXIES", "")),
        ({"GUATU_DATABASE": "mysql://x"}, lambda env: env.database("GUATU_DATABASE", Path("/nowhere"))),
        ({"GUATU_SECRET_KEY": "a", "GUATU_SECRET_KEY_FILE": "b"}, lambda env: env.text("GUATU_SECRET_KEY")),
        ({"GUATU_SECRET_KEY_FILE": "/nowhere/at-all"}, lambda env: env.text("GUATU_SECRET_KEY")),
    ],
)
def test_a_value_that_makes_no_sense_is_refused_by_name(variables, read) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(WrongSetting) as refused:
        read(Environment(variables))

    assert refused.value.where in {*variables, "GUATU_SECRET_KEY"}
    assert refused.value.remedy.zh and refused.value.remedy.en


def test_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("kept apart\n", encoding="utf-8")

    found = Environment({"GUATU_METRICS_TOKEN_FILE": str(tmp_path / "secret")}).text("GUATU_METRICS_TOKEN")

    assert found == "kept apart"
