"""A lake read and written by Spark, wherever its Hadoop file systems reach (`s3a://`, `oss://`, `hdfs://`, folders)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from guatu.engine.tables.lake import PERIOD, not_held
from guatu.engine.tables.spark import own_session

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession


class SparkLake:
    """As ParquetLake. Spark reads one round's folder, the columns asked for, and pushes `among` down to Parquet."""

    def __init__(self, uri: str, session: SparkSession | None = None) -> None:
        self.uri = uri.rstrip("/")
        self._session = own_session(session)

    def tables(self) -> list[str]:
        return self._folders(self.uri)

    def periods(self, table: str) -> list[str]:
        folders = self._folders(f"{self.uri}/{table}")
        return [name.removeprefix(PERIOD) for name in folders if name.startswith(PERIOD)]

    def columns(self, table: str, period: str) -> list[str]:
        return list(self.frame(table, period).columns)

    def read(
        self,
        table: str,
        period: str,
        columns: Sequence[str] | None = None,
        among: Mapping[str, Sequence[str]] | None = None,
    ) -> pa.Table:
        return self.frame(table, period, columns, among).toArrow()

    def frame(
        self,
        table: str,
        period: str,
        columns: Sequence[str] | None = None,
        among: Mapping[str, Sequence[str]] | None = None,
    ) -> DataFrame:
        """What `read` collects, still in Spark."""
        from pyspark.errors import AnalysisException

        try:
            frame = self._session.read.parquet(self._folder(table, period))
        except AnalysisException as error:
            raise not_held(self.uri, table, period) from error
        for key, values in (among or {}).items():
            frame = frame.where(frame[_quoted(key)].isin(list(values)))
        return frame if columns is None else frame.select([frame[_quoted(name)] for name in columns])

    def write(self, table: str, period: str, rows: pa.Table) -> None:
        frame = self._session.createDataFrame(rows)
        frame.write.mode("overwrite").option("compression", "zstd").parquet(self._folder(table, period))

    def remove(self, table: str, period: str) -> None:
        path, files = self._path(self._folder(table, period))
        files.delete(path, True)

    def _folder(self, table: str, period: str) -> str:
        return f"{self.uri}/{table}/{PERIOD}{period}"

    def _folders(self, folder: str) -> list[str]:
        path, files = self._path(folder)
        if not files.exists(path):
            return []
        return sorted(one.getPath().getName() for one in files.listStatus(path) if one.isDirectory())

    def _path(self, folder: str) -> tuple[Any, Any]:
        """A path and its file system, as Hadoop knows them."""
        context: Any = self._session.sparkContext
        path = context._jvm.org.apache.hadoop.fs.Path(folder)
        return path, path.getFileSystem(context._jsc.hadoopConfiguration())


def _quoted(name: str) -> str:
    return f"`{name.replace('`', '``')}`"
