"""The QR code that leads from paper back to the page."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import segno

QUIET = 4
"""Modules of white around it that readers need."""


@dataclass(frozen=True, slots=True)
class QrCode:
    """Its dark squares as one path, in a frame of `size` squares each way."""

    path: str
    size: int


@lru_cache(maxsize=256)
def qr_code(address: str) -> QrCode:
    """Of an address; a quarter of it may be smudged by half and it is still read (level M). A given mask saves trying all eight."""
    rows = segno.make(address, error="m", boost_error=False, micro=False, mask=3).matrix
    runs = []
    for y, row in enumerate(rows):
        x = 0
        while x < len(row):
            length = 0
            while x + length < len(row) and row[x + length]:
                length += 1
            if length:
                runs.append(f"M{x + QUIET} {y + QUIET}h{length}v1h-{length}z")
            x += length or 1
    return QrCode("".join(runs), len(rows) + 2 * QUIET)
