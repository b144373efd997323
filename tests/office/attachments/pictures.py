"""Pictures and files as they come, honest and hostile, made as a test needs them."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

from PIL import Image, ImageDraw


def photo(size: tuple[int, int] = (640, 480)) -> Image.Image:
    """A sky, a hill and a house: broad light and dark, as pictures of a site have them."""
    picture = Image.linear_gradient("L").resize(size).convert("RGB")
    width, height = size
    draw = ImageDraw.Draw(picture)
    draw.ellipse((width // 9, height // 3, width // 2, height), fill=(200, 30, 30))
    draw.rectangle((width * 5 // 9, height // 2, width * 7 // 9, height), fill=(20, 60, 160))
    return picture


def jpeg(picture: Image.Image, *, taken: bool = True, orientation: int = 1, quality: int = 90) -> bytes:
    """As a phone writes it: with when and where."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "SECRET-PHONE-MAKER"
    if taken:
        exif.get_ifd(0x8769)[0x9003] = "2026:05:03 10:20:30"
        exif.get_ifd(0x8769)[0x9011] = "+08:00"
        gps = exif.get_ifd(0x8825)
        gps[1], gps[2], gps[3], gps[4] = "N", (36.0, 4.0, 30.0), "E", (120.0, 22.0, 48.0)
    written = io.BytesIO()
    picture.save(written, "JPEG", exif=exif.tobytes(), quality=quality)
    return written.getvalue()


def png(picture: Image.Image) -> bytes:
    written = io.BytesIO()
    picture.save(written, "PNG")
    return written.getvalue()


def png_that_claims(width: int, height: int) -> bytes:
    """A header that promises more pixels than there are bytes: a pixel flood."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", head)
        + _chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + _chunk(b"IEND", b"")
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def office(*parts: str, content: bytes = b"<x/>") -> bytes:
    """An office document of these parts."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in parts:
            archive.writestr(part, content)
    return written.getvalue()


PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
