"""Decisions on an action: from the finding that raised it to the effect it had.

The states are those of `qa.actions.states`. Nobody passes their own work: evidence and impact are
judged by somebody who is not the owner and neither above nor below them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, timedelta

from qa.actions import clocks, commands, events
from qa.actions.raising_decisions import due_faults, of, raise_one
from qa.actions.state import Action
from qa.actions.states import ActionState
from qa.core.carry import carry
from qa.core.clock import ENGLAND, WorkingDays
from qa.core.dates_in_words import day as in_words
from qa.core.errors import CaseloopError, Fault, Forbidden, NotNow, Refused, refuse_any
from qa.core.event import Event

CARRIED_ON_DAYS = 28
"""How long an action that a failing grade brought back has, after the days to accept it."""
_ENDED = "This action has ended."


def accept(action: Action) -> list[Event]:
    """Take the action on."""
    _in(action, ActionState.RAISED, ActionState.CHALLENGED)
    return [events.ActionAccepted()]


def refused_together(refused: Mapping[int, CaseloopError]) -> None:
    """Raises `Refused` with what kept each of several actions from being accepted, at its place."""
    refuse_any(
        Fault(f"actions.{place}", error.code, error.sentence) for place, error in refused.items()
    )


def challenge(action: Action, command: commands.ChallengeAction) -> list[Event]:
    """Say why the action is wrong, or not theirs. Accepting it later stays possible."""
    _in(action, ActionState.RAISED)
    command.refuse_faults()
    return [events.ActionChallenged(why=command.why.strip())]


def progress(action: Action, command: commands.NoteActionProgress) -> list[Event]:
    """Say how it goes."""
    _in(action, ActionState.ACCEPTED, ActionState.IN_PROGRESS, ActionState.RETURNED)
    command.refuse_faults()
    return [events.ActionProgressed(note=command.note.strip())]


def name_contributors(action: Action, command: commands.NameActionContributors) -> list[Event]:
    """Say who helps the owner.

    Raises:
        Refused: the owner is among them; the owner answers for it already.
    """
    _open(action)
    new = tuple(dict.fromkeys(command.contributors))
    if action.owner in new:
        sentence = "The owner answers for the action already."
        raise Refused(sentence, field="contributors", code="owner-contributes")
    if new == action.contributors:
        return []
    return [events.ActionContributorsNamed(old=action.contributors, new=new)]


def link_finding(action: Action, command: commands.LinkActionFinding) -> list[Event]:
    """Say that the action answers a further finding."""
    _open(action)
    if (command.audit, command.domain) in action.linked or command.audit == action.audit:
        return []
    return [events.ActionFindingLinked(audit=command.audit, domain=command.domain)]


def reschedule(
    action: Action, command: commands.RescheduleAction, *, by: str, today: date
) -> list[Event]:
    """Move the due date; the first one stays on record and lateness is told by both.

    Raises:
        Forbidden: the owner moves their own date.   Refused: a date in the past; no reason.
    """
    _owed(action)
    if by == action.owner:
        raise Forbidden("Somebody other than the owner moves the date.", rule="own-date")
    refuse_any([*due_faults(command.due_on, today), *command.faults()])
    if command.due_on == action.due_on:
        return []
    return [events.ActionRescheduled(old=action.due_on, new=command.due_on)]


def transfer(
    action: Action,
    command: commands.TransferAction,
    *,
    team: str,
    service: str,
    policy: events.ActionPolicySet,
    today: date,
    calendar: WorkingDays = ENGLAND,
) -> list[Event]:
    """Make somebody else accountable, in `team` of `service`; they have yet to accept it.

    Raises:
        Refused: nothing changes, or no reason.
    """
    _owed(action)
    if (command.owner, team) == (action.owner, action.team):
        raise Refused("They own the action already.", field="owner", code="owner-same")
    command.refuse_faults()
    return [
        events.ActionTransferred(
            old=action.owner,
            new=command.owner,
            old_team=action.team,
            new_team=team,
            old_service=action.service,
            new_service=service,
            accept_by=clocks.accept_by(policy, today, calendar),
        )
    ]


def drop(action: Action, command: commands.DropAction) -> list[Event]:
    """Say that the action no longer applies.

    Raises:
        NotNow: it has ended.   Refused: no reason.
    """
    _open(action)
    command.refuse_faults()
    return [events.ActionNoLongerApplicable(action=action.id)]


def claim_done(
    action: Action,
    command: commands.ClaimActionDone,
    *,
    policy: events.ActionPolicySet,
    today: date,
    calendar: WorkingDays = ENGLAND,
) -> list[Event]:
    """Say that it is done, with evidence of the kind that was asked for.

    Raises:
        Refused: no evidence, evidence that says nothing, or none of the kind asked for.
    """
    _in(action, ActionState.ACCEPTED, ActionState.IN_PROGRESS, ActionState.RETURNED)
    faults, kinds = command.faults(), action.evidence_kinds
    if command.evidence and kinds and all(one.kind not in kinds for one in command.evidence):
        words = " or ".join(kind.replace("-", " ") for kind in kinds)
        sentence = f"Evidence of another kind was asked for: {words}."
        faults.append(Fault("evidence", "evidence-kind", sentence))
    refuse_any(faults)
    return [
        events.ActionClaimedDone(
            evidence=command.evidence, check_by=clocks.check_by(policy, today, calendar)
        )
    ]


def accept_evidence(
    action: Action,
    *,
    by: str,
    line: Collection[str],
    policy: events.ActionPolicySet,
    today: date,
) -> list[Event]:
    """Be satisfied that it was done; its impact is looked for after the policy's interval.

    `line` are the people above the owner and those whom the owner is above.
    """
    _in(action, ActionState.CLAIMED)
    _outside(action, by, line)
    first, last = clocks.impact_window(policy, today)
    return [events.EvidenceAccepted(verify_from=first, verify_by=last)]


def return_evidence(
    action: Action, command: commands.ReturnActionEvidence, *, by: str, line: Collection[str]
) -> list[Event]:
    """Send the evidence back to the owner, who goes on."""
    _in(action, ActionState.CLAIMED)
    _outside(action, by, line)
    command.refuse_faults()
    return [events.EvidenceReturned(why=command.why.strip())]


def ask_discussion(action: Action) -> list[Event]:
    """Ask that the owner's supervision talks it over before its effect is checked."""
    _open(action)
    return [] if action.discuss else [events.ActionDiscussionAsked()]


def talked_over(action: Action, *, discussed: bool) -> None:
    """Raises `NotNow` where the action is to be talked over in supervision and was not yet."""
    if action.discuss and not discussed:
        raise NotNow(
            "This action is to be talked over in its owner’s supervision first. Their supervisor "
            "records the session.",
            code="supervision-not-recorded",
        )


def confirm_impact(
    action: Action, checked: commands.EffectCheck, *, by: str, line: Collection[str], today: date
) -> list[Event]:
    """Say that it changed something for children: the loop is closed.

    Raises:
        NotNow: the interval is not over; it names the first day.   Refused: no proof or no note.
    """
    _verifiable(action, checked, by, line, today)
    return [carry(events.ImpactConfirmed, checked)]


def impact_too_early(
    action: Action,
    checked: commands.EffectCheck,
    *,
    by: str,
    line: Collection[str],
    policy: events.ActionPolicySet,
    today: date,
) -> list[Event]:
    """Say that it is too early to tell; the interval of the policy begins again."""
    _verifiable(action, checked, by, line, today)
    first, last = clocks.impact_window(policy, today)
    return [carry(events.ImpactTooEarly, checked, verify_from=first, verify_by=last)]


def impact_not_seen(
    action: Action,
    command: commands.ReportNoImpact,
    *,
    next_action: str,
    by: str,
    line: Collection[str],
    policy: events.ActionPolicySet,
    today: date,
    calendar: WorkingDays = ENGLAND,
) -> tuple[list[Event], list[Event]]:
    """Say that it changed nothing; the events of this action and those of the one that follows."""
    _verifiable(action, command, by, line, today)
    raised = _follow(action, command.next, next_action, policy, today, calendar)
    not_seen = carry(events.ImpactNotSeen, command, next=next_action)
    return [not_seen], raised


def reopen(
    action: Action,
    command: commands.ReopenAction,
    *,
    next_action: str,
    policy: events.ActionPolicySet,
    today: date,
    calendar: WorkingDays = ENGLAND,
) -> tuple[list[Event], list[Event]]:
    """Say that the loop was not closed; the events of this action and of the one that follows.

    Raises:
        NotNow: its impact was never confirmed, or longer ago than the policy looks back.
    """
    _in(action, ActionState.EFFECTIVE)
    if _closed_long_ago(action, policy, today):
        raise NotNow(
            f"The loop was closed more than {policy.reopen_within_days} days ago. "
            "Raise a new action.",
            code="action-closed-long-ago",
        )
    raised = _follow(action, command.next, next_action, policy, today, calendar)
    refuse_any(of(command, "finding"))
    command.refuse_faults()
    return [events.ActionReopened(finding=command.finding.strip(), next=next_action)], raised


def recur(
    action: Action,
    *,
    finding: str,
    planned: str,
    owner_here: bool,
    new_id: str,
    policy: events.ActionPolicySet,
    today: date,
    calendar: WorkingDays = ENGLAND,
) -> tuple[list[Event], list[Event]]:
    """Say that the loop was not closed, because a later audit found the same; nothing where it was
    closed longer ago than the policy looks back.

    `planned` is the action that the audit raised for it. Where it raised none, the action that had
    not worked goes on as one with the id `new_id`, if its owner is still here to take it.
    """
    _in(action, ActionState.EFFECTIVE)
    if _closed_long_ago(action, policy, today):
        return [], []
    raised: list[Event] = []
    if not planned and owner_here and action.raised is not None:
        due_on = clocks.accept_by(policy, today, calendar) + timedelta(days=CARRIED_ON_DAYS)
        same = commands.Next(text=action.raised.text, owner=action.owner, due_on=due_on)
        raised = _follow(action, same, new_id, policy, today, calendar)
    after = planned or (new_id if raised else "")
    return [events.ActionReopened(finding=finding, next=after)], raised


def _closed_long_ago(action: Action, policy: events.ActionPolicySet, today: date) -> bool:
    assert action.closed_on is not None
    return today > action.closed_on + timedelta(days=policy.reopen_within_days)


def _follow(
    action: Action,
    following: commands.Next,
    next_action: str,
    policy: events.ActionPolicySet,
    today: date,
    calendar: WorkingDays,
) -> list[Event]:
    """The next action of the chain: the same finding and team, its own owner and date."""
    assert action.raised is not None
    raised = action.raised.model_copy(
        update={
            "action": next_action,
            "text": following.text,
            "owner": following.owner,
            "team": action.team,
            "service": action.service,
            "due_on": following.due_on,
            "accept_by": clocks.accept_by(policy, today, calendar),
            "follows": action.id,
        }
    )
    return raise_one(raised, today=today)


def _verifiable(
    action: Action, checked: commands.EffectCheck, by: str, line: Collection[str], today: date
) -> None:
    _in(action, ActionState.VERIFICATION_DUE)
    _outside(action, by, line)
    assert action.verify_from is not None
    if today < action.verify_from:
        raise NotNow(
            f"Impact can be checked from {in_words(action.verify_from)}.",
            code="impact-too-early",
        )
    faults = list(of(checked, "proof", "note"))
    if checked.proof not in ("other", "") and not checked.reference.strip():
        sentence = "Name the re-audit, check, sample or indicator that shows it."
        faults.append(Fault("reference", "proof-missing", sentence))
    refuse_any([*faults, *of(checked, "reference")])


def _outside(action: Action, by: str, line: Collection[str]) -> None:
    if by == action.owner:
        raise Forbidden("Nobody passes their own action.", rule="own-action")
    if by in line:
        raise Forbidden(
            "You and the owner report to one another, or you stood in for them: somebody outside "
            "the line decides.",
            rule="own-line",
        )


def _in(action: Action, *states: ActionState) -> None:
    if action.state not in states:
        sentence = f"This is not possible now. The action’s status is: {action.state.label}."
        raise NotNow(sentence, code=f"action-{action.state.value}")


def _open(action: Action) -> None:
    if not action.state.open:
        raise NotNow(_ENDED, code="action-ended")


def _owed(action: Action) -> None:
    _open(action)
    if not action.state.owed:
        raise NotNow("The owner has claimed it done already.", code="action-claimed")
