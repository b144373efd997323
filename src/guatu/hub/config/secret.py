"""The site's secret: made once at the first start, kept in a file only its owner reads."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile


def kept_secret(path: Path) -> str:
    """The secret in `path`; a new one is kept there when the file is missing. Two processes starting at once agree."""
    if not path.exists():
        with NamedTemporaryFile("w", dir=path.parent, encoding="utf-8") as fresh:  # only its owner may read it
            fresh.write(secrets.token_urlsafe(50))
            fresh.flush()
            os.fsync(fresh.fileno())
            with suppress(FileExistsError):  # another process was first
                os.link(fresh.name, path)
    return path.read_text(encoding="utf-8").strip()
