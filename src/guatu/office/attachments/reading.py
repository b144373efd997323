"""Look at an attached file in a child process: what it is, and if it is a picture, the picture made anew."""

from __future__ import annotations

import hashlib
import json
from base64 import b64decode, b64encode
from dataclasses import asdict, dataclass
from functools import partial

from guatu.office.attachments.kinds import AttachmentKind, kind_of
from guatu.office.attachments.pictures import Picture, PictureLimits, Shot, made_anew
from guatu.office.containers.child import BrokenOff, run_each
from guatu.office.containers.limits import Limits
from guatu.office.containers.refusals import UnreadableWorkbook, packed_refusal, unpacked_refusal

_LOOKED, _REFUSED = b"L", b"N"


@dataclass(frozen=True, slots=True)
class Looked:
    """A file that may be attached."""

    kind: AttachmentKind
    content: bytes
    """What is kept and given out: a picture made anew, any other file as it came."""
    sha256: str
    """Of what is kept."""
    picture: Picture | None = None


def look_at(name: str, content: bytes, limits: Limits, pictures: PictureLimits) -> Looked:
    """What a file is, found out in a child. Raises `UnreadableWorkbook` when it may not be attached."""
    [answer] = run_each([partial(_looked, name, content, limits, pictures)], limits)
    if isinstance(answer, BrokenOff):
        raise answer.refusal(name, limits)
    if answer[:1] != _LOOKED:
        raise UnreadableWorkbook(*unpacked_refusal(answer[1:]))
    said = json.loads(answer[1:])
    kind, picture = AttachmentKind(said["kind"]), _unpacked(said["picture"])
    kept = picture.content if picture is not None else content
    return Looked(kind, kept, hashlib.sha256(kept).hexdigest(), picture)


def _looked(name: str, content: bytes, limits: Limits, pictures: PictureLimits) -> bytes:
    """In the child."""
    try:
        kind = kind_of(name, content, limits)
        picture = made_anew(name, content, kind, pictures) if kind.is_picture else None
    except UnreadableWorkbook as no:
        return _REFUSED + packed_refusal(no)
    said = {"kind": (picture.kind if picture is not None else kind).value, "picture": _packed(picture)}
    return _LOOKED + json.dumps(said).encode()


def _packed(picture: Picture | None) -> dict[str, object] | None:
    if picture is None:
        return None
    pixels = {"content": b64encode(picture.content).decode(), "thumbnail": b64encode(picture.thumbnail).decode()}
    said = {"kind": picture.kind.value, "width": picture.width, "height": picture.height, "print": picture.print}
    return {**said, **pixels, "shot": asdict(picture.shot)}


def _unpacked(said: dict[str, object] | None) -> Picture | None:
    """Only plain text and numbers come out of the child; each is what it should be or the file is not taken."""
    if said is None:
        return None
    shot = said["shot"]
    assert isinstance(shot, dict)
    return Picture(
        kind=AttachmentKind(said["kind"]), content=b64decode(str(said["content"])),
        thumbnail=b64decode(str(said["thumbnail"])), width=int(str(said["width"])), height=int(str(said["height"])),
        print=str(said["print"]), shot=Shot(**{key: str(value) for key, value in shot.items()}),
    )  # fmt: skip
