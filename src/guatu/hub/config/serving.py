"""The web server with its processes, and the worker beside it."""

from __future__ import annotations

import gc
import logging
import multiprocessing
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from importlib import import_module

from django.conf import settings
from django.db import connections
from django.urls import get_resolver
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server.mp import MPServer

from guatu.hub.config.upkeep import is_gathered, require_migrated
from guatu.standards.pinyin import read as read_pinyin

log = logging.getLogger("guatu.serve")
SITE = "guatu.hub.config.wsgi:application"
_GATHERING = "import django; django.setup(); from guatu.hub.config.upkeep import gather_static; gather_static()"
_WORKER = "import sys; from guatu.cli.main import main; main(sys.argv[1:])"


class Serving:
    """One `guatu hub serve`: runs until it is told to stop."""

    def __init__(self, address: str, port: int, workers: int, with_worker: bool, application: str = SITE) -> None:
        self.application = application
        self.address, self.port, self.workers = address, port, workers
        self.beside = WorkerBeside() if with_worker else None

    def run(self, begun: Callable[[], None]) -> None:
        """Serve; `begun` is called once the port is taken."""
        require_migrated()
        connections.close_all()
        if not is_gathered():
            gather_apart()
        figures = tempfile.mkdtemp(prefix="guatu-metrics-")
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = figures  # the web processes add their figures up there
        if multiprocessing.get_start_method() == "fork":
            load(self.application)
        server = self._server()
        server.on_startup(begun)
        try:
            if self.beside:
                self.beside.start()
            server.serve()
        finally:
            if self.beside:
                self.beside.stop()
            shutil.rmtree(figures, ignore_errors=True)

    def _server(self) -> MPServer:
        return MPServer(
            self.application,
            address=self.address,
            port=self.port,
            interface=Interfaces.WSGI,
            workers=self.workers,
            blocking_threads=1,  # measured: more threads a process answer fewer requests
            websockets=False,
            respawn_failed_workers=True,
            workers_kill_timeout=settings.STOP_SECONDS,
            log_dictconfig=settings.LOGGING,
            log_level=LogLevels.warning,
        )


def gather_apart() -> None:
    """Gather what pages load in a process of its own: compressing it takes 50 MB, which nobody else needs to have had."""
    subprocess.run([sys.executable, "-c", _GATHERING], check=True)


def load(application: str) -> None:
    """Load the site with all its pages: processes forked from this one share what is loaded for as long as none of them changes
    it, which the collector of garbage does unless it is told to leave it alone."""
    read_pinyin()
    import_module(application.partition(":")[0])
    _ = get_resolver().reverse_dict  # every page's module, for it has their addresses
    gc.collect()
    gc.freeze()


class WorkerBeside:
    """The worker as a child process, started again when it ends by itself."""

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._child: subprocess.Popen[bytes] | None = None
        self._watcher = threading.Thread(target=self._watch, name="worker-watcher", daemon=True)

    def start(self) -> None:
        self._start_child()
        self._watcher.start()

    def stop(self) -> None:
        """Tell it to stop, wait as long as a job may take, then end it."""
        self._stopping.set()
        child = self._child
        if child is None or child.poll() is not None:
            return
        child.terminate()
        try:
            child.wait(settings.STOP_SECONDS)
        except subprocess.TimeoutExpired:
            log.error("The worker did not stop in time and is ended")
            child.kill()
            child.wait()

    def _start_child(self) -> None:
        line = [sys.executable, "-c", _WORKER, "hub", "worker", "--parent", str(os.getpid())]
        self._child = subprocess.Popen(line, start_new_session=True)  # Ctrl-C reaches it through us alone

    def _watch(self) -> None:
        while not self._stopping.is_set():
            assert self._child is not None
            code = self._child.poll()
            if code is None:
                self._stopping.wait(1)
            elif not self._stopping.wait(5):
                log.error("The worker ended with code %d and is started again", code)
                self._start_child()
