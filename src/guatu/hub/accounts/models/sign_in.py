"""What signing in keeps: sessions, counts of failures, the pace of password checks, former passwords."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models

from guatu.hub.accounts.models.people import Person

if TYPE_CHECKING:
    from guatu.hub.accounts.sign_in.sessions import SessionStore


class KeptSession(AbstractBaseSession):
    """A session, and if somebody is signed in by it, who, since when and from where."""

    name = models.CharField(max_length=32, null=True, db_index=True)  # for pages: the key is a secret
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="sessions")
    started_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    address = models.CharField(max_length=64, blank=True)
    browser = models.CharField(max_length=300, blank=True)

    @classmethod
    def get_session_store_class(cls) -> type[SessionStore]:
        from guatu.hub.accounts.sign_in.sessions import SessionStore  # it imports this module

        return SessionStore


class Tries(models.Model):
    """Failed attempts at one thing of one account from one place; the key is a digest of the three."""

    key = models.CharField(max_length=64, primary_key=True)
    failures = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField()
    open_at = models.DateTimeField()  # the next attempt is not looked at before

    class Meta:
        indexes = (models.Index(fields=["last_at"], name="accounts_tries_last_at"),)


class Lane(models.Model):
    """How many checks are left in a lane: filled by time, emptied by checks."""

    name = models.CharField(max_length=16, primary_key=True)
    left = models.BigIntegerField()  # thousandths of a check
    at = models.DateTimeField()
    passed_over = models.PositiveIntegerField(default=0)  # refused since the last one let through


class FormerPassword(models.Model):
    """The hash of a password a person used to have, where the profile says it may not come again."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="former_passwords")
    password = models.CharField(max_length=128)
    replaced_at = models.DateTimeField()
