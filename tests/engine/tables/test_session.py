"""The sessions in which DuckDB is asked: apart from one another, and usable on either side of a fork."""

from __future__ import annotations

import os

import duckdb
import pyarrow as pa
import pytest
from sqlglot import exp

from guatu.engine.tables import Session
from guatu.engine.tables.sources import RAW

HERE = exp.select("*").from_(exp.to_identifier(f"{RAW}here", quoted=True))


def asked(session: Session, query: str, *numbers: int) -> list[dict[str, int]]:
    return session.ask(query, {"here": pa.table({"n": list(numbers)})}, {"here": HERE}).to_pylist()


def test_a_session_sees_its_own_tables_only() -> None:
    one, other = Session(), Session()

    assert asked(one, "select n from here", 1) == [{"n": 1}]
    assert asked(other, "select n from here", 2) == [{"n": 2}]
    with pytest.raises(duckdb.CatalogException):
        Session().ask("select n from here", {}, {})


def test_a_table_handed_over_again_is_the_new_one() -> None:
    session = Session()

    assert asked(session, "select sum(n) as n from here", 1, 2) == [{"n": 3}]
    assert asked(session, "select sum(n) as n from here", 5) == [{"n": 5}]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a system that forks")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_forked_child_asks_in_a_database_of_its_own() -> None:
    many = list(range(200_000))  # enough for several threads, which a child does not inherit
    assert asked(Session(), "select count(*) as n from here", *many) == [{"n": 200_000}]

    child = os.fork()
    if child == 0:
        os._exit(0 if asked(Session(), "select count(*) as n from here", *many) == [{"n": 200_000}] else 1)
    _, status = os.waitpid(child, 0)

    assert status == 0
