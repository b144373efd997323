"""Names of a package that are found when they are asked for: whoever wants its plain parts does not load its heavy ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module


def found_late(package: str, homes: Mapping[str, Sequence[str]]) -> Callable[[str], object]:
    """The `__getattr__` of a package whose modules hold these names."""
    home_of = {name: home for home, names in homes.items() for name in names}

    def found(name: str) -> object:
        if name not in home_of:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return getattr(import_module(f"{package}.{home_of[name]}"), name)

    return found
