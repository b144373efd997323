"""Files attached to an item, as evidence of a milestone or as papers beside it, or to a goal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from guatu.hub.accounts.roles import Permission
from guatu.hub.ledger.models.goals import Goal
from guatu.hub.ledger.models.items import Item
from guatu.hub.ledger.models.visits import VisitStop
from guatu.text import Text

if TYPE_CHECKING:
    from guatu.hub.accounts.actor import Actor


class AttachmentState(models.TextChoices):
    WAITING = "waiting"  # for the worker to look at it; nobody is given it before
    READY = "ready"
    REFUSED = "refused"
    ERASED = "erased"  # the files are gone; that there was one, of which content, stays


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def visible_to(self, actor: Actor, permission: Permission = Permission.SEE_ITEMS) -> AttachmentQuerySet:
        """An attachment is seen by whoever sees what it is attached to."""
        items, goals = Item.objects.visible_to(actor, permission), Goal.objects.visible_to(actor, permission)
        return self.filter(Q(item__in=items.values("pk")) | Q(goal__in=goals.values("pk")))

    def under(self, actor: Actor, permission: Permission) -> AttachmentQuerySet:
        """Attachments of what lies where a post of the actor allows this: a share in it lets see, not change."""
        items, goals = Item.objects.under(actor, permission), Goal.objects.owned_under(actor, permission)
        return self.filter(Q(item__in=items.values("pk")) | Q(goal__in=goals.values("pk")))

    def like(self, one: Attachment) -> AttachmentQuerySet:
        """Others whose file was sent with the same bytes, or whose picture shows the same."""
        same = Q(sha256=one.sha256)
        if one.print:
            same |= Q(print=one.print)
        return self.filter(same).exclude(pk=one.pk).exclude(state__in=(AttachmentState.REFUSED, AttachmentState.ERASED))


class Attachment(models.Model):
    """A file as it may be given out. A picture is kept made anew; when and where it was taken stand in columns."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, null=True, related_name="attachments")
    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, null=True, related_name="attachments")
    stop = models.ForeignKey(VisitStop, on_delete=models.PROTECT, null=True, related_name="photos")  # on which visit
    milestone = models.CharField(max_length=64, blank=True)  # of the item, which it is evidence of
    name = models.CharField(max_length=200)  # as it was sent; empty once erased
    sha256 = models.CharField(max_length=64)  # of what was sent
    size = models.BigIntegerField()  # bytes, of what was sent
    submitted_at = models.DateTimeField()
    record_id = models.BigIntegerField()  # of the audit: who, in which post, from where
    state = models.CharField(max_length=16, choices=AttachmentState.choices, default=AttachmentState.WAITING)
    refusal_zh = models.TextField(blank=True)
    refusal_en = models.TextField(blank=True)
    sent = models.FileField(upload_to="attachments/sent/%Y/%m", blank=True)  # until it has been looked at
    kept = models.FileField(upload_to="attachments/kept/%Y/%m", blank=True)
    thumbnail = models.FileField(upload_to="attachments/small/%Y/%m", blank=True)
    kind = models.CharField(max_length=8, blank=True)  # `guatu.office.attachments.kinds.AttachmentKind`
    kept_sha256 = models.CharField(max_length=64, blank=True)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    print = models.CharField(max_length=16, blank=True)  # 64 bits of what a picture shows, hex
    taken_at = models.CharField(max_length=32, blank=True)  # by the camera's clock, ISO 8601
    latitude = models.CharField(max_length=16, blank=True)  # decimal degrees, WGS 84
    longitude = models.CharField(max_length=16, blank=True)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        indexes = (
            models.Index(fields=["item", "-submitted_at"], name="ledger_attachment_latest"),
            models.Index(fields=["goal", "-submitted_at"], name="ledger_attachment_of_goal"),
            models.Index(fields=["sha256"], name="ledger_attachment_same"),
            models.Index(fields=["print"], name="ledger_attachment_alike"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(item=None, goal__isnull=False, milestone="") | Q(item__isnull=False, goal=None),
                name="ledger_attachment_of_an_item_or_a_goal",
            ),
            models.CheckConstraint(
                condition=~Q(state=AttachmentState.READY) | ~Q(kept=""), name="ledger_attachment_ready_is_kept"
            ),
            models.CheckConstraint(
                condition=~Q(state=AttachmentState.ERASED) | Q(sent="", kept="", thumbnail="", name=""),
                name="ledger_attachment_erased_is_gone",
            ),
        )

    @property
    def subject(self) -> Item | Goal:
        """What it is attached to."""
        found = self.item or self.goal
        assert found is not None  # a constraint
        return found

    @property
    def is_picture(self) -> bool:
        return self.width is not None

    @property
    def refusal(self) -> Text:
        return Text(self.refusal_zh, self.refusal_en)
