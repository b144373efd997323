"""Settings from the environment; a value that makes no sense is refused by name, with what would make sense."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import unquote, urlsplit

from guatu.text import Refusal, Text

_MAIL_PORTS = {"smtp": 25, "smtps": 465, "smtp+tls": 587}


class WrongSetting(Refusal):
    """An environment variable holds what cannot be used."""

    def __init__(self, name: str, what: Text, remedy: Text) -> None:
        super().__init__(name, what, remedy)


class Environment:
    """The environment as settings read it. Every variable may come as `NAME_FILE` too: the path of a file that holds it."""

    def __init__(self, variables: Mapping[str, str] | None = None) -> None:
        self._variables = os.environ if variables is None else variables

    def text(self, name: str, default: str = "") -> str:
        """The value of `name`, or of the file that `name`_FILE names, or the default. Both given is refused."""
        value, file = self._variables.get(name), self._variables.get(f"{name}_FILE")
        if value is not None and file is not None:
            raise WrongSetting(
                name,
                Text(f"{name} 和 {name}_FILE 都设了", f"both {name} and {name}_FILE are set"),
                Text("只留一个。", "Keep one of them."),
            )
        if file is not None:
            try:
                return Path(file).read_text(encoding="utf-8").strip()
            except OSError as error:
                raise WrongSetting(
                    f"{name}_FILE",
                    Text(f"读不了文件 {file}", f"the file {file} cannot be read ({error.strerror})"),
                    Text("检查路径和权限。", "Check the path and its permissions."),
                ) from error
        return default if value is None else value

    def flag(self, name: str, default: bool) -> bool:
        """`1` or `0`."""
        value = self.text(name, "1" if default else "0")
        if value not in ("0", "1"):
            raise WrongSetting(
                name,
                Text(f"“{value}”不是开关", f"'{value}' is no switch"),
                Text("写 1（开）或 0（关）。", "Write 1 (on) or 0 (off)."),
            )
        return value == "1"

    def whole(self, name: str, default: int, least: int, most: int) -> int:
        """A whole number from `least` to `most`."""
        value = self.text(name, str(default))
        if not value.isdecimal() or not least <= int(value) <= most:
            raise WrongSetting(
                name,
                Text(f"“{value}”不行", f"'{value}' will not do"),
                Text(f"写 {least} 到 {most} 的整数。", f"Write a whole number from {least} to {most}."),
            )
        return int(value)

    def choice(self, name: str, default: str, choices: Sequence[str]) -> str:
        """One of a few words."""
        value = self.text(name, default)
        if value not in choices:
            listed = ", ".join(choices)
            raise WrongSetting(
                name,
                Text(f"“{value}”不行", f"'{value}' will not do"),
                Text(f"写其中之一：{listed}。", f"Write one of {listed}."),
            )
        return value

    def key(self, name: str) -> str:
        """A key somebody issued: letters and digits, as it goes into an address."""
        value = self.text(name).strip()
        if value and not (value.isascii() and value.isalnum()):
            raise WrongSetting(
                name,
                Text("不是能用的密钥", "is no key that can be used"),
                Text("照发来的写，只有字母和数字。", "Write it as it was issued: letters and digits alone."),
            )
        return value

    def words(self, name: str, default: str = "") -> list[str]:
        """Words between commas."""
        return [word.strip() for word in self.text(name, default).split(",") if word.strip()]

    def networks(self, name: str, default: str) -> list[str]:
        """Addresses and networks between commas."""
        found = self.words(name, default)
        for one in found:
            try:
                ip_network(one, strict=False)
            except ValueError as error:
                raise WrongSetting(
                    name,
                    Text(f"“{one}”不是地址或网段", f"'{one}' is neither an address nor a network"),
                    Text("写成 10.0.0.5 或 10.0.0.0/24。", "Write it as 10.0.0.5 or 10.0.0.0/24."),
                ) from error
        return found

    def folder(self, name: str, default: Path) -> Path:
        """A folder, made if it is not there."""
        path = Path(self.text(name) or default).expanduser().absolute()
        try:
            path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise WrongSetting(
                name,
                Text(f"建不了文件夹 {path}", f"the folder {path} cannot be made ({error.strerror})"),
                Text("换一个可写的位置。", "Name a place that can be written."),
            ) from error
        return path

    def mail(self, name: str) -> dict[str, object]:
        """Django's mail settings from `smtp://USER:PASSWORD@HOST:PORT`; `smtps` speaks TLS from the start, `smtp+tls` soon."""
        value = self.text(name)
        parts = urlsplit(value)
        if value and (parts.scheme not in _MAIL_PORTS or not parts.hostname):
            raise WrongSetting(
                name,
                Text("不是能用的邮件服务器地址", "is no mail server's address that can be used"),
                Text(
                    "写 smtps://用户:密码@主机:端口（或 smtp、smtp+tls）。",
                    "Write smtps://USER:PASSWORD@HOST:PORT (or smtp, smtp+tls).",
                ),
            )
        return {
            "EMAIL_HOST": parts.hostname or "",
            "EMAIL_PORT": parts.port or _MAIL_PORTS.get(parts.scheme, 25),
            "EMAIL_HOST_USER": unquote(parts.username or ""),
            "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
            "EMAIL_USE_SSL": parts.scheme == "smtps",
            "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
            "EMAIL_TIMEOUT": 30,
        }

    def database(self, name: str, home: Path) -> dict[str, object]:
        """A Django database from `sqlite:///PATH` or `postgresql://USER:PASSWORD@HOST:PORT/NAME`; SQLite in `home` if unset.

        Parts of a PostgreSQL address that are left out are taken as libpq takes them (local socket, user of the process).
        """
        value = self.text(name) or f"sqlite:///{home / 'guatu.sqlite3'}"
        parts = urlsplit(value)
        if parts.scheme == "sqlite" and parts.path:
            return _sqlite(Path(unquote(parts.path.removeprefix("/") if parts.path.startswith("//") else parts.path)))
        if parts.scheme in ("postgresql", "postgres") and parts.path.strip("/"):
            return {
                "ENGINE": "guatu.hub.config.postgresql",
                "NAME": unquote(parts.path.strip("/")),
                "USER": unquote(parts.username or ""),
                "PASSWORD": unquote(parts.password or ""),
                "HOST": unquote(parts.hostname or ""),
                "PORT": str(parts.port or ""),
                "CONN_MAX_AGE": 600,
                "CONN_HEALTH_CHECKS": True,
                "OPTIONS": {
                    "prepare_threshold": 2
                },  # of statements that are kept (`guatu.hub.composed`); no others are prepared
            }
        raise WrongSetting(
            name,
            Text("不是能用的数据库地址", "is no database address that can be used"),
            Text(
                "写 sqlite:///路径 或 postgresql://用户:密码@主机:端口/库名。",
                "Write sqlite:///PATH or postgresql://USER:PASSWORD@HOST:PORT/NAME.",
            ),
        )


def _sqlite(path: Path) -> dict[str, object]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            # FULL: an acknowledged commit survives a power cut.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
        },
    }
