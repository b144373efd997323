"""What the site of the world is like: nobody has to confirm who they are, and it is noted whether a request reached a page.

What the table of the policy stops, no page or answer ever hears of.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import override_settings

from guatu.hub.accounts.requests import BesideViews
from guatu.hub.accounts.sign_in.profile import SHIPPED
from guatu.hub.audit.holders import holders_named
from guatu.hub.config.policy import PolicyMiddleware
from guatu.hub.ledger.goals import paper_written
from guatu.office.documents.papers import paper_document
from guatu.office.documents.word import render_docx

reached: list[str] = []
"""The routes that were reached since somebody emptied this."""


class NotesReached(BesideViews):
    """Stands right behind the table of the policy: what answers a repeated request in the page's place is behind it, too."""

    def process_view(self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any) -> None:
        assert request.resolver_match is not None
        reached.append(request.resolver_match.view_name)


@contextmanager
def surroundings(folder: Path) -> Iterator[None]:
    """What holds for as long as the world stands; the folder keeps a profile.

    Word files are written in this process, not in one of their own: there are hundreds of them.
    """
    chosen = override_settings(
        MIDDLEWARE=_noting(settings.MIDDLEWARE),
        AUDIT_HOLDERS=holders_named(["box=paper"]),
        SIGN_IN_PROFILE=str(patient_profile(folder)),
    )
    with chosen, patch.object(paper_written, "written", _written_here):
        yield


def _noting(middleware: Sequence[str]) -> list[str]:
    behind = middleware.index(f"{PolicyMiddleware.__module__}.{PolicyMiddleware.__name__}") + 1
    return [*middleware[:behind], f"{__name__}.{NotesReached.__name__}", *middleware[behind:]]


def _written_here(said: str, title: str) -> bytes:
    return render_docx(paper_document(json.loads(said))).content


def patient_profile(folder: Path) -> Path:
    """Nobody has to confirm who they are, however long it takes."""
    written = (SHIPPED / "modern.yaml").read_text(encoding="utf-8")
    patient = folder / "patient.yaml"
    patient.write_text(written.replace("confirm_minutes: 10", "confirm_minutes: 60"), encoding="utf-8")
    return patient
