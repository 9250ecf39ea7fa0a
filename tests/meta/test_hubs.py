"""Whatever gathers something of every capability finds it by folder, whole and well formed."""

from __future__ import annotations

import inspect
from types import FunctionType
from typing import get_type_hints

import pytest

from api import services
from projections.core.late_events import LearntLater
from qa.authorisation.context import Lookups
from qa.core.capabilities import declared, modules

ASKED = {name: value for name, value in vars(Lookups).items() if not name.startswith("_")}


def test_every_read_model_is_in_the_registry() -> None:
    found = services.registry().projectors
    assert len(found) >= len(modules("projections", "projector")) + 1
    assert isinstance(found[-1], LearntLater)


def test_every_look_up_has_one_answer() -> None:
    found = declared("api", "lookups", "LOOKUPS", FunctionType)
    assert sorted(one.__name__ for one in found) == sorted(ASKED)


@pytest.mark.parametrize("name", sorted(ASKED))
def test_a_look_up_is_answered_as_it_is_asked(name: str) -> None:
    asked, answer = ASKED[name], getattr(services.lookups(), name)
    assert get_type_hints(answer) == get_type_hints(asked)
    _, *expected = inspect.signature(asked).parameters.values()
    assert list(inspect.signature(answer).parameters.values()) == expected
