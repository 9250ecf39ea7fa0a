"""Decisions about the follow-up of an inadequate audit, from its grade to a better one.

Whether its actions are done is no event of its own: it is a question about the actions.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from qa.core.clock import ENGLAND, WorkingDays
from qa.core.errors import Fault, NotFound, NotNow, Refused, refuse_any
from qa.core.event import Event
from qa.follow_ups import events
from qa.follow_ups.clocks import clocks
from qa.follow_ups.commands import AgreeFollowUpPlan, EscalateFollowUp
from qa.follow_ups.events import Cause, FollowUpPolicySet, FollowUpStage
from qa.follow_ups.state import FollowUp


def judged(
    state: FollowUp,
    opened: events.FollowUpOpened | None,
    *,
    followed: bool,
) -> list[Event]:
    """What a grade of an audit means for its own follow-up: `opened` where it is the lowest.

    `followed`: the audit is the re-audit in an earlier audit's follow-up, which goes on there.
    """
    if opened is not None and not state.open and not followed:
        return [opened]
    if opened is None and state.open:
        return [events.FollowUpEnded(cause="grade-changed")]
    return []


def open_for(
    *,
    audit: str,
    reference: str,
    child: str,
    team: str,
    service: str,
    grade: str,
    policy: FollowUpPolicySet,
    today: date,
    calendar: WorkingDays = ENGLAND,
) -> events.FollowUpOpened:
    return events.FollowUpOpened(
        audit=audit,
        reference=reference,
        child=child,
        team=team,
        service=service,
        grade=grade,
        clocks=clocks(policy, today, calendar),
    )


def known(state: FollowUp) -> None:
    """Raises `NotFound` for a follow-up that was never opened."""
    if not state.audit:
        raise NotFound("This audit has no follow-up.")


def _stands(state: FollowUp) -> None:
    known(state)
    if state.stage.over:
        raise NotNow("This follow-up is over.")


def escalate(state: FollowUp, command: EscalateFollowUp, *, blind: Collection[str]) -> list[Event]:
    """Name the head of service who answers for it; also to hand it to another.

    Raises:
        Refused: they moderate the audit blind, or have it already.   NotNow: it is over.
    """
    _stands(state)
    if command.owner in blind:
        sentence = "They moderate this audit blind. Choose somebody else, or wait."
        raise Refused([Fault("owner", "owner-blind", sentence)])
    if command.owner == state.owner:
        raise Refused([Fault("owner", "owner-same", "They answer for it already.")])
    return [events.FollowUpEscalated(owner=command.owner)]


def agree_plan(
    state: FollowUp, command: AgreeFollowUpPlan, *, of_audit: Collection[str]
) -> list[Event]:
    """Agree what is done about it.

    Raises:
        Refused: no action, one that is not of this audit, or nothing said.
        NotNow: nobody answers for it yet, or it is over.
    """
    _stands(state)
    if state.stage is FollowUpStage.RECORDED:
        raise NotNow("Nobody answers for this follow-up yet: escalate it first.")
    if state.stage is FollowUpStage.PLANNED:
        raise NotNow("A plan is agreed for this round.")
    faults = command.faults()
    if not set(command.actions) <= set(of_audit):
        faults.insert(0, Fault("actions", "action-unknown", "Choose actions of this audit."))
    refuse_any(faults)
    actions = tuple(dict.fromkeys(command.actions))
    return [events.FollowUpPlanAgreed(actions=actions, plan=command.plan.strip())]


def another_auditor(state: FollowUp, *, first: str, second: str) -> None:
    """Raises `Refused` where the re-audit would be made by the auditor of the audit itself."""
    if state.open and first == second:
        sentence = "The re-audit of an inadequate audit is made by another auditor."
        raise Refused([Fault("auditor", "same-auditor", sentence)])


def re_audited(
    state: FollowUp,
    *,
    re_audit: str,
    reference: str,
    grade: str,
    lowest: bool,
    policy: FollowUpPolicySet,
    today: date,
    calendar: WorkingDays = ENGLAND,
) -> list[Event]:
    """What the final grade of the re-audit means. Nothing where the follow-up is over."""
    if not state.open:
        return []
    return [
        events.FollowUpReAudited(
            re_audit=re_audit,
            reference=reference,
            grade=grade,
            resolved=not lowest,
            clocks=clocks(policy, today, calendar) if lowest else None,
        )
    ]


def end(state: FollowUp, cause: Cause) -> list[Event]:
    """End it where its audit no longer stands. Nothing where it is over."""
    return [events.FollowUpEnded(cause=cause)] if state.open else []


def heads_here(name: str, *, heads: bool) -> None:
    """Raises `Refused` for somebody who answers for no follow-up in this part of the council."""
    if not heads:
        raise Refused(
            f"{name} heads no service here: choose a moderator or QA lead of this part.",
            field="owner",
            code="not-a-head",
        )
