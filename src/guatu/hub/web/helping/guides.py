"""The guides of `docs/` as pages of the site: how-tos and tutorials, found by name, in the page's language."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from django.http import Http404, HttpResponse
from django.shortcuts import render

from guatu.hub.accounts.language import spoken
from guatu.hub.accounts.requests import ActorRequest
from guatu.hub.web.helping.markdown import Page, page_of
from guatu.text import Language

FOLDERS = ("tutorials", "how-to")


def docs() -> Path:
    """Where the guides lie: in the wheel, or in the checkout."""
    package = Path(__file__).resolve().parents[3]
    inside = package / "docs"
    return inside if inside.is_dir() else package.parents[1] / "docs"


def file_of(guide: str, language: Language) -> Path | None:
    """The file of a guide in a language; None where there is none."""
    name = f"{guide}.zh-CN.md" if language == "zh" else f"{guide}.md"
    return next((path for folder in FOLDERS if (path := docs() / folder / name).is_file()), None)


def guide(request: ActorRequest, guide: str) -> HttpResponse:
    """One guide."""
    path = file_of(guide, spoken())
    if path is None:
        raise Http404
    return render(request, "helping/guide.html", {"page": _read(path)})


@lru_cache(maxsize=128)
def _read(path: Path) -> Page:
    return page_of(path.read_text(encoding="utf-8"))
