"""What installing a content of a pack would do: to the pack itself, and to those built on it, which follow it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from guatu.declarations import DeclarationRefused, Pack
from guatu.hub.ledger.differences import Difference, Move, differences
from guatu.hub.ledger.models import PackVersion
from guatu.hub.ledger.overlays import conflicts, overlay_in
from guatu.hub.ledger.packs import Content, content_of, kept_content, laid_out, loaded
from guatu.text import Text


@dataclass(frozen=True, slots=True)
class Follower:
    """A pack that extends the one upgraded, as it would be over the new content."""

    version: PackVersion
    content: Content
    found: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Upgrade:
    """Every difference of the pack, and of its followers those that are theirs alone."""

    current: PackVersion | None
    content: Content
    found: tuple[Difference, ...]
    followers: tuple[Follower, ...]

    @property
    def all(self) -> list[Difference]:
        return [*self.found, *(one for follower in self.followers for one in follower.found)]

    @property
    def is_refused(self) -> bool:
        return any(one.refused is not None for one in self.all)

    @property
    def moves(self) -> list[Move]:
        """Each move once, however many packs declare the ledger."""
        return list(dict.fromkeys(one.move for one in self.all if one.move is not None))


def upgrade_to(pack: Pack) -> Upgrade:
    """What the pack would change of the content of it that is installed; nothing, where none is."""
    content = content_of(pack)
    current = current_version(pack.key)
    if current is None:
        return Upgrade(None, content, (), ())
    old = loaded(current)
    found = tuple(differences(old, pack))
    return Upgrade(current, content, found, tuple(_followers(pack, old, content, found)))


def current_version(key: str) -> PackVersion | None:
    return PackVersion.objects.filter(key=key, is_current=True).first()


def _followers(pack: Pack, old: Pack, content: Content, told: tuple[Difference, ...]) -> Iterator[Follower]:
    for version in PackVersion.objects.filter(is_current=True).exclude(key=pack.key).order_by("pk"):
        kept = kept_content(version)
        if pack.key not in kept.files:
            continue
        carried = Content(kept.key, {**kept.files, **content.files})
        found = [*conflicts(overlay_in(version), old, pack), *_changes(version, carried)]
        yield Follower(version, carried, tuple(one for one in dict.fromkeys(found) if one not in told))


def _changes(version: PackVersion, carried: Content) -> Iterator[Difference]:
    try:
        with laid_out(carried) as pack:
            yield from differences(loaded(version), pack)
    except DeclarationRefused as refused:
        what = Text(f"“{version.title_zh}”在新版上读不通", f"'{version.title_en}' cannot be read over the new version")
        for problem in refused.problems:
            yield Difference(what, Text(problem.in_("zh"), problem.in_("en")))
