"""Loading units and people through the page, the worker doing what takes long: the short form of `drills/large_load.py`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from drills.large_load import write_workbook
from pytest_django import DjangoAssertNumQueries

from guatu.hub.accounts.actions.loading import keep_reading, submit_load
from guatu.hub.accounts.loading import planning
from guatu.hub.accounts.loading.rows import Read, Row
from guatu.hub.accounts.loading.working import carry_out_accepted, read_waiting
from guatu.hub.accounts.models import Load, Person, Post, Unit, UnitSpan
from tests.hub.people import NOW, City

SignIn = Callable[[str], Client]


@pytest.fixture
def sign_in(city: City) -> SignIn:
    def signed_in(name: str) -> Client:
        client = Client()
        client.force_login(city.people[name])
        return client

    return signed_in


def test_a_load_goes_through_the_page_and_the_worker(city: City, sign_in: SignIn, tmp_path: Path) -> None:
    write_workbook(tmp_path / "units.xlsx", units=60, people=4)
    sun, zhou = sign_in("sun"), sign_in("zhou")
    workbook = SimpleUploadedFile("units.xlsx", (tmp_path / "units.xlsx").read_bytes())

    address = sun.post("/loads", {"file": workbook, "on": "2026-06-01"})["Location"]
    load = Load.objects.get()
    assert "Refresh" in sun.get(address) and "正在读" in sun.get(address).content.decode()
    read_waiting(load.pk)
    shown = sun.get(address)
    assert "Refresh" not in shown and "新镇0" in shown.content.decode() and "loaded00003" in shown.content.decode()
    assert sun.post(f"{address}/accept")["Location"] == address
    assert "Refresh" in sun.get(address) and Unit.objects.count() == len(city.units)
    carry_out_accepted(load.pk)
    page = sun.get(address).content.decode()
    assert "岗位等安全管理员核准" in page and f"{address}/posts" not in page
    assert f"{address}/posts" in zhou.get(address).content.decode()
    zhou.post(f"{address}/posts")
    assert "Refresh" in zhou.get(address) and not Post.objects.filter(person__username="loaded00000").exists()
    carry_out_accepted(load.pk)

    assert "Refresh" not in zhou.get(address)
    assert Unit.objects.count() == UnitSpan.objects.count() == len(city.units) + 60
    assert Person.objects.filter(username__startswith="loaded").count() == 4
    assert Post.objects.filter(person__username__startswith="loaded", role="reporter").count() == 4


def test_what_could_not_be_carried_out_says_why_and_can_be_accepted_again(city: City, sign_in: SignIn) -> None:
    load, sun = load_of(city, 1), sign_in("sun")
    sun.post(f"/loads/{load.pk}/accept")
    Unit.objects.filter(pk=city.units["east"].pk).update(title_zh="城东区")  # and the row says 东城区

    carry_out_accepted(load.pk)

    page = sun.get(f"/loads/{load.pk}").content.decode()
    assert "上次核准后没有办成" in page and "没有叫“东城区”的单位" in page


def test_a_page_of_a_large_load_draws_no_plan_and_costs_the_same_queries(
    city: City, sign_in: SignIn, django_assert_num_queries: DjangoAssertNumQueries, monkeypatch: pytest.MonkeyPatch
) -> None:
    small, large, sun = load_of(city, 1), load_of(city, 250), sign_in("sun")
    monkeypatch.delattr(planning, "compare_units")  # what a page would draw a plan with
    sun.get(f"/loads/{small.pk}")

    with django_assert_num_queries(4):
        sun.get(f"/loads/{small.pk}")
    with django_assert_num_queries(4):
        page = sun.get(f"/loads/{large.pk}").content.decode()

    assert page.count("<li>园") == 200 and "只列出前 200 个" in page


@pytest.mark.parametrize("stranger", ["li", "zhou", "wu", "qian"])
def test_a_load_is_shown_to_nobody_else_while_it_is_looked_at(city: City, sign_in: SignIn, stranger: str) -> None:
    load = load_of(city, 1)

    assert sign_in(stranger).get(f"/loads/{load.pk}").status_code == 404


def load_of(city: City, units: int) -> Load:
    """A load as the worker leaves it after reading."""
    rows = (Row("单位", at, {"name": f"园{at}", "kind": "zone", "parent": "东城区"}) for at in range(units))
    load = submit_load(content=b"x", name="units.xlsx", on=NOW.date(), by=city.actor("sun"), at=NOW)
    return keep_reading(load=load, read=Read({"units": tuple(rows)}, ()), marked=b"", by=city.actor("sun"), at=NOW)
