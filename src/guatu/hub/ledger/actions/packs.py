"""Install a pack, or a newer content of it; change it for this site."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.utils.timezone import localdate

from guatu.declarations import Pack, load_pack
from guatu.hub.accounts.actor import Actor, require
from guatu.hub.accounts.models import Unit
from guatu.hub.accounts.roles import Permission
from guatu.hub.audit.acting import action
from guatu.hub.audit.events import Event
from guatu.hub.audit.recording import record
from guatu.hub.audit.refusals import Conflict
from guatu.hub.audit.source import OnBehalf
from guatu.hub.ledger.actions.holding import nothing_different
from guatu.hub.ledger.actions.rekeying import rekey
from guatu.hub.ledger.actions.revising import Told
from guatu.hub.ledger.differences import Difference, Move, differences
from guatu.hub.ledger.indexing import make_indexes
from guatu.hub.ledger.models import Ledger, PackVersion
from guatu.hub.ledger.overlays import OWN, Overlay
from guatu.hub.ledger.packs import Content, kept_content, laid_out, loaded
from guatu.hub.ledger.upgrades import current_version, upgrade_to
from guatu.text import Language, Text


class UpgradeRefused(Conflict):
    """What the ledgers hold forbids the new content; `found` lists every difference, those in the way with their reason."""

    def __init__(self, pack: Pack, found: Sequence[Difference]) -> None:
        self.found = found
        super().__init__(
            pack.key,
            Text(
                "升级会丢掉已填的内容或本地的改动", "the upgrade would lose what items hold or what this site changed"
            ),
            Text("按所列原因改业务包，再装。", "Change the pack as the reasons say, and install it again."),
        )

    def in_(self, language: Language) -> str:
        lines = [f"{self.where}: {self.what.in_(language)}"]
        lines += [
            f"  {one.what.in_(language)}：{one.refused.in_(language)}" for one in self.found if one.refused is not None
        ]
        return "\n".join([*lines, self.remedy.in_(language)])


class PackChangedMeanwhile(Conflict):
    """Somebody changed the pack for this site since it was looked at."""

    def __init__(self, base: PackVersion) -> None:
        super().__init__(
            base.title_zh,
            Text("打开后有人改过本地的改动", "this site's changes were changed since they were opened"),
            Text("看看新的内容，再改一次。", "Look at what they are now, and change them again."),
        )


@action("pack.install")
def install_pack(*, folder: str | Path, by: Actor, at: datetime) -> PackVersion:
    """A pack from a folder or a shipped one by name; over an older content of it, an upgrade that loses nothing.

    Packs built on it, this site's own changes among them, are laid over the new content.
    """
    under = require_packs(by)
    pack = load_pack(folder)
    PackVersion.objects.select_for_update().filter(key=pack.key, is_current=True).first()
    upgrade = upgrade_to(pack)
    current = upgrade.current
    if current is not None and current.hash == upgrade.content.hash:
        raise Conflict(
            pack.key,
            Text("已经装了这一版", "this very content is installed"),
            Text("不必再办。", "Nothing is left to do."),
        )
    if upgrade.is_refused:
        raise UpgradeRefused(pack, upgrade.all)
    version = _kept(upgrade.content, pack, at)
    _declare(pack, version)
    for follower in upgrade.followers:
        with laid_out(follower.content) as carried:
            _declare(carried, _kept(follower.content, carried, at, overlay_of=follower.version.overlay_of))
    _tell(Event.PACK_INSTALLED, version, current, upgrade.all, upgrade.moves, under, at)
    return version


@action("pack.overlay")
def change_overlay(*, base: PackVersion, overlay: Overlay, seen: str, by: Actor, at: datetime) -> PackVersion:
    """This site's own changes to a pack become what `overlay` says. `seen` is the hash of the changes it was made from."""
    under = require_packs(by)
    standing = PackVersion.objects.select_for_update().filter(key__in=[base.key, base.key + OWN], is_current=True)
    list(standing.order_by("pk").values_list("pk", flat=True))  # read, for a count would lock nothing
    current = current_version(base.key + OWN)
    if (current.hash if current is not None else "") != seen or not base.is_current:
        raise PackChangedMeanwhile(base)
    if base.overlay_of:
        raise Conflict(
            base.title_zh,
            Text("它本身就是本地的改动", "it is itself what this site changed"),
            Text("改它所依据的业务包。", "Change the pack it is about."),
        )
    overlay.check(base.key)
    number = int(current.version) + 1 if current is not None else 1
    content = overlay.over(base, str(number), localdate(at))
    with laid_out(content) as pack:
        found = differences(loaded(current or base), pack)
        if any(one.refused is not None for one in found):
            raise UpgradeRefused(pack, found)
        if not found:
            raise nothing_different(base.title_zh)
        version = _kept(content, pack, at, overlay_of=base.key)
        _declare(pack, version)
    moves = list(dict.fromkeys(one.move for one in found if one.move is not None))
    _tell(Event.PACK_OVERLAID, version, current, found, moves, under, at)
    return version


def require_packs(by: Actor) -> OnBehalf:
    """Packs are the whole site's: whoever installs them may do so at every top of the tree."""
    tops = Unit.objects.filter(parent=None).order_by("pk")
    [under, *_] = [require(by, Permission.MANAGE_PACKS, unit=top) for top in tops]
    return under


def may_manage_packs(by: Actor) -> bool:
    """Whether they may, for a page to offer it."""
    return not Unit.objects.filter(parent=None).exclude(pk__in=by.units_with(Permission.MANAGE_PACKS)).exists()


def _tell(
    event: Event,
    version: PackVersion,
    current: PackVersion | None,
    found: Sequence[Difference],
    moves: Sequence[Move],
    under: OnBehalf,
    at: datetime,
) -> None:
    """The record, and a revision of every item whose keys move."""
    told = record(
        event,
        subject=version,
        before={"version": current.version, "hash": current.hash} if current is not None else {},
        after={
            "key": version.key,
            "version": version.version,
            "hash": version.hash,
            "changes": [one.what.zh for one in found],
        },
        by=under,
        at=at,
    )
    transaction.on_commit(make_indexes, robust=True)
    if moves:
        rekey(moves, Told("rekeyed", localdate(at), at, told))


def _kept(content: Content, pack: Pack, at: datetime, *, overlay_of: str = "") -> PackVersion:
    """The version's row, current from now on; a content that was there before comes back as it was."""
    PackVersion.objects.filter(key=pack.key, is_current=True).update(is_current=False)
    version, _ = PackVersion.objects.update_or_create(
        hash=content.hash,
        defaults={"is_current": True},
        create_defaults={
            "key": pack.key, "version": pack.version, "hash": content.hash, "files": content.text,
            "title_zh": pack.title.zh, "title_en": pack.title.en, "installed_at": at, "is_current": True,
            "overlay_of": overlay_of,
        },
    )  # fmt: skip
    return version


def _declare(pack: Pack, version: PackVersion) -> None:
    """The pack's ledgers, under this version. A ledger that another pack holds goes over to one that extends that pack.

    Where the holder extends this pack instead, it keeps the ledger; where neither extends the other, nothing is installed.
    """
    for ledger in pack.ledgers.values():
        held = Ledger.objects.select_related("pack").filter(key=ledger.key).exclude(pack__key=pack.key).first()
        if held is not None and _extends(held.pack, pack.key):
            continue
        if held is not None and not _extends(version, held.pack.key):
            raise Conflict(
                pack.key,
                Text(
                    f"台账“{held}”属于业务包“{held.pack}”", f"ledger '{held.title.en}' is declared by '{held.pack.key}'"
                ),
                Text("让这个业务包 extends 它，或换一个台账名。", "Extend that pack, or give the ledger another key."),
            )
        Ledger.objects.update_or_create(
            key=ledger.key,
            defaults={"pack": version, "title_zh": ledger.title.zh, "title_en": ledger.title.en},
        )


def _extends(version: PackVersion, key: str) -> bool:
    return key != version.key and key in kept_content(version).files
