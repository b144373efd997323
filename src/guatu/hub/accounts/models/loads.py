"""A workbook of units and people on its way in: what it says waits here until it is taken or given up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from guatu.hub.accounts.models.people import Person
from guatu.hub.accounts.roles import Permission
from guatu.text import Text

if TYPE_CHECKING:
    from guatu.hub.accounts.actor import Actor


class LoadState(models.TextChoices):
    WAITING = "waiting"
    WRONG = "wrong"
    READY = "ready"
    ACCEPTED = "accepted"  # for the worker to carry it out
    POSTS = "posts"
    POSTS_ACCEPTED = "posts_accepted"
    TAKEN = "taken"
    GIVEN_UP = "given_up"


LOAD_STATES: dict[str, Text] = {
    LoadState.WAITING: Text("正在读", "being read"),
    LoadState.WRONG: Text("有错，退回", "sent back with errors"),
    LoadState.READY: Text("待核准", "to be accepted"),
    LoadState.ACCEPTED: Text("正在载入", "being taken"),
    LoadState.POSTS: Text("已载入，岗位待安全管理员核准", "taken; its posts await the security administrator"),
    LoadState.POSTS_ACCEPTED: Text("正在任职", "its posts are being given"),
    LoadState.TAKEN: Text("已载入", "taken"),
    LoadState.GIVEN_UP: Text("已放弃", "given up"),
}


class LoadQuerySet(models.QuerySet["Load"]):
    def visible_to(self, actor: Actor) -> LoadQuerySet:
        """One's own, those one accepted, and those whose posts at units over which a post of the actor gives posts wait."""
        over = actor.units_with(Permission.ASSIGN_POSTS)
        near = models.Q(submitter__unit__ancestry__ancestor_id__in=over)
        near |= models.Q(submitter__posts__unit__ancestry__ancestor_id__in=over)
        own = models.Q(submitter_id=actor.person_id) | models.Q(accepted_by_id=actor.person_id)
        return self.filter(own | models.Q(state=LoadState.POSTS) & near).distinct()


class Load(models.Model):
    """Content, rows, preview and the marked workbook hold personal data: emptied once it is taken or given up."""

    submitter = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="loads")
    submitted_at = models.DateTimeField()
    name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    on = models.DateField()  # from which day what it changes holds
    state = models.CharField(max_length=16, choices=LoadState.choices, default=LoadState.WAITING)
    content = models.BinaryField()
    read = models.TextField(blank=True)  # its rows and remarks, as JSON
    preview = models.TextField(blank=True)  # what a page shows of it: canonical JSON of `loading.preview.Preview`
    refusal_zh = models.TextField(blank=True)  # why it was not carried out after it had been accepted
    refusal_en = models.TextField(blank=True)
    accepted_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    plan_digest = models.CharField(max_length=100, blank=True)
    counts = models.JSONField(default=dict)
    marked = models.BinaryField(default=bytes)

    objects = LoadQuerySet.as_manager()

    class Meta:
        indexes = (models.Index(fields=["state", "submitted_at"], name="accounts_load_state"),)

    def __str__(self) -> str:
        return self.name

    @property
    def state_title(self) -> Text:
        return LOAD_STATES[self.state]

    @property
    def refusal(self) -> Text | None:
        return Text(self.refusal_zh, self.refusal_en) if self.refusal_zh else None

    @property
    def is_with_the_worker(self) -> bool:
        """Whether a page of it should look again by itself."""
        return self.state in (LoadState.WAITING, LoadState.ACCEPTED, LoadState.POSTS_ACCEPTED)
