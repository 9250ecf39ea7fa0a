"""What the ways in may name of the database, and what every capability brings under its names."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from qa.authorisation.context import Reaction, reactions
from qa.core.capabilities import declared, modules
from qa.core.event import events_registered
from qa.core.policy_lines import PolicyLine

API = Path(__file__).parents[2] / "api"


def test_the_ways_in_know_no_sql_but_the_connection_that_they_hand_on() -> None:
    named = {
        (path.name, f"{node.module}.{alias.name}")
        for path in API.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sqlalchemy")
        for alias in node.names
    }
    assert named
    assert {what for _, what in named} == {"sqlalchemy.engine.Connection"}


@pytest.mark.parametrize("module", modules("qa", "policy"), ids=lambda m: m.__name__)
def test_every_policy_says_its_lines(module: object) -> None:
    assert hasattr(module, "LINES")


def test_every_reaction_is_found_and_acts_at_some_moment() -> None:
    found = declared("qa", "reactions", "REACTIONS", Reaction)
    assert {type(one).__module__ for one in found} == {
        m.__name__ for m in modules("qa", "reactions")
    }
    assert len(found) > 4
    for kind in {type(one).__mro__[1] for one in found}:
        ours = reactions(kind)
        assert ours == tuple(sorted(ours, key=lambda one: one.order))
        for one in ours:
            own = {name for name in vars(type(one)) if not name.startswith("_")} - {"order"}
            assert own <= set(dir(kind)), "a moment that nobody calls"
            assert own


def test_every_event_stands_in_a_module_that_the_register_finds() -> None:
    found = {module.__name__ for module in modules("qa", "events", suffixed=True)}
    ours = {e.__module__ for e in events_registered() if e.__module__.startswith("qa.")}
    assert ours == found


def test_lines_of_the_policy_are_found_by_folder() -> None:
    assert len(declared("qa", "policy", "LINES", PolicyLine)) > 200
