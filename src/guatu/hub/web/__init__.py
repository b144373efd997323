"""Pages for people. A view fetches, calls an action, renders."""
