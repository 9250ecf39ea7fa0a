"""Ways to move an action along in tests."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, TypeVar

from projections.actions import queries
from projections.actions.tables import ActionRow
from qa.actions import commands, decisions, events
from qa.actions import handlers as actions
from qa.actions.clocks import DEFAULT_ACTION_POLICY
from qa.actions.events import ActionPolicySet, Evidence
from qa.actions.state import Action, evolve
from qa.core.event import Event
from tests.support.council import Council
from tests.support.given import TODAY, Given, given

PIECE = Evidence(kind="case-record", what="The chronology of May.", where="Case file, page 3")
SEEN = commands.EffectCheck(
    action="a1", proof="dip-sample", reference="June sample", note="Four of five are up to date."
)


C = TypeVar("C", bound=commands.EffectCheck)


def looked(kind: type[C], action: str, seen: commands.EffectCheck, **more: Any) -> C:
    """The command that says so of an action."""
    return kind(**{**dict(seen), "action": action, **more})


def clocks(policy: ActionPolicySet, **change: Any) -> commands.SetActionPolicy:
    """The command that sets this policy."""
    return commands.SetActionPolicy(
        **{name: getattr(policy, name) for name in commands.SetActionPolicy.model_fields} | change
    )


def raised(council: Council, *, overall: str = "good", **values: Any) -> tuple[str, str]:
    """A submitted audit with one action of the worker: (audit, action)."""
    planned = council.action(**values)
    audit = council.submitted(overall, actions=(planned,), no_action_reason="")
    return audit, planned.action


def by_hand(council: Council, handle: str = "lead", **values: Any) -> str:
    by = values.pop("by", council.actor(handle))
    asked = {
        "text": "Write the visiting standard down.",
        "kind": "practice",
        "owner": council.ids["worker"],
        "due_on": council.today + timedelta(days=30),
        "team": "east",
        **values,
    }
    done = actions.raise_action(council.services.desk, commands.RaiseAction(**asked), by=by)
    return str(done.response["action"])


def claimed(council: Council, action: str, handle: str = "worker") -> None:
    desk, by = council.services.desk, council.actor(handle)
    actions.accept(desk, commands.AcceptAction(action=action), by=by)
    actions.claim_done(desk, commands.ClaimActionDone(action=action, evidence=(PIECE,)), by=by)


def evidenced(council: Council, action: str) -> None:
    claimed(council, action)
    actions.accept_evidence(
        council.services.desk,
        commands.AcceptActionEvidence(action=action),
        by=council.actor("lead"),
    )


def closed(council: Council, action: str) -> None:
    """Through to the end of the loop; the clock moves to the first day of the check."""
    evidenced(council, action)
    council.clock.advance(timedelta(days=57))
    actions.confirm_impact(
        council.services.desk,
        looked(commands.ConfirmActionImpact, action, SEEN),
        by=council.actor("lead"),
    )


def following(council: Council, due_on: date | None = None) -> commands.Next:
    return commands.Next(
        text="Bring it up to date every month.",
        owner=council.ids["worker"],
        due_on=due_on or council.today + timedelta(days=20),
    )


def row(council: Council, action: str, position: int | None = None) -> ActionRow:
    with council.services.store.reading() as connection:
        found = queries.one(connection, action, position=position)
    assert found is not None
    return found


POLICY = DEFAULT_ACTION_POLICY


BY_HAND = events.ActionRaised(
    action="a1",
    raised_by="by-hand",
    team="east",
    service="safeguarding",
    text="Bring the chronology up to date.",
    kind="practice",
    owner="p-owner",
    due_on=TODAY + timedelta(days=30),
)


RAISED = BY_HAND.model_copy(
    update={
        "raised_by": "case-audit",
        "audit": "audit-1",
        "child": "C-1",
        "evidence_asked": "case-record",
    }
)


RECORD = events.Evidence(kind="case-record", what="The chronology of May.")


CLAIMED = events.ActionClaimedDone(evidence=(RECORD,), check_by=TODAY)


ACCEPTED = events.EvidenceAccepted(verify_from=TODAY, verify_by=TODAY + timedelta(days=28))


FOLLOWING = commands.Next(text="Try again.", owner="p-other", due_on=TODAY + timedelta(days=20))


def standing(*after: Event) -> Given[Action]:
    return given(Action(), evolve, RAISED, *after)


def claim(state: Action, *evidence: events.Evidence) -> list[Event]:
    return decisions.claim_done(
        state, commands.ClaimActionDone(action="a1", evidence=evidence), policy=POLICY, today=TODAY
    )
