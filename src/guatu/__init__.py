"""Guatu 挂图: key-project command."""
