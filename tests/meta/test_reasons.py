"""Whoever takes a reason asks the one decision of what counts as one."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import qa
from qa.core.capabilities import modules
from qa.core.command import Command
from qa.core.fields import field_words

REASONS = ("reason", "why", "comments", "exception")
"""What the words for a change are called. Words for what somebody saw or did are no reasons."""
ONE_DECISION = {"reason_faults", "owe_reason", "of_substance"}


@cache
def functions() -> list[tuple[str, ast.FunctionDef]]:
    """The functions of every room."""
    return list(_functions())


def _functions() -> Iterator[tuple[str, ast.FunctionDef]]:
    for path in sorted(Path(next(iter(qa.__path__))).rglob("*.py")):
        room = path.relative_to(next(iter(qa.__path__))).parts[0]
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                yield room, node


def test_only_a_command_that_is_a_model_takes_a_reason() -> None:
    """What is described is weighed where it is described; the imports, which are not, take none."""
    written = [
        (room, node)
        for room, node in functions()
        if any(isinstance(one, ast.Name) and one.id == "command" for one in node.decorator_list)
    ]
    taking = [
        f"{room}.{node.name}"
        for room, node in written
        if {one.arg for one in (*node.args.args, *node.args.kwonlyargs)} & set(REASONS)
    ]
    assert taking == []
    assert {room for room, _ in written} <= {"imports", "plans"}


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
        for where, node in functions()
        if where == room
        for call in ast.walk(node)
    )


def test_the_walk_finds_what_it_looks_for() -> None:
    held = {name for name, _, _ in MODELS}
    assert {"audits.WithdrawAudit", "publishing.WithdrawPublishedReport"} <= held
    assert len(held) > 45
