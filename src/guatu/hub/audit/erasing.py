"""Take back what is personal in the record. Records hold commitments to it: the chain stays whole."""

from __future__ import annotations

from guatu.hub.audit.models import PersonalPart


def erase_about(person_id: int) -> int:
    """How many values about a person were erased; the records that committed to them stay."""
    erased, _ = PersonalPart.objects.filter(about_person_id=person_id).delete()
    return erased
