"""Take every check of a permission out of the platform, one at a time, and see a test notice.

    python drills/mutate_permissions.py [--only WORDS] [--every N]

Rows of the policy opened wider or closed, rights of roles added and taken away, `require` and `visible_to` left out, dates and
disabled accounts overlooked. Each mutant lives in a process of its own, on a copy of one world in memory, and meets the matrix of
permissions (only at routes that come through what was changed), the reading of contents and the refusals of actions, until one of
them complains. Which routes come through which function is traced once, without mutants. A survivor is a check nothing holds in its
place; exit code 1 unless its reason is written down below.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
LIMIT = 300
"""Seconds after which a mutant that neither lives nor dies is stopped; it counts as noticed."""

EQUIVALENT: dict[str, str] = {}
"""Survivors that change nothing anybody could see, by the end of their name, with the reason."""


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="mutants whose name holds these words")
    parser.add_argument("--every", type=int, default=1, help="only each so-manieth mutant")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="guatu-mutants-") as folder:
        set_up(Path(folder))
        survivors, total = judge_all(given.only, given.every)
    unexplained = [one for one in survivors if not any(one.endswith(end) for end in EQUIVALENT)]
    for one in survivors:
        print(f"survived: {one}")
    print(
        f"{total - len(survivors)} of {total} noticed; {len(survivors) - len(unexplained)} change nothing; {len(unexplained)} survive"
    )
    return 1 if unexplained else 0


def set_up(folder: Path) -> None:
    """Django, on a database in memory that a forked process has a copy of."""
    import logging
    import warnings

    sys.path.insert(0, str(ROOT))
    os.environ["GUATU_HOME"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "guatu.hub.config.settings"
    os.environ.pop("GUATU_DATABASE", None)
    import django

    django.setup()
    import tests.hub.conftest  # noqa: F401  # quick hashes, plain static files
    from django.core.management import call_command
    from django.db import connection
    from django.test.utils import setup_test_environment

    setup_test_environment()
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    connection.settings_dict["NAME"] = ":memory:"
    call_command("migrate", verbosity=0)


def judge_all(only: str, every: int) -> tuple[list[str], int]:
    from tests.hub.permissions.mutants import all_mutants
    from tests.hub.permissions.world import build_world

    world = build_world()
    through = traced(world)
    survivors, mutants = [], [one for one in all_mutants() if only in one.name][::every]
    for number, mutant in enumerate(mutants, 1):
        noticed = in_a_process_of_its_own(lambda one=mutant: noticed_by(world, one, through))  # type: ignore[misc]
        if not noticed:
            survivors.append(mutant.name)
        print(f"{number}/{len(mutants)} {mutant.name}: {noticed or 'SURVIVED'}", flush=True)
    return survivors, len(mutants)


def traced(world: Any) -> dict[str, set[str]]:
    """Which routes come through which functions of the hub, by their module and name."""
    from tests.hub.permissions.knocking import knocks_at
    from tests.hub.permissions.routes import all_routes

    through: dict[str, set[str]] = {}
    route_now = ""

    def trace(frame: Any, event: str, argument: object) -> None:
        if event == "call" and "guatu/hub" in frame.f_code.co_filename:
            name = f"{frame.f_globals.get('__name__')}.{frame.f_code.co_qualname.split('.<locals>')[0]}"
            through.setdefault(name, set()).add(route_now)

    names = ("security_administrator", "system_administrator", "audit_administrator")
    callers = [world.callers[name] for name in (*names, "disabled", "token of a disabled person")]
    callers += [world.callers[f"token of {name}"] for name in names]
    for route in all_routes():
        route_now = route.name
        sys.setprofile(trace)
        for caller in callers:
            list(knocks_at(world, caller, route))
        sys.setprofile(None)
    return through


def noticed_by(world: Any, mutant: Any, through: dict[str, set[str]]) -> str:
    """The first complaint about a mutant; nothing if there is none."""
    mutant.apply()
    for complaints in (at_doors(world, mutant, through), in_actions(), in_contents(world)):
        for complaint in complaints:
            return complaint
    return ""


def at_doors(world: Any, mutant: Any, through: dict[str, set[str]]) -> Iterator[str]:
    from tests.hub.permissions.knocking import knocks_at
    from tests.hub.permissions.routes import all_routes

    kind, _, what = mutant.touches.partition(" ")
    near = {what} if kind == "route" else through.get(mutant.touches, set())
    role = mutant.name.split(" ")[0]
    for caller in sorted(world.callers.values(), key=lambda one: (role not in one.name, one.token is None)):
        if kind == "all" and role not in caller.name:
            continue
        for route in all_routes():
            if kind == "all" or route.name in near:
                yield from (str(one) for one in knocks_at(world, caller, route) if one.wrong is not None)


def in_actions() -> Iterator[str]:
    from tests.hub.changes.actions import CHANGES
    from tests.hub.changes.refusing import let_in_wrongly

    for name in CHANGES:
        yield from let_in_wrongly(name)


def in_contents(world: Any) -> Iterator[str]:
    from tests.hub.permissions.test_contents import READERS, differing, leaks

    for name in READERS:
        yield from leaks(world, world.callers[name])
        yield from differing(world, world.callers[name])


def in_a_process_of_its_own(judge: Any) -> str:
    """What `judge` says in a forked process; a process that breaks or does not end noticed something, too."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        signal.alarm(LIMIT)
        try:
            said = judge()
        except BaseException as error:
            said = f"it breaks: {error!r}"
        os.write(writing, said.encode()[:300])
        os._exit(0)
    os.close(writing)
    began = time.monotonic()
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read().decode(errors="replace").replace("\n", " ")
    _, status = os.waitpid(pid, 0)
    return said or (f"it does not end ({time.monotonic() - began:.0f} s)" if os.WIFSIGNALED(status) else "")


if __name__ == "__main__":
    sys.exit(main())
