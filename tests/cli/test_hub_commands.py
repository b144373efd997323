"""`guatu hub` speaks both languages, opens Django only when it must, and refuses with where, what and remedy."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest

from guatu.cli.commands.hub import COMMANDS
from guatu.cli.exits import Exit
from guatu.hub.accounts.models import Person, Unit
from guatu.hub.config import upkeep
from tests.cli.test_command_table import run
from tests.hub.people import build_city


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_of_the_site_explains_itself_in_both_languages(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, chinese, _ = run(capsys, "hub", name, "--help", "--lang", "zh")
    _, english, _ = run(capsys, "hub", name, "--help", "--lang", "en")

    assert code == Exit.DONE
    assert re.search("[\u4e00-\u9fff]", chinese)
    assert not re.search("[\u4e00-\u9fff]", english)


def test_help_of_the_site_does_not_load_django() -> None:
    program = (
        "import sys, guatu.cli.main as m\n"
        "try: m.main(['hub', '--help'])\n"
        "except SystemExit: print('django' in sys.modules, file=sys.stderr)"
    )

    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert said.stderr.strip() == "False"


def test_an_empty_site_begins_and_its_passwords_are_told_once(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "hub", "init", "--unit", "挂图市", "--system", "zhang:张三", "--json")

    assert code == Exit.DONE
    told = json.loads(out)
    assert [one["username"] for one in told] == ["zhang", "security", "audit"]
    assert all(Person.objects.get(username=one["username"]).check_password(one["password"]) for one in told)
    assert Person.objects.get(username="zhang").name == "张三"


def test_a_site_with_units_is_not_begun_again(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    build_city()
    before = Unit.objects.count()

    code, _, said = run(capsys, "hub", "init", "--unit", "别的市", "--lang", "en")

    assert code == Exit.REFUSED
    assert "the site has units or people already" in said
    assert Unit.objects.count() == before


def test_a_migrated_site_says_so(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "hub", "migrate", "--lang", "en")

    assert code == Exit.DONE
    assert "at this version already" in out


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_a_site_whose_database_is_behind_does_not_start(
    command: str, db: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(upkeep, "missing_migrations", lambda: ["audit.0099_later"])

    code, _, said = run(capsys, "hub", command, "--lang", "en")

    assert code == Exit.REFUSED
    assert "1 steps are missing" in said and "guatu hub migrate" in said


def test_settings_are_listed_and_secrets_are_not_shown(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GUATU_METRICS_TOKEN", "canary")
    monkeypatch.setenv("GUATU_HOSTS", "guatu.example.gov.cn")

    _, out, _ = run(capsys, "hub", "settings", "--json", "--lang", "en")

    found = {one["name"]: one["set_to"] for one in json.loads(out)}
    assert found["GUATU_METRICS_TOKEN"] == "(set, not shown)"
    assert found["GUATU_HOSTS"] == "guatu.example.gov.cn"
