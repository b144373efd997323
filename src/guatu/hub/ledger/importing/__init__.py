"""From a workbook to what it would change in a ledger, and from there into it."""
