"""Rounds judged, as pages: the runs of a ledger, a league, what is behind a number, why a light shows what it shows."""
