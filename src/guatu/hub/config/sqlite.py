"""The SQLite library the platform runs on: the bundled one, never the system's, and never one that can lose commits."""

from __future__ import annotations

import sys

import pysqlite3

from guatu.text import Refusal, Text

# Since these releases a checkpoint of the write-ahead log no longer races a reset of it (sqlite.org, WAL-reset bug):
# 3.51.3, and the branches it was carried back to.
_SAFE = {(3, 44): 6, (3, 50): 7, (3, 51): 3}


class UnsafeSqlite(Refusal):
    """The SQLite at hand can lose committed data; the site does not start on it."""

    def __init__(self, version: str) -> None:
        super().__init__(
            "SQLite",
            Text(
                f"版本 {version} 在 WAL 模式下可能丢失已提交的数据，不能使用",
                f"version {version} may lose committed data in WAL mode and is not used",
            ),
            Text(
                "重新安装锁定的依赖（pysqlite3 自带安全版本），或改用 PostgreSQL。",
                "Install the locked dependencies anew (pysqlite3 carries a safe version), or use PostgreSQL.",
            ),
        )


def is_safe(version: tuple[int, int, int]) -> bool:
    """Whether a release has the fix: 3.51.3 and later, and the two branches that received it."""
    branch, patch = version[:2], version[2]
    return branch > max(_SAFE) or (branch in _SAFE and patch >= _SAFE[branch])


def use_bundled_sqlite() -> None:
    """Put the bundled library in the place of Python's `sqlite3`; must run before Django loads its database backend."""
    if not is_safe(pysqlite3.sqlite_version_info):
        raise UnsafeSqlite(pysqlite3.sqlite_version)
    sys.modules["sqlite3"] = pysqlite3
    sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2
