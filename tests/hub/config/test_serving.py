"""`guatu hub serve` as it runs: pages and worker, figures of all processes together, and a stop that breaks nothing off."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import pytest
from drills.restore_elsewhere import GUATU, Place, sqlite_place

ROOT = Path(__file__).resolve().parents[3]
SERVED = (
    "import sys; from guatu.cli.site import open_site; open_site()\n"
    "from guatu.hub.config.serving import Serving\n"
    "Serving('127.0.0.1', int(sys.argv[1]), 1, False, sys.argv[2]).run(lambda: None)"
)


@pytest.fixture(scope="module")
def site() -> Iterator[Place]:
    """A begun site on SQLite: serving is the same on any database."""
    with sqlite_place() as place:
        begun = place.run("hub", "init", "--unit", "挂图市", "--json")
        assert begun.returncode == 0, begun.stderr
        yield place


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def get(port: int, address: str, timeout: float = 20) -> tuple[int, str]:
    connection = HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request("GET", address)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def within(seconds: float, true: Callable[[], bool]) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if true():
                return True
        except (OSError, HTTPException):
            pass
        time.sleep(0.2)
    return False


def children(pid: int) -> dict[int, str]:
    found = {}
    for path in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((path / "stat").read_text().rpartition(")")[2].split()[1])
            if parent == pid:
                found[int(path.name)] = (path / "cmdline").read_text().replace("\0", " ")
        except OSError:
            continue
    return found


def worker_of(server: subprocess.Popen[bytes]) -> int | None:
    return next((pid for pid, line in children(server.pid).items() if "hub worker" in line), None)


def test_pages_and_worker_run_together_and_stop_together(site: Place) -> None:
    port = free_port()
    server = subprocess.Popen([*GUATU, "hub", "serve", "--port", str(port)], env=site.environment)
    try:
        assert within(60, lambda: '"worker": true' in get(port, "/health/ready")[1])
        for _ in range(20):
            assert get(port, "/sign-in")[0] == 200
        figures = get(port, "/metrics")[1]
        assert 'guatu_requests_total{method="GET",route="account_login",status="200"} 20.0' in figures
        first = worker_of(server)
        assert first is not None
        os.kill(first, signal.SIGKILL)
        assert within(60, lambda: worker_of(server) not in (None, first))
    finally:
        server.terminate()
        code = server.wait(90)
    assert code == 0
    assert within(30, lambda: not alive(first))


def served(site: Place, port: int, application: str, **more: str) -> subprocess.Popen[bytes]:
    """One process that answers by an application of ours."""
    environment = {**site.environment, "PYTHONPATH": str(ROOT), **more}
    return subprocess.Popen([sys.executable, "-c", SERVED, str(port), application], env=environment, cwd=ROOT)


def alive(pid: int | None) -> bool:
    return pid is not None and Path(f"/proc/{pid}").exists()


def test_a_worker_whose_server_was_killed_stops_by_itself(site: Place) -> None:
    port = free_port()
    server = subprocess.Popen([*GUATU, "hub", "serve", "--port", str(port), "--workers", "1"], env=site.environment)
    try:
        assert within(60, lambda: '"worker": true' in get(port, "/health/ready")[1])
        worker, rest = worker_of(server), list(children(server.pid))
    finally:
        server.kill()
        server.wait()
    for pid in rest:
        if pid != worker:
            os.kill(pid, signal.SIGTERM)
    assert within(60, lambda: not alive(worker))


def test_pages_are_loaded_once_and_shared_by_the_processes_that_answer(site: Place) -> None:
    port = free_port()
    gathered = Path(site.environment["GUATU_HOME"], "static", ".gathered")
    gathered.unlink()
    server = served(site, port, "tests.hub.config.loaded_once:application")
    try:
        assert within(60, lambda: get(port, "/")[0] == 200)
        assert gathered.exists()
        loaded_by, answered_by, frozen, has_pages = get(port, "/")[1].split()
        assert int(loaded_by) == server.pid
        assert int(answered_by) in children(server.pid)
        assert int(frozen) > 100_000
        assert has_pages == "True"
    finally:
        server.terminate()
        server.wait(40)


@pytest.mark.parametrize(("takes", "given", "answered"), [(3, 30, "done"), (60, 1, "")])
def test_a_stop_waits_for_requests_under_way_but_not_for_ever(
    site: Place, takes: int, given: int, answered: str
) -> None:
    port = free_port()
    server = served(site, port, "tests.hub.config.slow_answers:application", GUATU_STOP_SECONDS=str(given))
    got: list[str] = []

    def ask() -> None:
        try:
            got.append(get(port, f"/{takes}", timeout=80)[1])
        except (OSError, HTTPException):
            got.append("")

    asking = threading.Thread(target=ask)
    try:
        assert within(60, lambda: get(port, "/0")[0] == 200)
        asking.start()
        time.sleep(1)
    finally:
        server.terminate()
        server.wait(40)
    asking.join(40)

    assert got == [answered]
