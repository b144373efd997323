"""Signing in: passwords, second factors, sessions, throttling, and where the sign-in library asks us."""
