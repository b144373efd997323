"""The league workbook of a round: ranks by list, lights with reasons, fractions, arrivals, findings, ladder steps."""

from guatu.office.league.facts import FindingLine, ItemLine, LeagueFacts, ListLeague
from guatu.office.league.workbook import write_league

__all__ = ["FindingLine", "ItemLine", "LeagueFacts", "ListLeague", "write_league"]
