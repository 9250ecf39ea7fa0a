"""Does a test fail when a rule is wrong? Changes one thing at a time in a module and runs tests.

    python3 run.py mutate src/qa/actions/decisions.py

Tests of the module's room are imported once; every mutant is a forked process that puts the
changed code into the function that holds it and runs those tests, rules first, until one fails.
Comparisons, `and` and `or`, `not`, whole numbers, truths, sums, what is returned and whole
statements are changed; constants of a module and defaults of arguments are not. Nothing but this
machine is reached, and a mutant that takes too long counts as found.
"""

from __future__ import annotations

import argparse
import ast
import copy
import importlib
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

import pytest
from hypothesis import Phase, settings

ROOT = Path(__file__).parents[1]
COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
SURVIVED, FOUND, NOT_TRIED = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change: `path` are the fields that lead from the module to the node in its place."""

    function: str
    line: int
    path: tuple[tuple[str, int | None], ...]
    node: ast.AST
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.line}: {self.function}: {self.before}  →  {self.after}"


def _changes(node: ast.AST) -> Iterator[ast.AST]:
    """What could stand in place of a node."""
    match node:
        case ast.Compare(ops=[op]) if type(op) in COMPARISONS:
            yield _with(node, ops=[COMPARISONS[type(op)]()])
        case ast.BoolOp(op=op):
            yield _with(node, op=ast.Or() if isinstance(op, ast.And) else ast.And())
        case ast.UnaryOp(op=ast.Not(), operand=inner):
            yield inner
        case ast.Constant(value=bool(value)):
            yield ast.Constant(not value)
        case ast.Constant(value=int(value)):
            yield ast.Constant(value + 1)
            if value > 0:
                yield ast.Constant(value - 1)
        case ast.BinOp(op=ast.Add()):
            yield _with(node, op=ast.Sub())
        case ast.BinOp(op=ast.Sub()):
            yield _with(node, op=ast.Add())
        case ast.Return(value=ast.expr() as value) if not isinstance(value, ast.Constant):
            yield ast.Return(ast.Constant(None))
        case ast.Raise() | ast.AugAssign() | ast.Expr(value=ast.Call()):
            yield ast.Pass()
        case ast.IfExp(body=one, orelse=other):
            yield one
            yield other


def _with(node: ast.AST, **fields: Any) -> ast.AST:
    changed = copy.copy(node)
    for name, value in fields.items():
        setattr(changed, name, value)
    return changed


def mutants(tree: ast.Module) -> Iterator[Mutant]:
    """Every change of the bodies of functions, in the order of the source."""

    def within(
        node: ast.AST, path: tuple[tuple[str, int | None], ...], names: tuple[str, ...], deep: bool
    ) -> Iterator[Mutant]:
        if deep:
            for changed in _changes(node):
                line = getattr(node, "lineno", 0)
                yield Mutant(".".join(names), line, path, changed, _text(node), _text(changed))
        for name, value in ast.iter_fields(node):
            if name in ("args", "decorator_list", "returns", "annotation") and not (
                name == "args" and isinstance(node, ast.Call)
            ):
                continue
            for at, child in enumerate(value if isinstance(value, list) else [value]):
                if not isinstance(child, ast.AST):
                    continue
                inner, outer = deep, names
                if isinstance(child, ast.FunctionDef | ast.ClassDef) and not deep:
                    inner, outer = isinstance(child, ast.FunctionDef), (*names, child.name)
                place = (name, at if isinstance(value, list) else None)
                yield from within(child, (*path, place), outer, inner)

    yield from within(tree, (), (), False)


def _text(node: ast.AST) -> str:
    text = " ".join(ast.unparse(ast.fix_missing_locations(copy.deepcopy(node))).split())
    return text if len(text) < 90 else text[:87] + "…"


def _code(tree: ast.Module, mutant: Mutant, name: str) -> CodeType | None:
    """The code of the function with the change in it."""
    changed = copy.deepcopy(tree)
    at: Any = changed
    for field, number in mutant.path[:-1]:
        at = getattr(at, field) if number is None else getattr(at, field)[number]
    field, number = mutant.path[-1]
    old = getattr(at, field) if number is None else getattr(at, field)[number]
    new = ast.copy_location(copy.deepcopy(mutant.node), old)
    if number is None:
        setattr(at, field, new)
    else:
        getattr(at, field)[number] = new
    whole = compile(ast.fix_missing_locations(changed), name, "exec")
    return next((one for one in _codes(whole) if one.co_qualname == mutant.function), None)


def _codes(code: CodeType) -> Iterator[CodeType]:
    for one in code.co_consts:
        if isinstance(one, CodeType):
            yield one
            yield from _codes(one)


def _function(module: ModuleType, name: str) -> FunctionType | None:
    """The plain function under a name, whatever is wrapped round it."""
    at: Any = module
    for part in name.split("."):
        at = at.__dict__.get(part)
        if at is None:
            return None
    for way in ("fget", "__func__", "func", "__wrapped__"):
        at = getattr(at, way, at) if not isinstance(at, FunctionType) else at
    while isinstance(at, FunctionType) and hasattr(at, "__wrapped__"):
        at = at.__wrapped__
    return at if isinstance(at, FunctionType) else None


def _tests_of(path: Path) -> list[str]:
    """The tests of the module's room, those of rules first."""
    room = path.relative_to(ROOT).parts[1 if path.relative_to(ROOT).parts[0] == "api" else 2]
    found = sorted((ROOT / "tests" / room).glob("test_*.py"))
    return [str(one) for one in sorted(found, key=lambda one: "rules" not in one.stem)]


class _Quick:
    """Without shrinking what failed: that a test fails is enough."""

    def pytest_collection(self) -> None:
        settings.register_profile(
            "mutants", settings.get_profile("caseloop"), phases=(Phase.explicit, Phase.generate),
            database=None,
        )  # fmt: skip
        settings.load_profile("mutants")


def _loopback_only(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "socket.connect" and isinstance(arguments[1], tuple):
        host = str(arguments[1][0])
        if not host.startswith("127.") and host not in ("::1", "localhost"):
            raise PermissionError(f"a mutant may not reach {host}")


def _quiet(command: list[str]) -> int:
    """The exit code of pytest, unheard."""
    hush = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(hush, stream)
    return int(pytest.main(command, plugins=[_Quick()]))


def _forked(work: Callable[[], int], seconds: float) -> int | None:
    """What `work` gives in a process of its own; None where it took too long."""
    child = os.fork()
    if not child:
        os.setsid()
        try:
            os._exit(work())
        except BaseException:  # noqa: BLE001 - whatever a mutant does, it was found
            os._exit(FOUND)
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.02)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("module", type=Path)
    parser.add_argument("--tests", nargs="*", help="the room's tests if left out")
    parser.add_argument("--limit", type=float, default=120.0, help="seconds for one mutant")
    parser.add_argument("--function", help="only this function")
    asked = parser.parse_args()
    path = asked.module.resolve()
    tests = asked.tests or _tests_of(path)
    dotted = ".".join(path.relative_to(ROOT).with_suffix("").parts).removeprefix("src.")
    folder = tempfile.mkdtemp(prefix="mutants-")
    command = [
        *tests, "-x", "-q", "-n", "0", "-p", "no:cacheprovider", "--hypothesis-seed=1",
        "-m", "not browser and not postgres", f"--basetemp={folder}/run",
        "-W", "ignore::pytest.PytestAssertRewriteWarning",
    ]  # fmt: skip
    try:
        # Imported once, here: pytest finds its modules made already in every fork.
        if pytest.main([*command, "--collect-only", "-qqq"], plugins=[_Quick()]):
            raise SystemExit("The tests cannot be collected.")
        module, tree = importlib.import_module(dotted), ast.parse(path.read_text("utf-8"))
        begun = time.monotonic()
        if _forked(lambda: _quiet(command), 20 * asked.limit):
            raise SystemExit("The tests fail as it is.")
        whole = time.monotonic() - begun
        print(f"{len(tests)} modules of tests take {whole:.0f} s.", flush=True)
        wanted = [one for one in mutants(tree) if asked.function in (None, one.function)]
        told = {SURVIVED: 0, FOUND: 0, NOT_TRIED: 0}
        for mutant in wanted:

            def work(mutant: Mutant = mutant) -> int:
                function, code = _function(module, mutant.function), _code(tree, mutant, str(path))
                if (
                    function is None
                    or code is None
                    or code.co_freevars != function.__code__.co_freevars
                ):
                    return NOT_TRIED + 100
                function.__code__ = code
                sys.addaudithook(_loopback_only)
                return FOUND if _quiet(command) else SURVIVED

            done = _forked(work, max(asked.limit, 2 * whole))
            kind = NOT_TRIED if done == NOT_TRIED + 100 else SURVIVED if done == 0 else FOUND
            told[kind] += 1
            if kind != FOUND:
                word = "not tried" if kind == NOT_TRIED else "SURVIVED"
                print(f"{word}  {asked.module}:{mutant}", flush=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    tried = told[FOUND] + told[SURVIVED]
    took = time.monotonic() - begun
    print(
        f"{asked.module}: {told[FOUND]} of {tried} found ({told[FOUND] / max(tried, 1):.1%}), "
        f"{told[NOT_TRIED]} not tried, in {took / 60:.1f} minutes."
    )


if __name__ == "__main__":
    main()
