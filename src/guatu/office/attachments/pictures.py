"""Make a picture anew from its pixels: nothing of the file it came in is left but what it shows.

Runs in a child process (`guatu.office.containers.child`): a decoder at work on a hostile file is no process of ours.
"""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from PIL import Image, ImageOps

from guatu.office.attachments.kinds import AttachmentKind
from guatu.office.containers.refusals import UnreadableWorkbook, refused
from guatu.standards.rounding import round_half_up
from guatu.text import Text

_FORMATS = {AttachmentKind.JPEG: "JPEG", AttachmentKind.PNG: "PNG", AttachmentKind.WEBP: "WEBP"}
_MILLION = 1_000_000
_THUMBNAIL = 320
_QUALITY = 85
_EXIF_IFD, _GPS_IFD = 0x8769, 0x8825
_TAKEN, _OFFSET = 0x9003, 0x9011
_DEGREE_DECIMALS = 6  # about a decimetre
_AGAIN = Text("用手机或看图软件打开，另存为 JPG 再附。", "Open it in a picture viewer, save it as JPG and attach that.")


@dataclass(frozen=True, slots=True)
class PictureLimits:
    """The most pixels of a picture that is opened, in millions, and the longest edge of the copy that is kept."""

    megapixels: int
    edge: int


@dataclass(frozen=True, slots=True)
class Shot:
    """What a camera wrote beside a picture: when (its own clock, ISO 8601) and where (degrees, WGS 84); empty if it did not."""

    taken_at: str = ""
    latitude: str = ""
    longitude: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture made anew, upright, without metadata, with a small copy (JPEG) and a print to know it again by."""

    kind: AttachmentKind
    content: bytes
    thumbnail: bytes
    width: int
    height: int
    print: str
    """Difference hash of 64 bits in hex; empty for a picture without any contrast."""
    shot: Shot


def made_anew(name: str, content: bytes, kind: AttachmentKind, limits: PictureLimits) -> Picture:
    """The picture in `content`. Raises `UnreadableWorkbook` for one that is damaged or beyond the limits."""
    Image.MAX_IMAGE_PIXELS = None  # ours is the limit, asked before anything is decoded
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            opened = Image.open(io.BytesIO(content), formats=[_FORMATS[kind]])
            _require_size(name, opened.size, limits)
            shot = _shot(opened)
            opened.draft("RGB", (limits.edge, limits.edge))  # a JPEG is decoded no larger than it is kept
            opened.load()
            upright = _plain(ImageOps.exif_transpose(opened))
    except UnreadableWorkbook:
        raise
    except (OSError, SyntaxError, ValueError, OverflowError, KeyError, IndexError, TypeError, AttributeError) as error:
        raise refused(name, "图片已损坏，打不开", f"is a damaged picture ({type(error).__name__})", _AGAIN) from error
    upright.thumbnail((limits.edge, limits.edge))
    small = upright.convert("RGB")
    small.thumbnail((_THUMBNAIL, _THUMBNAIL))
    to = AttachmentKind.PNG if kind is AttachmentKind.PNG else AttachmentKind.JPEG
    kept = upright if to is AttachmentKind.PNG else upright.convert("RGB")
    return Picture(to, _saved(kept, to), _saved(small, AttachmentKind.JPEG), *kept.size, _print(upright), shot)


def _require_size(name: str, size: tuple[int, int], limits: PictureLimits) -> None:
    width, height = size
    if width * height > limits.megapixels * _MILLION:
        raise refused(
            name,
            f"有 {width} × {height} 像素，上限 {limits.megapixels} 百万像素",
            f"has {width} × {height} pixels, the limit is {limits.megapixels} million",
            Text("缩小后再附。", "Make it smaller and attach it again."),
        )


def _plain(picture: Image.Image) -> Image.Image:
    """Grey, RGB or RGBA pixels alone: palettes, CMYK and what came beside them are gone."""
    has_alpha = "A" in picture.getbands() or "transparency" in picture.info
    plain = picture.convert("RGBA" if has_alpha else "L" if picture.mode in ("1", "L") else "RGB")
    fresh = Image.new(plain.mode, plain.size)
    fresh.paste(plain)
    return fresh


def _saved(picture: Image.Image, kind: AttachmentKind) -> bytes:
    written = io.BytesIO()
    if kind is AttachmentKind.PNG:
        picture.save(written, "PNG")
    else:
        picture.save(written, "JPEG", quality=_QUALITY, optimize=True)
    return written.getvalue()


def _print(picture: Image.Image) -> str:
    """Whether each of 8 × 8 places is brighter than its neighbour: the same for a picture saved again or made smaller."""
    grey = picture.convert("L").resize((9, 8), Image.Resampling.BILINEAR)
    pixels = grey.tobytes()
    bits = "".join(
        "1" if pixels[row * 9 + place] > pixels[row * 9 + place + 1] else "0" for row in range(8) for place in range(8)
    )
    return f"{int(bits, 2):016x}" if "1" in bits else ""


def _shot(picture: Image.Image) -> Shot:
    """What the camera wrote, as far as it makes sense; nonsense is nothing."""
    try:
        exif = picture.getexif()
        taken = _moment(exif.get_ifd(_EXIF_IFD))
        gps = exif.get_ifd(_GPS_IFD)
        latitude, longitude = _degrees(gps, 1, "S", 90), _degrees(gps, 3, "W", 180)
    except Exception:  # whatever a hostile header does to its reader, the picture itself is still judged by its pixels
        return Shot()
    return Shot(taken, latitude, longitude) if latitude and longitude else Shot(taken)


def _moment(exif: Any) -> str:
    said, offset = str(exif.get(_TAKEN, "")).strip("\0 "), str(exif.get(_OFFSET, "")).strip("\0 ")
    try:
        plain = datetime.strptime(said, "%Y:%m:%d %H:%M:%S")
        return datetime.fromisoformat(plain.isoformat() + offset).isoformat()
    except ValueError:
        return ""


def _degrees(gps: Any, at: int, negative: str, most: int) -> str:
    """Degrees, minutes, seconds as decimal degrees; exact until they are rounded."""
    parts = gps.get(at + 1)
    if not parts or len(parts) != 3:
        return ""
    whole = sum(
        (Fraction(part.numerator, part.denominator) / 60**place for place, part in enumerate(parts)), Fraction()
    )
    if whole > most or whole < 0:
        return ""
    sign = -1 if str(gps.get(at, "")).strip("\0 ").upper() == negative else 1
    return str(round_half_up(sign * whole, _DEGREE_DECIMALS))
