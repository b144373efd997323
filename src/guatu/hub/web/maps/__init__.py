"""The map of a ledger: districts washed, items where they lie, and putting an item on it."""
