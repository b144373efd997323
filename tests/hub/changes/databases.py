"""Databases of their own for processes that are killed: made once with the city in it, copied for each trial."""

from __future__ import annotations

import shutil
from contextlib import suppress
from itertools import count
from pathlib import Path

from django.core.management import call_command
from django.db import connection

from tests.hub.people import build_city


class Databases:
    """Copies of a migrated database, empty or with the city, on whatever the settings name."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._numbers = folder, count(1)
        self._home = str(connection.settings_dict["NAME"])
        self._made: list[str] = []
        self._empty = self._new("empty")
        call_command("migrate", verbosity=0)
        self._city = self.copy(self._empty)
        build_city()
        self._leave()

    def fresh(self, *, empty: bool) -> None:
        """A new copy, with which the connection then works."""
        self.copy(self._empty if empty else self._city)

    def copy(self, of: str) -> str:
        self._leave()
        name = self._name(f"copy{next(self._numbers)}")
        if connection.vendor == "postgresql":
            self._at_server(f'CREATE DATABASE "{name}" TEMPLATE "{of}"')
        else:
            shutil.copyfile(of, name)
        self._use(name)
        return name

    def drop_copies(self) -> None:
        """Remove all that was copied but the two that are copied from."""
        self._leave()
        for name in [one for one in self._made if one not in (self._empty, self._city)]:
            self._drop(name)

    def drop_all(self) -> None:
        self._leave()
        for name in list(self._made):
            self._drop(name)

    def _new(self, word: str) -> str:
        name = self._name(word)
        if connection.vendor == "postgresql":
            self._at_server(f'DROP DATABASE IF EXISTS "{name}"')
            self._at_server(f'CREATE DATABASE "{name}"')
        self._use(name)
        return name

    def _name(self, word: str) -> str:
        if connection.vendor == "postgresql":
            return f"{self._home}_{word}"
        return str(self._folder / f"{word}.sqlite3")

    def _use(self, name: str) -> None:
        connection.close()
        connection.settings_dict["NAME"] = name
        self._made.append(name)

    def _leave(self) -> None:
        """Close, so that nothing of the last copy is still in a log beside it."""
        connection.close()

    def _drop(self, name: str) -> None:
        self._made.remove(name)
        if connection.vendor == "postgresql":
            self._at_server(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        else:
            for ending in ("", "-wal", "-shm"):
                with suppress(FileNotFoundError):
                    Path(name + ending).unlink()

    def _at_server(self, sql: str) -> None:
        connection.close()
        with connection._nodb_cursor() as cursor:
            cursor.execute(sql)
