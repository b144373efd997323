"""The shipped templates, loaded once."""

from __future__ import annotations

from pathlib import Path

import pytest

from guatu.declarations.packs import shipped_packs
from guatu.office.documents import load_template
from guatu.office.documents.templates import Template

DOCUMENTS = shipped_packs() / "key_projects" / "documents"


@pytest.fixture(scope="session")
def circular() -> Template:
    return load_template(DOCUMENTS / "circular.yaml")


@pytest.fixture(scope="session")
def bulletin() -> Template:
    return load_template(DOCUMENTS / "bulletin.yaml")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path
