"""Rights are a matter of the database at hand."""

from __future__ import annotations

from django.db import connection

collect_ignore = ["test_rights_on_sqlite.py" if connection.vendor == "postgresql" else "test_rights_on_postgresql.py"]
