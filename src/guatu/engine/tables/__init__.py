"""Tables and what formulas are worth over them: the plain-Python reference, and DuckDB which must agree."""

from guatu.engine.tables.answers import fractions
from guatu.engine.tables.dimension import Dimension, Subject, TablesRefused
from guatu.engine.tables.duckdb import DuckdbTables, Session
from guatu.engine.tables.lights import (
    OVERALL,
    ClauseRule,
    Condition,
    DimensionRule,
    Lack,
    LightRules,
    before_column,
)
from guatu.engine.tables.matching import REASONS, pair_scope, pairs, unmatched
from guatu.engine.tables.reference import ReferenceTables

__all__ = [
    "OVERALL",
    "REASONS",
    "ClauseRule",
    "Condition",
    "Dimension",
    "DimensionRule",
    "DuckdbTables",
    "Lack",
    "LightRules",
    "ReferenceTables",
    "Session",
    "Subject",
    "TablesRefused",
    "before_column",
    "fractions",
    "pair_scope",
    "pairs",
    "unmatched",
]
