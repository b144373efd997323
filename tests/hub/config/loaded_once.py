"""An application that answers which process loaded it: what sharing between processes is tried on."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Iterable
from typing import Any

LOADED_BY = os.getpid()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    answer = f"{LOADED_BY} {os.getpid()} {gc.get_freeze_count()} {'guatu.hub.web.home' in sys.modules}".encode()
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(answer)))])
    return [answer]
