"""Take every check of a permission out of the platform, one at a time, and see a test notice.

    python drills/mutate_permissions.py [--only EXPRESSION] [--part K/N] [--every N] [--heard FILE] [--survivors FILE]
    pytest -p tests.hub.permissions.suite --mutants FILE tests/hub/accounts tests/hub/ledger …

Rows of the policy opened wider or closed, rights of roles added and taken away, `require` and `visible_to` left out, dates and
disabled accounts overlooked. Each mutant lives in a process of its own, in a copy of one world in memory, and meets the matrix of
permissions, the refusals of actions (on an empty site) and the reading of contents, until one of them complains. A mutant of a
function is asked about by whatever comes through that function: all of it is listened to once, without mutants. Whoever complains
of a mutant is asked again without it, and does not count if they complain all the same. Of what survives, the second line asks the
rest of the suite: each test that comes through a mutant's function is run again with the mutant. What survives that, too, is a
check nothing holds in its place; exit code 1 unless its reason is written down
below. A long run goes in parts, side by side or one after another: `--part 1/4` to `--part 4/4` are all of it.
"""

from __future__ import annotations

import argparse
import gc
import hashlib
import os
import re
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
LIMIT = 300
"""Seconds after which a mutant at which one door, action or reading does not end is stopped; it counts as noticed."""
OFFERING = ": may everything"
"""Of a mutant that offers what is not to be had readers are asked first: doors let in as before."""
ANYWAY = "complains without a mutant, too: "
FRESH = 300
"""Seconds for which a world is used: sessions and confirmations in it grow old."""

_DRAWN_ANEW = "the plan is drawn anew for whoever accepted it; tests/hub/accounts/test_loading.py asks each part"
EQUIVALENT: dict[str, str] = {
    " _parents: without require": _DRAWN_ANEW,
    " _change: without require": _DRAWN_ANEW,
    " carry_out_people: without require": _DRAWN_ANEW,
    "ProviderAdapter.pre_social_login: active, whatever they are": "the library lets nobody in who is not active, whoever provides them",
}
"""Survivors that change nothing anybody could see, by the end of their name, with the reason."""


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="mutants in whose name this expression is found")
    parser.add_argument("--part", type=part, default=(1, 1), help="the K-th of N parts, as K/N")
    parser.add_argument("--every", type=int, default=1, help="only each so-manieth mutant")
    parser.add_argument("--survivors", type=Path, help="a file to keep their names in, for the suite")
    parser.add_argument(
        "--heard", type=Path, help="a file to keep what was heard in, for further parts on the same state"
    )
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="guatu-mutants-") as folder:
        empty = set_up(Path(folder))
        from tests.hub.permissions.surroundings import surroundings  # now that Django is set up

        with surroundings(Path(folder)):
            survivors, total = judge_all(empty, chosen(given.only, given.part, given.every), given.heard)
    unexplained = [one for one in survivors if not any(one.endswith(end) for end in EQUIVALENT)]
    for one in survivors:
        print(f"survived: {one}")
    if given.survivors:
        given.survivors.write_text("\n".join(survivors), encoding="utf-8")
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


def chosen(only: str, share: tuple[int, int], every: int) -> list[Any]:
    from tests.hub.permissions.mutants import all_mutants

    number, of = share
    return [one for one in all_mutants() if re.search(only, one.name)][::every][number - 1 :: of]


def judge_all(empty: Any, mutants: Sequence[Any], heard: Path | None) -> tuple[list[str], int]:
    from tests.hub.permissions.knocking import warm_up
    from tests.hub.permissions.routes import all_routes

    in_functions = any(one.touches.startswith("guatu.") for one in mutants)
    through, survivors = heard_before(heard) if in_functions else None, []
    warm_up(made_anew(empty), all_routes())
    world, made, began = None, 0.0, time.monotonic()
    gc.collect()
    gc.freeze()  # what stands is shared with each process as it is
    for done, mutant in enumerate(mutants, 1):
        if world is None or time.monotonic() - made > FRESH:
            world, made = made_anew(empty), time.monotonic()
        noticed = in_a_process_of_its_own(partial(noticed_by, mutant, world, through, empty))
        if not noticed or noticed.startswith(ANYWAY):
            survivors.append(mutant.name)
        minutes = (time.monotonic() - began) / 60
        left = f"{minutes:.0f} min, {minutes / done * (len(mutants) - done):.0f} to go"
        print(f"{done}/{len(mutants)} ({left}) {mutant.name}: {noticed or 'SURVIVED'}", flush=True)
    return survivors, len(mutants)


def heard_before(kept: Path | None) -> Any:
    """What is heard without a mutant: all of it, so that the parts of a run can share a file with it while no source changes."""
    from tests.hub.permissions.mutants import all_mutants
    from tests.hub.permissions.through import read_through, write_through

    state = state_of_sources()
    through = read_through(kept, state) if kept is not None and kept.exists() else None
    if through is None:
        through = listened(all_mutants())
        if kept is not None:
            write_through(through, kept, state)
    return through


def state_of_sources() -> str:
    """A digest of every Python file of the platform and its tests, with the day: on another one other things are due."""
    digest = hashlib.sha256(time.strftime("%F").encode())
    for path in sorted(one for folder in ("src", "tests") for one in (ROOT / folder).rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def listened(mutants: Sequence[Any]) -> Any:
    """Which actions, doors and readings come through the functions of these mutants."""
    from tests.hub.permissions.through import (
        Through,
        listen_at_doors,
        listen_in_actions,
        listen_to_readers,
        listening,
    )
    from tests.hub.permissions.world import build_world

    through = Through()
    with listening(mutants):
        listen_in_actions(through)
        world = build_world()
        for done, caller in enumerate(world.callers.values(), 1):
            listen_at_doors(through, world, caller)
            print(
                f"listened at the doors to {done} of {len(world.callers)} callers: {len(through.complaints)} complain",
                flush=True,
            )
        listen_to_readers(through, world)
    for one in through.complaints:
        print(f"without any mutant: {one}", flush=True)
    return through


def made_anew(empty: Any) -> Any:
    """The world as if nothing had been yet; processes made from here each have it to themselves."""
    from django.db import connection
    from tests.hub.permissions.world import build_world

    empty.backup(connection.connection)
    return build_world()


def noticed_by(mutant: Any, world: Any, through: Any, empty: Any) -> str:
    """The first complaint about a mutant; nothing if there is none. Whoever has fewest to ask asks first."""
    from tests.hub.permissions.noticing import asked_about, at_doors, in_actions, in_contents

    asked = asked_about(mutant, world, through)
    of_actions = partial(emptied, empty), in_actions(asked.actions)
    of_doors = nullcontext, at_doors(world, asked)
    of_contents = nullcontext, in_contents(world, asked)
    few_actions = len(asked.actions) <= len(asked.doors) and mutant.touches != "all"
    ways = (of_actions, of_doors) if few_actions else (of_doors, of_actions)
    for place, steps in (of_contents, *ways) if mutant.name.endswith(OFFERING) else (*ways, of_contents):
        with place():
            if said := first_of(mutant, steps):
                return said
    return ""


def first_of(mutant: Any, steps: Iterator[Callable[[], Sequence[str]]]) -> str:
    """The first complaint; each step has its time anew, however many there are. Who complains is asked again without the
    mutant, so that nobody's complaint counts who would complain of anything."""
    complaints: Sequence[str] = ()
    with mutant.alive():
        for step in steps:
            signal.alarm(LIMIT)
            if complaints := step():
                break
    if not complaints:
        return ""
    return f"{ANYWAY}{complaints[0]}" if step() else complaints[0]


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
