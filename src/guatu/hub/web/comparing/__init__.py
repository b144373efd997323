"""Two rounds of a ledger beside one another."""
