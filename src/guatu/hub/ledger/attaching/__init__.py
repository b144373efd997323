"""Attached files on their way in, and what is left of them on the disk."""
