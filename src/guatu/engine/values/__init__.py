"""Small frozen values the engine's answers are made of: how serious, and how much of how much."""

from guatu.engine.values.rate import Rate
from guatu.engine.values.severity import Severity

__all__ = ["Rate", "Severity"]
