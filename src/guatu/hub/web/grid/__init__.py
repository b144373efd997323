"""A ledger's items as a dispatcher works with them: table, board, calendar, one filter for all."""
