"""Finds the codes of every refusal in the source, with the sentences that they come with.

A code that is put together while running (``f"{field}-missing"``) is found as a family,
``*-missing``.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
SOURCES = ("src/qa", "src/projections", "api")
CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def _classes() -> dict[str, Any]:
    """Every class of refusals by its name."""
    from importlib import import_module

    from qa.core.errors import CaseloopError

    for source in SOURCES:
        for path in sorted((ROOT / source).rglob("*.py")):
            text = path.read_text("utf-8")
            if re.search(
                r"^class \w+\((CaseloopError|Refused|Conflict|NotNow|Unavailable)\)", text, re.M
            ):
                parts = path.relative_to(ROOT).with_suffix("").parts
                import_module(".".join(parts[1:] if parts[0] == "src" else parts))
    found, waiting = {}, [CaseloopError]
    while waiting:
        one = waiting.pop()
        found[one.__name__] = one
        waiting += one.__subclasses__()
    return found


def _text(node: ast.expr | None, gap: str) -> str | None:
    """A text as it stands in the source, with `gap` for what is put in while running."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(p.value) if isinstance(p, ast.Constant) else gap for p in node.values)
    return None


def _argument(call: ast.Call, place: int, name: str) -> ast.expr | None:
    for keyword in call.keywords:
        if keyword.arg == name:
            return keyword.value
    return call.args[place] if 0 <= place < len(call.args) else None


class _Module:
    """The codes of one module."""

    def __init__(
        self, tree: ast.Module, classes: dict[str, Any], constants: dict[str, str]
    ) -> None:
        self.tree, self.classes, self.constants = tree, classes, constants
        self.functions = {n.name: n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)}

    def found(self) -> Iterator[tuple[str, str, str | None]]:
        """Each code with the class it is sent by and its sentence."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call):
                yield from self._of_call(node)
            if isinstance(node, ast.Assign) and getattr(node.targets[0], "attr", "") == "code":
                code = _text(node.value, "*")
                if code is not None:
                    yield code, "CaseloopError", None

    def _of_call(self, call: ast.Call) -> Iterator[tuple[str, str, str | None]]:
        name = getattr(call.func, "id", getattr(call.func, "attr", ""))
        if name == "Fault":
            code, sentence = _argument(call, 1, "code"), _argument(call, 2, "sentence")
            kind = "Refused"
        elif name in self.classes:
            code, sentence, kind = _argument(call, -1, "code"), _argument(call, 0, ""), name
        elif name in self.functions and "code" in (names := self._names(name)):
            place = names.index("code")
            code, sentence = _argument(call, place, "code"), _argument(call, place + 1, "sentence")
            kind = "Refused"
        else:
            return
        shown = sentence
        if isinstance(sentence, ast.Name):
            shown = next((v for n, v in self._assigned(sentence.id, call)), None)
        for each in self._codes(code, call):
            yield each, kind, _text(shown, "…")

    def _names(self, function: str) -> list[str]:
        return [one.arg for one in self.functions[function].args.args if one.arg != "self"]

    def _codes(self, node: ast.expr | None, call: ast.Call) -> Iterator[str]:
        if isinstance(node, ast.IfExp):
            yield from self._codes(node.body, call)
            yield from self._codes(node.orelse, call)
        elif isinstance(node, ast.Name):
            if node.id in self.constants:
                yield self.constants[node.id]
                return
            given = [value for _, value in self._assigned(node.id, call)]
            for value in given:
                yield from self._codes(value, call)
            if not given:
                yield from self._in_pairs()
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") in self.functions:
            for each in ast.walk(self.functions[node.func.id]):  # type: ignore[attr-defined]
                if isinstance(each, ast.Return):
                    yield from self._codes(each.value, call)
        elif (code := _text(node, "*")) is not None:
            yield code

    def _assigned(self, name: str, call: ast.Call) -> Iterator[tuple[str, ast.expr]]:
        """What is assigned to a name in the function that a call stands in, the last first."""
        around = [
            one
            for one in self.functions.values()
            if one.lineno <= call.lineno <= (one.end_lineno or 0)
        ]
        found: list[tuple[int, ast.expr]] = []
        for function in around[-1:]:
            for node in ast.walk(function):
                if not isinstance(node, ast.Assign) or node.lineno > call.lineno:
                    continue
                target, value = node.targets[0], node.value
                pairs = [(target, value)]
                if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
                    pairs = list(zip(target.elts, value.elts, strict=True))
                found += [(node.lineno, v) for t, v in pairs if getattr(t, "id", "") == name]
        for _, value in sorted(found, key=lambda one: -one[0]):
            yield name, value

    def _in_pairs(self) -> Iterator[str]:
        """Codes that stand beside their sentence in a tuple."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Tuple) and len(node.elts) == 2:
                code, sentence = (_text(one, "…") for one in node.elts)
                if code and sentence and CODE.fullmatch(code) and " " in sentence:
                    yield code


def collect() -> dict[str, dict[str, Any]]:
    """Every code: its status, its title, and the sentences that say what was wrong."""
    classes = _classes()
    trees = [
        ast.parse(path.read_text("utf-8"))
        for source in SOURCES
        for path in sorted((ROOT / source).rglob("*.py"))
    ]
    constants = {
        node.targets[0].id: node.value.value
        for tree in trees
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
        and CODE.fullmatch(node.value.value)
    }
    codes: dict[str, dict[str, Any]] = {
        one.code: {"status": one.status, "title": one.title, "sentences": []}
        for one in classes.values()
    }
    for tree in trees:
        for code, kind, sentence in _Module(tree, classes, constants).found():
            one = classes[kind]
            entry = codes.setdefault(
                code, {"status": one.status, "title": one.title, "sentences": []}
            )
            if sentence and " " in sentence and sentence not in entry["sentences"]:
                entry["sentences"].append(sentence)
    for code, sentence in _of_commands():
        entry = codes.setdefault(code, {**codes["refused"], "sentences": []})
        if sentence not in entry["sentences"]:
            entry["sentences"].append(sentence)
    return dict(sorted(codes.items()))


def _of_commands() -> Iterator[tuple[str, str]]:
    """What the declared limits of commands refuse, each with its sentence."""
    from qa.core.capabilities import modules
    from qa.core.command import Command
    from qa.core.fields import declared_refusals

    for module in modules("qa", "commands", suffixed=True):
        for command in vars(module).values():
            if isinstance(command, type) and issubclass(command, Command):
                for fault in declared_refusals(command):
                    yield fault.code, fault.sentence
