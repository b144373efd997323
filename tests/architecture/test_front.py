"""What pages load from others' packages: only what they show, and packed as tightly as browsers take it."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from whitenoise.compress import Compressor

GATHER = Path(__file__).resolve().parents[2] / "front/gather.py"


def lean(style: str) -> str:
    spec = importlib.util.spec_from_file_location("gather", GATHER)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    said: str = module.lean(style)
    return said


def test_the_style_of_the_map_keeps_what_is_shown_and_loses_the_controls_that_are_not() -> None:
    style = (
        ".m-popup{color:red}.m-compass,.m-zoom{width:1px}.m-logo{background:url(data:a)}"
        "@media(forced-colors:active){.m-globe{x:y}.m-zoom{x:z}}@media(hover:hover){.m-terrain{x:y}}"
    )

    assert lean(style) == ".m-popup{color:red}.m-zoom{width:1px}@media(forced-colors:active){.m-zoom{x:z}}"


def test_files_are_packed_in_brotli_too() -> None:
    assert Compressor().use_brotli
