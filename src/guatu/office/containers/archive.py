"""A zip file whose parts are exactly what its directory says, or none of it.

Readers disagree on zips that contradict themselves: a part named twice, a size that is not the size, parts that share
their bytes. Whatever one reader would let pass another might take for something else, so such a file is refused whole.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib

from guatu.office.containers.limits import Limits, too_many_entries, unpacks_too_far
from guatu.office.containers.refusals import UnreadableWorkbook, refused
from guatu.text import Text

_LOCAL = struct.Struct("<4s5H3I2H")
_IS_ENCRYPTED = 0x1
_NOT_UTF8 = (b"\xff\xfe", b"\xfe\xff", b"\x00<", b"<\x00", b"Lo\xa7\x94")
_DECLARED = re.compile(rb"""\s*(?:\xef\xbb\xbf)?<\?xml[^>]*?\bencoding\s*=\s*["']([^"']*)""")
_UTF8 = (b"utf-8", b"utf8", b"us-ascii", b"ascii")
_MARKUP = (".xml", ".rels", ".vml")
_WITHOUT_PASSWORD = Text("去掉打开密码，另存后再报。", "Remove the password to open, save and send it again.")


class Archive:
    """The parts of a zip by name. Raises UnreadableWorkbook for anything that is not sound or beyond the limits."""

    def __init__(self, name: str, content: bytes, limits: Limits) -> None:
        self.file = name
        self._content = content
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as opened:
                members = [one for one in opened.infolist() if not one.is_dir()]
        except (zipfile.BadZipFile, OSError, ValueError, struct.error, NotImplementedError) as error:
            raise self.damaged(str(error)) from error
        self._require_limits(members, limits)
        self._members = {member.filename: member for member in members}
        self._require_names(members)
        self._require_apart(members)
        self._checked: set[str] = set()

    @property
    def names(self) -> frozenset[str]:
        return frozenset(self._members)

    def damaged(self, why: str) -> UnreadableWorkbook:
        return refused(self.file, "已损坏，打不开", f"is damaged and cannot be read ({why})")

    def encrypted(self) -> UnreadableWorkbook:
        return refused(self.file, "加了打开密码", "is protected with a password", _WITHOUT_PASSWORD)

    def read(self, part: str) -> bytes:
        """The bytes of a part; markup is UTF-8 and declares no document type."""
        if part not in self._members:
            raise self.damaged(f"part {part} is missing")
        found = self._inflated(self._members[part])
        if part.lower().endswith(_MARKUP):
            self._require_plain(part, found)
        self._checked.add(part)
        return found

    def check_rest(self) -> None:
        """Hold every part that nobody has read yet to what the directory says of it."""
        for part in self._members.keys() - self._checked:
            self.read(part)

    def _require_limits(self, members: list[zipfile.ZipInfo], limits: Limits) -> None:
        if len(members) > limits.entries:
            raise too_many_entries(self.file, len(members), limits)
        if (size := sum(member.file_size for member in members)) > limits.unpacked_bytes:
            raise unpacks_too_far(self.file, size, limits)
        if any(member.flag_bits & _IS_ENCRYPTED for member in members):
            raise self.encrypted()

    def _require_names(self, members: list[zipfile.ZipInfo]) -> None:
        names = [member.orig_filename for member in members]
        for name in names:
            steps = name.replace("\\", "/").split("/")
            if ".." in steps or name.startswith(("/", "\\")) or ":" in steps[0] or "\0" in name:
                raise self.damaged(f"a part is called {name[:60]!r}, which points outside the file")
        if len({name.casefold() for name in names}) < len(names):
            raise self.damaged("two of its parts have the same name")

    def _require_apart(self, members: list[zipfile.ZipInfo]) -> None:
        end = 0
        for member in sorted(members, key=lambda one: one.header_offset):
            if member.header_offset < end:
                raise self.damaged("two of its parts share their bytes")
            end = self._data_at(member) + member.compress_size

    def _data_at(self, member: zipfile.ZipInfo) -> int:
        """Where a part's bytes begin, after a local header that says the same as the directory."""
        try:
            mark, *_, name_length, extra = _LOCAL.unpack_from(self._content, member.header_offset)
        except struct.error as error:
            raise self.damaged("a part lies outside the file") from error
        start = member.header_offset + _LOCAL.size
        name = self._content[start : start + name_length]
        if mark != b"PK\x03\x04" or name not in (member.orig_filename.encode(), _as_cp437(member.orig_filename)):
            raise self.damaged("a part is not where the directory says")
        return int(start + name_length + extra)

    def _inflated(self, member: zipfile.ZipInfo) -> bytes:
        start = self._data_at(member)
        packed = self._content[start : start + member.compress_size]
        match member.compress_type:
            case zipfile.ZIP_STORED:
                found, is_whole = packed, True
            case zipfile.ZIP_DEFLATED:
                found, is_whole = self._deflated(packed, member.file_size)
            case _:
                raise self.damaged(f"part {member.filename} is packed in a way workbooks are not")
        if not is_whole or len(found) != member.file_size or zlib.crc32(found) != member.CRC:
            raise self.damaged(f"part {member.filename} is not what the directory says")
        return found

    def _deflated(self, packed: bytes, size: int) -> tuple[bytes, bool]:
        """At most one byte more than the directory promises, and whether the packed data ended there."""
        inflater = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            found = inflater.decompress(packed, size + 1)
            if not inflater.eof:
                found += inflater.decompress(inflater.unconsumed_tail, 1)
        except zlib.error as error:
            raise self.damaged(str(error)) from error
        return found, inflater.eof and not inflater.unused_data

    def _require_plain(self, part: str, markup: bytes) -> None:
        # Only a declared document type can bring entities in; no office program writes one, or anything but UTF-8.
        declared = _DECLARED.match(markup)
        if markup.startswith(_NOT_UTF8) or (declared and declared[1].lower() not in _UTF8):
            raise self.damaged(f"part {part} is not in UTF-8")
        if b"<!DOCTYPE" in markup or b"<!ENTITY" in markup:
            raise self.damaged(f"part {part} declares a document type")


def _as_cp437(name: str) -> bytes:
    try:
        return name.encode("cp437")
    except UnicodeEncodeError:
        return name.encode()
