"""Tables and what formulas are worth over them: the plain-Python reference, and DuckDB which must agree."""

from guatu.engine.tables.answers import fractions
from guatu.engine.tables.dimension import Dimension, Subject, TablesRefused
from guatu.engine.tables.duckdb import DuckdbTables
from guatu.engine.tables.matching import REASONS, pair_scope, pairs, unmatched
from guatu.engine.tables.reference import ReferenceTables

__all__ = [
    "REASONS",
    "Dimension",
    "DuckdbTables",
    "ReferenceTables",
    "Subject",
    "TablesRefused",
    "fractions",
    "pair_scope",
    "pairs",
    "unmatched",
]
