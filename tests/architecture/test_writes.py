"""The database of the platform changes in actions alone, which leave records; what else writes is listed with its reason."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HUB = ROOT / "src/guatu/hub"
PLACES = [HUB, ROOT / "src/guatu/cli"]
WRITING = {
    "save", "create", "delete", "get_or_create", "update_or_create", "bulk_create", "bulk_update",
    "raw", "execute", "executemany", "executescript",
}  # fmt: skip
"""Words by which Django writes; `update` too, when it is given fields by name, as a dictionary is not."""
KEPT = "guatu.hub.written"
"""What writes by statements that are kept: a call of whatever a module imports of it writes, too."""
RECORDED = "actions"
"""Modules of this name, and modules in packages of it, hold actions and what they are carried out with."""

EXCEPTIONS: dict[str, str] = {
    "hub/written.py": "writes the rows it is given; who gives them is held to these rules",
    "hub/composed.py": "asks the questions it is given, once they are composed",
    "hub/audit/recording.py": "writes the record itself",
    "hub/audit/idempotency.py": "keeps the answer to a request beside what the request did",
    "hub/audit/sealing.py": "gives records their places in the chain, and asks the database about transactions",
    "hub/audit/delivering.py": "notes which outside holder has which checkpoint",
    "hub/audit/stored.py": "reads records as they lie in the database",
    "hub/audit/triggers.py": "makes the record append-only",
    "hub/audit/rights.py": "takes the right to change the record from the application's role",
    "hub/audit/erasing.py": "called by the action that erases a person",
    "hub/config/backup.py": "asks tables for their counts, in a picture of the database nobody writes to",
    "hub/config/restore.py": "asks tables for their counts; what it writes is a whole database, into an empty place",
    "hub/accounts/sign_in/throttling.py": "counts failures and paces checks: how the site runs, not what it knows",
    "hub/accounts/sign_in/second_factors.py": "marks a one-time code as used",
    "hub/accounts/sign_in/adapters.py": "drops what a sign-in provider told beyond who somebody is",
    "hub/config/health.py": "asks the database whether it answers",
    "hub/ledger/attaching/leftovers.py": "deletes files that no row of the database knows",
    "hub/ledger/importing/progress.py": "says how far the worker has come with a workbook, which nobody decides on",
    "hub/ledger/indexing.py": "makes indexes of what is there: how fast the site answers, not what it knows",
    "hub/config/working.py": "the worker's own beat and queue: how it runs, not what the site knows",
}
"""Modules that write without being actions, and why that is right."""


@dataclass(frozen=True, slots=True)
class Write:
    module: str
    function: str
    line: int
    word: str

    def __str__(self) -> str:
        return f"{self.module}:{self.line} {self.function}: .{self.word}("


def writes(path: Path) -> Iterator[Write]:
    """Every call in a module that looks as if it wrote to the database, with the outermost function it stands in."""
    module = str(path.relative_to(ROOT / "src/guatu"))
    tree = ast.parse(path.read_text(encoding="utf-8"))
    imported = {
        name.asname or name.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == KEPT
        for name in node.names
    }
    for top in tree.body:
        for node in ast.walk(top):
            if isinstance(node, ast.Call) and (word := _written_by(node, imported)):
                yield Write(module, getattr(top, "name", "module"), node.lineno, word)


def _written_by(call: ast.Call, imported: set[str]) -> str:
    """The word by which a call writes, if it does."""
    if isinstance(call.func, ast.Name):
        return call.func.id if call.func.id in imported else ""
    if not isinstance(call.func, ast.Attribute):
        return ""
    word = call.func.attr
    return word if word in WRITING or (word == "update" and bool(call.keywords) and not call.args) else ""


def test_rows_given_to_a_statement_that_is_kept_are_seen_as_written() -> None:
    found = {(one.function, one.word) for one in writes(HUB / "ledger/actions/revising.py")}

    assert {("enter", "insert"), ("put_in_force", "update"), ("keep_access", "insert_all")} <= found


def all_modules() -> list[Path]:
    return sorted(path for place in PLACES for path in place.rglob("*.py") if "migrations" not in path.parts)


def holds_actions(module: str) -> bool:
    return RECORDED in Path(module).with_suffix("").parts


def test_nothing_writes_to_the_database_but_actions() -> None:
    stray = [str(one) for path in all_modules() for one in writes(path) if not holds_actions(one.module)]

    assert [one for one in stray if one.split(":")[0] not in EXCEPTIONS] == []


def test_every_exception_is_needed() -> None:
    writing = {one.module for path in all_modules() for one in writes(path)}

    assert set(EXCEPTIONS) - writing == set()


def test_what_carries_out_an_action_is_called_by_actions_alone() -> None:
    """A function beside the actions that writes without being one is imported by no door."""
    carrying = {
        (_name_of(one.module), one.function)
        for path in all_modules()
        for one in writes(path)
        if holds_actions(one.module) and not is_action(path, one.function)
    }

    imported = [
        f"{path.relative_to(ROOT)} imports {name.name} of {node.module}"
        for path in all_modules()
        if not holds_actions(str(path.relative_to(ROOT / "src/guatu")))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom)
        for name in node.names
        if (node.module, name.name) in carrying
    ]

    assert imported == []


def is_action(path: Path, function: str) -> bool:
    """Whether a function of the module is decorated as an action."""
    for top in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(top, ast.FunctionDef) and top.name == function:
            return any(isinstance(one, ast.Call) and ast.unparse(one.func) == "action" for one in top.decorator_list)
    return False


def _name_of(module: str) -> str:
    return "guatu." + module.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
