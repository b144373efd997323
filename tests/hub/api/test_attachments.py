"""Files for programs: sent as a form, looked at by the worker, given out, erased; once per key, no larger than the site takes."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from guatu.hub.ledger.attaching.task import look_at_attachment
from guatu.hub.ledger.models import Attachment, Item
from tests.hub.api.conftest import Program, problem_of
from tests.hub.api.test_changing import done, refused
from tests.hub.ledger.dossiers import dossiers, parcel  # noqa: F401  # fixtures

ProgramOf = Callable[[str], Program]


def picture() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (640, 480), "teal").save(made, "JPEG")
    return made.getvalue()


def send(program: Program, path: str, content: bytes = b"", key: str = "send-1", **fields: str) -> Any:
    file = SimpleUploadedFile("现场.jpg", content or picture(), "image/jpeg")
    return program.client.post(
        f"/api{path}", {"file": file, **fields}, headers={"Authorization": f"Bearer {program.token}", "Idempotency-Key": key}
    )  # fmt: skip


@pytest.fixture(autouse=True)
def kept_apart(settings: Any, tmp_path: Any) -> None:
    storages = {**settings.STORAGES}
    storages["default"] = {**storages["default"], "OPTIONS": {"location": tmp_path / "files"}}
    settings.STORAGES = storages


def test_a_picture_is_sent_looked_at_given_out_and_erased(program: ProgramOf, parcel: Item) -> None:  # noqa: F811
    li, zhao = program("li"), program("zhao")

    sent = done(send(li, f"/items/{parcel.pk}/attachments", milestone="begun"), 201)
    assert (sent["state"], sent["milestone"], sent["item_id"]) == ("waiting", "begun", parcel.pk)
    assert "name" not in sent  # the answer is kept for repeats; the name may have to go before
    at = f"/attachments/{sent['id']}"
    assert li.get(f"{at}/file").status_code == 404
    look_at_attachment.func(sent["id"])

    told = done(li.get(at))
    assert (told["state"], told["kind"], told["name"], told["width"]) == ("ready", "jpg", "现场.jpg", 640)
    given = li.get(f"{at}/file")
    content = b"".join(given.streaming_content)
    assert (given["Content-Type"], content[:2]) == ("image/jpeg", b"\xff\xd8")
    assert (
        given["Content-Disposition"] == f'attachment; filename="{sent["id"]}.jpg"'
        and "sandbox" in given["Content-Security-Policy"]
    )
    assert [one["id"] for one in done(li.get(f"/items/{parcel.pk}/attachments", milestone="begun"))["items"]] == [
        sent["id"]
    ]
    assert done(li.get(f"/items/{parcel.pk}/attachments", state="refused"))["items"] == []

    assert done(zhao.post(f"{at}/erase", {"reason": "拍到了人"}))["state"] == "erased"
    assert (done(li.get(at))["name"], li.get(f"{at}/file").status_code) == ("", 404)


def test_the_same_file_under_the_same_key_is_attached_once(program: ProgramOf, parcel: Item) -> None:  # noqa: F811
    li, at, content = program("li"), f"/items/{parcel.pk}/attachments", picture()

    first, again = (send(li, at, content, key="once") for _ in range(2))
    assert first.json() == again.json() and again["Idempotency-Replayed"] == "true"
    refused(send(li, at, content, key="once", milestone="begun"), 409, "idempotency_key_reused")
    assert Attachment.objects.count() == 1


def test_a_form_goes_only_where_a_file_is_taken_and_says_only_what_is_described(
    program: ProgramOf,
    parcel: Item,  # noqa: F811
) -> None:
    li, at = program("li"), f"/items/{parcel.pk}/attachments"

    assert problem_of(send(li, f"/items/{parcel.pk}/remarks"))["status"] == 415
    assert problem_of(li.post(at, {"file": "x"}))["status"] == 415
    refused(send(li, at, misspelt="begun"), 422, "no_such_field")
    refused(send(li, at, milestone="nowhere"), 422, "no_such_milestone")
    assert not Attachment.objects.exists()


def test_a_file_may_be_larger_than_a_body_of_json_and_no_larger_than_the_site_takes(
    program: ProgramOf,
    parcel: Item,  # noqa: F811
    settings: Any,
) -> None:
    settings.API_BODY_BYTES, settings.ATTACHMENT_MB = 2048, 1
    li, at = program("li"), f"/items/{parcel.pk}/attachments"

    assert send(li, at, b"%PDF" + b"x" * 100_000).status_code == 201
    assert problem_of(send(li, at, b"x" * (1 << 20) + b"x" * (1 << 17), key="two"))["status"] == 413
    refused(send(li, at, b"x" * (1 << 20) + b"xx", key="three"), 422, "too_large")


def test_a_stranger_neither_sends_nor_sees(program: ProgramOf, parcel: Item) -> None:  # noqa: F811
    sent = done(send(program("li"), f"/items/{parcel.pk}/attachments"), 201)

    qian = program("qian")
    assert send(qian, f"/items/{parcel.pk}/attachments").status_code == 404
    assert [qian.get(f"/attachments/{sent['id']}{part}").status_code for part in ("", "/file")] == [404, 404]
