"""Signing in, one's own account, and helping somebody who cannot sign in."""
