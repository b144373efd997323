"""`guatu hub install-pack`, as the system administrator runs it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from guatu.cli.main import main
from guatu.hub.accounts.actions.tokens import issue_token
from guatu.hub.ledger.actions.packs import install_pack
from guatu.hub.ledger.models import Ledger, PackVersion
from tests.hub.ledger.conftest import LEDGER, write_pack
from tests.hub.people import NOW, City, build_city


@pytest.fixture
def city(db: None) -> City:
    return build_city()


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["hub", "install-pack", *arguments])
    return int(ended.value.code or 0)


def as_(city: City, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    until = date(2027, 1, 1)
    issued = issue_token(post=city.posts[name], name="ops", expires_on=until, by=city.actor(name), at=NOW)
    monkeypatch.setenv("GUATU_TOKEN", issued.secret)


def test_a_pack_is_installed_and_its_upgrade_told_first(
    city: City, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    as_(city, "sun", monkeypatch)
    assert run(str(write_pack(tmp_path / "works"))) == 0
    assert Ledger.objects.get().key == "works"

    changed = write_pack(tmp_path / "works2", LEDGER.replace("zh: 造价", "zh: 总造价"))
    assert run(str(changed), "--preview") == 0

    assert "字段“造价”改称“总造价”" in capsys.readouterr().out
    assert PackVersion.objects.count() == 1


def test_nobody_else_installs_a_pack(city: City, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    as_(city, "zhao", monkeypatch)

    assert run(str(write_pack(tmp_path / "works"))) == 3
    assert not PackVersion.objects.exists()


def test_an_upgrade_that_would_lose_something_is_not_made(
    city: City, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    install_pack(folder=write_pack(tmp_path / "works"), by=city.actor("sun"), at=NOW)
    from guatu.hub.ledger.actions.items import enter_item

    enter_item(
        ledger=Ledger.objects.get(), unit=city.units["town"], name="桥", values={"cost": 1}, on=date(2026, 1, 1),
        by=city.actor("zhao"), at=NOW,
    )  # fmt: skip
    as_(city, "sun", monkeypatch)

    assert (
        run(
            str(write_pack(tmp_path / "works2", LEDGER.replace("type: money, unit: 万元, currency: CNY", "type: text")))
        )
        == 3
    )
    assert "1 个事项填了它" in capsys.readouterr().out
