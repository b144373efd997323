"""Open the site for one command: Django is set up here and nowhere else, so that every other command stays quick."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from guatu.text import Refusal, Text

if TYPE_CHECKING:
    from guatu.hub.audit.source import OnBehalf

DATABASE = "GUATU_DATABASE"
P = ParamSpec("P")
R = TypeVar("R")


class DatabaseSilent(Refusal):
    """The database does not answer, or not to us."""

    def __init__(self, said: str) -> None:
        super().__init__(
            "GUATU_DATABASE",
            Text(f"数据库没有答应：{said}", f"the database does not answer: {said}"),
            Text(
                "看数据库是否在运行，地址、用户和密码是否对；表还没有建就运行 guatu hub migrate。",
                "See whether it runs and whether address, user and password are right; if its tables are missing, run "
                "guatu hub migrate.",
            ),
        )


def at_site(run: Callable[P, R], *, as_owner: bool = False) -> Callable[P, R]:
    """A command's function that finds Django set up, and whose database errors are told in plain words."""

    @wraps(run)
    def opened(*args: P.args, **kwargs: P.kwargs) -> R:
        open_site(as_owner=as_owner)
        from django.db import OperationalError, ProgrammingError

        try:
            return run(*args, **kwargs)
        except (OperationalError, ProgrammingError) as error:
            raise DatabaseSilent(" ".join(str(error).split())[:300]) from error

    return opened


def open_site(*, as_owner: bool = False) -> None:
    """Set Django up; as owner, on the address of the role that owns the tables, where one is given."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guatu.hub.config.settings")
    if as_owner:
        _take_owner_address()
    import django

    django.setup()


def _take_owner_address() -> None:
    from guatu.hub.config.environment import Environment

    if address := Environment().text("GUATU_MIGRATION_DATABASE"):
        if role := application_role():
            os.environ["GUATU_APPLICATION_ROLE"] = role
        os.environ.pop(f"{DATABASE}_FILE", None)
        os.environ[DATABASE] = address


def application_role() -> str:
    """The user of GUATU_DATABASE, to whom rights are granted when another role owns the tables."""
    from urllib.parse import unquote, urlsplit

    from guatu.hub.config.environment import Environment

    return unquote(urlsplit(Environment().text(DATABASE)).username or "")


def by_command() -> OnBehalf:
    """On whose behalf a command acts that needs no person: the operator of the machine."""
    from guatu.hub.audit.source import Door, OnBehalf, Source

    return OnBehalf(None, None, None, Source(Door.CLI, request=uuid.uuid4().hex))
