"""The outlines maps are drawn on: the site's own files where there are any, else those of the ledger's pack."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from guatu.declarations.boundaries import FOLDER, SUFFIX, Boundaries, read_boundaries
from guatu.hub.ledger.models import Ledger
from guatu.hub.ledger.packs import loaded

Stamp = tuple[tuple[str, int], ...]
"""Files with the moment each was last written."""


def boundaries_for(ledger: Ledger) -> tuple[Boundaries, str]:
    """The outlines for a ledger's map, with a word that changes when they do; none at all is an empty set."""
    paths = sorted(Path(settings.BOUNDARIES).glob(f"*{SUFFIX}")) or list(
        loaded(ledger.pack).files(FOLDER, SUFFIX).values()
    )
    stamp = tuple((str(path), path.stat().st_mtime_ns) for path in paths)
    found = _read(stamp)
    if settings.MAP_APPROVAL:
        found = replace(found, approvals=(settings.MAP_APPROVAL,))
    return found, hashlib.sha256(repr((stamp, found.approvals)).encode()).hexdigest()[:16]


@lru_cache(maxsize=16)
def _read(stamp: Stamp) -> Boundaries:
    return read_boundaries(Path(path) for path, _ in stamp)
