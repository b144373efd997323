"""Install a pack, or a newer content of it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from guatu.declarations import Pack, load_pack
from guatu.hub.accounts.actor import Actor, require
from guatu.hub.accounts.models import Unit
from guatu.hub.accounts.roles import Permission
from guatu.hub.audit.acting import action
from guatu.hub.audit.events import Event
from guatu.hub.audit.recording import record
from guatu.hub.audit.refusals import Conflict
from guatu.hub.ledger.differences import Difference, differences
from guatu.hub.ledger.models import Ledger, PackVersion
from guatu.hub.ledger.packs import content_of, loaded
from guatu.text import Language, Text


class UpgradeRefused(Conflict):
    """What the ledgers hold forbids the new content; `found` lists every difference, those in the way with their reason."""

    def __init__(self, pack: Pack, found: list[Difference]) -> None:
        self.found = found
        super().__init__(
            pack.key,
            Text("升级会丢掉已填的内容", "the upgrade would lose what items hold"),
            Text("按所列原因改业务包，再装。", "Change the pack as the reasons say, and install it again."),
        )

    def in_(self, language: Language) -> str:
        lines = [f"{self.where}: {self.what.in_(language)}"]
        lines += [
            f"  {one.what.in_(language)}：{one.refused.in_(language)}" for one in self.found if one.refused is not None
        ]
        return "\n".join([*lines, self.remedy.in_(language)])


@action("pack.install")
def install_pack(*, folder: str | Path, by: Actor, at: datetime) -> PackVersion:
    """A pack from a folder or a shipped one by name; over an older content of it, an upgrade that loses nothing."""
    [under, *_] = [
        require(by, Permission.MANAGE_PACKS, unit=top) for top in Unit.objects.filter(parent=None).order_by("pk")
    ]
    pack = load_pack(folder)
    content = content_of(pack)
    current = PackVersion.objects.select_for_update().filter(key=pack.key, is_current=True).first()
    if current is not None and current.hash == content.hash:
        raise Conflict(
            pack.key,
            Text("已经装了这一版", "this very content is installed"),
            Text("不必再办。", "Nothing is left to do."),
        )
    found = upgrade_of(pack)
    if any(one.refused is not None for one in found):
        raise UpgradeRefused(pack, found)
    version = _kept(pack, at)
    _declare(pack, version)
    record(
        Event.PACK_INSTALLED,
        subject=version,
        before={"version": current.version, "hash": current.hash} if current is not None else {},
        after={
            "key": pack.key,
            "version": pack.version,
            "hash": content.hash,
            "changes": [one.what.zh for one in found],
        },
        by=under,
        at=at,
    )
    return version


def upgrade_of(pack: Pack) -> list[Difference]:
    """What the pack would change of the content of it that is installed; nothing, where none is."""
    current = PackVersion.objects.filter(key=pack.key, is_current=True).first()
    return differences(loaded(current), pack) if current is not None else []


def _kept(pack: Pack, at: datetime) -> PackVersion:
    """The version's row, current from now on; a content that was there before comes back as it was."""
    content = content_of(pack)
    PackVersion.objects.filter(key=pack.key, is_current=True).update(is_current=False)
    version, _ = PackVersion.objects.update_or_create(
        hash=content.hash,
        defaults={"is_current": True},
        create_defaults={
            "key": pack.key, "version": pack.version, "hash": content.hash, "files": content.text,
            "title_zh": pack.title.zh, "title_en": pack.title.en, "installed_at": at, "is_current": True,
        },
    )  # fmt: skip
    return version


def _declare(pack: Pack, version: PackVersion) -> None:
    """The pack's ledgers, under this version. A ledger that another pack holds goes over to one that extends that pack.

    Where the holder extends this pack instead, it keeps the ledger; where neither extends the other, nothing is installed.
    """
    for ledger in pack.ledgers.values():
        held = Ledger.objects.select_related("pack").filter(key=ledger.key).exclude(pack__key=pack.key).first()
        if held is not None and _extends(loaded(held.pack), pack.key):
            continue
        if held is not None and not _extends(pack, held.pack.key):
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


def _extends(pack: Pack, key: str) -> bool:
    return key in content_of(pack).files and key != pack.key
