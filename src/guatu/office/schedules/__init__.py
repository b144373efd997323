"""Schedule files of planning software as facts: activities, milestones, links, baseline, forecast and actual dates."""

from guatu.office.schedules.facts import (
    Costs,
    Dates,
    PercentKind,
    ScheduledActivity,
    ScheduledLink,
    ScheduleFile,
    UnreadableSchedule,
)
from guatu.office.schedules.opening import read_schedule

__all__ = [
    "Costs",
    "Dates",
    "PercentKind",
    "ScheduleFile",
    "ScheduledActivity",
    "ScheduledLink",
    "UnreadableSchedule",
    "read_schedule",
]
