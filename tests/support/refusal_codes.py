"""The codes that Caseloop refuses with, read from its source."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCES = ("src/qa", "src/projections", "api")
PASSED_ON = re.compile(r"\w+(\[0\])?(\.faults\[0\])?\.code|one\['type'\]|code or self\.code")
"""A code that another refusal was made with, or pydantic's."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


class Codes:
    """Every code with where it stands, followed through helpers that take it, or a part of it.

    `exact` holds codes that can be spelled; `shaped` those of which a part is only known when it
    runs, as regular expressions.
    """

    def __init__(self, root: Path = ROOT) -> None:
        self.exact: dict[str, list[str]] = defaultdict(list)
        self.shaped: dict[str, list[str]] = defaultdict(list)
        self.unknown: list[str] = []
        self.modules = {
            str(path.relative_to(root)): ast.parse(path.read_text("utf-8"))
            for source in SOURCES
            for path in sorted((root / source).rglob("*.py"))
            if path.name != "fields.py"  # declared limits: tests/meta/test_declared_limits.py
        }
        self.nodes = [
            (name, node, within)
            for name, tree in self.modules.items()
            for node, within in _walk(tree)
        ]
        refusals = self._refusals()
        for name, node, within in self.nodes:
            at = f"{name}:{getattr(node, 'lineno', 0)}"
            if isinstance(node, ast.ClassDef):
                for code in _class_codes(node):
                    self.exact[code].append(at)
            if isinstance(node, ast.Call) and (given := _code_of(node, refusals)) is not None:
                self._take(given, within, name, at, 0)

    def _refusals(self) -> set[str]:
        """The classes that are refusals, by the tree of classes; and what a fault is."""
        found = {"CaseloopError", "Fault"}
        bases = {
            node.name: {base.id for base in node.bases if isinstance(base, ast.Name)}
            for _, node, _ in self.nodes
            if isinstance(node, ast.ClassDef)
        }
        while more := {name for name, of in bases.items() if of & found} - found:
            found |= more
        return found

    @cached_property
    def constants(self) -> dict[str, str]:
        """Module-level names of texts, anywhere."""
        return {
            target.id: str(node.value.value)
            for tree in self.modules.values()
            for node in tree.body
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
            for target in node.targets
            if isinstance(target, ast.Name)
        }

    @cached_property
    def calls(self) -> dict[str, list[tuple[str, ast.Call, tuple[Function, ...]]]]:
        found: dict[str, list[tuple[str, ast.Call, tuple[Function, ...]]]] = defaultdict(list)
        for module, node, within in self.nodes:
            if isinstance(node, ast.Call):
                found[_name(node)].append((module, node, within))
        return found

    @cached_property
    def pairs(self) -> dict[str, list[ast.expr]]:
        """By each field of a class that holds a code with its sentence: those of its module."""
        found: dict[str, list[ast.expr]] = defaultdict(list)
        for module, node, _ in self.nodes:
            match node:
                case ast.AnnAssign(target=ast.Name(id=field)) if "tuple[str, str]" in ast.unparse(
                    node.annotation
                ):
                    found[field] += _pairs(self.modules[module])
        return found

    def _take(
        self, given: ast.expr, within: tuple[Function, ...], module: str, at: str, depth: int
    ) -> None:
        texts = list(self._texts(given, within, module, depth))
        if not texts and not PASSED_ON.fullmatch(ast.unparse(given)):
            self.unknown.append(f"{at}: {ast.unparse(given)}")
        for text in texts:
            kind = self.exact if "\0" not in text else self.shaped
            key = text if "\0" not in text else re.escape(text).replace("\0", ".+")
            kind[key].append(at)

    def _texts(
        self, given: ast.expr, within: tuple[Function, ...], module: str, depth: int = 0
    ) -> Iterator[str]:
        """What an expression may be; NUL stands for a part that is not known."""
        match given:
            case ast.Constant(value=str(text)):
                yield text
            case ast.JoinedStr(values=parts):
                yield from self._joined(parts, within, module, depth)
            case ast.IfExp(body=one, orelse=other):
                yield from self._texts(one, within, module, depth)
                yield from self._texts(other, within, module, depth)
            case ast.Name():
                yield from self._named(given, within, module, depth)
            case ast.Call(func=ast.Attribute(attr="replace", value=inner), args=[old, new]):
                for text in self._texts(inner, within, module, depth):
                    yield text.replace(ast.literal_eval(old), ast.literal_eval(new))
            case ast.Subscript(
                value=ast.Call(func=ast.Attribute(attr="rpartition", value=inner), args=[sign])
            ):
                for text in self._texts(inner, within, module, depth):
                    yield text.rpartition(ast.literal_eval(sign))[2]
            case ast.Call(func=ast.Name(id=name)):
                for function in _functions(self.modules[module], name):
                    for line in ast.walk(function):
                        if isinstance(line, ast.Return) and line.value is not None:
                            yield from self._texts(line.value, (function,), module, depth)
            case _:
                return

    def _joined(
        self, parts: list[ast.expr], within: tuple[Function, ...], module: str, depth: int
    ) -> Iterator[str]:
        texts = [""]
        for part in parts:
            inner = part.value if isinstance(part, ast.FormattedValue) else part
            found = set(self._texts(inner, within, module, depth)) or {"\0"}
            texts = [before + text for before in texts for text in sorted(found)]
        yield from texts

    def _named(
        self, at: ast.Name, within: tuple[Function, ...], module: str, depth: int
    ) -> Iterator[str]:
        name = at.id
        for function in reversed(within):
            arguments = [*function.args.posonlyargs, *function.args.args]
            names = [one.arg for one in (*arguments, *function.args.kwonlyargs)]
            if name in names:
                if depth < 4:
                    yield from self._arguments(function, name, module, depth)
                return
            if found := [*_assigned(function, name), *self._looped(function, at)]:
                for one in found:
                    yield from self._texts(one, within, module, depth)
                return
        if name in self.constants:
            yield self.constants[name]

    def _looped(self, function: Function, name: ast.Name) -> Iterator[ast.expr]:
        """What a loop over a written list, or over one that is filled, gives a name."""
        for node in ast.walk(function):
            if not isinstance(node, ast.For | ast.comprehension):
                continue
            if isinstance(node, ast.For) and not any(one is name for one in ast.walk(node)):
                continue
            over = node.iter.body if isinstance(node.iter, ast.IfExp) else node.iter
            rows = list(over.elts) if isinstance(over, ast.Tuple | ast.List) else []
            match over:
                case ast.Name(id=filled):
                    rows = [one for to, one in _appended(function) if to == filled]
                case ast.Attribute(attr=filled):
                    rows = self.pairs.get(filled, [])
            for row in rows:
                yield from _parts_for(node.target, row, name.id)

    def _arguments(self, function: Function, name: str, module: str, depth: int) -> Iterator[str]:
        positional = [one.arg for one in (*function.args.posonlyargs, *function.args.args)]
        for there, call, within in self.calls[function.name]:
            method = positional[:1] == ["self"] and isinstance(call.func, ast.Attribute)
            if there != module and not (method or _imports(self.modules[there], call, module)):
                continue
            keywords = {one.arg: one.value for one in call.keywords}
            given = keywords.get(name)
            if given is None and name in positional:
                at = positional.index(name)
                at -= positional[0] == "self"
                given = call.args[at] if at < len(call.args) else None
            if given is not None:
                yield from self._texts(given, within, there, depth + 1)
        for argument, value in _defaults(function):
            if argument == name:
                yield from self._texts(value, (), module, depth + 1)


def _walk(tree: ast.AST) -> Iterator[tuple[ast.AST, tuple[Function, ...]]]:
    """Every node with the functions that it lies in."""
    waiting: list[tuple[ast.AST, tuple[Function, ...]]] = [(tree, ())]
    while waiting:
        node, within = waiting.pop()
        inner = (*within, node) if isinstance(node, Function) else within
        for child in ast.iter_child_nodes(node):
            yield child, inner
            waiting.append((child, inner))


def _name(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def _code_of(call: ast.Call, refusals: set[str]) -> ast.expr | None:
    """The code that a refusal or a fault is made with."""
    name = _name(call)
    for keyword in call.keywords:
        if keyword.arg == "code" and name in refusals:
            return keyword.value
    if name == "Fault" and len(call.args) > 1:
        return call.args[1]
    return None


def _class_codes(node: ast.ClassDef) -> Iterator[str]:
    for line in node.body:
        if isinstance(line, ast.Assign) and isinstance(line.value, ast.Constant):
            for target in line.targets:
                if isinstance(target, ast.Name) and target.id == "code":
                    yield str(line.value.value)


def _functions(tree: ast.Module, name: str) -> Iterator[Function]:
    return (node for node in tree.body if isinstance(node, Function) and node.name == name)


def _assigned(function: Function, name: str) -> Iterator[ast.expr]:
    """What a name is set to in a function, alone or together with others."""
    for node in ast.walk(function):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                yield from _parts_for(target, node.value, name)


def _parts_for(target: ast.expr, value: ast.expr, name: str) -> Iterator[ast.expr]:
    if isinstance(target, ast.Name) and target.id == name:
        yield value
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        for one, part in zip(target.elts, value.elts, strict=False):
            yield from _parts_for(one, part, name)


def _pairs(tree: ast.Module) -> Iterator[ast.expr]:
    """Every code with its sentence that a module writes down."""
    for node in ast.walk(tree):
        match node:
            case ast.Tuple(elts=[ast.Constant(value=str(code)), _]) if re.fullmatch(
                r"[a-z]+(-[a-z]+)+", code
            ):
                yield node


def _appended(tree: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """What is put at the end of which list."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node) == "append" and node.args:
            assert isinstance(node.func, ast.Attribute)
            yield ast.unparse(node.func.value), node.args[0]


def _imports(tree: ast.Module, call: ast.Call, module: str) -> bool:
    """Whether a call goes to a function of a module that is imported here."""
    dotted = module.removeprefix("src/").removesuffix(".py").replace("/", ".")
    package, _, last = dotted.rpartition(".")
    owner = call.func.value if isinstance(call.func, ast.Attribute) else None
    wanted = owner.id if isinstance(owner, ast.Name) else None
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                here = alias.asname or alias.name
                if wanted is None and node.module == dotted and here == _name(call):
                    return owner is None
                if (node.module, alias.name, here) == (package, last, wanted):
                    return True
    return False


def _defaults(function: Function) -> Iterator[tuple[str, ast.expr]]:
    arguments = [*function.args.posonlyargs, *function.args.args]
    with_default = arguments[len(arguments) - len(function.args.defaults) :]
    for argument, value in zip(with_default, function.args.defaults, strict=True):
        yield argument.arg, value
    for argument, default in zip(function.args.kwonlyargs, function.args.kw_defaults, strict=True):
        if default is not None:
            yield argument.arg, default


def texts_of_tests(root: Path = ROOT / "tests") -> set[str]:
    """Every text that a test holds whole."""
    return {
        node.value
        for path in root.rglob("*.py")
        if "refusal_codes" not in path.stem
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
