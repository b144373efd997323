"""PostgreSQL as Django knows it, without a question before every request whether the connection still stands."""

from __future__ import annotations

import select
import time

from django.db.backends.postgresql import base

TRUSTED_SECONDS = 5
"""How long after an answer a connection is taken to stand, as long as nothing came over it unasked."""


class DatabaseWrapper(base.DatabaseWrapper):
    _trusted_until = 0.0

    def is_usable(self) -> bool:
        """Whether the server still holds the connection. One that closes it says so, which is seen without asking; it is asked
        after an error, a pause, or anything said unasked."""
        now = time.monotonic()
        if now < self._trusted_until and not self.errors_occurred and not self._was_told():
            return True
        found: bool = super().is_usable()
        self._trusted_until = now + TRUSTED_SECONDS if found else 0.0
        return found

    def _was_told(self) -> bool:
        """Whether the server has something to say that nobody asked it, or the connection is closed."""
        if self.connection.closed:
            return True
        watched = select.poll()
        watched.register(self.connection.fileno(), select.POLLIN)
        return bool(watched.poll(0))
