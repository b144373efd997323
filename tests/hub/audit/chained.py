"""A record of some length, written as actions write it."""

from __future__ import annotations

from datetime import timedelta

from guatu.hub.audit.events import Event
from guatu.hub.audit.models import HolderState
from guatu.hub.audit.recording import Personal, record
from guatu.hub.audit.sealing import seal_waiting
from guatu.hub.audit.source import Door, OnBehalf, Source
from tests.hub.people import NOW


def write_records(count: int, start: int = 0) -> None:
    """Unlike one another, with Chinese, quotes and personal parts in them; not yet sealed."""
    for number in range(start, start + count):
        source = Source(Door.WEB, address=f"203.0.113.{number % 250}", request=f"r-{number}")
        record(
            Event.PERSON_CHANGED if number % 2 else Event.UNIT_RENAMED,
            subject=HolderState(holder=f"h{number}") if number % 2 else None,
            before={"title_zh": f"东关镇{number}", "on": None},
            after={"title_zh": f'东关“"{number}"”街道', "phone": Personal(f"1380000{number:04}", about=number)},
            reason="更正" if number % 3 else "",
            by=OnBehalf(number % 7 or None, number % 5 or None, 3, source),
            at=NOW + timedelta(seconds=number, microseconds=number % 2),
        )


def sealed_records(count: int) -> None:
    write_records(count)
    seal_waiting()
