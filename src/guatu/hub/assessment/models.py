"""Rounds judged: one run of the engine over a ledger, the lights it gave items and the values it gave units.

Rows of a run are written once and never altered; a round judged otherwise is a run of its own.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from guatu.hub.accounts.models import Unit
from guatu.hub.ledger.models import Item, Ledger, PackVersion
from guatu.text import Text

ALL = "all"
"""The list every item is on."""


class RunState(models.TextChoices):
    WAITING = "waiting"  # for the worker
    JUDGED = "judged"
    SAME = "same"  # the same facts and rules again: `same_as` has the results
    FAILED = "failed"  # refused; the words are kept


class RunQuerySet(models.QuerySet["Run"]):
    def judged(self) -> RunQuerySet:
        """Those with results of their own, the latest round first and of a round the latest run."""
        return self.filter(state=RunState.JUDGED).order_by("-ends_on", "-pk")

    def lit(self) -> RunQuerySet:
        """Of those the ones whose rulebook lights items: one that only awards points takes nobody's lights away."""
        return self.judged().exclude(counts={})


class Run(models.Model):
    """A ledger's round judged by a rulebook, as the ledger was known at one sequence number."""

    ledger = models.ForeignKey(Ledger, on_delete=models.PROTECT, related_name="runs")
    pack = models.ForeignKey(PackVersion, on_delete=models.PROTECT, related_name="+")  # the content it was judged with
    rulebook = models.CharField(max_length=64)
    title_zh = models.CharField(max_length=200)  # the rulebook's
    title_en = models.CharField(max_length=200)
    version = models.CharField(max_length=32, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)  # of the rulebook with the settings chosen
    period = models.CharField(max_length=16)  # the round, as `guatu.standards.periods` writes it
    starts_on = models.DateField()
    ends_on = models.DateField()  # its last day
    known_by = models.BigIntegerField(null=True)  # the sequence number up to which the ledger was read
    state = models.CharField(max_length=16, choices=RunState.choices, default=RunState.WAITING)
    asked_at = models.DateTimeField()
    judged_at = models.DateTimeField(null=True)
    record_id = models.BigIntegerField()  # of the audit: who asked for it
    digest = models.CharField(max_length=80, blank=True)  # over the canonical rows of all results
    same_as = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    before = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")  # the round compared with
    looked_back = models.JSONField(default=list)  # ids of the runs that were its history
    items = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)  # severity -> items, of the overall light
    changes = models.JSONField(default=dict)  # worse, better, same -> items
    book = models.TextField(default="{}")  # canonical JSON: `guatu.engine.evaluation.plain_reasons.book_of`
    kept = models.FileField(upload_to="runs/%Y/%m", blank=True)  # the results as tables, for rounds that look back
    refusal_where = models.CharField(max_length=300, blank=True)
    refusal_zh = models.TextField(blank=True)
    refusal_en = models.TextField(blank=True)
    remedy_zh = models.TextField(blank=True)
    remedy_en = models.TextField(blank=True)

    objects = RunQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(state=RunState.SAME, same_as__isnull=False) | (~Q(state=RunState.SAME) & Q(same_as=None)),
                name="assessment_same_goes_with_same_as",
            ),
            models.CheckConstraint(
                condition=~Q(state=RunState.JUDGED) | (Q(known_by__isnull=False) & ~Q(digest="")),
                name="assessment_judged_says_of_what",
            ),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="assessment_round_ends"),
            models.UniqueConstraint(
                fields=["ledger", "rulebook", "period"],
                condition=Q(state=RunState.WAITING),
                name="assessment_waits_once",
            ),
        )
        indexes = (models.Index(fields=["ledger", "state", "-ends_on", "-id"], name="assessment_run_latest"),)

    def __str__(self) -> str:
        return f"{self.ledger_id} {self.period} {self.rulebook}"

    @property
    def title(self) -> Text:
        return Text(self.title_zh, self.title_en)

    @property
    def refusal(self) -> Text:
        return Text(self.refusal_zh, self.refusal_en)

    @property
    def remedy(self) -> Text:
        return Text(self.remedy_zh, self.remedy_en)


class ItemLight(models.Model):
    """What a run says of one item: its overall light, and those of every dimension with what they rest on."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="lights")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="lights")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")  # that answered for it in that round
    severity = models.CharField(max_length=16)  # overall, as `guatu.engine.values.Severity`
    before = models.CharField(max_length=16, blank=True)  # the round before
    change = models.CharField(max_length=8, blank=True)  # worse, better, same; empty without a judged round before
    lists = models.TextField(blank=True)  # keys between blanks: ` roads schools `
    counted = models.TextField(blank=True)  # numbers of the book's parts it counts in, between blanks: ` 0 3 `
    lights = (
        models.TextField()
    )  # canonical JSON: `guatu.hub.assessment.rows.LightRow` by dimension, `overall` among them
    values = models.TextField()  # canonical JSON: name -> the value in words

    class Meta:
        constraints = (models.UniqueConstraint(fields=["run", "item"], name="assessment_light_once"),)
        indexes = (
            models.Index(fields=["item", "run"], name="assessment_light_of_item"),
            models.Index(fields=["run", "severity", "item"], name="assessment_light_severity"),
            models.Index(fields=["run", "unit"], name="assessment_light_unit"),
        )


class UnitResult(models.Model):
    """What a run says of one unit and one list: every indicator, exactly."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="results")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    list = models.CharField(max_length=64, default=ALL)
    title_zh = models.CharField(max_length=200)  # the unit's name in that round
    title_en = models.CharField(max_length=200)
    path = models.CharField(max_length=200)  # ids from the top, itself last, between slashes: `/1/7/`
    peers = models.CharField(max_length=200, blank=True)  # the group it is ranked in
    place = models.PositiveIntegerField()  # in the order the city prints its units
    values = models.TextField()  # canonical JSON: indicator -> `guatu.hub.assessment.rows.Figure`
    besides = models.TextField(default="{}")  # canonical JSON: lights, points and steps due of the unit itself

    class Meta:
        constraints = (models.UniqueConstraint(fields=["run", "unit", "list"], name="assessment_result_once"),)
        indexes = (models.Index(fields=["run", "list", "place"], name="assessment_result_list"),)

    @property
    def title(self) -> Text:
        return Text(self.title_zh, self.title_en)
