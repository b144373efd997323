"""Files attached to items: who may, what is kept, who is given what, and what is left when one is erased."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from guatu.hub.accounts.actor import NotAllowed
from guatu.hub.audit.models import Record
from guatu.hub.audit.refusals import Conflict
from guatu.hub.config.backup import back_up
from guatu.hub.ledger.actions.attachments import NoSuchMilestone, TooLarge, attach, erase_attachment
from guatu.hub.ledger.actions.goals import Wanted, open_goal
from guatu.hub.ledger.actions.items import enter_item
from guatu.hub.ledger.attaching.leftovers import remove_leftovers
from guatu.hub.ledger.attaching.task import look_at_attachment
from guatu.hub.ledger.models import Attachment, Item
from tests.hub.goals_pack import kept_goals_pack
from tests.hub.ledger.conftest import bridge, works  # noqa: F401  # fixtures
from tests.hub.people import NOW, City
from tests.office.attachments.pictures import PDF, jpeg, photo, png_that_claims

SITE = jpeg(photo((320, 240)))


def content(file: Any) -> bytes:
    return Path(file.path).read_bytes()


@pytest.fixture
def attached(city: City, bridge: Item, django_capture_on_commit_callbacks: Any) -> Attachment:  # noqa: F811
    """A photo of the bridge, sent by the town's reporter and looked at."""
    one = attach(to=bridge, name="现场 李填报.jpg", content=SITE, by=city.actor("li"), at=NOW)
    with django_capture_on_commit_callbacks(execute=True):
        look_at_attachment.func(one.pk)
    one.refresh_from_db()
    return one


def test_a_photo_is_kept_without_what_the_camera_wrote_beside_it(attached: Attachment) -> None:
    assert (attached.state, attached.kind, attached.taken_at) == ("ready", "jpg", "2026-05-03T10:20:30+08:00")
    assert (attached.latitude, attached.longitude) == ("36.075000", "120.380000")
    assert not attached.sent
    assert b"SECRET-PHONE-MAKER" not in content(attached.kept) + content(attached.thumbnail)


def test_the_record_tells_of_content_by_its_hash_and_never_by_a_name(attached: Attachment) -> None:
    told = Record.objects.get(kind="attachment.attached")

    assert attached.sha256 in told.after
    assert "李填报" not in told.after


def test_a_stranger_attaches_nothing_and_is_given_nothing(city: City, attached: Attachment, client: Client) -> None:
    with pytest.raises(NotAllowed):
        attach(to=attached.item, name="x.pdf", content=PDF, by=city.actor("qian"), at=NOW)
    client.force_login(city.people["qian"])
    for address in ("", "/file", "/small", "/erase"):
        assert client.get(f"/attachments/{attached.pk}{address}").status_code in (403, 404)
    assert client.get(f"/items/{attached.item_id}/attachments").status_code == 404


def test_a_leader_may_look_and_not_attach(city: City, attached: Attachment, client: Client) -> None:
    client.force_login(city.people["zheng"])

    assert "附上一个文件" not in client.get(f"/items/{attached.item_id}/attachments").content.decode()
    sent = {"file": SimpleUploadedFile("a.pdf", PDF)}
    assert client.post(f"/items/{attached.item_id}/attachments/send", sent).status_code == 403


def test_a_file_is_given_so_that_nothing_in_it_runs(city: City, attached: Attachment, client: Client) -> None:
    client.force_login(city.people["wang"])
    shown = client.get(f"/attachments/{attached.pk}/file")
    saved = client.get(f"/attachments/{attached.pk}/file?download")

    assert b"".join(shown).startswith(b"\xff\xd8\xff")  # type: ignore[arg-type]
    assert shown["Content-Type"] == "image/jpeg"
    assert shown["X-Content-Type-Options"] == "nosniff"
    assert shown["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert shown["Cache-Control"] == "no-store"
    assert shown["Content-Disposition"].startswith("inline")
    assert saved["Content-Disposition"].startswith("attachment")
    assert b"".join(saved) == content(attached.kept)  # type: ignore[arg-type]


def test_a_paper_is_never_shown_in_place(city: City, bridge: Item, client: Client) -> None:  # noqa: F811
    one = attach(to=bridge, name="批复.pdf", content=PDF, by=city.actor("li"), at=NOW)
    client.force_login(city.people["li"])
    assert client.get(f"/attachments/{one.pk}/file").status_code == 404  # not looked at yet
    look_at_attachment.func(one.pk)

    given = client.get(f"/attachments/{one.pk}/file")
    assert given["Content-Disposition"] == f'attachment; filename="{one.pk}.pdf"'
    assert b"".join(given) == PDF  # type: ignore[arg-type]
    assert client.get(f"/attachments/{one.pk}/small").status_code == 404


def test_a_pixel_flood_is_refused_and_its_sender_told_why(city: City, bridge: Item, client: Client) -> None:  # noqa: F811
    client.force_login(city.people["li"])
    sent = SimpleUploadedFile("现场.png", png_that_claims(60_000, 60_000))
    answer = client.post(f"/items/{bridge.pk}/attachments/send", {"file": sent}, follow=True)
    assert "正在查验" in answer.content.decode()
    one = Attachment.objects.get()
    look_at_attachment.func(one.pk)

    page = client.get(f"/attachments/{one.pk}").content.decode()
    assert "60000 × 60000 像素" in page and "缩小后再附" in page


def test_too_large_a_file_is_refused_before_it_is_kept(city: City, bridge: Item, settings: Any) -> None:  # noqa: F811
    settings.ATTACHMENT_MB = 1
    with pytest.raises(TooLarge):
        attach(to=bridge, name="大.pdf", content=b"%PDF-" + b"x" * (1 << 20), by=city.actor("li"), at=NOW)
    assert not Attachment.objects.exists()


def test_evidence_is_of_a_milestone_the_ledger_declares(city: City, bridge: Item) -> None:  # noqa: F811
    with pytest.raises(NoSuchMilestone):
        attach(to=bridge, name="a.pdf", content=PDF, milestone="moon_landing", by=city.actor("li"), at=NOW)


def test_a_photo_used_twice_is_shown_to_those_who_may_see_both(
    city: City,
    attached: Attachment,
    works: Any,  # noqa: F811
    client: Client,
) -> None:
    west = enter_item(
        ledger=works, unit=city.units["west"], name="西城小桥", on=NOW.date(), by=city.actor("zhao"), at=NOW
    )
    again = attach(
        to=west, name="昨天拍的.jpg", content=jpeg(photo((320, 240)), taken=False), by=city.actor("qian"), at=NOW
    )
    look_at_attachment.func(again.pk)

    client.force_login(city.people["zhao"])
    assert "西城小桥" in client.get(f"/attachments/{attached.pk}").content.decode()
    client.force_login(city.people["li"])
    page = client.get(f"/attachments/{attached.pk}").content.decode()
    assert "西城小桥" not in page and "附在别处" not in page


def test_what_is_erased_is_gone_from_the_disk_and_from_the_page(
    city: City, attached: Attachment, client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    files = [attached.kept.path, attached.thumbnail.path]
    with pytest.raises(NotAllowed):
        erase_attachment(one=attached, reason="x", by=city.actor("li"), at=NOW)
    client.force_login(city.people["zhao"])
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"/attachments/{attached.pk}/erase", {"reason": "拍到了旁人"})

    attached.refresh_from_db()
    assert (attached.state, attached.name, attached.latitude, attached.taken_at) == ("erased", "", "", "")
    assert [path for path in files if os.path.exists(path)] == []
    page = client.get(f"/attachments/{attached.pk}").content.decode()
    assert "李填报" not in page and "36.075" not in page
    assert client.get(f"/attachments/{attached.pk}/file").status_code == 404
    with pytest.raises(Conflict):
        erase_attachment(one=attached, reason="x", by=city.actor("zhao"), at=NOW)


def test_a_goal_has_papers_that_are_seen_as_the_goal_is(city: City, client: Client) -> None:
    kept_goals_pack()
    days = Wanted("攻势", NOW.date(), NOW.date())
    goal = open_goal(
        pack="campaign",
        level="campaign",
        parent=None,
        unit=city.units["east"],
        wanted=days,
        by=city.actor("zhao"),
        at=NOW,
    )
    client.force_login(city.people["zhao"])
    sent = {"file": SimpleUploadedFile("部署.pdf", PDF)}
    assert client.post(f"/goals/{goal.pk}/attachments/send", sent).status_code == 302
    one = Attachment.objects.get(goal=goal)
    look_at_attachment.func(one.pk)

    assert "部署.pdf" in client.get(f"/goals/{goal.pk}/attachments").content.decode()
    assert "攻势" in client.get(f"/attachments/{one.pk}").content.decode()
    client.force_login(city.people["qian"])
    assert client.get(f"/attachments/{one.pk}").status_code == 404
    with pytest.raises(NoSuchMilestone):
        attach(to=goal, name="a.pdf", content=PDF, milestone="started", by=city.actor("zhao"), at=NOW)


def test_files_no_attachment_knows_are_removed_after_a_day_and_the_others_stay(attached: Attachment) -> None:
    kept = attached.kept.path
    stray = Path(settings.ATTACHMENTS) / "attachments/kept/2026/01/stray"
    stray.parent.mkdir(parents=True, exist_ok=True)
    stray.write_bytes(b"x")

    remove_leftovers(timezone.now())
    assert stray.exists()
    remove_leftovers(timezone.now() + timedelta(days=2))
    assert not stray.exists() and os.path.exists(kept)


@pytest.mark.django_db(transaction=True)
def test_a_backup_holds_every_file_by_its_hash(city: City, tmp_path: Path) -> None:
    name = default_storage.save("attachments/kept/2026/06/one", SimpleUploadedFile("one", b"evidence"))
    try:
        made = back_up(tmp_path / "backups", NOW)
        assert name in made.manifest.files
    finally:
        default_storage.delete(name)
