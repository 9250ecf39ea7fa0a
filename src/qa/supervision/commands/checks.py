"""Commands on supervision checks: asking for them, making, moderating and ending them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from qa.actions import clocks, raising_decisions
from qa.actions.events import ActionRaised
from qa.actions.reactions import load_policy, save_new
from qa.actions.states import ActionKind, EvidenceKind
from qa.audit_tools import decisions as tool_decisions
from qa.audit_tools.commands import load_tool, tool_version
from qa.audit_tools.definition import ToolDefinition
from qa.audits.commands.loading import open_audit
from qa.audits.judgements import ModeratedJudgement
from qa.authorisation.context import Desk, Once, Work, command
from qa.authorisation.policy import can
from qa.core.errors import NotFound
from qa.core.event import Event
from qa.core.words import Actor, Resource
from qa.people.commands.loading import managers_of, present
from qa.store.unit import Receipt
from qa.supervision import check_decisions
from qa.supervision.check_decisions import SupervisionCheck
from qa.supervision.check_events import (
    CheckContent,
    SupervisionCheckScheduled,
    check_stream,
    source_of,
)
from qa.supervision.commands.supervision import load_pair, pair_resource
from qa.supervision.decisions import cases_of
from qa.working_days.commands import load_calendar


def load_check(work: Work, wanted: str, verb: str, seen: int | None = None) -> SupervisionCheck:
    """The check, for a person who may do `verb` to it.

    Raises:
        NotFound: no such check, or none that this person may know of.   Forbidden: the policy says
            no, or one of the pair would run it.   MovedOn: stale version.
    """
    stream = check_stream(wanted)
    state = work.unit.load(stream, check_decisions.evolve, SupervisionCheck())
    check_decisions.known(state)
    resource = _resource(work, state)
    if not can(work.by, "read-supervision", resource).allowed:
        raise NotFound("There is no such check.")
    work.require(verb, resource)
    if verb != "read-supervision":
        check_decisions.outside_pair(state, by=work.by.person)
    if seen is not None:
        work.unit.expect(stream, seen)
    return state


def _resource(work: Work, state: SupervisionCheck) -> Resource:
    asked = state.asked
    pair = pair_resource(work, asked.supervisor, asked.practitioner, asked.team, asked.service)
    return Resource(
        service=pair.service,
        team=pair.team,
        person=pair.person,
        line=pair.line,
        contributors=pair.contributors,
        auditor=asked.checker,
        moderators=frozenset({state.moderator} - {""}),
    )


def _line(work: Work, supervisor: str, practitioner: str, person: str) -> frozenset[str]:
    """The people above either of a pair, and `person` where one of the pair is above them."""
    above = managers_of(work, supervisor) | managers_of(work, practitioner)
    beneath = {supervisor, practitioner} & managers_of(work, person)
    return above | (frozenset({person}) if beneath else frozenset())


def _checks(work: Work, person: str, field: str) -> None:
    """Raises `Refused` for somebody who is not here, or holds no role that checks."""
    found = present(work, person, field=field)
    roles = {grant.role for grant in found.grants_on(work.today)}
    check_decisions.may_check(found.name, roles, field=field)


def _tool(work: Work, state: SupervisionCheck) -> ToolDefinition:
    return tool_version(work, state.asked.tool, state.asked.tool_version)


def _save(
    work: Work, state: SupervisionCheck, events: Sequence[Event], effective_on: date | None = None
) -> None:
    work.append(check_stream(state.id), *events, about=state.about, effective_on=effective_on)


@command
def schedule(
    desk: Desk,
    *,
    pair: str,
    checker: str,
    tool: str,
    due_on: date,
    audits: Sequence[str] = (),
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Ask somebody to check the supervision of a pair. The response holds ``check``.

    Raises:
        Refused: the checker or one of the pair has left; independence; the tool; the date; audits
            of somebody else’s cases.
    """
    with desk.work(by, once=once) as work:
        holders = {open_audit(work, audit, "read-judgement").case_holder for audit in audits}
        found = load_pair(work, pair, "run-checks")
        cases_of(found.practitioner, holders)
        used = load_tool(work, tool)
        tool_decisions.usable(used, for_supervision=True)
        _checks(work, checker, "checker")
        present(work, found.practitioner, field="pair")
        present(work, found.supervisor, field="pair")
        asked = SupervisionCheckScheduled(
            check=work.new_id(),
            pair=found.id,
            supervisor=found.supervisor,
            practitioner=found.practitioner,
            checker=checker,
            tool=tool,
            tool_version=used.latest,
            team=found.team,
            service=found.service,
            due_on=due_on,
            audits=tuple(audits),
        )
        decided = check_decisions.schedule(
            asked,
            line=_line(work, found.supervisor, found.practitioner, checker),
            ended=found.ended_on is not None,
            today=work.today,
        )
        stream = check_stream(asked.check)
        work.unit.expect(stream, 0)
        work.append(stream, *decided, about=found.about)
        work.unit.respond(check=asked.check)
    return work.receipt


@command
def start(
    desk: Desk, *, check: str, seen: int | None = None, by: Actor, once: Once | None = None
) -> Receipt:
    """Begin to read the record of supervision."""
    with desk.work(by, once=once) as work:
        state = load_check(work, check, "make-check", seen)
        _save(work, state, check_decisions.start(state))
    return work.receipt


@command
def submit(
    desk: Desk,
    *,
    check: str,
    content: CheckContent,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Give the judgement."""
    with desk.work(by, once=once) as work:
        state = load_check(work, check, "make-check", seen)
        decided = check_decisions.submit(state, content, _tool(work, state), today=work.today)
        _save(work, state, decided)
    return work.receipt


@command
def correct(
    desk: Desk,
    *,
    check: str,
    content: CheckContent,
    reason: str,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Put the judgement right."""
    with desk.work(by, once=once, reason=reason) as work:
        state = load_check(work, check, "make-check", seen)
        decided = check_decisions.correct(
            state, content, _tool(work, state), reason=reason, today=work.today
        )
        _save(work, state, decided)
    return work.receipt


@command
def assign_moderator(
    desk: Desk,
    *,
    check: str,
    moderator: str,
    due_on: date,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Ask another person for grades of their own."""
    with desk.work(by, once=once) as work:
        state = load_check(work, check, "run-checks", seen)
        _checks(work, moderator, "moderator")
        decided = check_decisions.assign_moderator(
            state,
            moderator=moderator,
            line=_line(work, state.asked.supervisor, state.asked.practitioner, moderator),
            due_on=due_on,
            today=work.today,
        )
        _save(work, state, decided)
    return work.receipt


@command
def moderate(
    desk: Desk,
    *,
    check: str,
    judgements: Sequence[ModeratedJudgement],
    overall: str,
    comment: str = "",
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Give the moderator's own grades."""
    with desk.work(by, once=once) as work:
        state = load_check(work, check, "moderate-check", seen)
        decided = check_decisions.moderate(
            state,
            judgements=judgements,
            overall=overall,
            comment=comment,
            by=by.person,
            line=_line(work, state.asked.supervisor, state.asked.practitioner, by.person),
            tool=_tool(work, state),
        )
        _save(work, state, decided)
    return work.receipt


@command
def give_feedback(
    desk: Desk,
    *,
    check: str,
    given_on: date,
    note: str,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Record that the pair was told what was found."""
    with desk.work(by, once=once) as work:
        state = load_check(work, check, "give-feedback", seen)
        decided = check_decisions.give_feedback(
            state, given_on=given_on, note=note, today=work.today
        )
        _save(work, state, decided)
    return work.receipt


@command
def close(
    desk: Desk, *, check: str, seen: int | None = None, by: Actor, once: Once | None = None
) -> Receipt:
    """Say that nothing more is to be done about the check."""
    with desk.work(by, once=once) as work:
        state = load_check(work, check, "give-feedback", seen)
        _save(work, state, check_decisions.close(state))
    return work.receipt


@command
def cancel(
    desk: Desk,
    *,
    check: str,
    reason: str,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Say that a check is not made, and why."""
    with desk.work(by, once=once, reason=reason) as work:
        state = load_check(work, check, "run-checks", seen)
        _save(work, state, check_decisions.cancel(state, reason=reason))
    return work.receipt


@command
def raise_action(
    desk: Desk,
    *,
    check: str,
    text: str,
    kind: ActionKind,
    owner: str,
    due_on: date,
    evidence_asked: EvidenceKind | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Raise an action from what a check found. The response holds ``action``.

    Raises:
        NotNow: nothing is submitted.   Refused: every fault, by field.
    """
    with desk.work(by, once=once) as work:
        state = load_check(work, check, "give-feedback")
        check_decisions.submitted(state)
        present(work, owner, field="owner")
        policy = load_policy(work)
        raised = ActionRaised(
            action=work.new_id(),
            raised_by="supervision-check",
            team=state.asked.team,
            service=state.asked.service,
            text=text,
            kind=kind,
            owner=owner,
            due_on=due_on,
            source=source_of(check),
            evidence_asked=evidence_asked,
            accept_by=clocks.accept_by(policy, work.today, load_calendar(work)),
            evidence_kinds=policy.evidence_for(kind),
        )
        save_new(work, raising_decisions.raise_one(raised, today=work.today))
        work.unit.respond(action=raised.action)
    return work.receipt
