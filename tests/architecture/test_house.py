"""The house as DESIGN describes it: no place, pack or rule is named in the code, and the front door opens fast."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted((ROOT / "src").rglob("*.py"))
HEAVY = (
    "duckdb",
    "pyarrow",
    "pyspark",
    "typst",
    "matplotlib",
    "docx",
    "xlsxwriter",
    "python_calamine",
    "sqlglot",
    "numpy",
)


def declared_names() -> set[str]:
    """Names of packs, rulebooks and of the units and list names one place uses."""
    names: set[str] = set()
    for path in [*ROOT.glob("packs/*/pack.yaml"), ROOT / "demo/pack/pack.yaml"]:
        names.add(path.parent.name)
        names.add(yaml.safe_load(path.read_text(encoding="utf-8"))["pack"])
    names.update(path.stem for path in ROOT.glob("packs/*/rulebooks/*.yaml"))
    for unit in yaml.safe_load((ROOT / "demo/pack/units.yaml").read_text(encoding="utf-8"))["units"]:
        names.update([unit["title"]["zh"], unit["title"]["en"], *unit.get("synonyms", [])])
    return names - {"pack"}


def test_no_place_pack_or_rule_is_named_in_the_source() -> None:
    places = {name for name in declared_names() if len(name) > 1} | {"银川", "三亚", "Yinchuan", "Sanya"}
    pattern = re.compile("|".join(re.escape(name) for name in sorted(places, key=len, reverse=True)))

    named = [
        f"{path.relative_to(ROOT)}:{number}: {found.group()}"
        for path in SOURCES
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if (found := pattern.search(line))
    ]

    assert named == []


def test_the_command_opens_without_loading_anything_heavy() -> None:
    program = "import sys, guatu.cli.main; print([name for name in sys.argv[1:] if name in sys.modules])"

    loaded = subprocess.run([sys.executable, "-c", program, *HEAVY], capture_output=True, text=True, check=True)

    assert loaded.stdout.strip() == "[]"


def test_workbooks_are_read_before_anything_that_judges_them_is_loaded() -> None:
    program = "import sys, guatu.cli.commands.run; print([name for name in sys.argv[1:] if name in sys.modules])"

    loaded = subprocess.run(
        [sys.executable, "-c", program, "pyarrow", "duckdb", "sqlglot", "docx", "typst", "guatu.engine"],
        capture_output=True,
        text=True,
        check=True,
    )

    assert loaded.stdout.strip() == "[]"


def test_arrow_does_not_load_pandas_for_us(tmp_path: Path) -> None:
    (tmp_path / "pandas.py").write_text("raise SystemExit('pandas was loaded')", encoding="utf-8")
    program = "from guatu.dispatch.arrow import load_arrow; load_arrow(); import guatu.dispatch.writing; print('ours done'); import pandas"

    loaded = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
    )

    assert (loaded.stdout.strip(), loaded.stderr.strip()) == ("ours done", "pandas was loaded")


def test_every_dependency_says_why_it_is_there() -> None:
    lines = (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    dependencies = [line for line in lines if re.match(r'  "[A-Za-z]', line) and re.search(r"[<>=]=|types-", line)]

    unexplained = [line.strip() for line in dependencies if "#" not in line and "types-" not in line]

    assert unexplained == []


def test_no_file_names_a_registry_or_a_machine() -> None:
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    words = re.compile("|".join(["pypi" + r"\.org", "files.python" + "hosted", "registry.npm" + "js", "/wo" + "rk/"]))

    named = [
        name
        for name in tracked
        if Path(name).suffix in {".py", ".md", ".yaml", ".toml", ".txt", ".json", ".csv", ""}
        and (ROOT / name).is_file()
        and words.search((ROOT / name).read_text(encoding="utf-8", errors="ignore"))
    ]

    assert named == []
