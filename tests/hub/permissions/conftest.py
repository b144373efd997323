"""One world for all cells of a process."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import transaction
from django.test import override_settings

from guatu.hub.accounts.profile import SHIPPED
from guatu.hub.audit.holders import holders_named
from guatu.hub.web.goals import papers
from guatu.office.documents.papers import paper_document
from guatu.office.documents.word import render_docx
from tests.hub.permissions.world import World, build_world


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker, tmp_path_factory) -> Iterator[World]:  # type: ignore[no-untyped-def]
    """One world for all cells; each cell is taken back to it. Nobody has to confirm who they are, however long it takes.

    Word files are written in this process, not in one of their own: there are hundreds of them.
    """
    chosen = override_settings(
        AUDIT_HOLDERS=holders_named(["box=paper"]),
        SIGN_IN_PROFILE=str(patient_profile(tmp_path_factory.mktemp("profile"))),
    )
    with django_db_blocker.unblock(), transaction.atomic(), chosen, pytest.MonkeyPatch.context() as patch:
        patch.setattr(papers, "written", lambda said, title: render_docx(paper_document(json.loads(said))).content)
        yield build_world()
        transaction.set_rollback(True)


def patient_profile(folder: Path) -> Path:
    written = (SHIPPED / "modern.yaml").read_text(encoding="utf-8")
    patient = folder / "patient.yaml"
    patient.write_text(written.replace("confirm_minutes: 10", "confirm_minutes: 60"), encoding="utf-8")
    return patient
