"""Carries out the commands on actions: raising, doing and checking them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from typing import Annotated

from qa.actions import clocks, commands, decisions, import_decisions, raising_decisions
from qa.actions.events import ActionCorrected, ActionPolicySet, ActionRaised, action_stream
from qa.actions.findings import audit_named, domain_of, findings_stand, proof_shown
from qa.actions.import_decisions import GIVES, Dated, StatedAction, evolve_stated
from qa.actions.reactions import kept_out, load_action, load_policy, raise_new, save, save_new
from qa.actions.rows import STATED, ImportedAction
from qa.actions.state import Action, about_of
from qa.actions.states import ActionState
from qa.audit_tools.loading import tool_version
from qa.audits.loading import load_audit, open_audit
from qa.audits.state import CaseAudit
from qa.authorisation.context import Work
from qa.authorisation.handling import handles
from qa.authorisation.policy import can
from qa.core.carry import carry
from qa.core.command import Command
from qa.core.errors import CaseloopError, Fault, Refused, refuse_any
from qa.core.fields import FieldWords
from qa.core.naming import reference_key
from qa.core.words import SOMEWHERE, Resource
from qa.imports.commands.batches import BatchMade, File, close_batch
from qa.imports.commands.judgements import with_audits
from qa.imports.decisions import ImportBatch, row_in_reach
from qa.imports.decisions import evolve as evolve_batch
from qa.imports.events import batch_stream
from qa.imports.rows import imported_id
from qa.people.loading import inspects, load_organisation, load_person, present, team_in_use
from qa.people.teams import Organisation
from qa.restrictions.loading import may_be_given
from qa.working_days.loading import load_calendar


@handles(commands.SetActionPolicy)
def set_policy(command: commands.SetActionPolicy, work: Work) -> None:
    work.authorise("set-policy")
    decided = clocks.set_action_policy(load_policy(work), command)
    work.append(clocks.ACTION_POLICY_STREAM, *decided)


@handles(commands.RaiseAction)
def raise_action(command: commands.RaiseAction, work: Work) -> commands.ActionMade:
    if command.audit:
        found = _standing(work, command.audit, command.domain)
        team, service, child, domain = found.team, found.service, found.child, command.domain
    else:
        owning = team_in_use(work, command.team)
        team, service, child, domain = owning.code, owning.service, "", None
        audit_named(command.raised_by)
    work.require("raise-action", Resource(service=service, team=team))
    _may_own(work, child, command.owner)
    raised = carry(
        ActionRaised,
        command,
        action=work.new_id(),
        child=child,
        team=team,
        service=service,
        domain=domain,
    )
    raise_new(work, raised)
    return commands.ActionMade(action=raised.action)


def _may_own(work: Work, child: str, person: str, field: str = "owner") -> None:
    present(work, person, field=field)
    may_be_given(work, child, person, field=field)


def _standing(work: Work, audit: str, domain: str | None) -> CaseAudit:
    """A submitted audit that still counts, with that domain, whose judgement is open to them."""
    found = open_audit(work, audit, "read-judgement")
    findings_stand(found)
    if domain is not None:
        domain_of(tool_version(work, found.tool, found.tool_version), domain)
    return found


@handles(commands.LinkActionFinding)
def link_finding(command: commands.LinkActionFinding, work: Work) -> None:
    state = load_action(work, command.action, "run-action")
    _standing(work, command.audit, command.domain)
    save(work, state, decisions.link_finding(state, command))


@handles(commands.AcceptAction)
def accept(command: commands.AcceptAction, work: Work) -> None:
    state = load_action(work, command.action, "work-action")
    save(work, state, decisions.accept(state))


@handles(commands.AcceptActions)
def accept_several(command: commands.AcceptActions, work: Work) -> commands.ActionsAccepted:
    command.refuse_faults()
    desk, refused = work.parts(command.reason.strip() or None), dict[int, CaseloopError]()
    for place, action in enumerate(command.actions):
        try:
            accept(desk, commands.AcceptAction(action=action), by=work.by)
        except CaseloopError as error:
            refused[place] = error
    decisions.refused_together(refused)
    return commands.ActionsAccepted(actions=len(command.actions))


@handles(commands.CorrectAction)
def correct(command: commands.CorrectAction, work: Work) -> None:
    state = load_action(work, command.action, "correct-action")
    if command.owner != state.owner:
        _may_own(work, state.child, command.owner)
    decided = raising_decisions.correct(state, command, by=work.by.person, today=work.today)
    save(work, state, decided, reason=command.reason)


@handles(commands.ChallengeAction)
def challenge(command: commands.ChallengeAction, work: Work) -> None:
    state = load_action(work, command.action, "work-action")
    save(work, state, decisions.challenge(state, command))


@handles(commands.NoteActionProgress)
def progress(command: commands.NoteActionProgress, work: Work) -> None:
    state = load_action(work, command.action, "note-progress")
    save(work, state, decisions.progress(state, command))


@handles(commands.NameActionContributors)
def name_contributors(command: commands.NameActionContributors, work: Work) -> None:
    state = load_action(work, command.action, "name-contributors")
    for person in command.contributors:
        _may_own(work, state.child, person, "contributors")
    save(work, state, decisions.name_contributors(state, command))


@handles(commands.RescheduleAction)
def reschedule(command: commands.RescheduleAction, work: Work) -> None:
    state = load_action(work, command.action, "run-action")
    decided = decisions.reschedule(state, command, by=work.by.person, today=work.today)
    save(work, state, decided, reason=command.reason)


@handles(commands.TransferAction)
def transfer(command: commands.TransferAction, work: Work) -> None:
    state = load_action(work, command.action, "run-action")
    _may_own(work, state.child, command.owner)
    team, service = state.team, state.service
    if command.team and command.team != state.team:
        receiving = team_in_use(work, command.team)
        team, service = receiving.code, receiving.service
    decided = decisions.transfer(
        state,
        command,
        team=team,
        service=service,
        policy=load_policy(work),
        today=work.today,
        calendar=load_calendar(work),
    )
    save(work, state, decided, reason=command.reason)


@handles(commands.DropAction)
def drop(command: commands.DropAction, work: Work) -> None:
    state = load_action(work, command.action, "run-action")
    save(work, state, decisions.drop(state, command), reason=command.reason)


@handles(commands.ClaimActionDone)
def claim_done(command: commands.ClaimActionDone, work: Work) -> None:
    state = load_action(work, command.action, "work-action")
    decided = decisions.claim_done(
        state,
        command,
        policy=load_policy(work),
        today=work.today,
        calendar=load_calendar(work),
    )
    save(work, state, decided)


@handles(commands.ReopenAction)
def reopen(command: commands.ReopenAction, work: Work) -> commands.ActionMade:
    state = load_action(work, command.action, "run-action")
    _may_own(work, state.child, command.next.owner)
    after = work.new_id()
    decided, raised = decisions.reopen(
        state,
        command,
        next_action=after,
        policy=load_policy(work),
        today=work.today,
        calendar=load_calendar(work),
    )
    save(work, state, decided, reason=command.reason)
    save_new(work, raised, reason=command.reason)
    return commands.ActionMade(action=after)


@handles(commands.AskActionDiscussion)
def ask_discussion(command: commands.AskActionDiscussion, work: Work) -> None:
    state = load_action(work, command.action, "verify-impact")
    save(work, state, decisions.ask_discussion(state))


@handles(commands.AcceptActionEvidence)
def accept_evidence(command: commands.AcceptActionEvidence, work: Work) -> None:
    state = load_action(work, command.action, "check-evidence")
    decided = decisions.accept_evidence(
        state,
        by=work.by.person,
        line=kept_out(work, state),
        policy=load_policy(work),
        today=work.today,
    )
    save(work, state, decided)


@handles(commands.ReturnActionEvidence)
def return_evidence(command: commands.ReturnActionEvidence, work: Work) -> None:
    state = load_action(work, command.action, "check-evidence")
    line = kept_out(work, state)
    save(work, state, decisions.return_evidence(state, command, by=work.by.person, line=line))


def _to_verify(work: Work, action: str) -> Action:
    """The action, talked over in its owner's supervision where that was asked for."""
    state = load_action(work, action, "verify-impact")
    discussed = work.desk.lookups.discussed_in_supervision(
        work.unit.connection, action, state.owner
    )
    decisions.talked_over(state, discussed=discussed)
    return state


def _shown(work: Work, state: Action, checked: commands.EffectCheck) -> None:
    """Look up what is named as proof, after the decision has said that the check may be made."""
    lookups, connection = work.desk.lookups, work.unit.connection
    named = checked.reference.strip()
    found = lookups.audit_with_reference(connection, named) if named else None
    proof_shown(
        state,
        checked,
        audit=load_audit(work, found) if found and checked.proof == "re-audit" else None,
        children=lookups.same_child(connection, state.child) if state.child else (),
        measured=checked.proof == "indicator"
        and lookups.indicator_has_values(connection, named, state.raised_on),
        supervised=checked.proof == "supervision-check"
        and lookups.supervision_checked(
            connection, named, team=state.team, practitioner=state.owner, since=state.raised_on
        ),
    )


@handles(commands.ConfirmActionImpact)
def confirm_impact(command: commands.ConfirmActionImpact, work: Work) -> None:
    state = _to_verify(work, command.action)
    decided = decisions.confirm_impact(
        state, command, by=work.by.person, line=kept_out(work, state), today=work.today
    )
    _shown(work, state, command)
    save(work, state, decided)


@handles(commands.PostponeActionImpact)
def impact_too_early(command: commands.PostponeActionImpact, work: Work) -> None:
    state = _to_verify(work, command.action)
    decided = decisions.impact_too_early(
        state,
        command,
        by=work.by.person,
        line=kept_out(work, state),
        policy=load_policy(work),
        today=work.today,
    )
    _shown(work, state, command)
    save(work, state, decided)


@handles(commands.ReportNoImpact)
def impact_not_seen(command: commands.ReportNoImpact, work: Work) -> commands.ActionMade:
    state = _to_verify(work, command.action)
    _may_own(work, state.child, command.next.owner)
    after = work.new_id()
    decided, raised = decisions.impact_not_seen(
        state,
        command,
        next_action=after,
        by=work.by.person,
        line=kept_out(work, state),
        policy=load_policy(work),
        today=work.today,
        calendar=load_calendar(work),
    )
    _shown(work, state, command)
    save(work, state, decided)
    save_new(work, raised)
    return commands.ActionMade(action=after)


class ImportActions(Command, result=BatchMade):
    """Import actions, of audits or of teams, with the steps that they took elsewhere."""

    file: Annotated[File, FieldWords(label="File")]
    rows: Annotated[tuple[ImportedAction, ...], FieldWords(label="Rows")]


@handles(ImportActions)
def import_actions(command: ImportActions, work: Work) -> BatchMade:
    work.require("import", SOMEWHERE)
    file, batch, policy = command.file, work.new_id(), load_policy(work)
    organisation, calendar = load_organisation(work), load_calendar(work)
    accept_by = clocks.accept_by(policy, work.today, calendar)
    faults: list[Fault] = []
    brought: list[tuple[ImportedAction, ActionRaised, list[Dated]]] = []
    visits = cache(lambda owner: inspects(work, load_person(work, owner), work.today))
    for row, audit_id in with_audits(work, command.rows, _stream_of):
        try:
            audit = load_audit(work, audit_id) if row.audit else None
            raised = _raised(work, row, audit, organisation, policy, accept_by)
            stated = _on_record(work, row, raised, audit)
            found = import_decisions.bring_action(
                stated, row, raised, policy=policy, calendar=calendar, corrects=bool(file.corrects)
            )
            if row.goes_on and any(isinstance(one, GIVES) for _, one in found):
                owner = load_person(work, row.owner)
                import_decisions.owner_works_here(row, owner, visits(row.owner))
                may_be_given(work, raised.child, row.owner, field="owner")
        except Refused as refused:
            faults += [replace(fault, row=row.row) for fault in refused.faults]
            continue
        brought.append((row, stated.action.raised or raised, found))
    refuse_any(faults)
    corrected = 0
    for row, raised, found in brought:
        for on, event in found:
            again = isinstance(event, ActionCorrected)
            work.append(
                action_stream(raised.action),
                event,
                about=about_of(raised),
                effective_on=on,
                reason=file.corrects if again else STATED,
                source=file.source(batch, row.row),
            )
            corrected += again
    new = sum(bool(found) for *_, found in brought) - corrected
    already = len(brought) - new - corrected
    return close_batch(work, batch, "actions", file, new, already, corrected)


def _stream_of(row: ImportedAction, _audit: str) -> str:
    return action_stream(imported_id("action", row.reference))


def _on_record(
    work: Work, row: ImportedAction, raised: ActionRaised, audit: CaseAudit | None
) -> StatedAction:
    """The action on record; none where the batch that brought it was undone, or where it ended with
    an audit that stands again.

    Raises:
        Refused: a new action that goes on, of an audit that no longer stands.
    """
    stated = work.unit.load(action_stream(raised.action), evolve_stated, StatedAction())
    action = stated.action
    if action.batch and action.state is ActionState.NO_LONGER_APPLICABLE:
        came = work.unit.load(batch_stream(action.batch), evolve_batch, ImportBatch())
        again = audit is not None and audit.stands and stated.ended_in in audit.ended_in
        if came.reversed or again:
            stated = StatedAction()
    goes_on = stated.action.raised is None and row.dropped_on is None
    if goes_on and audit is not None and not audit.stands:
        raise _no_audit(row)
    return stated


def _no_audit(row: ImportedAction) -> Refused:
    sentence = f"There is no audit {row.audit} on record."
    return Refused([Fault("audit", "audit-unknown", sentence, row.row, value=row.audit)])


def _raised(
    work: Work,
    row: ImportedAction,
    audit: CaseAudit | None,
    organisation: Organisation,
    policy: ActionPolicySet,
    accept_by: date,
) -> ActionRaised:
    """The action that a row raises, of its audit or else of its team."""
    child, team, service = "", row.team, ""
    if audit is not None:
        if not audit.exists:
            raise _no_audit(row)
        child, team, service = audit.child, audit.team, audit.service
    elif row.team in organisation.teams:
        service = organisation.teams[row.team].service
    else:
        sentence = "An action needs its audit, or a team that is on record."
        raise Refused([Fault("team", "team-unknown", sentence, row.row, value=row.reference)])
    where = Resource(service=service, team=team, child=reference_key(child))
    allowed = can(work.by, "import", where).allowed
    row_in_reach(allowed, row=row.row, value=row.reference)
    waits = not row.steps and row.dropped_on is None
    return carry(
        ActionRaised,
        row,
        action=imported_id("action", row.reference),
        raised_by="by-hand" if audit is None else "case-audit",
        audit="" if audit is None else audit.id,
        child=child,
        team=team,
        service=service,
        source=row.reference,
        accept_by=accept_by if waits else None,
        evidence_kinds=policy.evidence_for(row.kind),
    )
