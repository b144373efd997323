"""Workbooks on their way into a ledger: as they came, what was found, what they would change, and what was taken of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from guatu.hub.accounts.models import Unit, below
from guatu.hub.accounts.roles import Permission
from guatu.hub.ledger.models.items import Item
from guatu.hub.ledger.models.packs import Ledger
from guatu.text import Text

if TYPE_CHECKING:
    from guatu.hub.accounts.actor import Actor


class ImportState(models.TextChoices):
    WAITING = "waiting"  # for the worker to read it
    REFUSED = "refused"  # an error in it, or no file to be read: nothing of it is taken
    READY = "ready"  # read; what it would change can be looked at
    TAKING = "taking"  # somebody takes it; the worker writes it
    TAKEN = "taken"
    UNDOING = "undoing"
    UNDONE = "undone"
    DISCARDED = "discarded"


class Stage(models.TextChoices):
    """What the worker is doing with a workbook."""

    QUEUED = "queued"
    READING = "reading"
    CHECKING = "checking"
    COMPARING = "comparing"
    KEEPING = "keeping"
    WRITING = "writing"
    NONE = ""


class ImportQuerySet(models.QuerySet["Import"]):
    def visible_to(self, actor: Actor, permission: Permission = Permission.SEE_ITEMS) -> ImportQuerySet:
        """Workbooks sent for units over which a post of the actor allows this."""
        under = below(actor.units_with(permission))
        return self.filter(unit__in=under)


class Import(models.Model):
    """One workbook sent into a ledger for a round."""

    ledger = models.ForeignKey(Ledger, on_delete=models.PROTECT, related_name="imports")
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="+"
    )  # for whom it was sent: it and those under it
    period = models.CharField(max_length=16)  # the round, as `guatu.standards.periods` writes it
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    file = models.FileField(upload_to="imports/%Y/%m")
    marked = models.FileField(upload_to="imports/%Y/%m", blank=True)  # the workbook again, what was found in it marked
    drawn = models.FileField(upload_to="imports/%Y/%m", blank=True)  # its sheets as the page draws them, people masked
    recognised = models.JSONField(default=dict)  # kind, sheets, tables, sender, in a few words
    language = models.CharField(max_length=8, default="zh")  # what the sender reads: the marked workbook is in it
    state = models.CharField(max_length=16, choices=ImportState.choices, default=ImportState.WAITING)
    stage = models.CharField(max_length=16, choices=Stage.choices, default=Stage.QUEUED, blank=True)
    rows_read = models.PositiveIntegerField(default=0)
    rows_done = models.PositiveIntegerField(default=0)  # of the stage
    submitted_at = models.DateTimeField()
    counts = models.JSONField(default=dict)  # steps by kind, findings by grade
    stray_errors = models.PositiveIntegerField(
        default=0
    )  # errors that belong to no item: they refuse the whole workbook
    layouts = models.TextField(default="[]")  # canonical JSON: how its columns were understood, table by table
    refusal_zh = models.TextField(blank=True)
    refusal_en = models.TextField(blank=True)
    first_sequence = models.BigIntegerField(null=True)  # of the revisions it made
    last_sequence = models.BigIntegerField(null=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        indexes = (models.Index(fields=["ledger", "-submitted_at"], name="ledger_import_latest"),)

    def __str__(self) -> str:
        return self.file_name


class ImportStep(models.Model):
    """What becomes of one item when the workbook is taken; or an item of its units that it says nothing of."""

    taken_from = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=16)  # new, changed, moved, same, absent
    key = models.CharField(max_length=64)  # who it is: an item's id, or what a new one goes by until it has one
    item = models.ForeignKey(Item, on_delete=models.PROTECT, null=True, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=300)
    seen = models.PositiveIntegerField(default=0)  # the item's revision; 0: it is new
    offer = models.TextField(blank=True)  # canonical JSON of `guatu.hub.ledger.importing.offers.Offer`, without people
    people = models.TextField(blank=True)  # what it says of people; emptied when it is taken, left out or discarded
    changes = models.TextField(blank=True)  # canonical JSON: fact -> before, after
    errors = models.PositiveIntegerField(default=0)  # found in its cells
    left_out = models.CharField(max_length=500, blank=True)  # why a person leaves it out; empty: it is taken

    class Meta:
        constraints = (models.UniqueConstraint(fields=["taken_from", "position"], name="ledger_step_once"),)
        indexes = (models.Index(fields=["taken_from", "kind", "position"], name="ledger_step_by_kind"),)


class ImportFinding(models.Model):
    """One thing found in a workbook, at its cell; a question may be answered."""

    found_in = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="findings")
    position = models.PositiveIntegerField()
    grade = models.CharField(max_length=16)  # error, question, warning
    code = models.CharField(max_length=64)
    sheet = models.CharField(max_length=100, blank=True)
    cell = models.CharField(max_length=32, blank=True)
    raw = models.TextField(blank=True)
    reason_zh = models.TextField()
    reason_en = models.TextField()
    remedy_zh = models.TextField()
    remedy_en = models.TextField()
    about = models.TextField(blank=True)  # canonical JSON of what is decided: check, items, choices, what it rests on
    beside = models.TextField(blank=True)  # canonical JSON: the two sides of a question of identity, fact by fact

    class Meta:
        constraints = (models.UniqueConstraint(fields=["found_in", "position"], name="ledger_finding_once"),)
        indexes = (models.Index(fields=["found_in", "grade", "position"], name="ledger_finding_by_grade"),)

    @property
    def reason(self) -> Text:
        return Text(self.reason_zh, self.reason_en)

    @property
    def remedy(self) -> Text:
        return Text(self.remedy_zh, self.remedy_en)

    @property
    def takes_a_cell(self) -> bool:
        """Whether what the cell should have said answers it; what a whole column is, the page of columns asks."""
        return self.grade == "question" and bool(self.cell) and not self.about and not self.code.startswith("column_")


class CellAnswer(models.Model):
    """What a person says a cell of a workbook should have said: read in its place."""

    answered_in = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="answers")
    sheet = models.CharField(max_length=100)
    cell = models.CharField(max_length=32)
    answer = models.CharField(max_length=500)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["answered_in", "sheet", "cell"], name="ledger_cell_answered_once"),
        )


class ImportedItem(models.Model):
    """What an import did to one item: from which revision to which, so that it can be undone."""

    taken_from = models.ForeignKey(Import, on_delete=models.PROTECT, related_name="items")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    before = models.PositiveIntegerField()  # revision; 0: the item was new
    after = models.PositiveIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["taken_from", "item"], name="ledger_imported_item_once"),)
