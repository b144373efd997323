"""Commitment papers of a goal: drawn, read and printed, signed in versions, taken away as a Word file."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.timezone import localtime
from django.views.decorators.http import require_POST

from guatu.declarations.goals import Goals
from guatu.hub.accounts.language import spoken
from guatu.hub.accounts.models import below
from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.accounts.roles import Permission
from guatu.hub.ledger.actions.papers import draw_paper, paper_named, sign_paper
from guatu.hub.ledger.goals.paper_facts import digest_of, facts_of
from guatu.hub.ledger.goals.paper_shown import Names, sections_of
from guatu.hub.ledger.goals.schemes import scheme_of
from guatu.hub.ledger.models import Paper
from guatu.hub.ledger.models.goals import GoalState
from guatu.hub.web.goals.pages import found_goal
from guatu.hub.web.posted import posted
from guatu.text import Refusal, Text

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SECONDS = 30
"""How long writing a Word file may take."""


class NotWritten(Refusal):
    """The process that writes Word files gave none."""

    def __init__(self, title: str) -> None:
        super().__init__(
            title,
            Text("Word 文件没有写成", "the Word file could not be written"),
            Text(
                "先用网页打印；请系统管理员看日志。",
                "Print the page meanwhile; ask the administrator to look at the log.",
            ),
        )


@require_POST
def draw(request: ActorRequest, goal_id: int) -> HttpResponse:
    goal = found_goal(request, goal_id)
    made = draw_paper(goal=goal, kind=posted(request, "kind"), by=request.actor, at=timezone.now())
    return redirect("paper", made.pk)


def paper(request: ActorRequest, paper_id: int) -> HttpResponse:
    found, scheme = _found(request, paper_id)
    declared = paper_named(scheme, found.kind)
    versions = list(found.goal.papers.filter(kind=found.kind).order_by("-version"))
    last = versions[0].version
    outdated = digest_of(facts_of(found.goal, declared)) != found.digest
    open_ = found.goal.state == GoalState.ACTIVE and last == found.version and not outdated
    words = {
        "paper": found,
        "title": declared.title,
        "sections": sections_of(found, scheme),
        "signing": _places(found, scheme),
        "last": last,
        "outdated": outdated,
        "mine": _own_slots(request, found) if open_ else set(),
        "versions": versions,
    }
    return render(request, "goals/paper.html", words)


def _own_slots(request: ActorRequest, found: Paper) -> set[str]:
    """Slots of the goal that the reader, or a unit they sign for, holds now."""
    units = request.actor.units_with(Permission.SIGN_PAPERS)
    held = found.goal.duties.filter(valid_to=None).filter(
        Q(person_id=request.actor.person_id) | Q(unit__in=below(units))
    )
    return set(held.values_list("slot", flat=True)) if units else set()


def _places(found: Paper, scheme: Goals) -> list[dict[str, Any]]:
    """Where it is to be signed: as what, by whom when it was drawn, and who has."""
    names = Names.of(found.facts)
    signed = {one.slot: one for one in found.signatures.select_related("post__person", "post__unit")}
    holders = {one["slot"]: names.holder(one) for one in found.facts.get("signers", ())}
    return [
        {"slot": key, "title": scheme.slots[key].title, "holder": holders.get(key), "signed": signed.get(key)}
        for key in paper_named(scheme, found.kind).signed_by
        if key in scheme.slots
    ]


@require_POST
def sign(request: ActorRequest, paper_id: int) -> HttpResponse:
    found, _ = _found(request, paper_id)
    slot, digest = posted(request, "slot"), posted(request, "digest")
    sign_paper(paper=found, slot=slot, digest=digest, by=request.actor, at=timezone.now())
    messages.success(request, Text("已签。", "Signed.").in_(spoken()))
    return redirect("paper", found.pk)


def word(request: ActorRequest, paper_id: int) -> HttpResponse:
    """Written in a process of its own, which alone loads what writes documents; nothing of it is kept."""
    found, scheme = _found(request, paper_id)
    answer = HttpResponse(written(json.dumps(_said(found, scheme)).encode(), found.goal.title), content_type=DOCX)
    answer.headers["Content-Disposition"] = f'attachment; filename="{found.kind}-{found.goal_id}-{found.version}.docx"'
    return answer


def written(said: bytes, title: str) -> bytes:
    """The Word file of a paper's words; `title` says where, should it fail."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "guatu.office.documents.papers"], input=said, capture_output=True, timeout=SECONDS,
            check=True,
        )  # fmt: skip
    except (subprocess.SubprocessError, OSError) as error:
        raise NotWritten(title) from error
    return done.stdout


def _said(found: Paper, scheme: Goals) -> dict[str, Any]:
    """The paper's words in the reader's language, as plain data."""
    language = spoken()
    sections = [
        {
            "title": one.title.in_(language),
            "paragraphs": [each.in_(language) for each in one.paragraphs],
            "head": [each.in_(language) for each in one.head],
            "rows": [[cell.in_(language) for cell in row] for row in one.rows],
        }
        for one in sections_of(found, scheme)
    ]
    places = [_place(one, language == "zh") for one in _places(found, scheme)]
    if places:
        sections.append(
            {"title": Text("签字", "Signatures").in_(language), "paragraphs": places, "head": [], "rows": []}
        )
    title = paper_named(scheme, found.kind).title.in_(language)
    return {
        "language": language, "title": f"{found.goal.title} {title}", "dated": localtime(found.drawn_at).date().isoformat(),
        "lines": [Text(f"第 {found.version} 版", f"Version {found.version}").in_(language)], "sections": sections,
    }  # fmt: skip


def _place(one: dict[str, Any], is_chinese: bool) -> str:
    signed = one["signed"]
    title = one["title"].zh if is_chinese else one["title"].en
    if signed is None:
        return f"{title}：________________" if is_chinese else f"{title}: ________________"
    post = signed.post.title.zh if is_chinese else signed.post.title.en
    return f"{title}：{signed.post.person.name}（{post}）{localtime(signed.signed_at):%Y-%m-%d}"


def _found(request: ActorRequest, paper_id: int) -> tuple[Paper, Goals]:
    found = get_object_or_404(
        Paper.objects.visible_to(request.actor).select_related("goal__unit", "goal__parent"), pk=paper_id
    )
    return found, scheme_of(found.goal)
