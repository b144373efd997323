"""The `guatu` command: one table of commands, each loaded only when it is called."""
