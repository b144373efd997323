"""Whole numbers as addresses and forms say them: ids, revisions, places."""

from __future__ import annotations


def whole_number(said: str, below: int = 10**18) -> int | None:
    """The number written in plain digits; None where it is none, or not below a bound that every column of ids takes."""
    if not (said.isascii() and said.isdigit()) or len(said) > len(str(below)):
        return None
    number = int(said)
    return number if number < below else None
