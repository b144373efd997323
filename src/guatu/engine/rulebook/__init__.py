"""Rulebooks: dated, cited rules read from YAML, checked with file:line messages, never evaluated here."""

from guatu.engine.rulebook.loading import check_rulebook, load_chosen, load_rulebook
from guatu.engine.rulebook.model import Rulebook

__all__ = ["Rulebook", "check_rulebook", "load_chosen", "load_rulebook"]
