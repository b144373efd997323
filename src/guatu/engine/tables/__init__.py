"""Tables and what formulas are worth over them: the plain-Python reference, and DuckDB and Spark which must agree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guatu.engine.late import found_late

if TYPE_CHECKING:
    from guatu.engine.tables.answers import fractions
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
    "fractions",
    "pair_scope",
    "pairs",
    "spark_session",
    "unmatched",
]

__getattr__ = found_late(
    __name__,
    {
        "answers": ("fractions",),
        "dimension": ("Dimension", "Subject", "TablesRefused"),
        "duckdb": ("DuckdbTables", "Session"),
        "lake": ("Lake", "LakeRefused", "ParquetLake"),
        "lights": ("OVERALL", "ClauseRule", "Condition", "DimensionRule", "Facts", "Held", "Lack", "LightRules"),
        "matching": ("REASONS", "pair_scope", "pairs", "unmatched"),
        "reference": ("ReferenceTables",),
        "spark": ("SparkMissing", "SparkTables", "spark_session"),
        "spark_lake": ("SparkLake",),
    },
)
