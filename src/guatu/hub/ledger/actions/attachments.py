"""Attach a file to an item or a goal, keep what the worker made of it, erase it."""

from __future__ import annotations

import hashlib
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.db import transaction

from guatu.hub.accounts.actor import Actor, require
from guatu.hub.accounts.roles import Permission
from guatu.hub.audit.acting import action
from guatu.hub.audit.events import Event
from guatu.hub.audit.recording import record
from guatu.hub.audit.refusals import Conflict
from guatu.hub.audit.source import OnBehalf
from guatu.hub.ledger.actions.holding import held, held_goal
from guatu.hub.ledger.models import Attachment, Goal, Item
from guatu.hub.ledger.models.attachments import AttachmentState
from guatu.hub.ledger.models.items import ItemState
from guatu.hub.ledger.packs import declared
from guatu.text import Refusal, Text

if TYPE_CHECKING:
    from guatu.office.attachments.reading import Looked  # brings the decoders, which no web process loads

_MB = 1 << 20


class TooLarge(Refusal):
    """More bytes than the site takes."""

    def __init__(self, name: str, size: int) -> None:
        self.field = "file"
        most = settings.ATTACHMENT_MB
        super().__init__(
            name,
            Text(f"有 {size / _MB:.1f} MB，上限 {most} MB", f"has {size / _MB:.1f} MB, the limit is {most} MB"),
            Text("缩小照片或拆开文件再附。", "Make the picture smaller, or attach the file in parts."),
        )


class NoSuchMilestone(Refusal):
    """The ledger declares no such milestone; a goal has none."""

    def __init__(self, where: str, key: str) -> None:
        self.field = "milestone"
        super().__init__(
            where,
            Text(f"没有节点“{key}”", f"there is no milestone '{key}'"),
            Text("从列出的节点中选。", "Choose one of those listed."),
        )


@action("attachment.attach")
def attach(*, to: Item | Goal, name: str, content: bytes, milestone: str = "", by: Actor, at: datetime) -> Attachment:
    """A file for an item, as evidence of a milestone if one is named, or for a goal.

    Nobody is given it before the worker has looked at it.
    """
    item = _locked_item(to, milestone) if isinstance(to, Item) else None
    goal = _locked_goal(to, milestone) if isinstance(to, Goal) else None
    under = require(by, Permission.ATTACH_FILES, unit=(item or goal or to).unit)
    sha256 = digest_of_file(str(to), content)
    after = {"sha256": sha256, "size": len(content), "milestone": milestone}
    told = record(Event.FILE_ATTACHED, subject=to, after=after, by=under, at=at)
    one = Attachment(item=item, goal=goal, milestone=milestone, submitted_at=at, record_id=told.pk)
    return kept_as_sent(one, name, content)


def digest_of_file(where: str, content: bytes) -> str:
    """SHA-256 of a file that is no larger than the site takes."""
    if len(content) > settings.ATTACHMENT_MB * _MB:
        raise TooLarge(where, len(content))
    return hashlib.sha256(content).hexdigest()


def kept_as_sent(one: Attachment, name: str, content: bytes) -> Attachment:
    """With its file, as it came, for the worker to look at."""
    one.name, one.sha256, one.size = name[-200:], digest_of_file(name, content), len(content)
    one.sent.save(one.sha256, ContentFile(content), save=False)
    one.save()
    return one


@action("attachment.look")
def keep_looked(
    *, one: Attachment, looked: Looked | None, refusal: Text | None = None, by: OnBehalf, at: datetime
) -> Attachment:
    """What the worker made of a file; without it, why it may not be attached.

    What was sent is let go of; its file stays a day (`attaching.leftovers`), for a backup that is being made just now.
    """
    one = _locked(one)
    if one.state != AttachmentState.WAITING:
        raise _not_in_state(one)
    one.sent = ""
    if looked is None:
        one.state = AttachmentState.REFUSED
        one.refusal_zh, one.refusal_en = (refusal.zh, refusal.en) if refusal is not None else ("", "")
    else:
        _keep(one, looked)
    one.save()
    after = {"state": one.state, "kind": one.kind, "sha256": one.kept_sha256}
    record(Event.ATTACHMENT_LOOKED_AT, subject=one, after=after, by=by, at=at)
    return one


@action("attachment.erase")
def erase_attachment(*, one: Attachment, reason: str, by: Actor, at: datetime) -> Attachment:
    """The file, its name, and where and when it was taken are gone for good; that it was there stays, with its hash."""
    one = _locked(one)
    under = require(by, Permission.CHANGE_ITEMS, unit=one.subject.unit)
    if one.state == AttachmentState.ERASED:
        raise _not_in_state(one)
    if not reason.strip():
        raise Refusal(str(one.subject), Text("没有写理由", "no reason is given"), Text("写明为什么删。", "Say why."))
    for field in ("sent", "kept", "thumbnail"):
        _forget(one, field)
    one.state, one.name, one.print = AttachmentState.ERASED, "", ""
    one.taken_at = one.latitude = one.longitude = ""
    one.save()
    record(Event.ATTACHMENT_ERASED, subject=one, before={"sha256": one.sha256}, reason=reason.strip(), by=under, at=at)
    return one


def _locked_item(to: Item, milestone: str) -> Item:
    item = held(to)
    if item.state == ItemState.MERGED:
        raise Conflict(
            item.name,
            Text("已并入另一个事项", "was merged into another item"),
            Text("附到那一个。", "Attach it to that one."),
        )
    known = declared(item.ledger).milestones
    if milestone and milestone not in known:
        raise NoSuchMilestone(item.name, milestone)
    return item


def _locked_goal(to: Goal, milestone: str) -> Goal:
    if milestone:
        raise NoSuchMilestone(to.title, milestone)
    return held_goal(to)


def _keep(one: Attachment, looked: Looked) -> None:
    one.state, one.kind, one.kept_sha256 = AttachmentState.READY, looked.kind.value, looked.sha256
    one.kept.save(looked.sha256, ContentFile(looked.content), save=False)
    if (picture := looked.picture) is not None:
        one.thumbnail.save(looked.sha256, ContentFile(picture.thumbnail), save=False)
        one.width, one.height, one.print = picture.width, picture.height, picture.print
        shot = picture.shot
        one.taken_at, one.latitude, one.longitude = shot.taken_at, shot.latitude, shot.longitude


def _forget(one: Attachment, field: str) -> None:
    """The file goes once the change is certain; if that fails, tidying finds it."""
    file = getattr(one, field)
    if file:
        transaction.on_commit(partial(_delete, file.storage, file.name), robust=True)
        setattr(one, field, "")


def _delete(storage: Storage, name: str) -> None:
    storage.delete(name)


def _locked(one: Attachment) -> Attachment:
    found: Attachment = (
        Attachment.objects.select_for_update(of=("self",)).select_related("item__unit", "goal__unit").get(pk=one.pk)
    )
    return found


def _not_in_state(one: Attachment) -> Conflict:
    return Conflict(
        str(one.subject),
        Text(f"附件现在的状态是“{one.state}”，不能这样办", f"the attachment is '{one.state}', so this cannot be done"),
        Text("看看它现在的状态。", "Look at the state it is in."),
    )
