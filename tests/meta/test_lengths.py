"""What is far too long is refused before a unit of work is opened, whatever command it is for."""

from __future__ import annotations

import inspect
import pkgutil
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

import pytest

import qa
from qa.authorisation.handling import CommandHandler
from qa.core.errors import Refused
from qa.core.texts import FAR_TOO_LONG

LONG = "x" * (FAR_TOO_LONG + 1)


def _texts() -> Iterator[tuple[str, Callable[[], Any], str]]:
    """Every command with each of its texts, and how it is asked for with that text far too long.
    Nothing else is given: had the command begun, it would fail for that."""
    for module in pkgutil.walk_packages(qa.__path__, "qa."):
        if ".commands" not in module.name and ".handlers" not in module.name:
            continue
        for name, asked in vars(import_module(module.name)).items():
            if isinstance(asked, CommandHandler):
                for text, field in asked.command.model_fields.items():
                    if field.annotation in (str, str | None):
                        yield f"{module.name}.{name}", _carried_out(asked, text), text
            elif getattr(asked, "__module__", "") == module.name and hasattr(asked, "__wrapped__"):
                for one in inspect.signature(asked).parameters.values():
                    if one.annotation in ("str", "str | None"):
                        yield f"{module.name}.{name}", _called(asked, one.name), one.name


def _carried_out(handler: CommandHandler[Any], text: str) -> Callable[[], Any]:
    nobody: Any = None
    command = handler.command.model_construct(None, **{text: LONG})
    return lambda: handler(nobody, command, by=nobody)


def _called(function: Callable[..., Any], text: str) -> Callable[[], Any]:
    return lambda: function(None, **{text: LONG})


def test_a_text_that_is_far_too_long_is_refused_without_a_desk(subtests: pytest.Subtests) -> None:
    found = list(_texts())
    assert len(found) > 250
    for command, ask, name in found:
        with subtests.test(text=f"{command}-{name}"):
            with pytest.raises(Refused) as refused:
                ask()
            faults = [(one.field, one.code) for one in refused.value.faults]
            assert faults == [(name, f"{name}-long")]
