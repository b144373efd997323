"""The pack that says what the sheets of a load look like: the shipped one that declares both ledgers, or the site's own."""

from __future__ import annotations

from django.conf import settings

from guatu.declarations.packs import Pack, load_pack, shipped_packs
from guatu.hub.accounts.loading.rows import PEOPLE, UNITS


def declared_sheets() -> Pack:
    """With the ledgers `units` and `people`."""
    return load_pack(settings.LOAD_PACK or _shipped())


def _shipped() -> str:
    has_both = (
        path.parents[1].name
        for path in sorted(shipped_packs().glob(f"*/ledgers/{UNITS}.yaml"))
        if path.with_name(f"{PEOPLE}.yaml").is_file()
    )
    return next(has_both)
