"""`guatu` as a process of its own, which does one thing and is gone: nothing is tidied up that goes with the process anyway."""

from __future__ import annotations

import atexit
import gc
import os
import sys
from typing import NoReturn

from guatu.cli.main import main

_FEW_COLLECTIONS = (200_000, 30, 30)
"""Modules and the tables of a round are kept to the end: looking through them for garbage again and again finds none."""
_OUTPUT_LOST = 120
"""What Python itself ends with when its last words cannot be written."""


def run() -> NoReturn:
    """Run the command line, say everything, leave. To take a large round apart object by object takes as long as writing it."""
    gc.set_threshold(*_FEW_COLLECTIONS)
    try:
        main()
        code = 0
    except SystemExit as leaving:
        code = leaving.code if isinstance(leaving.code, int) else 0 if leaving.code is None else 1
    atexit._run_exitfuncs()
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:
        code = _OUTPUT_LOST
    os._exit(code)
