"""How a person is found and let in by name and password."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import ModelBackend

from guatu.hub.accounts.models import Person
from guatu.hub.composed import ByKey


@ByKey
def _person(pk: Any) -> Any:
    return Person.objects.filter(pk=pk)


class PersonBackend(ModelBackend):
    """By sign-in name, whatever its case. A disabled person is nobody from the next request on."""

    def get_user(self, user_id: int) -> Person | None:
        """Who is signed in by a session; asked with every page."""
        found: Person | None = _person.first(user_id)
        return found if found is not None and self.user_can_authenticate(found) else None
