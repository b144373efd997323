"""Every command that writes to the site acts through an action, as a named person, and leaves its record."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils.timezone import localdate, now
from drills.large_load import write_workbook

from guatu.cli.exits import Exit
from guatu.cli.main import main
from guatu.hub.accounts.actions.tokens import issue_token
from guatu.hub.audit.acting import ACTIONS
from guatu.hub.audit.models import Record
from guatu.hub.audit.sealing import seal_waiting
from guatu.hub.ledger.actions.packs import install_pack
from guatu.hub.ledger.overlays import Overlay
from guatu.text import Text
from tests.hub.changes.actions import load_all_actions
from tests.hub.people import NOW, City, build_city

load_all_actions()
CLI = Path(__file__).resolve().parents[2] / "src/guatu/cli"


@dataclass(frozen=True, slots=True)
class Writing:
    """A command that changes the site: where it is written, how it is called, who may call it, the records it leaves."""

    where: str
    arguments: Callable[[Path], list[str]]
    who: str
    stranger: str
    records: tuple[str, ...]
    before: Callable[[City], object] = lambda city: None


def _load(folder: Path) -> list[str]:
    write_workbook(folder / "units.xlsx", units=2, people=0)
    return [str(folder / "units.xlsx"), "--on", "2026-06-01", "--accept"]


def _a_pack(city: City) -> None:
    install_pack(folder="land_disposal", by=city.actor("sun"), at=NOW)


def _own_changes(folder: Path) -> list[str]:
    overlay = Overlay().with_title("land_disposal", Text("土地台账", "Land"))
    (folder / "own.yaml").write_text(overlay.text, encoding="utf-8")
    return ["land_disposal", str(folder / "own.yaml")]


AS_A_PERSON: dict[str, Writing] = {
    "units load": Writing(
        "units._load",
        _load,
        "sun",
        "zhao",
        ("unit.load_submitted", "unit.load_read", "unit.load_accepted", "unit.loaded"),
    ),
    "people add": Writing(
        "people._add",
        lambda _: ["--username", "chen", "--name", "陈新人", "--unit", "东关镇"],
        "sun",
        "li",
        ("person.created",),
    ),
    "people disable": Writing(
        "people._disable", lambda _: ["li", "--reason", "调离"], "sun", "qian", ("person.disabled",)
    ),
    "audit export": Writing(
        "audit._export",
        lambda folder: [str(folder / "export")],
        "wu",
        "zhao",
        ("audit.exported",),
        lambda city: seal_waiting(),
    ),
    "hub install-pack": Writing(
        "hub.install_pack.command", lambda _: ["land_disposal"], "sun", "zhao", ("pack.installed",)
    ),
    "hub change-pack": Writing("hub.change_pack.command", _own_changes, "sun", "zhao", ("pack.overlaid",), _a_pack),
}
BY_THE_MACHINE: dict[str, str] = {
    "hub.init.command": "site.begin",
    "hub.backup.command": "site.back_up",
    "hub.restore.command": "site.restore",
}
"""What whoever runs the machine does, before there is anybody to name or beside the site: by which action it is recorded.
That it is, tests/cli/test_hub_commands.py and tests/hub/config/test_backup.py show."""


def test_every_command_that_calls_an_action_is_known_here() -> None:
    assert sorted(calling_actions()) == sorted({*(one.where for one in AS_A_PERSON.values()), *BY_THE_MACHINE})


@pytest.mark.parametrize("name", sorted(AS_A_PERSON))
def test_a_command_that_writes_does_so_as_a_named_person(
    db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    command, city = AS_A_PERSON[name], build_city()
    token = token_of(city, command.who)
    monkeypatch.setenv("GUATU_TOKEN", token)
    command.before(city)
    before = Record.objects.count()

    assert run(*name.split(" "), *command.arguments(tmp_path)) == Exit.DONE

    left = Record.objects.order_by("pk")[before:]
    post = city.posts[command.who]
    assert tuple(one.kind for one in left) == command.records
    assert {(one.person_id, one.door) for one in left} == {(post.person_id, "cli")}


@pytest.mark.parametrize("name", sorted(AS_A_PERSON))
def test_a_command_that_writes_refuses_a_stranger_and_whoever_does_not_say_who_they_are(
    db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    command, city = AS_A_PERSON[name], build_city()
    strangers = ["", token_of(city, command.stranger)]
    command.before(city)
    before = Record.objects.count()

    for token in strangers:
        monkeypatch.setenv("GUATU_TOKEN", token)
        assert run(*name.split(" "), *command.arguments(tmp_path)) not in (Exit.DONE, Exit.USAGE)

    assert Record.objects.count() == before


def test_what_the_machine_does_is_an_action_too() -> None:
    assert set(BY_THE_MACHINE.values()) <= set(ACTIONS)


def token_of(city: City, name: str) -> str:
    until = localdate() + timedelta(days=7)
    issued = issue_token(post=city.posts[name], name="终端", expires_on=until, by=city.actor(name, at=now()), at=now())
    return issued.secret


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main([*arguments, "--lang", "en"])
    return int(ended.value.code or 0)


def calling_actions() -> Iterator[str]:
    """Functions of the commands that import an action of the hub, by module and name."""
    actions = {(function.__module__, function.__name__) for function in ACTIONS.values()}
    for path in sorted((CLI / "commands").rglob("*.py")):
        for top in ast.parse(path.read_text(encoding="utf-8")).body:
            imported = {
                (node.module, one.name)
                for node in ast.walk(top)
                if isinstance(node, ast.ImportFrom)
                for one in node.names
            }
            if imported & actions:
                yield f"{'.'.join(path.relative_to(CLI / 'commands').with_suffix('').parts)}.{getattr(top, 'name', '')}"
