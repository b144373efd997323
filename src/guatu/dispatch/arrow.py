"""Arrow without pandas: it looks for pandas when it is first given values, and loads all of it wherever it is installed."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType


class _Nowhere(MetaPathFinder):
    """Says of pandas that it is not installed."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname == "pandas":
            raise ModuleNotFoundError("not wanted here", name=fullname)
        return None


def load_arrow() -> None:
    """Load Arrow; unless somebody has pandas loaded already, Arrow is to do without. Others may still import it."""
    nowhere = _Nowhere()
    sys.meta_path.insert(0, nowhere)
    try:
        import pyarrow

        pyarrow.array([None])  # now it looks, and does not look again
    finally:
        sys.meta_path.remove(nowhere)
