"""Draw a commitment paper from the facts of now, and sign the very version that was read."""

from __future__ import annotations

from datetime import datetime

from guatu.hub.accounts.actor import Actor, NotAllowed, require
from guatu.hub.accounts.roles import Permission
from guatu.hub.audit.acting import action
from guatu.hub.audit.events import Event
from guatu.hub.audit.recording import canonical, record
from guatu.hub.audit.refusals import Conflict
from guatu.hub.audit.source import OnBehalf
from guatu.hub.ledger.actions.goals import require_active
from guatu.hub.ledger.actions.holding import held_goal
from guatu.hub.ledger.goals.paper_facts import digest_of, facts_of, still_so
from guatu.hub.ledger.goals.schemes import NotDeclared, paper_named, scheme_of
from guatu.hub.ledger.models import Goal, GoalDuty, Paper, Signature
from guatu.text import Text


class Outdated(Conflict):
    """What the paper says is no longer so."""

    def __init__(self, title: str) -> None:
        super().__init__(
            title,
            Text("之后目标、节点或责任有变化，这一版不能再签", "targets, dates or duties have changed: this version is not to be signed"),
            Text("重新生成，看过新的一版再签。", "Draw it anew, read that version and sign it."),
        )  # fmt: skip


@action("paper.draw")
def draw_paper(*, goal: Goal, kind: str, by: Actor, at: datetime) -> Paper:
    """The next version of a paper; refused while the last one still says what is so."""
    goal = held_goal(goal)
    under = require(by, Permission.MANAGE_GOALS, unit=goal.unit)
    require_active(goal)
    scheme = scheme_of(goal)
    facts = facts_of(goal, paper_named(scheme, kind))
    digest = digest_of(facts)
    last = goal.papers.filter(kind=kind).order_by("-version").first()
    if last is not None and last.digest == digest:
        raise Conflict(
            goal.title,
            Text("和现有的一版完全一样", "it says just what the last version says"),
            Text("用现有的那一版。", "Use that one."),
        )
    version = last.version + 1 if last is not None else 1
    told = record(
        Event.PAPER_DRAWN, subject=goal, after={"kind": kind, "version": version, "digest": digest}, by=under, at=at
    )
    return Paper.objects.create(
        goal=goal, kind=kind, version=version, content=canonical(facts), digest=digest, drawn_at=at, record_id=told.pk
    )


@action("paper.sign")
def sign_paper(*, paper: Paper, slot: str, digest: str, by: Actor, at: datetime) -> Signature:
    """Whoever answers in a slot signs this version, in the post they hold; `digest` is that of what they read."""
    paper = Paper.objects.select_for_update(of=("self",)).select_related("goal__unit").get(pk=paper.pk)
    goal, scheme = paper.goal, scheme_of(paper.goal)
    declared = paper_named(scheme, paper.kind)
    if slot not in declared.signed_by:
        raise NotDeclared("slot", slot, list(declared.signed_by))
    under = _as_signer(goal, slot, by)
    assert under.post_id is not None  # whoever may sign holds the post that allows it
    later = goal.papers.filter(kind=paper.kind, version__gt=paper.version).exists()
    if later or digest != paper.digest or not still_so(goal, paper, declared):
        raise Outdated(goal.title)
    if paper.signatures.filter(slot=slot).exists():
        raise Conflict(
            goal.title,
            Text("这一栏已经签了", "it is signed here already"),
            Text("不必再办。", "Nothing is left to do."),
        )
    after = {"kind": paper.kind, "version": paper.version, "digest": digest, "slot": slot}
    told = record(Event.PAPER_SIGNED, subject=paper, after=after, by=under, at=at)
    return Signature.objects.create(
        paper=paper, slot=slot, post_id=under.post_id, digest=digest, signed_at=at, record_id=told.pk
    )


def _as_signer(goal: Goal, slot: str, by: Actor) -> OnBehalf:
    """The post in which somebody may sign for a slot: the person who holds it, or a leader of the unit that does."""
    held: GoalDuty | None = goal.duties.filter(slot=slot, valid_to=None).select_related("unit", "person__unit").first()
    if held is None:
        raise Conflict(
            goal.title,
            Text("这一栏还没有定由谁负责", "nobody answers in this place yet"),
            Text("先定责任人或单位。", "Say who answers first."),
        )
    if held.person is None:
        return require(by, Permission.SIGN_PAPERS, unit=held.unit or goal.unit)
    if held.person_id != by.person_id:
        raise NotAllowed(Permission.SIGN_PAPERS, goal.title)
    return require(by, Permission.SIGN_PAPERS, unit=held.person.unit or goal.unit)
