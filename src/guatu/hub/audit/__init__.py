"""Who did what, when: append-only, chained, held outside; and the one way a change is made."""
