"""Every form that changes something carries a key, so that sent twice it has one effect."""

from __future__ import annotations

import re
from pathlib import Path

TEMPLATES = Path(__file__).resolve().parents[3] / "src/guatu/hub"
FORM = re.compile(r"<form\b[^>]*\bmethod=\"post\"[^>]*>.*?</form>", re.DOTALL | re.IGNORECASE)
HARMLESS = {
    "{% url 'language' %}": "sets a cookie",
    "{% url 'account_logout' %}": "signing out twice is signing out",
    "{% url 'audit_export' %}": "hands out a file; asked for twice it is handed out twice, each time on the record",
    "{% url 'own_data_copy' %}": "the same",
    "{% url 'items_export' ": "the same",
    "{% url 'items_paste' ledger.key %}": "shows what a paste would do; what is taken is sent by the form it shows, with a key",
}
"""Forms that change nothing a person could do twice, by their address."""
SIGN_IN = re.compile(r"/templates/(account|mfa|sign_in|socialaccount|usersessions)/")
"""Pages before somebody is signed in, and those about how they sign in: the sign-in library deals with repeats itself."""


def test_every_form_that_changes_something_carries_a_key() -> None:
    bare = [
        f"{path.relative_to(TEMPLATES)}: {form.split('>')[0]}>"
        for path in sorted(TEMPLATES.rglob("*.html"))
        if not SIGN_IN.search(path.as_posix())
        for form in FORM.findall(path.read_text(encoding="utf-8"))
        if "{% idempotency_key %}" not in form and not any(one in form for one in HARMLESS)
    ]

    assert bare == []
