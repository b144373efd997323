"""The distributed driver: the same statements, worked out by Spark."""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Mapping
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from sqlglot import exp

from guatu.engine.expressions import Typed
from guatu.engine.tables import sql_values as sql
from guatu.engine.tables.dimension import Subject
from guatu.engine.tables.duckdb import Session
from guatu.engine.tables.sources import RAW, Sources, column
from guatu.engine.tables.spark_sql import ExactSpark
from guatu.engine.tables.sql_statements import lowest_terms, row_query
from guatu.engine.tables.sql_tables import SqlTables
from guatu.engine.tables.sql_values import Pair, Sql
from guatu.text import Refusal, Text

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

SETTINGS = {
    "spark.sql.ansi.enabled": "true",  # what does not fit is an error, never a null
    "spark.sql.caseSensitive": "true",
    "spark.sql.session.timeZone": "UTC",
}


class SparkTables(SqlTables):
    """As ReferenceTables, worked out by Spark with the same answers to the digit.

    Uses the session given, or else the active one (see `spark_session`); its own settings and views stay
    in a session of their own.
    """

    def __init__(
        self,
        tables: Mapping[str, pa.Table],
        constants: Mapping[str, object],
        subjects: Mapping[str, Subject] | None = None,
        session: SparkSession | None = None,
    ) -> None:
        super().__init__(tables, constants, subjects)
        self._session = own_session(session)
        self._sent: dict[str, dict[str, Any]] = {}

    def _row_answer(self, sources: Sources, table: str, wanted: Mapping[str, Typed]) -> pa.Table:
        # Spark has no greatest common divisor; pairs are reduced faster once they are here.
        answer = self._ask(row_query(sources, table, wanted, reduced=False), sources)
        return _in_lowest_terms(answer, wanted)

    def _render(self, query: Sql) -> str:
        return render(query)

    def _ask(self, query: Sql | str, sources: Sources) -> pa.Table:
        self._send(sources)
        text = query if isinstance(query, str) else self._render(query)
        views = [f"{_quoted(table)} AS ({render(sources.view(table))})" for table in sources.arrow()]
        return self._session.sql(f"WITH {', '.join(views)} {text}").toArrow()

    def _send(self, sources: Sources) -> None:
        """Hand over the columns Spark does not have yet."""
        for table, rows in sources.arrow().items():
            sent = self._sent.setdefault(table, {})
            new = {
                name: column for name, column in zip(rows.column_names, rows.columns, strict=True) if name not in sent
            }
            if new:
                sent |= new
                frame = self._session.createDataFrame(pa.table(sent))
                frame.createOrReplaceTempView(_quoted(RAW + table))


def _in_lowest_terms(answer: pa.Table, wanted: Mapping[str, Typed]) -> pa.Table:
    """The same answer with every number reduced."""
    columns = {name: column("a", name) for name in answer.column_names}
    for key in (key for key, typed in wanted.items() if typed.type.numeric):
        num, den = (sql.wide(column("a", f"{key}.{side}")) for side in ("num", "den"))
        for side, lowest in zip(("num", "den"), lowest_terms(Pair(num, den)), strict=True):
            columns[f"{key}.{side}"] = sql.cast(lowest, "decimal(38, 0)")
    named = [sql.named(made, name) for name, made in columns.items()]
    given, seen = (exp.Table(this=exp.to_identifier(name, quoted=True)) for name in (f"{RAW}answer", "answer"))
    query = sql.select(named, sql.source(seen, "a"))
    return Session().ask(query.sql("duckdb"), {"answer": answer}, {"answer": sql.select([exp.Star()], given)})


class SparkMissing(Refusal):
    """Spark cannot be started here; says what to install."""


def spark_session(master: str | None = None, settings: Mapping[str, str] | None = None) -> SparkSession:
    """Spark, started or joined. Without `master` it is what spark-submit or the environment says.

    Raises SparkMissing without pyspark or Java.
    """
    _require_parts()
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.appName("guatu").config("spark.log.level", "ERROR")
    builder = builder.config("spark.ui.showConsoleProgress", "false")
    if master is not None:
        builder = builder.master(master)
    if (master or "").startswith("local"):
        # One process on this machine: no door to it from outside.
        for key in ("spark.driver.host", "spark.driver.bindAddress"):
            builder = builder.config(key, "127.0.0.1")
        builder = builder.config("spark.ui.enabled", "false")
    for key, value in (settings or {}).items():
        builder = builder.config(key, value)
    # Every failure reaches the caller as an exception; pyspark would print it as well.
    logging.getLogger("SQLQueryContextLogger").setLevel(logging.CRITICAL)
    return builder.getOrCreate()


def _require_parts() -> None:
    if find_spec("pyspark") is None:
        raise SparkMissing(
            "--engine spark",
            Text("没有安装 pyspark", "pyspark is not installed"),
            Text("运行 pip install 'guatu[spark]'。", "Run: pip install 'guatu[spark]'"),
        )
    home = os.environ.get("JAVA_HOME")
    java = shutil.which("java") or (home and shutil.which("java", path=os.path.join(home, "bin")))
    if java is None and "PYSPARK_GATEWAY_PORT" not in os.environ:
        raise SparkMissing(
            "--engine spark",
            Text("找不到 Java，Spark 要用它", "Java, which Spark runs on, was not found"),
            Text(
                "安装 Java 17 或更新的版本，例如 apt install openjdk-17-jre-headless，或设 JAVA_HOME。",
                "Install Java 17 or newer, for instance apt install openjdk-17-jre-headless, or set JAVA_HOME.",
            ),
        )


def own_session(session: SparkSession | None = None) -> SparkSession:
    """A session beside the given (or else the active) one, with our settings and no views."""
    from pyspark.sql import SparkSession

    own = (session or SparkSession.active()).newSession()
    for key, value in SETTINGS.items():
        own.conf.set(key, value)
    return own


def render(query: Sql) -> str:
    return str(query.sql(ExactSpark))


def _quoted(name: str) -> str:
    return str(exp.to_identifier(name, quoted=True).sql(ExactSpark))
