"""Say what of a target was reached by a day, where no report of an item says it."""

from __future__ import annotations

from datetime import date, datetime

from guatu.hub.accounts.actor import Actor, require
from guatu.hub.accounts.roles import Permission
from guatu.hub.audit.acting import action
from guatu.hub.audit.events import Event
from guatu.hub.audit.recording import record
from guatu.hub.audit.refusals import Conflict
from guatu.hub.ledger.actions.goals import WrongGoal, require_active, require_reason
from guatu.hub.ledger.actions.holding import nothing_different
from guatu.hub.ledger.actions.revising import next_sequence, put_in_force, require_past
from guatu.hub.ledger.actions.targets import locked_target
from guatu.hub.ledger.goals.schemes import indicator_of, scheme_of
from guatu.hub.ledger.models import Reached, Target
from guatu.standards.periods import Period
from guatu.text import Text

MOST_EVIDENCE = 500
"""Characters of what shows it."""


@action("target.reach")
def enter_reached(
    *, target: Target, on: date, value: str, evidence: str, reason: str = "", by: Actor, at: datetime
) -> Reached:
    """What was reached since the period began, by the end of a day; another word on the same day says why.

    `value` is as targets are kept. What was said before stays known as said then.
    """
    target = locked_target(target)
    under = require(by, Permission.REPORT_ITEMS, unit=target.unit)
    require_active(target.goal)
    _require_enterable(target, on, at)
    if not evidence.strip() or len(evidence.strip()) > MOST_EVIDENCE:
        raise WrongGoal(
            "evidence", target.goal.title, Text("没有写依据，或太长", "no evidence is named, or it is too long"),
            Text(f"写明凭什么，如文件、报表，最多 {MOST_EVIDENCE} 字。", f"Say what shows it, in {MOST_EVIDENCE} characters at most."),
        )  # fmt: skip
    before = target.reached.in_force().filter(on=on).first()
    if before is not None and (before.value, before.evidence) == (value, evidence.strip()):
        raise nothing_different(target.goal.title)
    if before is not None:
        require_reason(target.goal, reason)
    told = record(
        Event.TARGET_REACHED, subject=target, before={"value": before.value} if before is not None else {},
        after={"on": on, "value": value}, reason=reason.strip(), by=under, at=at,
    )  # fmt: skip
    fresh = Reached(target=target, on=on, value=value, evidence=evidence.strip(), reason=reason.strip())
    return put_in_force(before, fresh, next_sequence(told))


def _require_enterable(target: Target, on: date, at: datetime) -> None:
    """A target in force, of an indicator that nothing else tells of, on a day of its period that has come."""
    require_past(target.goal.title, on, at)
    indicator, period = indicator_of(scheme_of(target.goal), target.indicator), Period.parse(target.period)
    if target.dropped:
        raise Conflict(
            target.goal.title,
            Text("后来的分解里没有这一份了", "a later split has no such part"),
            Text("填到现在的那一份。", "Enter it at the part there is now."),
        )
    if indicator.actual is not None:
        raise Conflict(
            target.goal.title,
            Text(f"“{indicator.title.zh}”从联着的事项算", f"'{indicator.title.en}' is reckoned from the items linked"),
            Text("在事项上报数。", "Report it at the items."),
        )
    if not period.first_day <= on <= period.last_day:
        raise WrongGoal(
            "on", target.goal.title, Text(f"{on} 不在 {period} 之内", f"{on} does not lie inside {period}"),
            Text("写这一期里的日期。", "Give a day of the period."),
        )  # fmt: skip
