"""What the worker does for accounts. What it needs is loaded there, and never in a web process."""

from __future__ import annotations

from importlib import import_module

from django_tasks import task

_WORKING = "guatu.hub.accounts.loading.working"


@task()
def read_waiting_load(load_id: int) -> None:
    """Read a workbook of units and people that was submitted, and keep what was found."""
    import_module(_WORKING).read_waiting(load_id)


@task()
def carry_out_accepted_load(load_id: int) -> None:
    """Open and change what an accepted load says, or give its posts."""
    import_module(_WORKING).carry_out_accepted(load_id)
