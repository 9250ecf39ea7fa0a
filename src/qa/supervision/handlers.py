"""Carries out the commands on supervision, its checks, its policy and the list of open cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from qa.actions.events import ActionRaised
from qa.actions.reactions import raise_new
from qa.audit_tools import decisions as tool_decisions
from qa.audit_tools.definition import ToolDefinition
from qa.audit_tools.loading import load_tool, tool_version
from qa.audits.loading import open_audit
from qa.authorisation.context import Work
from qa.authorisation.handling import handles
from qa.authorisation.policy import can
from qa.core.carry import carry
from qa.core.errors import Fault, NotFound, Refused, refuse_any
from qa.core.event import Event, last_said
from qa.core.words import Resource
from qa.imports.commands.batches import BatchMade, close_batch
from qa.imports.decisions import row_in_reach
from qa.people.loading import load_organisation, managers_of, present, team_in_use
from qa.supervision import check_decisions, clocks, commands, decisions, open_cases
from qa.supervision.check_events import check_stream, source_of
from qa.supervision.events import (
    OPEN_CASES_STREAM,
    OpenCase,
    OpenCasesListed,
    prompt_stream,
    supervision_stream,
)
from qa.supervision.rows import ImportedSession
from qa.supervision.state import SupervisionCheck, SupervisionPairState, evolve_check, evolve_pair


def _load_pair(work: Work, wanted: str, verb: str) -> SupervisionPairState:
    """The pair, for a person who may do `verb` to it.

    Raises:
        NotFound: no such supervision, or none that this person may know of.   Forbidden: the policy
            says no.   MovedOn: stale version.
    """
    state = work.unit.load(supervision_stream(wanted), evolve_pair, SupervisionPairState())
    decisions.known(state)
    resource = _of_pair(work, state.supervisor, state.practitioner, state.team, state.service)
    if not can(work.by, "read-supervision", resource).allowed:
        raise NotFound("There is no such supervision.")
    work.authorise(verb, resource)
    return state


def _of_pair(work: Work, supervisor: str, practitioner: str, team: str, service: str) -> Resource:
    """A pair as the policy table sees it: the practitioner's work, which the supervisor shares."""
    return Resource(
        service=service,
        team=team,
        person=practitioner,
        line=managers_of(work, practitioner) | managers_of(work, supervisor),
        contributors=frozenset({supervisor}),
    )


def _save_pair(
    work: Work,
    state: SupervisionPairState,
    events: Sequence[Event],
    effective_on: date | None = None,
    reason: str | None = None,
) -> None:
    work.append(
        supervision_stream(state.id),
        *events,
        about=state.about,
        effective_on=effective_on,
        reason=reason,
    )


@handles(commands.SetSupervisionPolicy)
def set_policy(command: commands.SetSupervisionPolicy, work: Work) -> None:
    work.authorise("set-policy")
    stream = clocks.SUPERVISION_POLICY_STREAM
    current = work.unit.load(stream, last_said, clocks.DEFAULT_SUPERVISION_POLICY)
    work.append(stream, *clocks.set_supervision_policy(current, command))


@handles(commands.BeginSupervision)
def begin(command: commands.BeginSupervision, work: Work) -> commands.PairMade:
    supervisor, practitioner = command.supervisor, command.practitioner
    team = team_in_use(work, command.team)
    work.authorise(
        "run-supervision", _of_pair(work, supervisor, practitioner, team.code, team.service)
    )
    present(work, practitioner, field="practitioner")
    present(work, supervisor, field="supervisor")
    pair = work.new_id()
    decided = decisions.begin(
        command,
        pair=pair,
        team=team,
        today=work.today,
        above_supervisor=managers_of(work, supervisor),
        already=work.desk.lookups.supervises(work.unit.connection, supervisor, practitioner),
    )
    work.unit.expect(supervision_stream(pair), 0)
    about = f"person:{practitioner}"
    work.append(supervision_stream(pair), *decided, about=about, effective_on=command.since)
    return commands.PairMade(pair=pair)


@handles(commands.SwitchSupervisionStandard)
def switch_standard(command: commands.SwitchSupervisionStandard, work: Work) -> None:
    state = _load_pair(work, command.pair, "run-supervision")
    decided = decisions.switch_standard(state, command, today=work.today)
    _save_pair(work, state, decided, command.since)


@handles(commands.RecordSession)
def record_held(command: commands.RecordSession, work: Work) -> commands.SessionMade:
    state, session = _load_pair(work, command.pair, "record-supervision"), work.new_id()
    decisions.cases_named(command.cases)
    decided = decisions.hold(state, command, session=session, today=work.today)
    _save_pair(work, state, decided, command.held_on)
    return commands.SessionMade(session=session)


@handles(commands.RecordSessionNotHeld)
def record_not_held(command: commands.RecordSessionNotHeld, work: Work) -> commands.SessionMade:
    state, session = _load_pair(work, command.pair, "record-supervision"), work.new_id()
    decided = decisions.not_hold(state, command, session=session, today=work.today)
    _save_pair(work, state, decided, command.planned_on)
    return commands.SessionMade(session=session)


@handles(commands.ImportSessions)
def import_sessions(command: commands.ImportSessions, work: Work) -> BatchMade:
    work.require("import", Resource(somewhere=True))
    file, batch, faults = command.file, work.new_id(), list[Fault]()
    brought: list[tuple[ImportedSession, SupervisionPairState, list[Event]]] = []
    for row in work.each(command.rows):
        stream = supervision_stream(row.pair)
        state = work.unit.load(stream, evolve_pair, SupervisionPairState())
        try:
            decisions.known(state)
            where = Resource(service=state.service, team=state.team)
            row_in_reach(can(work.by, "import", where).allowed, row=row.row, value=row.reference)
            corrects = bool(file.corrects)
            found = decisions.bring_session(state, row, today=work.today, corrects=corrects)
        except Refused as refused:
            faults += [replace(fault, row=row.row) for fault in refused.faults]
            continue
        brought.append((row, state, found))
    refuse_any(faults)
    corrected = 0
    for row, state, found in brought:
        again = len(found) > 1
        work.append(
            supervision_stream(row.pair),
            *found,
            about=state.about,
            effective_on=row.on,
            reason=file.corrects if again else None,
            source=file.source(batch, row.row),
        )
        corrected += again
    new = sum(bool(found) for *_, found in brought) - corrected
    already = len(brought) - new - corrected
    return close_batch(work, batch, "sessions", file, new, already, corrected)


@handles(commands.WithdrawSession)
def withdraw_session(command: commands.WithdrawSession, work: Work) -> None:
    state = _load_pair(work, command.pair, "record-supervision")
    _save_pair(work, state, decisions.withdraw(state, command), reason=command.reason)


@handles(commands.EndSupervision)
def end(command: commands.EndSupervision, work: Work) -> None:
    state = _load_pair(work, command.pair, "run-supervision")
    decided = decisions.end(state, command, today=work.today)
    _save_pair(work, state, decided, command.on, command.reason)


@handles(commands.SetSupervisionPromptAside)
def set_prompt_aside(command: commands.SetSupervisionPromptAside, work: Work) -> None:
    found = [open_audit(work, audit, "read-judgement") for audit in command.audits]
    decisions.cases_of(command.practitioner, {one.case_holder for one in found})
    for one in found:
        work.require("run-checks", Resource(service=one.service, team=one.team))
    decided = decisions.set_aside(command)
    stream, about = prompt_stream(command.practitioner), f"person:{command.practitioner}"
    work.unit.version(stream)
    work.append(stream, *decided, about=about, reason=command.reason)


@handles(commands.ListOpenCases)
def list_open_cases(command: commands.ListOpenCases, work: Work) -> commands.CasesListed:
    work.authorise("import")
    cases = open_cases.checked(command.cases, load_organisation(work).teams)
    listed = OpenCasesListed(counted_on=command.counted_on, source=command.source, cases=cases)
    decided = open_cases.list_cases(listed, today=work.today)
    work.unit.version(OPEN_CASES_STREAM)
    work.append(OPEN_CASES_STREAM, *decided, effective_on=command.counted_on)
    return commands.CasesListed(cases=len(cases))


@handles(commands.ImportOpenCases)
def import_open_cases(command: commands.ImportOpenCases, work: Work) -> BatchMade:
    work.require("import")
    file, batch, faults = command.file, work.new_id(), list[Fault]()
    teams, cases = load_organisation(work).teams, list[OpenCase]()
    for line, row in zip(command.lines, work.each(command.cases), strict=True):
        try:
            cases += open_cases.checked([row], teams)
        except Refused as refused:
            faults += [replace(fault, field="team", row=line) for fault in refused.faults]
    refuse_any(faults)
    listed = OpenCasesListed(
        counted_on=command.counted_on, source=command.source, cases=tuple(cases)
    )
    decided = open_cases.list_cases(listed, today=work.today)
    known = work.unit.load(OPEN_CASES_STREAM, open_cases.evolve_lists, open_cases.ListsOnRecord())
    if open_cases.on_record(known, listed, row=command.lines[0], corrects=bool(file.corrects)):
        return close_batch(work, batch, "open-cases", file, 0, len(cases))
    standing = known.lists.get(command.counted_on)
    again = standing is not None and bool(standing.cases)
    work.append(
        OPEN_CASES_STREAM,
        *decided,
        effective_on=command.counted_on,
        reason=file.corrects if again else None,
        source=file.source(batch, command.lines[0]),
    )
    new, corrected = (0, len(cases)) if again else (len(cases), 0)
    return close_batch(work, batch, "open-cases", file, new, 0, corrected)


def _load_check(work: Work, wanted: str, verb: str) -> SupervisionCheck:
    """The check, for a person who may do `verb` to it.

    Raises:
        NotFound: no such check, or none that this person may know of.   Forbidden: the policy says
            no, or one of the pair would run it.   MovedOn: stale version.
    """
    state = work.unit.load(check_stream(wanted), evolve_check, SupervisionCheck())
    check_decisions.known(state)
    check_schedule = state.schedule
    pair = _of_pair(
        work,
        check_schedule.supervisor,
        check_schedule.practitioner,
        check_schedule.team,
        check_schedule.service,
    )
    resource = replace(
        pair, auditor=check_schedule.checker, moderators=frozenset({state.moderator} - {""})
    )
    if not can(work.by, "read-supervision", resource).allowed:
        raise NotFound("There is no such check.")
    work.require(verb, resource)
    check_decisions.outside_pair(state, by=work.by.person)
    work.expect_seen()
    return state


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
    return tool_version(work, state.schedule.tool, state.schedule.tool_version)


def _save_check(
    work: Work, state: SupervisionCheck, events: Sequence[Event], reason: str | None = None
) -> None:
    work.append(check_stream(state.id), *events, about=state.about, reason=reason)


@handles(commands.ScheduleSupervisionCheck)
def schedule(command: commands.ScheduleSupervisionCheck, work: Work) -> commands.CheckMade:
    audits = [open_audit(work, audit, "read-judgement") for audit in command.audits]
    found = _load_pair(work, command.pair, "run-checks")
    decisions.cases_of(found.practitioner, {audit.case_holder for audit in audits})
    used = load_tool(work, command.tool)
    tool_decisions.usable(used, for_supervision=True)
    _checks(work, command.checker, "checker")
    present(work, found.practitioner, field="pair")
    present(work, found.supervisor, field="pair")
    check = work.new_id()
    decided = check_decisions.schedule(
        found,
        command,
        check=check,
        tool_version=used.latest,
        line=_line(work, found.supervisor, found.practitioner, command.checker),
        today=work.today,
    )
    work.unit.expect(check_stream(check), 0)
    work.append(check_stream(check), *decided, about=found.about)
    return commands.CheckMade(check=check)


@handles(commands.StartSupervisionCheck)
def start(command: commands.StartSupervisionCheck, work: Work) -> None:
    state = _load_check(work, command.check, "make-check")
    _save_check(work, state, check_decisions.start(state))


@handles(commands.SubmitSupervisionCheck)
def submit(command: commands.SubmitSupervisionCheck, work: Work) -> None:
    state = _load_check(work, command.check, "make-check")
    decided = check_decisions.submit(state, command, _tool(work, state), today=work.today)
    _save_check(work, state, decided)


@handles(commands.CorrectSupervisionCheck)
def correct(command: commands.CorrectSupervisionCheck, work: Work) -> None:
    state = _load_check(work, command.check, "make-check")
    decided = check_decisions.correct(state, command, _tool(work, state), today=work.today)
    _save_check(work, state, decided, command.reason)


@handles(commands.AssignSupervisionModerator)
def assign_moderator(command: commands.AssignSupervisionModerator, work: Work) -> None:
    state = _load_check(work, command.check, "run-checks")
    _checks(work, command.moderator, "moderator")
    line = _line(work, state.schedule.supervisor, state.schedule.practitioner, command.moderator)
    decided = check_decisions.assign_moderator(state, command, line=line, today=work.today)
    _save_check(work, state, decided)


@handles(commands.ModerateSupervisionCheck)
def moderate(command: commands.ModerateSupervisionCheck, work: Work) -> None:
    state, by = _load_check(work, command.check, "moderate-check"), work.by.person
    line = _line(work, state.schedule.supervisor, state.schedule.practitioner, by)
    tool = _tool(work, state)
    _save_check(work, state, check_decisions.moderate(state, command, by=by, line=line, tool=tool))


@handles(commands.GiveSupervisionFeedback)
def give_feedback(command: commands.GiveSupervisionFeedback, work: Work) -> None:
    state = _load_check(work, command.check, "give-feedback")
    _save_check(work, state, check_decisions.give_feedback(state, command, today=work.today))


@handles(commands.CloseSupervisionCheck)
def close(command: commands.CloseSupervisionCheck, work: Work) -> None:
    state = _load_check(work, command.check, "give-feedback")
    _save_check(work, state, check_decisions.close(state))


@handles(commands.CancelSupervisionCheck)
def cancel(command: commands.CancelSupervisionCheck, work: Work) -> None:
    state = _load_check(work, command.check, "run-checks")
    _save_check(work, state, check_decisions.cancel(state, command), command.reason)


@handles(commands.RaiseSupervisionAction)
def raise_action(command: commands.RaiseSupervisionAction, work: Work) -> commands.CheckActionMade:
    state = _load_check(work, command.check, "give-feedback")
    check_decisions.submitted(state)
    present(work, command.owner, field="owner")
    action = work.new_id()
    raised = carry(
        ActionRaised,
        command,
        action=action,
        raised_by="supervision-check",
        team=state.schedule.team,
        service=state.schedule.service,
        source=source_of(command.check),
    )
    raise_new(work, raised)
    return commands.CheckActionMade(action=action)
