"""The sheet of a visit: what a visitor needs of each item, for an address that stays, and what was seen written down."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.timezone import localdate
from PIL import Image

from guatu.hub.accounts.models import PersonalDetails
from guatu.hub.accounts.roles import ROLES, Permission
from guatu.hub.audit.models import Record
from guatu.hub.ledger.actions.duties import Answerable, assign_duty
from guatu.hub.ledger.actions.milestones import plan_milestone
from guatu.hub.ledger.actions.remarks import add_remark
from guatu.hub.ledger.attaching.task import look_at_attachment
from guatu.hub.ledger.models import Attachment, Item, KeptVisit, Ledger, Remark, VisitStop
from tests.hub.asking import queries_of
from tests.hub.ledger.conftest import bridge, works
from tests.hub.ledger.dossiers import dossiers, parcel, parcel_named, second
from tests.hub.people import NOW, City

__all__ = ["bridge", "dossiers", "parcel", "second", "works"]
TODAY = NOW.date()


def signed_in(city: City, name: str) -> Client:
    client = Client()
    client.force_login(city.people[name])
    return client


@pytest.fixture
def late(parcel: Item, city: City) -> Item:
    """A parcel with a late milestone, the next one, somebody who answers, and a remark."""
    zhao = city.actor("zhao")
    plan_milestone(item=parcel, key="supplied", on=localdate() - timedelta(days=12), by=zhao, at=NOW)
    plan_milestone(item=parcel, key="begun", on=localdate() + timedelta(days=30), by=zhao, at=NOW)
    assign_duty(
        item=parcel, slot="answerable", holder=Answerable(person=city.people["wang"]), on=TODAY, by=zhao, at=NOW
    )
    add_remark(item=parcel, kind="work", on=TODAY, text="管线待迁改", by=city.actor("li"), at=NOW)
    return parcel


def test_the_sheet_says_what_is_late_what_comes_next_who_answers_and_what_was_noted(late: Item, city: City) -> None:
    page = signed_in(city, "zhao").get("/visits/new", {"item": str(late.pk), "why": "督导 供地"}).content.decode()

    assert late.name in page and city.units["town"].title.zh in page
    assert "已过 12 天" in page and "动工" in page
    assert "王审核" in page and "管线待迁改" in page
    assert "督导 供地" in page and "□ 节点属实" in page


def test_what_is_ticked_comes_from_the_items_own_ledger(late: Item, works: Ledger, bridge: Item, city: City) -> None:
    zhao = signed_in(city, "zhao")
    zhao.post("/language", {"language": "en", "back": "/"})

    page = zhao.get("/visits/new", {"item": [str(late.pk), str(bridge.pk)]}).content.decode()

    assert page.count("□ Milestones are as claimed") == 1 and page.count('class="boxes"') == 1
    assert f"/items/{late.pk}/visited" in page
    assert f"/items/{bridge.pk}/visited" not in page  # its ledger has no book to write it into


def test_the_filter_of_the_list_leads_to_the_sheet_and_its_address_keeps_the_very_items(
    late: Item, second: Item, city: City
) -> None:
    zhao = signed_in(city, "zhao")
    page = zhao.get("/visits/new", {"ledger": "land_disposal", "q": "一期", "on": "2026-12-03"}).content.decode()
    assert late.name in page and second.name not in page
    assert f"on=2026-12-03&amp;item={late.pk}" in page

    assert (
        second.name in zhao.get("/visits/new", {"item": [str(late.pk), str(second.pk)], "q": "一期"}).content.decode()
    )


def test_the_visit_goes_into_a_calendar(late: Item, city: City) -> None:
    answer = signed_in(city, "zhao").get(
        "/visits/calendar", {"item": str(late.pk), "on": "2026-12-03", "who": "张, 李", "why": "看现场"}
    )
    told = answer.content.decode().replace("\r\n ", "")

    assert answer["Content-Type"].startswith("text/calendar")
    assert "DTSTART;VALUE=DATE:20261203\r\nDTEND;VALUE=DATE:20261204" in told
    assert "张\\, 李\\n看现场" in told and late.name in told and f"item={late.pk}" in told


def test_of_what_one_may_not_see_no_sheet_says_anything(late: Item, city: City) -> None:
    qian = signed_in(city, "qian")
    for asked in ({"item": str(late.pk)}, {"ledger": "land_disposal"}):
        assert late.name not in qian.get("/visits/new", asked).content.decode()
        assert late.name not in qian.get("/visits/calendar", asked).content.decode()


@pytest.mark.parametrize(
    "asked", [{"on": "2026-02-30"}, {"on": "9999-12-31"}, {"item": "²"}, {"light": "x", "ledger": "x"}, {}]
)
def test_nonsense_in_the_address_asks_for_nothing(late: Item, city: City, asked: dict[str, str]) -> None:
    zhao = signed_in(city, "zhao")
    assert zhao.get("/visits/new", asked).status_code == 200
    assert zhao.get("/visits/calendar", asked).status_code == 200


def test_more_items_cost_no_more_queries(late: Item, city: City) -> None:
    zhao, asked = signed_in(city, "zhao"), {"ledger": "land_disposal"}
    once = queries_of(zhao, "/visits/new", asked)
    for number in range(5):
        one = parcel_named(f"地块{number}", late.ledger, city)
        plan_milestone(item=one, key="begun", on=localdate(), by=city.actor("zhao"), at=NOW)
        assign_duty(
            item=one, slot="lead", holder=Answerable(unit=city.units["town"]), on=TODAY, by=city.actor("zhao"), at=NOW
        )
    assert queries_of(zhao, "/visits/new", asked) == once


def test_what_was_seen_is_written_down_with_its_photos_in_one_go(late: Item, city: City) -> None:
    picture = BytesIO()
    Image.new("RGB", (8, 8), "red").save(picture, "JPEG")
    photos = [SimpleUploadedFile(f"{n}.jpg", picture.getvalue(), "image/jpeg") for n in (1, 2)]
    answer = signed_in(city, "li").post(
        f"/items/{late.pk}/visited", {"text": "基坑已开挖", "on": str(localdate()), "photos": photos}
    )

    assert answer.status_code == 302
    assert Remark.objects.get(text="基坑已开挖").kind == "work"
    assert Attachment.objects.filter(item=late).count() == 2


def jpeg() -> bytes:
    picture = BytesIO()
    Image.new("RGB", (8, 8), "red").save(picture, "JPEG")
    return picture.getvalue()


def kept(client: Client, *items: Item, **said: str) -> KeptVisit:
    answer = client.post("/visits/keep", {"item": [str(one.pk) for one in items], "on": str(localdate()), **said})
    assert answer.status_code == 302, answer.content.decode()
    return KeptVisit.objects.get(pk=int(answer["Location"].rpartition("/")[2]))


def test_a_visit_is_kept_with_its_stops_and_each_is_seen_on_its_own_page(late: Item, second: Item, city: City) -> None:
    li = signed_in(city, "li")
    assert "留下这次走访" in li.get("/visits/new", {"item": str(late.pk)}).content.decode()
    visit = kept(li, late, second, who="督查一组", why="督导供地")
    at = f"/visits/{visit.pk}"
    page = li.get(at).content.decode()
    assert "0 / 2 个已看" in page and "督查一组" in page and page.count(f"{at}/items/") == 2

    photo = SimpleUploadedFile("1.jpg", jpeg(), "image/jpeg")
    said = {"text": "基坑已开挖", "on": str(localdate()), "boxes": ["new_problems", "as_told"], "photos": [photo]}
    answer = li.post(f"{at}/items/{late.pk}", said)
    assert (answer.status_code, answer["Location"]) == (302, at)

    page = li.get(at).content.decode()
    assert "1 / 2 个已看" in page and "☑ 现场与台账一致" in page and "☑ 有新问题" in page and "☑ 节点属实" not in page
    assert "基坑已开挖" in page and page.count(f"{at}/items/") == 1
    stop = visit.stops.get(item=late)
    assert stop.boxes == ["as_told", "new_problems"] and stop.photos.get().item_id == late.pk
    assert li.post(f"{at}/items/{late.pk}", {"text": "再记", "on": str(localdate())}).status_code == 409
    listed = li.get("/visits").content.decode()
    assert "督查一组" in listed and "1 / 2" in listed


def test_the_photos_of_a_visit_say_when_and_how_far_from_the_item_they_were_taken(late: Item, city: City) -> None:
    li = signed_in(city, "li")
    geometry = {"type": "Point", "coordinates": [120.38, 36.07]}
    Item.objects.filter(pk=late.pk).update(geometry=geometry)
    visit = kept(li, late)
    photo = SimpleUploadedFile("1.jpg", jpeg(), "image/jpeg")
    li.post(f"/visits/{visit.pk}/items/{late.pk}", {"text": "看过", "on": str(localdate()), "photos": [photo]})
    look_at_attachment.func(Attachment.objects.get().pk)
    Attachment.objects.update(taken_at="2026-06-14T09:12:00", latitude="36.0709", longitude="120.38")

    page = li.get(f"/visits/{visit.pk}").content.decode()
    assert "摄于 2026-06-14 09:12" in page and "离标注位置 100 米" in page
    assert page.count('class="photo"') == 1 and page.count('class="spot"') == 1 and "50 米" in page
    dossier = li.get(f"/items/{late.pk}").content.decode()
    assert 'id="visits"' in dossier and "离标注位置 100 米" in dossier and f"/visits/{visit.pk}" in dossier


def test_what_is_seen_at_an_item_without_a_visit_is_a_visit_of_its_own(late: Item, city: City) -> None:
    li = signed_in(city, "li")
    li.post(f"/items/{late.pk}/visited", {"text": "路过看了", "on": str(localdate()), "boxes": ["as_told"]})

    stop = VisitStop.objects.get()
    assert (stop.item_id, stop.boxes, stop.remark.text) == (late.pk, ["as_told"], "路过看了")
    assert (
        li.post(f"/items/{late.pk}/visited", {"text": "x", "on": str(localdate()), "boxes": ["no"]}).status_code == 422
    )
    assert KeptVisit.objects.count() == 1


def test_a_sheet_offers_to_keep_a_visit_and_to_look_up_a_phone_to_whoever_may(late: Item, city: City) -> None:
    def sheet(name: str) -> str:
        return signed_in(city, name).get("/visits/new", {"item": str(late.pk)}).content.decode()

    of_wang = f'href="/people/{city.people["wang"].pk}"'
    PersonalDetails.objects.filter(person=city.people["wang"]).update(phone="13900001111")
    assert "留下这次走访" in sheet("li") and "留下这次走访" not in sheet("zheng")
    assert of_wang in sheet("zhao") and of_wang not in sheet("li")


def test_a_visit_shows_nobody_a_stop_they_may_not_see(late: Item, city: City) -> None:
    far = parcel_named("西城地块", late.ledger, city, unit="west")
    visit = kept(signed_in(city, "zhao"), late, far, who="市督查组")

    page = signed_in(city, "li").get(f"/visits/{visit.pk}").content.decode()
    assert late.name in page and far.name not in page and "0 / 1 个已看" in page
    signed_in(city, "zhao").post(f"/visits/{visit.pk}/items/{far.pk}", {"text": "看过", "on": str(localdate())})
    assert "0 / 1" in signed_in(city, "li").get("/visits").content.decode()
    assert "1 / 2" in signed_in(city, "zhao").get("/visits").content.decode()
    assert signed_in(city, "li").get(f"/visits/{visit.pk}/items/{far.pk}").status_code == 404
    other = kept(signed_in(city, "li"), late)
    qian = signed_in(city, "qian")
    assert qian.get(f"/visits/{other.pk}").status_code == 404
    assert qian.post(f"/visits/{other.pk}/items/{late.pk}", {"text": "x"}).status_code == 404
    assert qian.post("/visits/keep", {"item": str(late.pk)}).status_code == 422
    assert f"/visits/{other.pk}" not in qian.get("/visits").content.decode()


def test_a_visit_is_put_off_and_told_otherwise_until_something_was_seen_on_it(late: Item, city: City) -> None:
    li, day = signed_in(city, "li"), localdate() + timedelta(days=3)
    visit = kept(li, late, who="张建国、李局长")
    assert f"/visits/{visit.pk}/change" in li.get(f"/visits/{visit.pk}").content.decode()

    li.post(f"/visits/{visit.pk}/change", {"on": str(day), "who": "市督查组", "why": "复核"})
    page = li.get(f"/visits/{visit.pk}").content.decode()
    assert str(day) in page and "市督查组" in page and "复核" in page and "张建国" not in page
    assert li.post(f"/visits/{visit.pk}/change", {"on": str(day), "who": "市督查组", "why": "复核"}).status_code == 409
    told = Record.objects.filter(kind="visit.changed").get()
    assert "张建国" not in f"{told.before}{told.after}" and json.loads(told.after)["changed"] == ["on", "who", "why"]

    li.post(f"/visits/{visit.pk}/items/{late.pk}", {"text": "看过", "on": str(localdate())})
    moved = li.post(f"/visits/{visit.pk}/change", {"on": str(localdate()), "who": "", "why": ""})
    assert moved.status_code == 409 and "日期不能改" in moved.content.decode()
    li.post(f"/visits/{visit.pk}/change", {"on": str(day), "who": "", "why": "复核"})
    assert KeptVisit.objects.get().who == ""


def test_a_visit_is_changed_by_nobody_who_does_not_report_for_all_its_stops(late: Item, city: City) -> None:
    visit = kept(
        signed_in(city, "zhao"), late, parcel_named("西城地块", late.ledger, city, unit="west"), who="市督查组"
    )
    li, qian = signed_in(city, "li"), signed_in(city, "qian")

    assert "/change" not in li.get(f"/visits/{visit.pk}").content.decode()
    for somebody in (li, qian):
        assert somebody.get(f"/visits/{visit.pk}/change").status_code == 403
        assert somebody.post(f"/visits/{visit.pk}/change", {"on": str(TODAY), "who": ""}).status_code == 403
    assert KeptVisit.objects.get().who == "市督查组"
    unseen = kept(signed_in(city, "li"), late)
    assert qian.get(f"/visits/{unseen.pk}/change").status_code == 404


def test_more_stops_and_visits_cost_no_more_queries(late: Item, city: City) -> None:
    zhao = signed_in(city, "zhao")

    def seen(*items: Item) -> KeptVisit:
        visit = kept(zhao, *items)
        for one in items:
            photo = SimpleUploadedFile("1.jpg", jpeg(), "image/jpeg")
            zhao.post(f"/visits/{visit.pk}/items/{one.pk}", {"text": "看过", "on": str(localdate()), "photos": [photo]})
        return visit

    small = seen(late)
    once = [queries_of(zhao, path, {}) for path in (f"/visits/{small.pk}", "/visits", f"/items/{late.pk}")]
    large = seen(late, *[parcel_named(f"地块{number}", late.ledger, city) for number in range(4)])
    assert [queries_of(zhao, path, {}) for path in (f"/visits/{large.pk}", "/visits", f"/items/{late.pk}")] == once


def test_words_are_not_kept_without_the_photos_that_belong_to_them(late: Item, city: City, settings: Any) -> None:
    settings.ATTACHMENT_MB = 0
    photo = SimpleUploadedFile("1.jpg", b"\xff\xd8 too large", "image/jpeg")
    answer = signed_in(city, "li").post(
        f"/items/{late.pk}/visited", {"text": "基坑已开挖", "on": str(localdate()), "photos": [photo]}
    )

    assert answer.status_code == 422
    assert not Remark.objects.filter(text="基坑已开挖").exists()


def test_whose_role_does_not_attach_files_writes_no_photo_of_a_visit(
    late: Item, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    reporter = ROLES["reporter"]
    monkeypatch.setitem(
        ROLES, "reporter", replace(reporter, permissions=reporter.permissions - {Permission.ATTACH_FILES})
    )
    said = {"text": "基坑已开挖", "on": str(localdate())}

    photo = SimpleUploadedFile("1.jpg", b"\xff\xd8", "image/jpeg")
    assert signed_in(city, "li").post(f"/items/{late.pk}/visited", {**said, "photos": [photo]}).status_code == 403
    assert signed_in(city, "li").post(f"/items/{late.pk}/visited", said).status_code == 302
