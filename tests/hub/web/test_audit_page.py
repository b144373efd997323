"""The auditor's page shows what was done under the units they audit, with names, differences and the state of the chain."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from django.test import Client

from guatu.hub.accounts.actions.personal_data import erase_person
from guatu.hub.accounts.actions.units import rename_unit
from guatu.hub.accounts.models import Post
from guatu.hub.audit.events import Event
from guatu.hub.audit.holders import holders_named
from guatu.hub.audit.models import Checkpoint, Delivery, PersonalPart, Record
from guatu.hub.audit.recording import Personal, record
from guatu.hub.audit.sealing import seal_waiting
from guatu.hub.audit.source import OnBehalf
from guatu.hub.audit.verifier import Held, verify_export
from guatu.text import Text
from tests.hub.people import LONG_AGO, NOW, City, enrol

Page = Callable[..., str]


@pytest.fixture
def page(city: City, client: Client) -> Page:
    """The page as somebody of the cast sees it, in Chinese."""

    def read(name: str, query: str = "") -> str:
        client.force_login(city.people[name])
        answer = client.get(f"/audit{query}")
        assert answer.status_code == 200, answer.status_code
        return answer.content.decode()

    return read


@pytest.fixture
def doings(city: City) -> City:
    """A town renamed by the city, a person changed by 王 of 东城区, 李's own sign-in; all sealed but the last."""
    rename_unit(
        unit=city.units["town"], title=Text("东关街道", "Dongguan"), on=date(2024, 3, 1), by=city.actor("sun"), at=NOW
    )
    record(
        Event.PERSON_CHANGED,
        subject=city.people["li"],
        before={"phone": Personal("13800000000", about=city.people["li"].pk)},
        after={"phone": Personal("13900000000", about=city.people["li"].pk), "unit": city.units["east"].pk},
        reason="本人申请",
        by=_under(city, "wang"),
        at=NOW,
    )
    seal_waiting()
    record(Event.SIGNED_IN, subject=None, by=city.actor("li").as_self(), at=NOW)
    return city


def _under(city: City, name: str) -> OnBehalf:
    actor = city.actor(name)
    return replace(actor.as_self(), post_id=actor.posts[0].post_id, unit_id=actor.posts[0].unit_id)


@pytest.fixture
def east_auditor(city: City) -> None:
    """冯 audits 东城区 besides inspecting it."""
    Post.objects.create(
        person=city.people["feng"], unit=city.units["east"], role="audit_administrator", starts_on=LONG_AGO
    )
    enrol(city.people["feng"])


def test_what_was_done_is_told_with_names_and_as_a_difference(doings: City, page: Page) -> None:
    text = page("wu")

    assert text.index("修改人员资料") < text.index("单位更名")  # newest first
    assert "孙系统" in text and "挂图市 系统管理员" in text
    assert '<td class="old">东关镇</td><td class="new">东关街道</td>' in text
    assert "本人申请" in text
    assert "已封存到第 2 位" in text and "1 条等待封存" in text


def test_what_is_personal_is_masked_and_what_was_erased_is_said_to_be(doings: City, page: Page) -> None:
    text = page("wu")
    assert "13800000000" not in text and "203.0.113.7" not in text
    assert "（个人信息，已隐去）" in text

    PersonalPart.objects.all().delete()

    assert "（个人信息，已删除）" in page("wu")


@pytest.mark.parametrize("name", ["li", "wang", "zhao", "qian", "sun", "zhou", "zheng", "feng"])
def test_nobody_but_an_auditor_sees_it(doings: City, client: Client, name: str) -> None:
    client.force_login(doings.people[name])

    assert client.get("/audit").status_code == 403
    assert client.post("/audit/export").status_code == 403
    assert client.get("/audit/checkpoint").status_code == 403
    assert Record.objects.filter(kind="audit.exported").count() == 0


def test_an_auditor_of_a_district_sees_what_was_done_there_and_by_its_people(
    doings: City, east_auditor: None, page: Page
) -> None:
    text = page("feng")

    assert "修改人员资料" in text.split("records")[-1]
    assert "李填报" in text  # signed in as themselves, holds a post there
    assert "孙系统" not in text  # renamed the town, but under a post of the city


@pytest.mark.parametrize(
    ("query", "kinds"),
    [
        ("?who=sun", {"单位更名"}),
        ("?who=王审核", {"修改人员资料"}),
        ("?kind=unit.renamed", {"单位更名"}),
        ("?door=cli", set()),
        ("?since=2026-06-16", set()),
        ("?until=2026-06-15&since=2026-06-15", {"单位更名", "修改人员资料", "登录"}),
        ("?subject_kind=accounts.person", {"修改人员资料"}),
        ("?who=%3Cscript%3E", set()),
    ],
)
def test_filters_narrow_what_is_shown(doings: City, page: Page, query: str, kinds: set[str]) -> None:
    text = page("wu", query)

    shown = {kind for kind in ("单位更名", "修改人员资料", "登录") if f'<span class="what">{kind}</span>' in text}
    assert shown == kinds
    assert "<script>" not in text


def test_a_unit_filters_by_its_subtree(doings: City, page: Page) -> None:
    text = page("wu", f"?unit={doings.units['east'].pk}")

    assert "王审核" in text and "孙系统" not in text


@pytest.mark.parametrize("query", ["?since=yesterday", "?kind=nonsense", "?unit=x", "?door=window"])
def test_a_filter_that_makes_no_sense_is_refused_with_what_would(doings: City, client: Client, query: str) -> None:
    client.force_login(doings.people["wu"])
    answer = client.get(f"/audit{query}")

    assert answer.status_code == 422
    assert "从列表里选" in answer.content.decode()


def test_pages_follow_one_another_without_a_gap_while_more_is_recorded(city: City, page: Page) -> None:
    for number in range(120):
        record(Event.SIGNED_IN, subject=None, reason=f"no. {number}.", by=city.actor("li").as_self(), at=NOW)
    seen: list[str] = []
    query = ""
    for _ in range(3):
        text = page("wu", query)
        seen += [part.split(".")[0] for part in text.split("no. ")[1:] if part.split(".")[0].isdigit()]
        record(Event.SIGNED_OUT, subject=None, by=city.actor("li").as_self(), at=NOW)
        query = text.split('rel="next" href="/audit')[1].split('"')[0] if 'rel="next"' in text else ""

    assert seen == [str(number) for number in reversed(range(120))]


def test_an_export_is_recorded_and_verifies_on_its_own(doings: City, client: Client, tmp_path: Path) -> None:
    seal_waiting()
    held = [Held(one.place, one.hash) for one in Checkpoint.objects.all()]
    client.force_login(doings.people["wu"])

    answer = client.post("/audit/export", {"kind": "unit.renamed"})
    zipfile.ZipFile(io.BytesIO(b"".join(answer))).extractall(tmp_path)  # type: ignore[arg-type]  # a streaming answer

    verdict = verify_export(tmp_path, held)
    assert verdict.fault is None and verdict.rows == 1
    told = Record.objects.get(kind="audit.exported")
    assert told.person_id == doings.people["wu"].pk
    assert '"filters":{"kind":"unit.renamed"}' in told.after


def test_a_name_searched_for_is_recorded_as_the_person(doings: City, client: Client) -> None:
    client.force_login(doings.people["wu"])

    client.post("/audit/export", {"who": "孙系统"})

    after = Record.objects.get(kind="audit.exported").after
    assert "孙系统" not in after
    assert f'"people":[{doings.people["sun"].pk}]' in after


def test_an_export_shows_an_auditor_of_a_district_only_what_they_may_see(
    doings: City, east_auditor: None, client: Client, tmp_path: Path
) -> None:
    seal_waiting()
    client.force_login(doings.people["feng"])

    answer = client.post("/audit/export")
    zipfile.ZipFile(io.BytesIO(b"".join(answer))).extractall(tmp_path)  # type: ignore[arg-type]  # a streaming answer

    text = (tmp_path / "audit.jsonl").read_text(encoding="utf-8")
    assert "person.changed" in text and "unit.renamed" not in text
    assert verify_export(tmp_path, []).fault is None


def test_an_export_too_long_for_a_page_names_the_command(doings: City, client: Client, settings) -> None:  # type: ignore[no-untyped-def]
    settings.AUDIT_WEB_EXPORT = 1
    client.force_login(doings.people["wu"])

    answer = client.post("/audit/export")

    assert answer.status_code == 422
    assert "guatu audit export" in answer.content.decode()
    assert Record.objects.filter(kind="audit.exported").count() == 0


def test_a_checkpoint_printed_and_filed_counts_as_held(doings: City, client: Client, settings) -> None:  # type: ignore[no-untyped-def]
    settings.AUDIT_HOLDERS = holders_named(["档案盒=paper"])
    checkpoint = Checkpoint.objects.get()
    client.force_login(doings.people["wu"])
    assert checkpoint.hash[:8] in client.get("/audit/checkpoint").content.decode()

    client.post(f"/audit/checkpoint/{checkpoint.pk}/filed", {"holder": "档案盒", "where": "2026-06 第 3 盒"})

    assert Delivery.objects.get().receipt == "2026-06 第 3 盒"
    assert Record.objects.filter(kind="audit.checkpoint_printed").count() == 1
    assert "档案盒（纸质）" in client.get("/audit").content.decode()


@pytest.mark.parametrize(("holder", "where"), [("别处", "第 3 盒"), ("档案盒", " ")])
def test_filing_needs_a_holder_on_paper_and_a_place(
    doings: City, client: Client, settings, holder: str, where: str
) -> None:  # type: ignore[no-untyped-def]
    settings.AUDIT_HOLDERS = holders_named(["档案盒=paper"])
    client.force_login(doings.people["wu"])

    answer = client.post(f"/audit/checkpoint/{Checkpoint.objects.get().pk}/filed", {"holder": holder, "where": where})

    assert answer.status_code == 422
    assert Delivery.objects.count() == 0


def test_after_a_person_is_erased_the_record_still_tells_what_happened_to_whom_by_id(doings: City, page: Page) -> None:
    Post.objects.filter(person=doings.people["li"]).update(ends_on=date(2026, 6, 1))
    doings.people["li"].is_active = False
    doings.people["li"].save()
    erase_person(person=doings.people["li"], reason="本人申请", by=doings.actor("zhou"), at=NOW)

    text = page("wu")

    assert "李填报" not in text
    assert "（个人信息，已删除）" in text
