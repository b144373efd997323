"""Bring what schemathesis makes up nearer to what is there: two in three ids are those of rows, two in three days are past.

Loaded by `api_fuzz.py` through SCHEMATHESIS_HOOKS; what is left as it was made keeps looking for what nobody thought of.
"""

from __future__ import annotations

import zlib
from typing import Any

import schemathesis

ROWS = 12
"""Ids up to this one are mostly there."""
DAYS = ("on", "starts_on", "ends_on", "open_on")


@schemathesis.hook
def map_path_parameters(context: Any, path_parameters: Any) -> Any:
    return nearer(path_parameters)


@schemathesis.hook
def map_query(context: Any, query: Any) -> Any:
    return nearer(query)


@schemathesis.hook
def map_body(context: Any, body: Any) -> Any:
    return nearer(body)


def nearer(said: Any) -> Any:
    if not isinstance(said, dict):
        return said
    return {name: _nearer(name, value) for name, value in said.items()}


def _nearer(name: str, value: Any) -> Any:
    chance = zlib.crc32(repr((name, value)).encode(errors="replace"))
    if chance % 3 == 0:
        return value
    if name.endswith("_id") and type(value) is int:
        return 1 + value % ROWS
    if name in ("units", "children") and isinstance(value, list):
        return [1 + one % ROWS if type(one) is int else one for one in value]
    if name == "parts" and isinstance(value, list):
        return [nearer(one) for one in value]
    if name in DAYS and isinstance(value, str) and len(value) == 10 and value[4:5] == "-":
        return f"20{20 + chance % 7}{value[4:]}"
    return value
