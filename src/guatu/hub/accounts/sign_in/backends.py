"""How a person is found and let in by name and password."""

from __future__ import annotations

from django.contrib.auth.backends import ModelBackend


class PersonBackend(ModelBackend):
    """By sign-in name, whatever its case. A disabled person is nobody from the next request on."""
