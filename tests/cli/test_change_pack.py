"""`guatu hub change-pack` and `guatu hub evaluate`, as an administrator and a dispatcher run them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from guatu.cli.main import main
from guatu.hub.accounts.actions.tokens import issue_token
from guatu.hub.ledger.actions.packs import install_pack
from guatu.hub.ledger.models import Ledger, PackVersion
from guatu.hub.ledger.packs import declared
from tests.hub.ledger.conftest import write_pack
from tests.hub.people import NOW, City, build_city

OWN = """\
ledgers:
  works:
    fields:
    - key: cost
      title:
        zh: 总造价
        en: Total cost
settings: []
"""


@pytest.fixture
def city(db: None, tmp_path: Path) -> City:
    city = build_city()
    install_pack(folder=write_pack(tmp_path / "works"), by=city.actor("sun"), at=NOW)
    return city


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["--lang", "en", "hub", *arguments])
    return int(ended.value.code or 0)


def as_(city: City, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    until = date(2027, 1, 1)
    issued = issue_token(post=city.posts[name], name="ops", expires_on=until, by=city.actor(name), at=NOW)
    monkeypatch.setenv("GUATU_TOKEN", issued.secret)


def test_changes_are_told_taken_and_written_out_again(
    city: City, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    as_(city, "sun", monkeypatch)
    file = tmp_path / "own.yaml"
    file.write_text(OWN, encoding="utf-8")

    assert run("change-pack", "works", str(file), "--preview") == 0
    assert "field 'Cost' is now 'Total cost'" in capsys.readouterr().out
    assert PackVersion.objects.count() == 1
    assert run("change-pack", "works", str(file)) == 0
    capsys.readouterr()
    assert run("change-pack", "works") == 0

    assert capsys.readouterr().out == OWN
    assert declared(Ledger.objects.get()).fields["cost"].title.en == "Total cost"


def test_a_pack_that_is_not_installed_is_refused(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    as_(city, "sun", monkeypatch)

    assert run("change-pack", "nothing") == 3


def test_nobody_else_changes_a_pack(city: City, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    as_(city, "zhao", monkeypatch)
    file = tmp_path / "own.yaml"
    file.write_text(OWN, encoding="utf-8")

    assert run("change-pack", "works", str(file)) == 3
    assert PackVersion.objects.count() == 1


def test_a_ledger_is_judged_into_a_folder(
    city: City, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    install_pack(folder="reform_tasks", by=city.actor("sun"), at=NOW)
    as_(city, "zhao", monkeypatch)

    code = run(
        "evaluate", "reform_tasks", "--rulebook", "jimo_2021_reform", "--round", "2026-04", "--round", "2026-05",
        "-o", str(tmp_path / "out"), "--engine", "reference",
    )  # fmt: skip

    assert code == 0 and "2026-05: 0 items" in capsys.readouterr().out
    assert (tmp_path / "out" / "2026-04" / "results" / "manifest.json").is_file()
