"""Every action as it is made to happen in the test city, by subject.

A new action gets its row beside its like; without one, no test can tell whether it leaves a record or survives being killed.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path

import guatu.hub
from tests.hub.changes.change import Change
from tests.hub.changes.goals import GOALS
from tests.hub.changes.items import ITEMS
from tests.hub.changes.people import PEOPLE
from tests.hub.changes.workbooks import WORKBOOKS

CHANGES: Mapping[str, Change] = {**PEOPLE, **ITEMS, **GOALS, **WORKBOOKS}


def load_all_actions() -> None:
    """Import every module of actions, so that all of them are known."""
    hub = Path(guatu.hub.__file__).parent
    for path in sorted(hub.glob("*/actions/*.py")) + sorted(hub.glob("*/actions.py")):
        import_module("guatu.hub." + ".".join(path.relative_to(hub).with_suffix("").parts))
