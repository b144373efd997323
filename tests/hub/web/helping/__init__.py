"""Help beside every screen, and the first steps."""
