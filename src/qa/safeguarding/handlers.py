"""Carries out the commands on safeguarding concerns, and the clock that escalates them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, partial
from typing import Any

from qa.audits.events import case_audit_stream
from qa.audits.loading import load_audit, open_audit, resource_of
from qa.audits.state import CaseAudit
from qa.authorisation.context import Work
from qa.authorisation.handling import handles
from qa.authorisation.policy import can
from qa.core.errors import Fault, NotFound, Refused, refuse_any
from qa.core.event import Event
from qa.core.naming import reference_key
from qa.core.words import SOMEWHERE, Resource
from qa.imports.commands.batches import BatchMade, close_batch
from qa.imports.commands.judgements import AT_ONCE, begun_batch, with_audits
from qa.imports.commands.outcomes import audit_where
from qa.imports.decisions import row_in_reach
from qa.moderation.decisions import shown_by_a_concern
from qa.people.loading import is_here, managers_above, part_today, present
from qa.restrictions.loading import may_be_given, of_child
from qa.safeguarding import clocks, decisions, import_decisions
from qa.safeguarding.commands import (
    AcknowledgeConcern,
    ConcernRaised,
    EscalateConcerns,
    ImportConcerns,
    RaiseConcern,
    SetSafeguardingPolicy,
    TellManager,
)
from qa.safeguarding.events import safeguarding_stream
from qa.safeguarding.reactions import load_concerns, load_policy
from qa.safeguarding.rows import ImportedConcern
from qa.safeguarding.state import Concern

CONCERN = "Told of a safeguarding concern from this audit."


@handles(RaiseConcern)
def raise_concern(command: RaiseConcern, work: Work) -> ConcernRaised:
    audit = open_audit(work, command.audit, "raise-concern")
    decisions.audit_stands(audit)
    concern = work.new_id()
    team, service = part_today(work, audit.team, audit.service)
    decided = decisions.raise_concern(
        command,
        concern=concern,
        reference=audit.reference,
        child=audit.child,
        team=team,
        service=service,
    )
    if command.manager or command.how:
        raised = Concern(concern, work.by.person, audit.child, team, service)
        _answers(work, command.manager, raised)
        # Who was told but not how is refused by the decision.
        fields: dict[str, Any] = {"manager": command.manager, "how": command.how}
        telling = TellManager.model_construct(None, audit=audit.id, concern=concern, **fields)
        decided += _tell(work, raised, telling)
    _save(work, audit, decided)
    return ConcernRaised(concern=concern, audit=audit.id)


def _answers(work: Work, manager: str, part: Concern) -> None:
    """Raises `Refused` unless the person is here and manages that part of the council."""
    found = present(work, manager, field="manager")
    may_be_given(work, part.child, manager, field="manager")
    where = Resource(service=part.service, team=part.team)
    manages = can(found.actor(work.today), "answer-concern", where).allowed
    decisions.manages_here(found.name, manages=manages)


def _tell(work: Work, concern: Concern, command: TellManager) -> list[Event]:
    return decisions.tell(
        concern,
        command,
        policy=load_policy(work),
        by=work.by.person,
        now=work.desk.store.clock.now(),
    )


def _concern(work: Work, audit: str, concern: str, verb: str) -> tuple[CaseAudit, Concern]:
    """The concern and its audit, for a person who may do `verb` to it.

    It is never sealed from whoever raised it or was told of it: the child comes before the
    blindness of a moderation.

    Raises:
        NotFound: no such concern, or none that this person may know of.   Forbidden: the policy
            says no.   MovedOn: stale version.
    """
    state = load_audit(work, audit)
    found = load_concerns(work, audit).one(concern)
    part = {found.raised_by, *found.told}
    resource = Resource(
        service=found.service,
        team=found.team,
        person=found.raised_by,
        contributors=frozenset(found.told),
        blind_for=resource_of(state).blind_for - part,
        submitted=True,
        child=reference_key(found.child),
    )
    if not any(can(work.by, one, resource).allowed for one in (verb, "read-concern")):
        raise NotFound("There is no such concern.")
    work.authorise(verb, resource)
    import_decisions.no_step_here(found)
    return state, found


@handles(TellManager)
def tell_manager(command: TellManager, work: Work) -> None:
    audit, concern = _concern(work, command.audit, command.concern, "tell-manager")
    _answers(work, command.manager, concern)
    _save(work, audit, _tell(work, concern, command))


@handles(AcknowledgeConcern)
def acknowledge(command: AcknowledgeConcern, work: Work) -> None:
    audit, concern = _concern(work, command.audit, command.concern, "acknowledge-concern")
    _save(work, audit, decisions.acknowledge(concern, command, by=work.by.person))


@handles(EscalateConcerns)
def escalate(command: EscalateConcerns, work: Work) -> None:
    work.require("escalate-concern")
    policy, now = load_policy(work), work.desk.store.clock.now()
    for found in load_concerns(work, command.audit).by_id.values():
        if not found.waits:
            continue
        decided = decisions.escalate(
            found,
            up=_here(work, managers_above(work, found.told[0]), found.child),
            leads=_leads(work, found),
            policy=policy,
            now=now,
        )
        _save(work, load_audit(work, command.audit), decided)


def _save(work: Work, audit: CaseAudit, decided: Sequence[Event]) -> None:
    """Append events of a concern; a blind moderation of somebody who is told by them opens."""
    work.append(safeguarding_stream(audit.id), *decided, about=audit.about)
    opened = shown_by_a_concern(audit, decisions.told_by(decided))
    work.append(case_audit_stream(audit.id), *opened, about=audit.about, reason=CONCERN)


def _here(work: Work, people: Sequence[str], child: str) -> list[str]:
    """Those who are here and may read the records of the child."""
    restriction = of_child(work, child)
    return [one for one in people if is_here(work, one) and restriction.reads(one, work.today)]


def _leads(work: Work, found: Concern) -> list[str]:
    """The QA leads of the part; where none of them reads a restricted record, all who do."""
    leads = work.desk.lookups.leads_of(work.unit.connection, found.team, work.today)
    readers = of_child(work, found.child).readers
    return _here(work, leads, found.child) or _here(work, readers, found.child)


@handles(ImportConcerns)
def import_concerns(command: ImportConcerns, work: Work) -> BatchMade:
    work.require("import", SOMEWHERE)
    file, batch, policy = command.file, begun_batch(work, command.file), load_policy(work)
    ids = [import_decisions.concern_id(row) for row in command.rows]
    known: dict[str, str] = {}
    for start in range(0, len(ids), AT_ONCE):
        block = ids[start : start + AT_ONCE]
        known |= work.desk.lookups.audits_of_concerns(work.unit.connection, block)
    today = cache(partial(part_today, work))
    faults: list[Fault] = []
    brought: list[tuple[ImportedConcern, CaseAudit, list[Event]]] = []
    rows = with_audits(work, command.rows, lambda _, audit: safeguarding_stream(audit))
    for (row, audit), concern in zip(rows, ids, strict=True):
        state = load_audit(work, audit)
        try:
            allowed = can(work.by, "import", audit_where(state)).allowed
            row_in_reach(allowed, row=row.row, value=row.reference)
            concerns = load_concerns(work, audit)
            beside = import_decisions.concern_beside(row, audit)
            other = known.get(concern)
            hidden = other not in (None, audit) and not _shown(work, str(other))
            if hidden or beside in concerns.by_id:
                concern, other = beside, None
            found = import_decisions.bring_concern(
                concerns,
                row,
                state,
                concern=concern,
                of_audit=other,
                part=today(state.team, state.service),
                policy=policy,
                corrects=bool(file.corrects),
            )
        except Refused as refused:
            faults += refused.faults
            continue
        brought.append((row, state, found))
    refuse_any(faults)
    corrected = 0
    for row, state, found in brought:
        again = any(map(import_decisions.corrects, found))
        work.append(
            safeguarding_stream(state.id),
            *found,
            about=state.about,
            effective_on=import_decisions.day_of(found),
            reason=file.corrects if again else None,
            source=file.source(batch, row.row),
        )
        corrected += again
    new = sum(bool(found) for *_, found in brought) - corrected
    already = len(brought) - new - corrected
    return close_batch(work, batch, "concerns", file, new, already, corrected)


def _shown(work: Work, audit: str) -> bool:
    """Whether whoever sends a file reaches what is on record of an audit."""
    return can(work.by, "import", audit_where(load_audit(work, audit))).allowed


@handles(SetSafeguardingPolicy)
def set_policy(command: SetSafeguardingPolicy, work: Work) -> None:
    work.authorise("set-policy")
    decided = clocks.set_safeguarding_policy(load_policy(work), command)
    work.append(clocks.SAFEGUARDING_POLICY_STREAM, *decided)
