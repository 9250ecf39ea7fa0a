"""Commands of those who check an action: whether it was done, and whether it changed anything."""

from __future__ import annotations

from qa.actions import decisions
from qa.actions.commands.actions import kept_out, load_action, load_policy, save, save_new
from qa.actions.findings import proof_shown
from qa.actions.state import Action
from qa.actions.states import EffectCheck, Next
from qa.audits.commands.loading import load_audit
from qa.authorisation.context import Desk, Once, Work, command
from qa.core.words import Actor
from qa.people.commands.loading import present
from qa.restrictions.loading import may_be_given
from qa.store.unit import Receipt
from qa.working_days.loading import load_calendar


def _to_verify(work: Work, action_id: str, seen: int | None) -> Action:
    """The action, talked over in its owner's supervision where that was asked for."""
    state = load_action(work, action_id, "verify-impact", seen)
    discussed = work.desk.lookups.discussed_in_supervision(
        work.unit.connection, action_id, state.owner
    )
    decisions.talked_over(state, discussed=discussed)
    return state


def _shown(work: Work, state: Action, checked: EffectCheck) -> None:
    """Look up what is named as proof, after the decision has said that the check may be made."""
    lookups, connection = work.desk.lookups, work.unit.connection
    named = checked.reference.strip()
    found = lookups.audit_with_reference(connection, named) if named else None
    proof_shown(
        state,
        checked,
        audit=load_audit(work, found) if found and checked.proof == "re-audit" else None,
        measured=checked.proof == "indicator"
        and lookups.indicator_has_values(connection, named, state.raised_on),
        supervised=checked.proof == "supervision-check"
        and lookups.supervision_checked(
            connection, named, team=state.team, practitioner=state.owner, since=state.raised_on
        ),
    )


@command
def ask_discussion(
    desk: Desk, *, action_id: str, seen: int | None = None, by: Actor, once: Once | None = None
) -> Receipt:
    """Ask that the owner's supervision talks the action over before its effect is checked."""
    with desk.work(by, once=once) as work:
        state = load_action(work, action_id, "verify-impact", seen)
        save(work, state, decisions.ask_discussion(state))
    return work.receipt


@command
def accept_evidence(
    desk: Desk,
    *,
    action_id: str,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Be satisfied that it was done.

    Raises:
        Forbidden: the owner, or somebody of the owner's line.   NotNow: nothing is claimed.
    """
    with desk.work(by, once=once) as work:
        state = load_action(work, action_id, "check-evidence", seen)
        decided = decisions.accept_evidence(
            state,
            by=by.person,
            line=kept_out(work, state),
            policy=load_policy(work),
            today=work.today,
        )
        save(work, state, decided)
    return work.receipt


@command
def return_evidence(
    desk: Desk,
    *,
    action_id: str,
    why: str,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Send the evidence back to the owner."""
    with desk.work(by, once=once) as work:
        state = load_action(work, action_id, "check-evidence", seen)
        line = kept_out(work, state)
        save(work, state, decisions.return_evidence(state, why=why, by=by.person, line=line))
    return work.receipt


@command
def confirm_impact(
    desk: Desk,
    *,
    action_id: str,
    checked: EffectCheck,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Close the loop: it changed something for children."""
    with desk.work(by, once=once) as work:
        state = _to_verify(work, action_id, seen)
        line = kept_out(work, state)
        decided = decisions.confirm_impact(
            state, checked, by=by.person, line=line, today=work.today
        )
        _shown(work, state, checked)
        save(work, state, decided)
    return work.receipt


@command
def impact_too_early(
    desk: Desk,
    *,
    action_id: str,
    checked: EffectCheck,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Look again after another interval."""
    with desk.work(by, once=once) as work:
        state = _to_verify(work, action_id, seen)
        decided = decisions.impact_too_early(
            state,
            checked,
            by=by.person,
            line=kept_out(work, state),
            policy=load_policy(work),
            today=work.today,
        )
        _shown(work, state, checked)
        save(work, state, decided)
    return work.receipt


@command
def impact_not_seen(
    desk: Desk,
    *,
    action_id: str,
    checked: EffectCheck,
    following: Next,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """It changed nothing: raise the next action of the chain. The response holds ``action``."""
    with desk.work(by, once=once) as work:
        state = _to_verify(work, action_id, seen)
        present(work, following.owner, field="owner")
        may_be_given(work, state.child, following.owner, field="owner")
        after = work.new_id()
        decided, raised = decisions.impact_not_seen(
            state,
            checked,
            following,
            next_action=after,
            by=by.person,
            line=kept_out(work, state),
            policy=load_policy(work),
            today=work.today,
            calendar=load_calendar(work),
        )
        _shown(work, state, checked)
        save(work, state, decided)
        save_new(work, raised)
        work.unit.respond(action=after)
    return work.receipt
