"""A lake: tables as Parquet, one folder per table, within it one folder per round (`items/period=2021-08/`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.fs as pafs
import pyarrow.parquet as pq

from guatu.text import Refusal, Text

PERIOD = "period="
FILE = "part-0.parquet"
ARROW_SCHEMES = ("file", "s3", "gs", "hdfs")
"""Addresses Arrow opens by itself."""


class LakeRefused(Refusal):
    """A place that holds no lake, or not the round asked for."""


class Lake(Protocol):
    """Whoever reads and writes a lake's files."""

    @property
    def uri(self) -> str: ...

    def tables(self) -> list[str]:
        """The tables there are, sorted."""

    def periods(self, table: str) -> list[str]:
        """The rounds a table holds, in order."""

    def columns(self, table: str, period: str) -> list[str]:
        """The columns of one round of a table."""

    def read(
        self,
        table: str,
        period: str,
        columns: Sequence[str] | None = None,
        among: Mapping[str, Sequence[str]] | None = None,
    ) -> pa.Table:
        """One round of a table: these columns of the rows whose `among` columns hold one of the texts given."""

    def write(self, table: str, period: str, rows: pa.Table) -> None:
        """Put one round of a table in the place of what was there."""

    def remove(self, table: str, period: str) -> None:
        """Take one round of a table away, if it is there."""


class ParquetLake:
    """A lake in a folder, or wherever Arrow has a file system for (ARROW_SCHEMES)."""

    def __init__(self, uri: str) -> None:
        self.uri = uri
        self._files, self._root = _file_system(uri)

    def tables(self) -> list[str]:
        return self._folders(self._root)

    def periods(self, table: str) -> list[str]:
        folders = self._folders(f"{self._root}/{table}")
        return [name.removeprefix(PERIOD) for name in folders if name.startswith(PERIOD)]

    def columns(self, table: str, period: str) -> list[str]:
        return list(self._dataset(table, period).schema.names)

    def read(
        self,
        table: str,
        period: str,
        columns: Sequence[str] | None = None,
        among: Mapping[str, Sequence[str]] | None = None,
    ) -> pa.Table:
        condition: Any = None
        for key, values in (among or {}).items():
            held = pc.field(key).isin(list(values))
            condition = held if condition is None else condition & held
        return self._dataset(table, period).to_table(
            columns=None if columns is None else list(columns), filter=condition
        )

    def write(self, table: str, period: str, rows: pa.Table) -> None:
        folder = self._folder(table, period)
        self._files.create_dir(folder, recursive=True)
        self._files.delete_dir_contents(folder)
        pq.write_table(rows, f"{folder}/{FILE}", filesystem=self._files, compression="zstd")

    def remove(self, table: str, period: str) -> None:
        if period in self.periods(table):
            self._files.delete_dir(self._folder(table, period))

    def _folder(self, table: str, period: str) -> str:
        return f"{self._root}/{table}/{PERIOD}{period}"

    def _folders(self, folder: str) -> list[str]:
        found = self._files.get_file_info(pafs.FileSelector(folder, allow_not_found=True))
        return sorted(one.base_name for one in found if one.type == pafs.FileType.Directory)

    def _dataset(self, table: str, period: str) -> Any:
        folder = self._folder(table, period)
        try:
            return ds.dataset(folder, filesystem=self._files, format="parquet")
        except (OSError, pa.ArrowInvalid) as error:
            raise not_held(self.uri, table, period) from error


def not_held(uri: str, table: str, period: str) -> LakeRefused:
    return LakeRefused(
        f"{uri}/{table}/{PERIOD}{period}",
        Text("湖里没有这一期的这张表", "the lake does not hold this table of this round"),
        Text("用 guatu lake add 重新放入这一期。", "Put the round in again with guatu lake add."),
    )


def _file_system(uri: str) -> tuple[Any, str]:
    if "://" not in uri:
        return pafs.LocalFileSystem(), uri.rstrip("/") or "/"
    try:
        files, path = pafs.FileSystem.from_uri(uri)
    except (ValueError, OSError, pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise LakeRefused(
            uri,
            Text(f"打不开这个位置：{error}", f"this place cannot be opened: {error}"),
            Text("用 --engine spark，它认得 s3a、oss、hdfs。", "Use --engine spark, which knows s3a, oss and hdfs."),
        ) from error
    return files, path
