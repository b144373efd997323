"""Every check of a permission taken out of the code, one at a time, in a running process.

A mutant is either a table with one entry changed, or a function whose code is compiled anew from its source without one check.
The function object stays the same, so that whoever imported it runs the mutant. It lives as long as its context.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from importlib import import_module
from pathlib import Path
from types import CodeType
from typing import Any

import guatu.hub
from guatu.hub.accounts.roles import ROLES, Permission
from guatu.hub.composed import anew
from guatu.hub.config.policy import POLICY, Open, Rule

HUB = Path(guatu.hub.__file__).parent
REQUIRING = {"require", "require_over", "as_auditor", "under_post"}
LIMITING = {"visible_to", "seen_from", "owned_under", "under", "active_on", "in_force"}
WORDS = {"visible_to", "seen_from", "below", "owned_under", "under", "visible_records", "visible_items"}
"""What limits by what is in it."""
GRANTING = ("ApiToken", "accesses")
"""Of a function that speaks of these, `in_force` says who may do or see something; of milestones, figures and targets it says
only what is true by now, to whoever sees it in any case."""
TESTING = {"is_active", "person__is_active", "post__person__is_active"}


@dataclass(frozen=True, slots=True)
class Mutant:
    """One check less, or one right more."""

    name: str
    touches: str
    """The function it is in, as a call of it is seen by a tracer; or the route of a row of the policy; or all."""
    alive: Callable[[], AbstractContextManager[None]]
    noting: Callable[[], AbstractContextManager[None]] | None = None
    """While it lasts, the function is as it was, but notes in `HEARD` that it is called."""


HEARD: set[str] = set()
"""The functions that noted a call since somebody emptied this, by module and name."""


def all_mutants() -> list[Mutant]:
    return [*role_mutants(), *code_mutants(), *policy_mutants()]


def policy_mutants() -> Iterator[Mutant]:
    """Each row one step weaker, and taken away."""
    for route, methods in POLICY.items():
        for method, rule in methods.items():
            weaker = Open.TO_ALL if rule is Open.TO_SIGNED_IN or _is_every_token(route, rule) else Open.TO_SIGNED_IN
            noting = partial(_row_noting, route)
            if rule is not Open.TO_ALL:
                alive = _row(route, method, weaker)
                yield Mutant(f"{method} {route} open {weaker.value}", f"route {route}", alive, noting)
            yield Mutant(f"{method} {route} closed", f"route {route}", _row(route, method, None), noting)


def _is_every_token(route: str, rule: Rule) -> bool:
    """A token bears a post in any case: where every role has the right, it is open to whoever is signed in as it is."""
    return route.startswith("api-") and all(rule in role.permissions for role in ROLES.values())


class _NotingRow(dict[str, Any]):
    """A row of the policy that notes in `HEARD` when somebody looks into it."""

    route = ""

    def get(self, method: str, default: Any = None) -> Any:
        HEARD.add(f"route {self.route}")
        return super().get(method, default)


@contextmanager
def _row_noting(route: str) -> Iterator[None]:
    policy: dict[str, Any] = POLICY  # type: ignore[assignment]  # a dictionary, for whoever mutates it
    kept = policy[route]
    policy[route] = _NotingRow(kept)
    policy[route].route = route
    try:
        yield
    finally:
        policy[route] = kept


def _row(route: str, method: str, rule: object) -> Callable[[], AbstractContextManager[None]]:
    @contextmanager
    def alive() -> Iterator[None]:
        policy: dict[str, Any] = POLICY  # type: ignore[assignment]  # a dictionary, for whoever mutates it
        kept = policy[route]
        policy[route] = {name: one for name, one in {**kept, method: rule}.items() if one is not None}
        try:
            yield
        finally:
            policy[route] = kept

    return alive


def role_mutants() -> Iterator[Mutant]:
    """Each role with each permission more or less."""
    for name, role in ROLES.items():
        for permission in Permission:
            more = permission not in role.permissions
            yield Mutant(f"{name} {'gains' if more else 'loses'} {permission.value}", "all", _right(name, permission))


def _right(name: str, permission: Permission) -> Callable[[], AbstractContextManager[None]]:
    @contextmanager
    def alive() -> Iterator[None]:
        kept = ROLES[name]
        ROLES[name] = replace(kept, permissions=kept.permissions ^ {permission})
        try:
            yield
        finally:
            ROLES[name] = kept

    return alive


def code_mutants() -> Iterator[Mutant]:
    for path in sorted(HUB.rglob("*.py")):
        if "migrations" not in path.parts:
            yield from _mutants_of(path)


def _mutants_of(path: Path) -> Iterator[Mutant]:
    module = "guatu.hub." + ".".join(path.relative_to(HUB).with_suffix("").parts)
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for qualname, function in _functions(tree):
        noting = _swap(module, qualname, partial(_noting, tree, function, path, module, qualname))
        for node in ast.walk(function):
            for what, changed in [*_weaker(node, function), *_without_a_filter(node, qualname), *_never_refusing(node)]:
                compiled = partial(_compiled, tree, node, changed, path, qualname)
                yield Mutant(
                    f"{path.relative_to(HUB)}:{getattr(node, 'lineno', 0)}:{getattr(node, 'col_offset', 0)} {qualname}: {what}",
                    f"{module}.{qualname}",
                    _swap(module, qualname, compiled),
                    noting,
                )


def _functions(tree: ast.Module) -> Iterator[tuple[str, ast.FunctionDef]]:
    """Functions and methods by qualified name; what is nested in them counts as theirs."""
    for top in tree.body:
        if isinstance(top, ast.FunctionDef):
            yield top.name, top
        elif isinstance(top, ast.ClassDef):
            for inner in top.body:
                if isinstance(inner, ast.FunctionDef):
                    yield f"{top.name}.{inner.name}", inner


def _weaker(node: ast.AST, function: ast.FunctionDef) -> Iterator[tuple[str, ast.expr]]:
    """What a node may become without its check."""
    if isinstance(node, ast.Call):
        called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if called in REQUIRING and isinstance(node.func, ast.Name):
            yield f"without {called}", ast.Call(ast.Attribute(node.args[0], "as_self", ast.Load()), [], [])
        if called in LIMITING and isinstance(node.func, ast.Attribute) and (called != "in_force" or _grants(function)):
            yield f"all in place of {called}", ast.Call(ast.Attribute(node.func.value, "all", ast.Load()), [], [])
        if (called == "filter" and isinstance(node.func, ast.Attribute)) or (called == "Q" and len(node.args) > 1):
            yield from _fewer_conditions(node)
        if called == "may":
            yield "may everything", ast.Constant(True)
    if isinstance(node, ast.Attribute) and node.attr == "is_active" and isinstance(node.ctx, ast.Load):
        yield "active, whatever they are", ast.Constant(True)
    if isinstance(node, ast.Compare) and "ROLES" in ast.unparse(node) and isinstance(node.ops[0], ast.In):
        yield "whatever the role", ast.Constant(True)


def _grants(function: ast.FunctionDef) -> bool:
    return any(one in ast.unparse(function) for one in GRANTING)


def _never_refusing(node: ast.AST) -> Iterator[tuple[str, ast.stmt]]:
    """A condition under which somebody is refused may never hold."""
    if isinstance(node, ast.If) and any(
        isinstance(one, ast.Raise) and "NotAllowed(" in ast.unparse(one) for one in node.body
    ):
        yield "never refuses", ast.If(ast.Constant(False), node.body, node.orelse)


def _without_a_filter(node: ast.AST, qualname: str) -> Iterator[tuple[str, ast.expr]]:
    """What a word like `visible_to` itself may become."""
    is_word = qualname.split(".")[-1] in WORDS
    if is_word and isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "filter":
        yield "without its filter", ast.Call(ast.Attribute(node.func.value, "all", ast.Load()), [], [])


DATES = ("starts_on__lte", "ends_on", "ends_on__gt", "expires_on__gt", "revoked_at")


def _fewer_conditions(call: ast.Call) -> Iterator[tuple[str, ast.expr]]:
    for keyword in call.keywords:
        if keyword.arg in TESTING or keyword.arg in DATES:
            rest = [one for one in call.keywords if one is not keyword]
            yield f"without {keyword.arg}", ast.Call(call.func, call.args, rest)
    for place, given in enumerate(call.args):
        if any(date in ast.unparse(given) for date in DATES):
            fewer = [one for at, one in enumerate(call.args) if at != place]
            yield f"without {ast.unparse(given)}", ast.Call(call.func, fewer, call.keywords)


class _Replace(ast.NodeTransformer):
    def __init__(self, position: tuple[object, ...], changed: ast.AST) -> None:
        self.position, self.changed = position, changed

    def generic_visit(self, node: ast.AST) -> ast.AST:
        if _position(node) == self.position:
            return ast.copy_location(self.changed, node)
        return super().generic_visit(node)


def _position(node: ast.AST) -> tuple[object, ...]:
    where = ("lineno", "col_offset", "end_lineno", "end_col_offset")
    return (type(node), *(getattr(node, name, 0) for name in where))


def _with(tree: ast.Module, node: ast.AST, changed: ast.AST) -> ast.Module:
    mutated = _Replace(_position(node), changed).visit(copy.deepcopy(tree))
    return ast.fix_missing_locations(mutated)


def _compiled(tree: ast.Module, node: ast.AST, changed: ast.AST, path: Path, qualname: str) -> CodeType:
    return _code_of(compile(_with(tree, node, changed), str(path), "exec"), qualname)


def _noting(tree: ast.Module, function: ast.FunctionDef, path: Path, module: str, qualname: str) -> CodeType:
    """The function with a first statement that notes its call; it stands after the words that say what the function is."""
    note = ast.parse(f"__import__({__name__!r}, fromlist=['HEARD']).HEARD.add({f'{module}.{qualname}'!r})").body
    place = 1 if ast.get_docstring(function, clean=False) is not None else 0
    heard = copy.copy(function)
    heard.body = [*function.body[:place], *note, *function.body[place:]]
    noted = _Replace(_position(function), heard).visit(copy.deepcopy(tree))
    return _code_of(compile(ast.fix_missing_locations(noted), str(path), "exec"), qualname)


def _code_of(code: CodeType, qualname: str) -> CodeType:
    name, _, rest = qualname.partition(".")
    for constant in code.co_consts:
        if isinstance(constant, CodeType) and constant.co_name == name:
            return _code_of(constant, rest) if rest else constant
    raise LookupError(qualname)


def _swap(module: str, qualname: str, compiled: Callable[[], CodeType]) -> Callable[[], AbstractContextManager[None]]:
    @contextmanager
    def alive() -> Iterator[None]:
        found: Any = import_module(module)
        for name in qualname.split("."):
            found = vars(found)[name] if isinstance(found, type) else getattr(found, name)
        function = plain_function(found)
        kept, function.__code__ = function.__code__, compiled()
        try:
            with anew():
                yield
        finally:
            function.__code__ = kept

    return alive


def plain_function(found: Any) -> Any:
    """Beneath decorators, class methods and properties, the function itself."""
    found = getattr(found, "fget", found)
    found = getattr(found, "__func__", found)
    while hasattr(found, "__wrapped__"):
        found = found.__wrapped__
    return found
