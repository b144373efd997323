"""The record, its chain, its checkpoints, and the keys that make a repeated request harmless."""

from __future__ import annotations

from django.db import models


class Record(models.Model):
    """One thing done. Written in the transaction of the change; never changed, never deleted (rights and triggers)."""

    kind = models.CharField(max_length=64)
    at = models.DateTimeField()
    person_id = models.BigIntegerField(null=True)  # plain numbers: what they point at may be erased, the record not
    post_id = models.BigIntegerField(null=True)
    unit_id = models.BigIntegerField(null=True)
    door = models.CharField(max_length=16)
    subject_kind = models.CharField(max_length=64)
    subject_id = models.CharField(max_length=64)
    before = models.TextField()  # canonical JSON; what is personal stands behind a commitment
    after = models.TextField()
    context = models.TextField()  # canonical JSON: request, idempotency key, reason, address (behind a commitment)

    class Meta:
        indexes = (
            models.Index(fields=["at"], name="audit_record_at"),
            models.Index(fields=["subject_kind", "subject_id", "id"], name="audit_record_subject"),
            models.Index(fields=["person_id", "id"], name="audit_record_person"),
            models.Index(fields=["unit_id", "id"], name="audit_record_unit"),
            models.Index(fields=["kind", "id"], name="audit_record_kind"),
        )


class PersonalPart(models.Model):
    """Personal data a record only commits to: erasing the row leaves the chain whole."""

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="personal_parts")
    commitment = models.CharField(max_length=64)
    salt = models.CharField(max_length=32)
    value = models.TextField()
    about_person_id = models.BigIntegerField(null=True)

    class Meta:
        indexes = (models.Index(fields=["about_person_id"], name="audit_personal_person"),)


class Seal(models.Model):
    """A record's place in the chain. One sealer gives places, in the order in which it finds committed records."""

    place = models.BigIntegerField(primary_key=True)  # 1, 2, 3 … without gaps
    record = models.OneToOneField(Record, on_delete=models.PROTECT, related_name="seal")
    algorithm = models.CharField(max_length=16)
    hash = models.CharField(max_length=128)
    sealed_at = models.DateTimeField()


class Checkpoint(models.Model):
    """The head of the chain at a moment, handed to holders outside."""

    place = models.BigIntegerField()
    hash = models.CharField(max_length=128)
    made_at = models.DateTimeField()


class Delivery(models.Model):
    """A checkpoint that reached a holder outside."""

    checkpoint = models.ForeignKey(Checkpoint, on_delete=models.PROTECT, related_name="deliveries")
    holder = models.CharField(max_length=64)
    delivered_at = models.DateTimeField()
    receipt = models.TextField(blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["checkpoint", "holder"], name="audit_delivery_once_per_holder"),)


class HolderState(models.Model):
    """How it stands with a holder outside: when to try next, and since when and why it fails."""

    holder = models.CharField(max_length=64, primary_key=True)
    next_try_at = models.DateTimeField()
    failing_since = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)  # in a row
    problem = models.TextField(blank=True)
    delivered_up_to = models.BigIntegerField(
        default=0
    )  # id of the last checkpoint handed over; the deliveries are the proof


class IdempotencyKey(models.Model):
    """A writing request already answered: its repeat gets the same answer, another body under the same key a 409."""

    owner = models.CharField(max_length=64)  # whose keys: a person or a token
    key = models.CharField(max_length=128)
    request_digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    answer = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["owner", "key"], name="audit_idempotency_key_once"),)
        indexes = (models.Index(fields=["at"], name="audit_idempotency_at"),)
