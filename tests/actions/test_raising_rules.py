"""What was typed wrong when an action was raised is put right before anybody acts on it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from qa.actions import events, raising_decisions
from qa.actions.commands import CorrectAction
from qa.actions.state import Action, evolve
from qa.core.errors import Refused
from qa.core.event import Event
from tests.actions.support import BY_HAND
from tests.support.given import TODAY, Given, given

RAISED = BY_HAND


def standing(*after: Event) -> Given[Action]:
    return given(Action(), evolve, RAISED, *after)


def _corrected(state: Action, **values: Any) -> list[Event]:
    asked = {
        "action": "a1",
        "text": RAISED.text,
        "owner": RAISED.owner,
        "due_on": RAISED.due_on,
        "reason": "The wrong person was chosen.",
        **values,
    }
    by = asked.pop("by", "p-auditor")
    return raising_decisions.correct(state, CorrectAction(**asked), by=by, today=TODAY)


def test_what_was_typed_wrong_is_put_right_before_anybody_acts_on_it() -> None:
    later = RAISED.due_on + timedelta(days=7)
    [done] = (
        standing()
        .when(lambda a: _corrected(a, owner="p-right", due_on=later))
        .then(events.ActionCorrected)
    )
    after = standing(done).state
    assert (after.owner, after.due_on, after.raised_person) == ("p-right", later, "p-auditor")
    assert after.about == standing().state.about
    for acted in (
        events.ActionAccepted(),
        events.ActionChallenged(why="It is not mine."),
        events.ActionRescheduled(old=RAISED.due_on, new=later),
    ):
        standing(acted).when(lambda a: _corrected(a, owner="p-right")).refused("action-acted-on")
    for values, code in (
        ({"text": " "}, "text-missing"),
        ({"owner": "p-right", "reason": "Typo."}, "reason-thin"),
        ({"due_on": TODAY - timedelta(days=1)}, "date-past"),
        ({}, "nothing-changed"),
        ({"due_on": later, "by": RAISED.owner}, "forbidden"),
    ):
        standing().when(lambda a, values=values: _corrected(a, **values)).refused(code)


def test_an_action_of_no_audit_names_what_it_answers() -> None:
    raised = RAISED.model_copy(update={"raised_by": "supervision-check", "audit": "", "child": ""})
    with pytest.raises(Refused) as refused:
        raising_decisions.raise_one(raised, today=TODAY)
    assert [fault.code for fault in refused.value.faults] == ["source-missing"]
