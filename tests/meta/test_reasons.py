"""Whoever takes a reason asks the one decision of what counts as one."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

import qa
from qa.core.capabilities import modules
from qa.core.command import Command
from qa.core.fields import field_words

REASONS = ("reason", "why", "comments", "exception")
"""What the words for a change are called. Words for what somebody saw or did are no reasons."""
ONE_DECISION = {"reason_faults", "owe_reason", "of_substance"}


class Taken(NamedTuple):
    """A parameter of a function that holds a reason; `owed` where it may not be left out."""

    room: str
    function: str
    parameter: str
    owed: bool


def _functions() -> Iterator[tuple[str, ast.FunctionDef]]:
    for path in sorted(Path(next(iter(qa.__path__))).rglob("*.py")):
        room = path.relative_to(next(iter(qa.__path__))).parts[0]
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                yield room, node


FUNCTIONS = list(_functions())


def _is_command(node: ast.FunctionDef) -> bool:
    return any(isinstance(one, ast.Name) and one.id == "command" for one in node.decorator_list)


def _parameters(node: ast.FunctionDef) -> dict[str, bool]:
    """The names of a function's texts, and whether each must be given."""
    keyword = zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
    found = {one.arg: (one.annotation, default is None) for one, default in keyword}
    found |= {one.arg: (one.annotation, True) for one in node.args.args}
    return {
        name: owed
        for name, (annotation, owed) in found.items()
        if annotation is not None and ast.unparse(annotation) in ("str", "str | None")
    }


def _handed_on(node: ast.FunctionDef, parameter: str) -> Iterator[tuple[str, str | int]]:
    """Which functions get the parameter, and as what."""
    for call in ast.walk(node):
        if not isinstance(call, ast.Call):
            continue
        name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
        name = call.func.id if isinstance(call.func, ast.Name) else name
        for at, value in enumerate(call.args):
            if any(isinstance(one, ast.Name) and one.id == parameter for one in ast.walk(value)):
                yield name, at
        for keyword in call.keywords:
            inside = ast.walk(keyword.value)
            if any(isinstance(one, ast.Name) and one.id == parameter for one in inside):
                yield name, keyword.arg or ""


def _asks(room: str, node: ast.FunctionDef, parameter: str) -> bool:
    """Whether the parameter reaches the one decision, in this function or beneath it."""
    for name, place in _handed_on(node, parameter):
        if name in ONE_DECISION:
            return True
        for other_room, other in FUNCTIONS:
            if other.name != name or other is node or other_room not in (room, "audits"):
                continue
            listed = [one.arg for one in other.args.args]
            inner = listed[place] if isinstance(place, int) and place < len(listed) else place
            if not isinstance(inner, str) or inner not in _parameters(other):
                continue
            if not _is_command(other) and _asks(other_room, other, inner):
                return True
    return False


TAKEN = [
    (Taken(room, node.name, parameter, owed), node)
    for room, node in FUNCTIONS
    if _is_command(node)
    for parameter, owed in _parameters(node).items()
    if parameter in REASONS
]


IDS = [f"{taken.room}.{taken.function}.{taken.parameter}" for taken, _ in TAKEN]


@pytest.mark.parametrize(("taken", "node"), TAKEN, ids=IDS)
def test_a_command_that_takes_a_reason_asks_the_one_decision(
    taken: Taken, node: ast.FunctionDef
) -> None:
    """One that may be left out is asked where events are stamped with it (`Work.append`)."""
    stamped = ("work", "reason") in set(_handed_on(node, taken.parameter))
    assert _asks(taken.room, node, taken.parameter) or (stamped and not taken.owed)


def _models() -> Iterator[tuple[str, type[Command], str]]:
    """The commands that are models, with each of their reasons."""
    for module in modules("qa", "commands", suffixed=True):
        for name, command in vars(module).items():
            if isinstance(command, type) and issubclass(command, Command):
                for field in sorted(set(REASONS) & set(command.model_fields)):
                    ours = command.__module__ == module.__name__
                    if ours and command.model_fields[field].annotation in (str, str | None):
                        yield f"{module.__name__.split('.')[1]}.{name}", command, field


MODELS = list(_models())


@pytest.mark.parametrize(
    ("command", "field"),
    [(command, field) for _, command, field in MODELS],
    ids=[f"{name}.{field}" for name, _, field in MODELS],
)
def test_a_command_that_holds_a_reason_weighs_it(command: type[Command], field: str) -> None:
    """One that may be left out is weighed where events are stamped with it (`Work.append`)."""
    owed = command.model_fields[field].is_required()
    room = command.__module__.split(".")[1]
    assert not owed or field_words(command)[field].weighed or _decided(room, field)


def _decided(room: str, field: str) -> bool:
    """Whether a decision of the room hands the command's reason to the one decision."""
    return any(
        isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id in ONE_DECISION
        and ast.unparse(call.args[0]) == f"command.{field}"
        for where, node in FUNCTIONS
        if where == room
        for call in ast.walk(node)
    )


def test_the_walk_finds_what_it_looks_for() -> None:
    found = {(taken.room, taken.function) for taken, _ in TAKEN}
    held = {name for name, _, _ in MODELS}
    assert {"audits.WithdrawAudit", "publishing.WithdrawPublishedReport"} <= held
    assert len(found) + len(held) > 45
