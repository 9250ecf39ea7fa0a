"""Each limit that a command declares refuses what breaks it, by its code, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from qa.core.capabilities import modules
from qa.core.command import Command
from qa.core.fields import FieldWords, declared_refusals, field_words


def _commands() -> Iterator[type[Command]]:
    for module in modules("qa", "commands", suffixed=True):
        for command in vars(module).values():
            ours = getattr(command, "__module__", "") == module.__name__
            if ours and isinstance(command, type) and issubclass(command, Command):
                yield command


def _fields() -> Iterator[tuple[type[Command], str, FieldWords]]:
    for command in _commands():
        for name, words in field_words(command).items():
            if not words.target:
                yield command, name, words


FIELDS = list(_fields())


def broken(words: FieldWords, empty: Any) -> Iterator[tuple[str, Any, Any]]:
    """What breaks each limit, with what is just within it (None: nothing to show)."""
    if words.missing:
        yield "missing", empty, None
    if words.longest is not None:
        within = ("A reason of substance. " * words.longest)[: words.longest]
        yield "long", within + "x", within
    if words.weighed:
        yield "thin", "x", None
    if words.least is not None:
        yield "range", words.least - 1, words.least
    if words.most is not None:
        yield "range", words.most + 1, words.most


def test_a_declared_limit_refuses_by_its_code(subtests: pytest.Subtests) -> None:
    for command, name, words in FIELDS:
        with subtests.test(field=f"{command.__module__}.{command.__name__}.{name}"):
            _refuses(command, name, words)


def _refuses(command: type[Command], name: str, words: FieldWords) -> None:
    several = words.widget in ("several", "lines")
    codes = {fault.code for fault in declared_refusals(command) if fault.field == name}
    for _, wrong, within in broken(words, () if several else " "):
        found = _faults(command, name, wrong)
        assert len(found) == 1
        assert found[0] in codes
        if within is not None:
            assert _faults(command, name, within) == []


def _faults(command: type[Command], name: str, value: Any) -> list[str]:
    found = command.model_construct(None, **{name: value}).faults()
    return [fault.code for fault in found if fault.field == name]


def _holds_models(command: type[Command], name: str) -> bool:
    """A value with fields of its own, or several: what it holds is described there."""
    kind = command.model_fields[name].annotation
    return any(
        isinstance(one, type) and issubclass(one, BaseModel) for one in (kind, *get_args(kind))
    )


def test_every_field_of_a_command_is_described() -> None:
    undescribed = {
        f"{command.__name__}.{name}"
        for command in _commands()
        for name in command.model_fields
        if name not in field_words(command) and not _holds_models(command, name)
    }
    assert undescribed == set()
    assert len(FIELDS) > 40
