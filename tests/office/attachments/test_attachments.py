"""What may be attached, and what is left of a picture when it is made anew."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from guatu.office.attachments.kinds import AttachmentKind
from guatu.office.attachments.pictures import PictureLimits
from guatu.office.attachments.reading import Looked, look_at
from guatu.office.containers.limits import Limits
from guatu.office.containers.refusals import UnreadableWorkbook
from tests.office.attachments.pictures import PDF, jpeg, office, photo, png, png_that_claims

LIMITS, PICTURES = Limits(memory_mb=256, seconds=5), PictureLimits(megapixels=20, edge=1024)


def looked(content: bytes, *, pictures: PictureLimits = PICTURES) -> Looked:
    return look_at("现场.jpg", content, LIMITS, pictures)


def refusal(content: bytes) -> str:
    with pytest.raises(UnreadableWorkbook) as caught:
        looked(content)
    assert caught.value.remedy.zh and caught.value.remedy.en
    return caught.value.what.en


def test_when_and_where_are_kept_aside_and_nothing_of_them_is_in_the_copy() -> None:
    found = looked(jpeg(photo()))

    assert found.picture is not None
    assert found.picture.shot.taken_at == "2026-05-03T10:20:30+08:00"
    assert (found.picture.shot.latitude, found.picture.shot.longitude) == ("36.075000", "120.380000")
    for copy in (found.content, found.picture.thumbnail):
        assert b"SECRET-PHONE-MAKER" not in copy and b"Exif" not in copy
        assert not Image.open(io.BytesIO(copy)).getexif()


def test_a_picture_stands_upright_and_no_larger_than_the_site_keeps() -> None:
    found = looked(jpeg(photo((2000, 1000)), orientation=6))

    assert found.picture is not None
    assert (found.picture.width, found.picture.height) == (512, 1024)
    assert max(Image.open(io.BytesIO(found.picture.thumbnail)).size) == 320


def test_what_is_hidden_behind_a_picture_is_gone_with_the_file_it_came_in() -> None:
    hidden = office("index.html", content=b"<script>alert(1)</script>")
    for content in (png(photo()) + hidden, jpeg(photo()) + hidden):
        kept = looked(content).content
        assert b"PK\x03\x04" not in kept and b"script" not in kept


def test_the_same_picture_saved_again_and_made_smaller_is_known_and_another_is_not() -> None:
    first, again = looked(jpeg(photo())), looked(jpeg(photo().resize((320, 240)), quality=70))
    other = looked(jpeg(photo().rotate(90)))

    assert first.picture and again.picture and other.picture
    assert first.sha256 != again.sha256
    assert first.picture.print == again.picture.print != other.picture.print


def test_a_picture_without_contrast_is_like_no_other() -> None:
    blank = looked(png(Image.new("RGB", (50, 50), "white"))).picture
    assert blank is not None and blank.print == ""


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK"])
def test_pictures_of_every_make_are_taken(mode: str) -> None:
    picture = photo((40, 30)).convert(mode)
    content = jpeg(picture) if mode == "CMYK" else png(picture)

    assert looked(content).kind is (AttachmentKind.JPEG if mode == "CMYK" else AttachmentKind.PNG)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (png_that_claims(60_000, 60_000), "60000 × 60000 pixels"),
        (png_that_claims(4_000, 4_000), "damaged picture"),
        (jpeg(photo())[:4000], "damaged picture"),
        (png(photo())[:2000], "damaged picture"),
        (b"\x89PNG\r\n\x1a\n" + b"\xff" * 5000, "damaged picture"),
        (b"\xff\xd8\xff" + b"\0" * 5000, "damaged picture"),
        (b"GIF89a/*\x01\0\x01\0*/=1;alert(1)//", "may not be attached"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "may not be attached"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n", "may not be attached"),
        (b"SIMPLE  =                    T" + b" " * 3000, "may not be attached"),
        (b"MZ" + b"\x90" * 500, "may not be attached"),
        (b"", "empty"),
        (b"\0" * 400, "empty"),
        (PDF[:20], "not sent whole"),
        (PDF + office("evil.html"), "two kinds of file"),
        (office("a.txt"), "an archive"),
        (office("word/document.xml", "xl/workbook.xml"), "two kinds of file"),
        (office("word/document.xml", "word/vbaProject.bin"), "macros"),
        (office("word/document.xml", content=b"\0" * (101 << 20)), "unpacks to"),
        (office("word/document.xml", "../../etc/passwd"), "damaged"),
    ],
    ids=lambda value: "" if isinstance(value, bytes) else None,
)
def test_what_is_hostile_damaged_or_of_no_kind_is_refused_with_a_remedy(content: bytes, why: str) -> None:
    assert why in refusal(content)


def test_papers_are_kept_as_they_came() -> None:
    for content, kind in (
        (PDF, AttachmentKind.PDF),
        (office("[Content_Types].xml", "word/document.xml"), AttachmentKind.DOCX),
        (office("[Content_Types].xml", "xl/workbook.xml"), AttachmentKind.XLSX),
        (office("[Content_Types].xml", "ppt/presentation.xml"), AttachmentKind.PPTX),
    ):
        found = looked(content)
        assert (found.kind, found.content, found.picture) == (kind, content, None)


def test_a_decoder_that_wants_too_much_memory_costs_the_file_and_nothing_else() -> None:
    flood = png(Image.new("L", (12_000, 12_000)))
    with pytest.raises(UnreadableWorkbook) as caught:
        look_at("洪水.png", flood, Limits(memory_mb=64, seconds=10), PictureLimits(megapixels=200, edge=1024))

    assert "memory" in caught.value.what.en or "MB" in caught.value.what.en
