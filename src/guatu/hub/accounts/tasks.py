"""What the worker does for accounts. What it needs is loaded there, and never in a web process."""

from __future__ import annotations

from importlib import import_module

from django_tasks import task


@task()
def read_waiting_load(load_id: int) -> None:
    """Read a workbook of units and people that was submitted, and keep what was found."""
    import_module("guatu.hub.accounts.loading.working").read_waiting(load_id)
