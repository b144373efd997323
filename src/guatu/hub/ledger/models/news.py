"""Up to where each person has seen what happened to what they answer for."""

from __future__ import annotations

from django.db import models

from guatu.hub.accounts.models import Person


class SeenUpTo(models.Model):
    """The last sequence number whose facts a person has seen, and when they said so."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, primary_key=True, related_name="+")
    sequence = models.BigIntegerField()
    at = models.DateTimeField()
