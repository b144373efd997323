"""Take every check of a permission out of the platform, one at a time, and see a test notice.

    python drills/mutate_permissions.py [--only WORDS] [--part K/N] [--every N]

Rows of the policy opened wider or closed, rights of roles added and taken away, `require` and `visible_to` left out, dates and
disabled accounts overlooked. Each mutant lives in a process of its own, in a world of its own in memory, and meets the matrix of
permissions (only at routes that come through what was changed), the refusals of actions (on an empty site) and the reading of
contents, until one of them complains. Which routes come through which function is traced once, without mutants; nobody may
complain then. A survivor is a check nothing holds in its place; exit code 1 unless its reason is written down below. A long run
goes in parts, side by side or one after another: `--part 1/4` to `--part 4/4` are all of it.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
LIMIT = 300
"""Seconds after which a mutant that neither lives nor dies is stopped; it counts as noticed."""

_DRAWN_ANEW = "the plan is drawn anew for whoever accepted it; tests/hub/accounts/test_loading.py asks each part"
EQUIVALENT: dict[str, str] = {
    " _parents: without require": _DRAWN_ANEW,
    " _change: without require": _DRAWN_ANEW,
    " carry_out_people: without require": _DRAWN_ANEW,
}
"""Survivors that change nothing anybody could see, by the end of their name, with the reason."""


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="mutants whose name holds these words")
    parser.add_argument("--part", type=part, default=(1, 1), help="the K-th of N parts, as K/N")
    parser.add_argument("--every", type=int, default=1, help="only each so-manieth mutant")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="guatu-mutants-") as folder:
        empty = set_up(Path(folder))
        from tests.hub.permissions.surroundings import surroundings  # now that Django is set up

        with surroundings(Path(folder)):
            survivors, total = judge_all(empty, given.only, given.part, given.every)
    unexplained = [one for one in survivors if not any(one.endswith(end) for end in EQUIVALENT)]
    for one in survivors:
        print(f"survived: {one}")
    print(
        f"{total - len(survivors)} of {total} noticed; {len(survivors) - len(unexplained)} change nothing; {len(unexplained)} survive"
    )
    return 1 if unexplained else 0


def part(said: str) -> tuple[int, int]:
    number, _, of = said.partition("/")
    if not (number.isdecimal() and of.isdecimal() and 1 <= int(number) <= int(of)):
        raise argparse.ArgumentTypeError(f"'{said}' is no part: say K/N, such as 2/4")
    return int(number), int(of)


def set_up(folder: Path) -> Any:
    """Django, on a database in memory that a forked process has a copy of; returns a copy of it as it is now, empty."""
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
    return copied()


def copied() -> Any:
    """The database at hand, again."""
    from django.db import connection

    copy = sys.modules["sqlite3"].connect(":memory:")  # the library the platform put in Python's place
    connection.connection.backup(copy)
    return copy


@contextmanager
def emptied(empty: Any) -> Iterator[None]:
    """The database without the world in it, whose loads and items would be taken for an action's own."""
    from django.db import connection

    world = copied()
    empty.backup(connection.connection)
    try:
        yield
    finally:
        world.backup(connection.connection)


def judge_all(empty: Any, only: str, share: tuple[int, int], every: int) -> tuple[list[str], int]:
    from django.db import connection
    from tests.hub.permissions.mutants import all_mutants

    number, of = share
    mutants = [one for one in all_mutants() if only in one.name][::every][number - 1 :: of]
    through, survivors = traced(), []
    empty.backup(connection.connection)
    began = time.monotonic()
    for done, mutant in enumerate(mutants, 1):
        noticed = in_a_process_of_its_own(lambda one=mutant: noticed_by(one, through, empty))  # type: ignore[misc]
        if not noticed:
            survivors.append(mutant.name)
        minutes = (time.monotonic() - began) / 60
        left = f"{minutes:.0f} min, {minutes / done * (len(mutants) - done):.0f} to go"
        print(f"{done}/{len(mutants)} ({left}) {mutant.name}: {noticed or 'SURVIVED'}", flush=True)
    return survivors, len(mutants)


def traced() -> dict[str, set[str]]:
    """Which routes come through which functions of the hub, by their module and name. There is no mutant yet: whoever
    complains now would complain of anything."""
    from tests.hub.permissions.knocking import knocks_at
    from tests.hub.permissions.noticing import in_actions
    from tests.hub.permissions.routes import all_routes
    from tests.hub.permissions.world import build_world

    complaints = list(in_actions())
    world = build_world()
    through: dict[str, set[str]] = {}
    route_now = ""

    def trace(frame: Any, event: str, argument: object) -> None:
        if event == "call" and "guatu/hub" in frame.f_code.co_filename:
            name = f"{frame.f_globals.get('__name__')}.{frame.f_code.co_qualname.split('.<locals>')[0]}"
            through.setdefault(name, set()).add(route_now)

    names = ("security_administrator", "system_administrator", "audit_administrator")
    callers = [world.callers[name] for name in (*names, "disabled", "token of a disabled person")]
    callers += [world.callers[f"token of {name}"] for name in names]
    routes = all_routes()
    for place, route in enumerate(routes, 1):
        route_now = route.name
        sys.setprofile(trace)
        for caller in callers:
            complaints += [str(one) for one in knocks_at(world, caller, route) if one.wrong is not None]
        sys.setprofile(None)
        if place % 20 == 0 or place == len(routes):
            print(f"traced {place} of {len(routes)} routes", flush=True)
    if complaints:
        raise SystemExit("Without any mutant: " + "; ".join(complaints))
    return through


def noticed_by(mutant: Any, through: dict[str, set[str]], empty: Any) -> str:
    """The first complaint about a mutant; nothing if there is none."""
    from tests.hub.permissions.noticing import at_doors, in_actions, in_contents
    from tests.hub.permissions.world import build_world

    world = build_world()
    with mutant.alive():
        for complaint in at_doors(world, mutant, through):
            return complaint
        with emptied(empty):
            for complaint in in_actions():
                return complaint
        for complaint in in_contents(world):
            return complaint
    return ""


def in_a_process_of_its_own(judge: Callable[[], str]) -> str:
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
