"""The clocks of actions, and what evidence does for which kind of them by the policy of the day."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from qa.actions import decisions, events
from qa.actions.clocks import DEFAULT_ACTION_POLICY, EVIDENCE_FIELDS, set_action_policy
from qa.actions.commands import ClaimActionDone
from qa.actions.state import Action, evolve
from qa.actions.states import EvidenceKind
from qa.core.errors import Refused
from qa.core.event import Event
from tests.actions.support import BY_HAND, clocks
from tests.support.given import TODAY, codes_of, given

POLICY = DEFAULT_ACTION_POLICY
RAISED = BY_HAND.model_copy(update={"due_on": TODAY})


def claim(state: Action, piece: events.Evidence) -> list[Event]:
    return decisions.claim_done(
        state, ClaimActionDone(action="a1", evidence=(piece,)), policy=POLICY, today=TODAY
    )


@pytest.mark.parametrize("kind", ["compliance", "practice", "outcome-for-child"])
def test_what_evidence_does_depends_on_the_kind_of_action(kind: Any) -> None:
    does = POLICY.evidence_for(kind)
    raised = RAISED.model_copy(
        update={"kind": kind, "evidence_asked": None, "evidence_kinds": does}
    )
    state = given(Action(), evolve, raised, events.ActionAccepted())
    for one in get_args(EvidenceKind):
        piece = events.Evidence(kind=one, what="Seen at the visit of May.")
        found = state.when(lambda a, piece=piece: claim(a, piece))
        if one in does:
            found.then(events.ActionClaimedDone)
        else:
            found.refused("evidence-kind")
    before_the_policy = raised.model_copy(update={"evidence_kinds": ()})
    anything = events.Evidence(kind="other", what="Seen at the visit of May.")
    given(Action(), evolve, before_the_policy, events.ActionAccepted()).when(
        lambda a: claim(a, anything)
    ).then(events.ActionClaimedDone)


def test_a_policy_names_evidence_for_every_kind() -> None:
    for field in EVIDENCE_FIELDS:
        nothing = clocks(POLICY, **{field: ()})
        assert codes_of(lambda p=nothing: set_action_policy(POLICY, p)) == ["evidence-none"]
    assert "document" not in {*POLICY.evidence_of_practice, *POLICY.evidence_of_outcome}


def test_the_clocks_fit_one_another() -> None:
    wrong = clocks(POLICY, impact_after_days=90)
    with pytest.raises(Refused) as refused:
        set_action_policy(POLICY, wrong)
    assert [fault.code for fault in refused.value.faults] == ["days-reversed"]
    [second] = set_action_policy(POLICY, clocks(POLICY))
    assert second == POLICY.model_copy(update={"policy_version": 1})
