"""Password hashes: argon2id at the cost the profile sets."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.hashers import Argon2PasswordHasher

from guatu.hub.accounts.sign_in.profile import profile


class ProfiledArgon2(Argon2PasswordHasher):
    """A hash made at another cost is made anew when its password is next right."""

    def params(self) -> Any:
        cost = profile().hashing
        self.memory_cost, self.time_cost, self.parallelism = cost.memory_kib, cost.passes, cost.threads
        return super().params()
