"""`guatu units` and `guatu people` act as the person of the token, through the same actions as the pages."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest
from django.utils.timezone import localdate, now

from guatu.cli.exits import Exit
from guatu.cli.main import main
from guatu.hub.accounts.actions.tokens import issue_token
from guatu.hub.accounts.models import Person, Unit
from guatu.hub.audit.models import Record
from tests.hub.people import City, build_city


@pytest.fixture
def city(db: None) -> City:
    return build_city()


@pytest.fixture
def as_person(city: City, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    def with_token(name: str) -> None:
        issued = issue_token(
            post=city.posts[name],
            name="终端",
            expires_on=localdate() + timedelta(days=7),
            by=city.actor(name, at=now()),
            at=now(),
        )
        monkeypatch.setenv("GUATU_TOKEN", issued.secret)

    return with_token


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main([*arguments, "--lang", "en"])
    return int(ended.value.code or 0)


def workbook(path: Path, *rows: tuple[object, ...]) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "单位"
    for row in (("单位名称", "英文名称", "类别", "单位代码", "上级单位", "排序", "设立日期"), *rows):
        sheet.append(list(row))
    book.save(path)
    return path


GOOD = (
    ("北城区", "North District", "区市县", "990005", "挂图市", 5, "2021-03-01"),
    ("北关镇", "Beiguan Town", "镇", "990005101", "990005", 1, "2021-03-01"),
    ("北苑街道", "Beiyuan Subdistrict", "街道", "990005002", "北城区", 2, "2021-03-01"),
)


def test_a_load_is_shown_first_and_taken_when_asked(as_person, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    as_person("sun")
    path = str(workbook(tmp_path / "city.xlsx", *GOOD))

    assert run("units", "load", path) == Exit.DONE
    assert not Unit.objects.filter(code="990005").exists()
    assert run("units", "load", path, "--accept") == Exit.DONE

    assert Unit.objects.get(code="990005101").parent == Unit.objects.get(code="990005")
    assert Record.objects.get(kind="unit.loaded").door == "cli"


def test_a_wrong_cell_is_named_and_marked(as_person, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:  # type: ignore[no-untyped-def]
    as_person("sun")
    path = workbook(tmp_path / "city.xlsx", *GOOD, ("坏镇", "", "镇", "12", "北城区", 1, "2021-03-01"))

    code = run("units", "load", str(path), "--accept", "--marked", str(tmp_path / "marked.xlsx"), "--json")

    told = json.loads(capsys.readouterr().out)
    assert code == Exit.REFUSED
    assert [(one["sheet"], one["cell"]) for one in told["remarks"] if one["grade"] == "error"] == [("单位", "D5")]
    assert (tmp_path / "marked.xlsx").is_file()
    assert not Unit.objects.filter(code="990005").exists()


def test_the_tree_and_the_list_show_what_the_person_may_see(as_person, capsys: pytest.CaptureFixture[str]) -> None:  # type: ignore[no-untyped-def]
    as_person("wang")

    assert run("units", "tree", "--json") == Exit.DONE
    assert {one["title"] for one in json.loads(capsys.readouterr().out)} == {"East District", "Dongguan Town"}
    assert run("people", "list", "--json") == Exit.DONE
    assert {one["username"] for one in json.loads(capsys.readouterr().out)} == {"wang", "li", "feng"}


def test_people_are_added_and_disabled_by_who_may(as_person, capsys: pytest.CaptureFixture[str]) -> None:  # type: ignore[no-untyped-def]
    as_person("sun")
    added = run("people", "add", "--username", "xu", "--name", "徐新来", "--unit", "990001", "--json")
    assert added == Exit.DONE
    assert Person.objects.get(username="xu").check_password(json.loads(capsys.readouterr().out)["password"])
    assert run("people", "disable", "xu", "--reason", "借调") == Exit.DONE
    assert not Person.objects.get(username="xu").is_active

    as_person("qian")
    assert run("people", "disable", "li", "--reason", "借调") == Exit.REFUSED
    assert Person.objects.get(username="li").is_active
