"""Tables and what formulas are worth over them: the plain-Python reference, and DuckDB and Spark which must agree."""

from guatu.engine.tables.answers import fractions
from guatu.engine.tables.combinations import combinations, row_numbers
from guatu.engine.tables.dimension import Dimension, Subject, TablesRefused
from guatu.engine.tables.duckdb import DuckdbTables, Session
from guatu.engine.tables.lake import Lake, LakeRefused, ParquetLake
from guatu.engine.tables.lights import (
    OVERALL,
    ClauseRule,
    Condition,
    DimensionRule,
    Facts,
    Held,
    Lack,
    LightRules,
)
from guatu.engine.tables.matching import REASONS, pair_scope, pairs, unmatched
from guatu.engine.tables.reference import ReferenceTables
from guatu.engine.tables.spark import SparkMissing, SparkTables, spark_session
from guatu.engine.tables.spark_lake import SparkLake

__all__ = [
    "OVERALL",
    "REASONS",
    "ClauseRule",
    "Condition",
    "Dimension",
    "DimensionRule",
    "DuckdbTables",
    "Facts",
    "Held",
    "Lack",
    "Lake",
    "LakeRefused",
    "LightRules",
    "ParquetLake",
    "ReferenceTables",
    "Session",
    "SparkLake",
    "SparkMissing",
    "SparkTables",
    "Subject",
    "TablesRefused",
    "combinations",
    "fractions",
    "pair_scope",
    "pairs",
    "row_numbers",
    "spark_session",
    "unmatched",
]
