"""From where a change comes, and on whose behalf it is recorded."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Door(StrEnum):
    WEB = "web"
    API = "api"
    CLI = "cli"
    WORKER = "worker"


@dataclass(frozen=True, slots=True)
class Source:
    """One request or command: its door, the address it came from, and the names it goes by."""

    door: Door
    address: str = ""
    """Network address of a request; personal data, so the record holds it only behind a commitment."""
    request: str = ""
    """The request's or command's own id, also in the log."""
    idempotency_key: str = ""
    token_id: int | None = None
    """The API token that spoke, if one did."""


@dataclass(frozen=True, slots=True)
class OnBehalf:
    """Who acts, in which post of which unit: what the check of a permission returns, and a record needs.

    Without a post, somebody acts on what is their own (a password), or a command sets up an empty site.
    """

    person_id: int | None
    post_id: int | None
    unit_id: int | None
    source: Source
