"""The codes that Caseloop refuses with, read from its source, with the sentences they come with.

A code is followed through helpers that take it, or a part of it. A part that is only known when it
runs stands as ``*`` (``action-*``), and what differs from case to case in a sentence as ``…``.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[1]
SOURCES = ("src/qa", "src/projections", "api")
PASSED_ON = re.compile(r"\w+(\[0\])?(\.faults\[0\])?\.code|one\['type'\]|code or self\.code")
"""A code that another refusal was made with, or pydantic's."""

Function = ast.FunctionDef | ast.AsyncFunctionDef
Bound = dict[str, ast.expr]
Found = Iterator[tuple[str, str | None]]
"""What a code may be, each with its sentence."""


class Place(NamedTuple):
    """The module and the functions that an expression stands in."""

    module: str
    within: tuple[Function, ...]


@dataclass
class Code:
    """What sends a code, where, and what it says then."""

    kind: str
    at: list[str] = field(default_factory=list)
    sentences: list[str] = field(default_factory=list)


class Codes:
    """Every code that the source refuses with, but for the limits that fields declare."""

    def __init__(self) -> None:
        self.found: dict[str, Code] = {}
        self.unknown: list[str] = []
        self.modules = {
            str(path.relative_to(ROOT)): ast.parse(path.read_text("utf-8"))
            for source in SOURCES
            for path in sorted((ROOT / source).rglob("*.py"))
            if path.name != "fields.py"  # declared limits: `collect` asks for them
        }
        self.nodes = [
            (node, Place(name, within))
            for name, tree in self.modules.items()
            for node, within in _walk(tree)
        ]
        self.classes = self._refusals()
        for name, one in self.classes.items():
            if "code" in vars(one):
                self.found.setdefault(one.code, Code(name, [f"class {name}"]))
        for node, place in self.nodes:
            if isinstance(node, ast.Call):
                self._take(_name(node), *_code_of(node, self.classes), place)
            match node:
                case ast.Assign(
                    targets=[ast.Attribute(attr="code")], value=ast.JoinedStr() as made
                ):
                    self._take("CaseloopError", made, None, place)

    def _refusals(self) -> dict[str, Any]:
        """The classes that are refusals, by the tree of classes."""
        known = {
            node.name: (place.module, {getattr(base, "id", "") for base in node.bases})
            for node, place in self.nodes
            if isinstance(node, ast.ClassDef)
        }
        names = ["CaseloopError"]
        for base in names:
            names += [name for name, (_, of) in known.items() if base in of and name not in names]
        return {name: getattr(import_module(_dotted(known[name][0])), name) for name in names}

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
    def calls(self) -> dict[str, list[tuple[ast.Call, Place]]]:
        found: dict[str, list[tuple[ast.Call, Place]]] = defaultdict(list)
        for node, place in self.nodes:
            if isinstance(node, ast.Call):
                found[_name(node)].append((node, place))
        return found

    @cached_property
    def pairs(self) -> dict[str, list[ast.expr]]:
        """By each field of a class that holds a code with its sentence: those of its module."""
        found: dict[str, list[ast.expr]] = defaultdict(list)
        for node, place in self.nodes:
            match node:
                case ast.AnnAssign(target=ast.Name(id=name)) if "tuple[str, str]" in ast.unparse(
                    node.annotation
                ):
                    found[name] += _pairs(self.modules[place.module])
        return found

    def _take(self, kind: str, given: ast.expr | None, said: ast.expr | None, place: Place) -> None:
        if given is None:
            return
        at = f"{place.module}:{given.lineno}"
        texts = list(self._texts(given, said, place))
        if not texts and not PASSED_ON.fullmatch(ast.unparse(given)):
            self.unknown.append(f"{at}: {ast.unparse(given)}")
        for text, sentence in texts:
            code = self.found.setdefault(text, Code("Refused" if kind == "Fault" else kind))
            code.at.append(at)
            if sentence and " " in sentence and sentence not in code.sentences:
                code.sentences.append(sentence)

    def _texts(self, given: ast.expr, said: ast.expr | None, place: Place, depth: int = 0) -> Found:
        """What an expression may be, each with the sentence that is said then."""
        match given:
            case ast.Constant(value=str(text)):
                yield text, self._sentence(said, place)
            case ast.JoinedStr(values=parts):
                yield from self._joined(parts, said, place, depth)
            case ast.IfExp(body=one, orelse=other):
                says, else_says = said, said
                if isinstance(said, ast.IfExp):
                    says, else_says = said.body, said.orelse
                yield from self._texts(one, says, place, depth)
                yield from self._texts(other, else_says, place, depth)
            case ast.BoolOp(values=values):
                for one in values:
                    yield from self._texts(one, said, place, depth)
            case ast.Name() if depth < 6:
                yield from self._named(given, said, place, depth + 1)
            case ast.Call(func=ast.Attribute(attr="replace", value=inner), args=[old, new]):
                for text, sentence in self._texts(inner, said, place, depth):
                    yield text.replace(ast.literal_eval(old), ast.literal_eval(new)), sentence
            case ast.Subscript(
                value=ast.Call(func=ast.Attribute(attr="rpartition", value=inner), args=[sign])
            ):
                for text, sentence in self._texts(inner, said, place, depth):
                    yield text.rpartition(ast.literal_eval(sign))[2], sentence
            case ast.Call(func=ast.Name(id=name)):
                said = self._local(said, place)
                for node in self.modules[place.module].body:
                    if isinstance(node, Function) and node.name == name:
                        there = Place(place.module, (node,))
                        for line in ast.walk(node):
                            if isinstance(line, ast.Return) and line.value is not None:
                                yield from self._texts(line.value, said, there, depth)

    def _joined(
        self, parts: list[ast.expr], said: ast.expr | None, place: Place, depth: int
    ) -> Found:
        ways: list[tuple[str, str | None]] = [("", None)]
        for part in parts:
            inner = part.value if isinstance(part, ast.FormattedValue) else part
            found = dict.fromkeys(self._texts(inner, said, place, depth))
            known = found or {("*", self._sentence(said, place)): None}
            ways = [(before + text, told or now) for before, told in ways for text, now in known]
        yield from ways

    def _named(self, at: ast.Name, said: ast.expr | None, place: Place, depth: int) -> Found:
        name, ways = at.id, list[tuple[Bound, Place]]()
        for function in reversed(place.within):
            if taken := name in {one.arg for one in _parameters(function)}:
                ways = list(self._arguments(function, place.module))
            else:
                both = (*_assigned(function), *self._looped(function, at))
                ways = [(bound, place) for bound in both]
            ways = [(bound, there) for bound, there in ways if name in bound]
            for bound, there in ways:
                yield from self._texts(bound[name], self._told(said, bound, place), there, depth)
            if ways or taken:
                return
        if name in self.constants:
            yield self.constants[name], self._sentence(said, place)

    def _told(self, said: ast.expr | None, bound: Bound, place: Place) -> ast.expr | None:
        """A sentence, with what its names stand for on one way to a code."""
        if isinstance(said, ast.Name):
            said = bound.get(said.id) or self._local(said, place)
        if isinstance(said, ast.JoinedStr):
            names = [getattr(getattr(part, "value", None), "id", "") for part in said.values]
            given = [bound.get(name) for name in names]
            pairs = zip(said.values, given, strict=True)
            return ast.JoinedStr([now if now and _spoken(now) else part for part, now in pairs])
        return said

    def _local(self, said: ast.expr | None, place: Place) -> ast.expr | None:
        """What a sentence's name was set to last, in the function that it is said in."""
        if isinstance(said, ast.Name):
            for function in reversed(place.within):
                if not any(one is said for one in ast.walk(function)):
                    continue
                values = [bound[said.id] for bound in _assigned(function) if said.id in bound]
                before = [one for one in values if one.lineno <= said.lineno]
                if before:
                    return max(before, key=lambda one: one.lineno)
        return said

    def _sentence(self, said: ast.expr | None, place: Place) -> str | None:
        said = self._local(said, place)
        return self.constants.get(said.id) if isinstance(said, ast.Name) else _spoken(said)

    def _looped(self, function: Function, name: ast.Name) -> Iterator[Bound]:
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
                yield _bind(node.target, row)

    def _arguments(self, function: Function, module: str) -> Iterator[tuple[Bound, Place]]:
        """What each call of a function gives it."""
        taken = function.args
        positional = [one.arg for one in (*taken.posonlyargs, *taken.args)]
        method = positional[:1] == ["self"]
        defaults = dict(zip(reversed(positional), reversed(taken.defaults), strict=False))
        for one, default in zip(taken.kwonlyargs, taken.kw_defaults, strict=True):
            if default is not None:
                defaults[one.arg] = default
        for call, place in self.calls[function.name] if function.name != "__init__" else ():
            ours = place.module == module or (method and isinstance(call.func, ast.Attribute))
            if ours or _imports(self.modules[place.module], call, module):
                given = dict(zip(positional[method:], call.args, strict=False))
                keywords = {one.arg: one.value for one in call.keywords if one.arg}
                yield {**defaults, **given, **keywords}, place


def _walk(tree: ast.AST) -> Iterator[tuple[ast.AST, tuple[Function, ...]]]:
    """Every node with the functions that it lies in."""
    waiting: deque[tuple[ast.AST, tuple[Function, ...]]] = deque([(tree, ())])
    while waiting:
        node, within = waiting.popleft()
        inner = (*within, node) if isinstance(node, Function) else within
        for child in ast.iter_child_nodes(node):
            yield child, inner
            waiting.append((child, inner))


def _spoken(said: ast.expr | None) -> str | None:
    match said:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(_spoken(part) or "…" for part in parts)
    return None


def _dotted(path: str) -> str:
    return path.removeprefix("src/").removesuffix(".py").replace("/", ".")


def _name(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def _code_of(call: ast.Call, classes: dict[str, Any]) -> tuple[ast.expr | None, ast.expr | None]:
    """The code that a refusal or a fault is made with, and its sentence."""
    given = {one.arg: one.value for one in call.keywords}
    if (name := _name(call)) == "Fault":
        given |= dict(zip(("field", "code", "sentence"), call.args, strict=False))
    elif name in classes:
        given |= dict(zip(("sentence",), call.args, strict=False))
    else:
        return None, None
    return given.get("code"), given.get("sentence")


def _parameters(function: Function) -> list[ast.arg]:
    return [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]


@cache
def _assigned(function: Function) -> list[Bound]:
    """What names are set to in a function, alone or together with others."""
    return [
        _bind(target, node.value)
        for node in ast.walk(function)
        if isinstance(node, ast.Assign)
        for target in node.targets
    ]


def _bind(target: ast.expr, value: ast.expr) -> Bound:
    match target, value:
        case ast.Name(id=name), _:
            return {name: value}
        case ast.Tuple(elts=targets), ast.Tuple(elts=parts):
            pairs = zip(targets, parts, strict=False)
            return {name: one for pair in pairs for name, one in _bind(*pair).items()}
    return {}


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
        match node:
            case ast.Call(func=ast.Attribute(attr="append", value=to), args=[one, *_]):
                yield ast.unparse(to), one


def _imports(tree: ast.Module, call: ast.Call, module: str) -> bool:
    """Whether a call goes to a function of a module that is imported here."""
    dotted = _dotted(module)
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


@cache
def codes() -> Codes:
    return Codes()


@cache
def collect() -> dict[str, dict[str, Any]]:
    """Every code: its status, its title, and the sentences that say what was wrong."""
    from qa.core.capabilities import modules
    from qa.core.command import Command
    from qa.core.fields import declared_refusals

    read = codes()
    found: dict[str, dict[str, Any]] = {}
    for name, code in read.found.items():
        one = read.classes[code.kind]
        found[name] = {"status": one.status, "title": one.title, "sentences": [*code.sentences]}
    for module in modules("qa", "commands", suffixed=True):
        for command in vars(module).values():
            if isinstance(command, type) and issubclass(command, Command):
                for fault in declared_refusals(command):
                    entry = found.setdefault(fault.code, {**found["refused"], "sentences": []})
                    if fault.sentence not in entry["sentences"]:
                        entry["sentences"].append(fault.sentence)
    return dict(sorted(found.items()))
