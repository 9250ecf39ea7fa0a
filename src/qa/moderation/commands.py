"""Commands on moderation. They load and write the stream of the audit that is moderated."""

from __future__ import annotations

from datetime import date

from qa.audit_tools.commands import tool_version
from qa.audits import independence
from qa.audits.judgements import AgreedGrade, ModeratedJudgement
from qa.audits.loading import member_of, open_audit, save_audit, save_judged
from qa.audits.moderation_events import DisputeDecided, GradeReconciled, ModerationRecorded
from qa.authorisation.context import Desk, Once, Work, command
from qa.core.reasons import owe_reason
from qa.core.words import Actor, Role
from qa.moderation import decisions, disputes, selection
from qa.moderation.events import DEFAULT_POLICY, POLICY_STREAM, ModerationPolicySet
from qa.people.commands.loading import present
from qa.restrictions.loading import may_be_given
from qa.store.unit import Receipt
from qa.working_days.loading import load_calendar


def load_policy(work: Work) -> ModerationPolicySet:
    return work.unit.load(POLICY_STREAM, selection.evolve_policy, DEFAULT_POLICY)


@command
def set_policy(
    desk: Desk,
    *,
    policy: ModerationPolicySet,
    reason: str,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Set the next version of the moderation policy."""
    with desk.work(by, once=once, reason=reason) as work:
        work.require("set-policy")
        current = load_policy(work)
        work.unit.expect(POLICY_STREAM, seen)
        owe_reason(reason, "Say why the policy changes.")
        work.append(POLICY_STREAM, *selection.set_policy(current, policy))
    return work.receipt


@command
def select(
    desk: Desk,
    *,
    audit: str,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Ask for the moderation of an audit that the policy did not pick."""
    with desk.work(by, once=once) as work:
        state = open_audit(work, audit, "select-moderation", seen)
        chosen = work.new_id()
        save_audit(
            work,
            state,
            decisions.select(
                state,
                load_policy(work),
                moderation=chosen,
                today=work.today,
                calendar=load_calendar(work),
            ),
        )
        work.unit.respond(moderation=chosen)
    return work.receipt


@command
def assign(
    desk: Desk,
    *,
    audit: str,
    moderation_id: str,
    moderator: str,
    blind: bool | None = None,
    due_on: date | None = None,
    exception: str | None = None,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Name the moderator. Blind or open follows the policy unless it is said.

    Somebody who has already opened the judgement is never called blind.
    """
    with desk.work(by, once=once) as work:
        state = open_audit(work, audit, "assign-moderation", seen)
        present(work, moderator, field="moderator", role=Role.MODERATOR)
        may_be_given(work, state.child, moderator, field="moderator")
        exceptions = independence.settle(
            independence.moderator_breaches(
                member_of(work, moderator),
                auditor=member_of(work, state.auditor),
                began_by=state.began_by,
                case_holder=state.case_holder,
                case_manager=state.case_manager,
                team=state.team,
            ),
            field="moderator",
            exception=exception,
            approved_by=by.person,
        )
        policy = load_policy(work)
        wanted_blind = policy.blind_by_default if blind is None else blind
        seen_before = desk.lookups.has_seen_judgement(work.unit.connection, moderator, audit)
        within = policy.moderate_within_working_days
        due = due_on or load_calendar(work).after(work.today, within)
        save_audit(
            work,
            state,
            decisions.assign(
                state,
                moderation=moderation_id,
                moderator=moderator,
                blind=wanted_blind,
                already_seen=wanted_blind and seen_before,
                exceptions=exceptions,
                due_on=due,
                today=work.today,
            ),
        )
        work.unit.respond(moderation=moderation_id, blind=wanted_blind and not seen_before)
    return work.receipt


@command
def unblind(
    desk: Desk,
    *,
    audit: str,
    moderation_id: str,
    reason: str,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Open the auditor's judgement to its moderator before theirs is in; it is no longer blind."""
    with desk.work(by, once=once, reason=reason) as work:
        state = open_audit(work, audit, "unblind-moderation", seen)
        save_audit(work, state, decisions.unblind(state, moderation=moderation_id, reason=reason))
    return work.receipt


@command
def record(
    desk: Desk,
    *,
    audit: str,
    moderation_id: str,
    overall: str,
    rationale: str,
    judgements: tuple[ModeratedJudgement, ...],
    audit_quality: str | None = None,
    audit_quality_comment: str = "",
    moderated_on: date | None = None,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Record the moderator's own judgement. The response says ``agrees``."""
    with desk.work(by, once=once) as work:
        state = open_audit(work, audit, "record-moderation", seen)
        decisions.may_record(state, moderation_id, by=by.person, audit_quality=audit_quality)
        day = moderated_on or work.today
        judgement = ModerationRecorded.model_validate(
            {
                "moderation": moderation_id,
                "moderator": by.person,
                "audit_version": work.unit.version(f"case-audit:{audit}"),
                "overall": overall,
                "rationale": rationale,
                "judgements": judgements,
                "audit_quality": audit_quality,
                "audit_quality_comment": audit_quality_comment,
                "moderated_on": day,
            }
        )
        decided = decisions.record(
            state,
            tool_version(work, state.tool, state.tool_version),
            load_policy(work),
            judgement,
            today=work.today,
            calendar=load_calendar(work),
        )
        save_judged(work, state, decided, effective_on=day)
        work.unit.respond(agrees=overall == state.overall, reference=state.reference)
    return work.receipt


@command
def converse(
    desk: Desk,
    *,
    audit: str,
    moderation_id: str,
    held_on: date,
    note: str = "",
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Note that the difference was talked over."""
    with desk.work(by, once=once) as work:
        state = open_audit(work, audit, "hold-conversation", seen)
        decided = disputes.converse(
            state, moderation=moderation_id, held_on=held_on, note=note, today=work.today
        )
        save_audit(work, state, decided, effective_on=held_on)
    return work.receipt


@command
def reconcile(
    desk: Desk,
    *,
    audit: str,
    moderation_id: str,
    overall: str,
    rationale: str,
    judgements: tuple[AgreedGrade, ...] = (),
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Record the grade that both came to; it is final from then on."""
    with desk.work(by, once=once) as work:
        state = open_audit(work, audit, "reconcile-grade", seen)
        agreed = GradeReconciled(
            moderation=moderation_id, overall=overall, judgements=judgements, rationale=rationale
        )
        tool = tool_version(work, state.tool, state.tool_version)
        save_judged(work, state, disputes.reconcile(state, tool, agreed))
    return work.receipt


@command
def dispute(
    desk: Desk,
    *,
    audit: str,
    moderation_id: str,
    about: tuple[str, ...],
    grounds: str,
    evidence: str = "",
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Challenge the moderator's grade."""
    with desk.work(by, once=once) as work:
        state = open_audit(work, audit, "dispute-grade", seen)
        opened = work.new_id()
        decided = disputes.dispute(
            state,
            tool_version(work, state.tool, state.tool_version),
            load_policy(work),
            moderation=moderation_id,
            dispute_id=opened,
            about=about,
            grounds=grounds,
            evidence=evidence,
            today=work.today,
            calendar=load_calendar(work),
        )
        save_audit(work, state, decided)
        work.unit.respond(dispute=opened)
    return work.receipt


@command
def assign_dispute(
    desk: Desk,
    *,
    audit: str,
    moderation_id: str,
    decider: str,
    exception: str | None = None,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Name an independent decider."""
    with desk.work(by, once=once) as work:
        state = open_audit(work, audit, "assign-dispute", seen)
        named = present(work, decider, field="decider")
        may_be_given(work, state.child, decider, field="decider")
        disputes.may_decide(named.name, {grant.role for grant in named.grants_on(work.today)})
        found = state.moderations.get(moderation_id)
        moderator = "" if found is None or found.moderator is None else found.moderator
        exceptions = independence.settle(
            independence.decider_breaches(
                member_of(work, decider),
                auditor=member_of(work, state.auditor),
                moderator=member_of(work, moderator),
            ),
            field="decider",
            exception=exception,
            approved_by=by.person,
        )
        decided = disputes.assign_dispute(
            state, moderation=moderation_id, decider=decider, exceptions=exceptions
        )
        save_audit(work, state, decided)
    return work.receipt


@command
def decide_dispute(
    desk: Desk,
    *,
    audit: str,
    moderation_id: str,
    outcome: str,
    overall: str,
    reason_code: str,
    reasons: str,
    judgements: tuple[AgreedGrade, ...] = (),
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Settle a dispute; the decider's grade is final."""
    with desk.work(by, once=once) as work:
        state = open_audit(work, audit, "decide-dispute", seen)
        disputes.outcome_chosen(outcome, reason_code)
        found = state.moderations.get(moderation_id)
        decision = DisputeDecided.model_validate(
            {
                "moderation": moderation_id,
                "dispute": (None if found is None else found.dispute) or "",
                "outcome": outcome,
                "overall": overall,
                "judgements": judgements,
                "reason_code": reason_code,
                "reasons": reasons,
            }
        )
        tool = tool_version(work, state.tool, state.tool_version)
        save_judged(work, state, disputes.decide(state, tool, decision, by=by.person))
    return work.receipt


@command
def cancel(
    desk: Desk,
    *,
    audit: str,
    moderation_id: str,
    reason: str,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Call a moderation off before its judgement is in."""
    with desk.work(by, once=once, reason=reason) as work:
        state = open_audit(work, audit, "cancel-moderation", seen)
        save_audit(work, state, decisions.cancel(state, moderation=moderation_id, reason=reason))
    return work.receipt
