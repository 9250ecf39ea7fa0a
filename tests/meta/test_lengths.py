"""What is far too long is refused before a unit of work is opened, whatever command it is for."""

from __future__ import annotations

import inspect
import pkgutil
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

import pytest

import qa
from qa.core.errors import Refused
from qa.core.texts import LONGEST_OF_OTHERS, LONGEST_OF_PROSE
from tests.support.given import codes_of


def _texts() -> Iterator[tuple[str, Callable[..., Any], str]]:
    """Every command with each of its parameters that is a text."""
    for module in pkgutil.walk_packages(qa.__path__, "qa."):
        if ".commands" not in module.name:
            continue
        for name, function in vars(import_module(module.name)).items():
            ours = getattr(function, "__module__", "") == module.name
            if not ours or not hasattr(function, "__wrapped__"):
                continue
            for one in inspect.signature(function).parameters.values():
                if one.annotation in ("str", "str | None"):
                    yield f"{module.name}.{name}", function, one.name


TEXTS = list(_texts())


@pytest.mark.parametrize(
    ("function", "name"),
    [(function, name) for _, function, name in TEXTS],
    ids=[f"{command}-{name}" for command, _, name in TEXTS],
)
def test_a_text_that_is_far_too_long_is_refused_without_a_desk(
    function: Callable[..., Any], name: str
) -> None:
    """Nothing else is given: had the command begun, it would fail for that."""
    with pytest.raises(Refused) as refused:
        function(None, **{name: "x" * (LONGEST_OF_PROSE + 1)})
    assert [(one.field, one.code) for one in refused.value.faults] == [(name, f"{name}-long")]


def test_what_names_something_is_shorter_than_what_tells_something() -> None:
    found = {name: function for _, function, name in TEXTS}
    assert len(TEXTS) > 250
    named = "x" * (LONGEST_OF_OTHERS + 1)
    assert codes_of(lambda: found["title"](None, title=named)) == ["title-long"]
    with pytest.raises(TypeError):
        found["reason"](None, reason=named)
