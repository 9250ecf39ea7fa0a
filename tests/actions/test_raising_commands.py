"""Actions put right before anybody acts on them, and the evidence that they ask for."""

from __future__ import annotations

from datetime import timedelta

import pytest

from projections.actions import queries
from qa.actions import handlers as actions
from qa.actions.clocks import DEFAULT_ACTION_POLICY
from qa.actions.commands import AcceptAction, ClaimActionDone, ConfirmActionImpact
from qa.actions.events import Evidence
from qa.core.errors import Forbidden, NotNow, Refused
from tests.actions.support import (
    PIECE,
    SEEN,
    by_hand,
    clocks,
    evidenced,
    looked,
    raised,
    row,
)
from tests.support.council import Council, words_of
from tests.support.forms import day, sent

pytestmark = pytest.mark.one_database


def test_an_action_is_put_right_by_whoever_raised_it(council: Council) -> None:
    audit, action = raised(council)
    form = {
        "text": "See the child at home.",
        "owner": council.ids["reader"],
        **day("due_on", council.today + timedelta(days=20)),
        "reason": "The wrong person was chosen.",
    }
    sent(council, "auditor", f"/actions/{action}/correct", form)
    found = row(council, action)
    assert (found.text, found.owner) == ("See the child at home.", council.ids["reader"])
    assert found.due_on == found.first_due_on == str(council.today + timedelta(days=20))
    assert found.moved == 0
    told = words_of(council.browser("lead").get(f"/history?record=action:{action}").text)
    assert "Put right what was typed wrong" in told
    assert council.browser("worker").get(f"/actions/{action}/correct").status_code in (403, 404)
    program = council.program("reader")
    tag = {"If-Match": program.get(f"/api/v1/actions/{action}").headers["ETag"]}
    body = {"text": "x", "owner": council.ids["worker"], "due_on": "2026-04-01", "reason": "y"}
    refused = program.post(f"/api/v1/actions/{action}/corrections", json=body, headers=tag)
    assert refused.status_code == 403
    assert "See the child at home." in words_of(
        council.browser("lead").get(f"/audits/{audit}").text
    )


def test_evidence_follows_the_policy_of_the_day_it_was_raised(council: Council) -> None:
    desk, worker, lead = council.services.desk, council.actor("worker"), council.actor("lead")
    first = by_hand(council)
    seen = DEFAULT_ACTION_POLICY.model_copy(update={"evidence_of_practice": ("practice-seen",)})
    actions.set_policy(desk, clocks(seen), by=lead)
    second = by_hand(council)
    for action in (first, second):
        actions.accept(desk, AcceptAction(action=action), by=worker)
    actions.claim_done(desk, ClaimActionDone(action=first, evidence=(PIECE,)), by=worker)
    with pytest.raises(Refused, match="practice seen"):
        actions.claim_done(desk, ClaimActionDone(action=second, evidence=(PIECE,)), by=worker)
    page = words_of(council.browser("worker").get(f"/actions/{second}").text)
    assert "Practice that somebody saw" in page


def test_evidence_of_the_wrong_kind_is_refused_by_the_command(council: Council) -> None:
    action = by_hand(council, evidence_asked="supervision-note")
    desk, worker = council.services.desk, council.actor("worker")
    actions.accept(desk, AcceptAction(action=action), by=worker)
    with pytest.raises(Refused, match="supervision note"):
        actions.claim_done(desk, ClaimActionDone(action=action, evidence=(PIECE,)), by=worker)
    note = Evidence(kind="supervision-note", what="Note of 3 March.")
    actions.claim_done(desk, ClaimActionDone(action=action, evidence=(note,)), by=worker)


def test_the_policy_sets_every_clock(council: Council) -> None:
    desk, lead = council.services.desk, council.actor("lead")
    faster = DEFAULT_ACTION_POLICY.model_copy(
        update={"impact_after_days": 7, "impact_within_days": 14, "accept_within_working_days": 1}
    )
    with pytest.raises(Forbidden):
        actions.set_policy(desk, clocks(faster), by=council.actor("worker"))
    actions.set_policy(desk, clocks(faster), seen=0, by=lead)
    _, action = raised(council)
    evidenced(council, action)
    found = row(council, action)
    assert (found.accept_by, found.verify_from, found.verify_by) == (
        "2026-03-03",
        "2026-03-09",
        "2026-03-16",
    )
    with pytest.raises(NotNow, match="9 March 2026"):
        actions.confirm_impact(desk, looked(ConfirmActionImpact, action, SEEN), by=lead)
    with council.services.store.reading() as connection:
        held = queries.policy(connection)
    assert held is not None
    assert (held[0].policy_version, held[1]) == (1, 1)
