"""What the ways in may name of the database, and what every capability brings under its names."""

from __future__ import annotations

import ast
import re
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


NOTHING_SEEN = {
    "access/purpose.html": "says why the reader reads",
    "audit_tools/new.html": "makes a tool",
    "audits/new.html": "makes an audit",
    "changes/typed_again.html": "sends on what another form held, its version too",
    "evidence_packs/new.html": "makes a file",
    "imports/batch.html": "takes a batch back, which is done once",
    "imports/preview.html": "is of an upload of one's own",
    "imports/under_way.html": "stops an import of one's own",
    "inspections/new.html": "makes a room",
    "inspections/own.html": "asks a further question",
    "inspections/room.html": "adds to an answer",
    "ledger/ledger.html": "signs what there is",
    "lists/parts.html": "is a button of a row: a notice of one's own",
    "notifications/address.html": "is one's own",
    "notifications/calendar.html": "is one's own",
    "notifications/notices.html": "is one's own",
    "people/account.html": "is one's own",
    "people/codes.html": "makes codes, which end those made before",
    "people/set_password.html": "is one's own",
    "people/sign_in.html": "is one's own",
    "publishing/new.html": "makes a report",
    "tasks/draft.html": "throws one's own draft away",
    "web/base.html": "signs out",
    "tasks/accept.html": "an action is refused that was accepted or given away by then",
    "tasks/hand_over.html": "each thing is refused that somebody else answers for by then",
}
"""Templates with a form that needs no version of a record, and why: it changes none that two could
have open."""


def test_every_form_that_changes_a_record_carries_the_version_that_was_seen() -> None:
    form = re.compile(r'<form[^>]*method="post"[^>]*>(.*?)</form>', re.S)
    without = {
        f"{path.parts[-3] if path.parent.name == 'templates' else path.parent.name}/{path.name}"
        for path in API.rglob("templates/**/*.html")
        for body in form.findall(path.read_text("utf-8"))
        if not re.search(r"seen|version|revision", body)
    }
    assert without == set(NOTHING_SEEN)


def test_every_event_stands_in_a_module_that_the_register_finds() -> None:
    found = {module.__name__ for module in modules("qa", "events", suffixed=True)}
    ours = {e.__module__ for e in events_registered() if e.__module__.startswith("qa.")}
    assert ours == found


def test_lines_of_the_policy_are_found_by_folder() -> None:
    assert len(declared("qa", "policy", "LINES", PolicyLine)) > 200
