"""Critical-path scheduling: activities and links in, early and late dates, slack and the critical path out."""

from guatu.standards.scheduling.day_counts import EveryDay, WorkedDays, WorkedWeekdays
from guatu.standards.scheduling.network import Activity, CircularLinks, Days, Link, LinkKind, NetworkRefused
from guatu.standards.scheduling.passes import Schedule, Timing, schedule_from, schedule_to

__all__ = [
    "Activity",
    "CircularLinks",
    "Days",
    "EveryDay",
    "Link",
    "LinkKind",
    "NetworkRefused",
    "Schedule",
    "Timing",
    "WorkedDays",
    "WorkedWeekdays",
    "schedule_from",
    "schedule_to",
]
