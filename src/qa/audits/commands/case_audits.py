"""Commands on case audits. Each opens one unit of work, decides, appends and gives a receipt."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Literal

from qa.audit_tools import decisions as tool_decisions
from qa.audit_tools.loading import load_tool, tool_version
from qa.audits import correction, independence
from qa.audits import decisions as audit_decisions
from qa.audits.commands.loading import load_audit, member_of, open_audit, resource_of, save_audit
from qa.audits.commands.reacting import AuditReactions
from qa.audits.correction import CorrectionKind
from qa.audits.events import CaseAuditAllocated, case_audit_stream
from qa.audits.independence import Breach
from qa.audits.judgements import AuditContent
from qa.audits.moderation_events import ModerationSuperseded
from qa.audits.state import CaseAudit
from qa.authorisation.context import Desk, Once, Work, command, reactions
from qa.core.clock import add_months
from qa.core.reasons import owe_reason
from qa.core.words import Actor, Resource, Role
from qa.people.loading import is_here, load_person, present, team_in_use
from qa.restrictions.loading import may_be_given, may_begin, of_child
from qa.restrictions.state import Restriction
from qa.security import drafts
from qa.security.drafts import Draft
from qa.store.unit import Receipt


def reference_of(audit: str) -> str:
    """A short reference that people can say to one another, derived from the audit's id."""
    letters = base64.b32encode(hashlib.sha256(audit.encode()).digest()[:5]).decode()
    return f"CA-{letters[:4]}-{letters[4:]}"


@command
def allocate(
    desk: Desk,
    *,
    child: str,
    tool: str,
    auditor: str,
    team: str,
    practice_from: date,
    practice_to: date,
    due_on: date,
    case_holder: str | None = None,
    mode: Literal["desktop", "collaborative", "live"] = "collaborative",
    re_audit_of: str | None = None,
    exception: str | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Give an audit of one child's file to an auditor. The receipt's response holds ``audit``.

    Raises:
        Refused: unknown team, tool or person; independence broken without an exception; dates.
        Forbidden: not a QA lead of that part of the council.
    """
    with desk.work(by, once=once) as work:
        owning = team_in_use(work, team)
        work.require("allocate-audit", Resource(service=owning.service, team=owning.code))
        used = load_tool(work, tool)
        tool_decisions.usable(used)
        present(work, auditor, field="auditor", role=Role.AUDITOR)
        holder = load_person(work, case_holder) if case_holder else None
        child = desk.lookups.child_as_typed(work.unit.connection, child.strip())
        may_begin(work, child)
        may_be_given(work, child, auditor, field="auditor")
        audit_decisions.may_be_audited(child, holder_known=holder is None or holder.exists)
        breaches = independence.auditor_breaches(
            member_of(work, auditor),
            case_holder=case_holder,
            case_manager=None if holder is None else holder.manager,
            team=team,
        )
        if re_audit_of is None:
            recent = desk.lookups.recent_audit_of(
                work.unit.connection, child, add_months(work.today, -12)
            )
            if recent is not None:
                breaches.append(
                    Breach(
                        "audited-recently",
                        f"This child's file was audited within the last 12 months ({recent}).",
                        hard=False,
                    )
                )
        else:
            _before_re_audit(work, open_audit(work, re_audit_of, "read-audit"), auditor)
            work.require("allocate-audit", Resource(service=owning.service, team=owning.code))
        exceptions = independence.settle(
            breaches, field="auditor", exception=exception, approved_by=by.person
        )
        audit = work.new_id()
        decided = audit_decisions.allocate(
            CaseAudit(),
            CaseAuditAllocated(
                reference=reference_of(audit),
                child=child,
                tool=tool,
                tool_version=used.latest,
                auditor=auditor,
                team=owning.code,
                team_name=owning.name,
                service=owning.service,
                service_name=owning.service_name,
                case_holder=case_holder,
                case_manager=None if holder is None else holder.manager,
                practice_from=practice_from,
                practice_to=practice_to,
                due_on=due_on,
                mode=mode,
                re_audit_of=re_audit_of,
                exceptions=exceptions,
            ),
            today=work.today,
        )
        work.append(case_audit_stream(audit), *decided, about=f"child:{child}")
        work.unit.respond(audit=audit, reference=reference_of(audit))
    return work.receipt


def _may_own(work: Work, held: Restriction, person: str) -> bool:
    """Whether an action for the child of `held` can be given to the person."""
    return is_here(work, person) and held.reads(person, work.today)


@command
def reassign(
    desk: Desk,
    *,
    audit: str,
    auditor: str,
    reason: str,
    exception: str | None = None,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Hand an unfinished audit to another auditor; the first auditor's draft is dropped."""
    with desk.work(by, once=once, reason=reason) as work:
        state = open_audit(work, audit, "reassign-audit", seen)
        owe_reason(reason, "Say why the audit is handed over.")
        present(work, auditor, field="auditor", role=Role.AUDITOR)
        may_be_given(work, state.child, auditor, field="auditor")
        if state.re_audit_of:
            _before_re_audit(work, load_audit(work, state.re_audit_of), auditor)
        exceptions = independence.settle(
            independence.auditor_breaches(
                member_of(work, auditor),
                case_holder=state.case_holder,
                case_manager=state.case_manager,
                team=state.team,
            ),
            field="auditor",
            exception=exception,
            approved_by=by.person,
        )
        save_audit(work, state, audit_decisions.reassign(state, to=auditor, exceptions=exceptions))
        drafts.discard(work.unit.connection, subject=case_audit_stream(audit))
    return work.receipt


@command
def extend(
    desk: Desk,
    *,
    audit: str,
    due_on: date,
    reason: str,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Move the due date; the first one stays on record."""
    with desk.work(by, once=once, reason=reason) as work:
        state = open_audit(work, audit, "extend-audit", seen)
        owe_reason(reason, "Say why the date is moved.")
        save_audit(work, state, audit_decisions.extend(state, due_on=due_on, today=work.today))
    return work.receipt


def save_draft(desk: Desk, *, audit: str, fields: Mapping[str, str], seen: int, by: Actor) -> Draft:
    """Keep what the auditor has typed so far; the first time notes that they began.

    Raises:
        DraftMovedOn: saved elsewhere since (`seen` is the draft revision that was opened).
    """
    with desk.work(by) as work:
        state = open_audit(work, audit, "write-audit")
        save_audit(work, state, audit_decisions.start(state, by=by.person))
    # A draft is no event and has its own revision: it needs no place in the unit above.
    with desk.store.writing() as connection:
        return drafts.save(
            connection,
            desk.vault,
            desk.store.clock,
            subject=case_audit_stream(audit),
            person=by.person,
            about=state.about,
            fields=fields,
            seen=seen,
        )


@command
def submit(
    desk: Desk,
    *,
    audit: str,
    content: AuditContent,
    why: Mapping[str, str] | None = None,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Submit an audit, or a returned one again; raises its actions and picks it for moderation.

    Raises:
        Refused: every fault, by field.   NotNow: already submitted.   MovedOn: stale version.
        Conflict: a safeguarding concern raised from it has reached no manager.
    """
    with desk.work(by, once=once) as work:
        others = reactions(AuditReactions)
        ahead = [stream for one in others for stream in one.streams(audit)]
        work.unit.read_ahead(case_audit_stream(audit), *ahead)
        state = open_audit(work, audit, "submit-audit", seen)
        tool = tool_version(work, state.tool, state.tool_version)
        for one in others:
            one.before_submission(work, state)
        decided = audit_decisions.submit(
            state,
            content,
            tool,
            by=by.person,
            today=work.today,
            person_exists=partial(_may_own, work, of_child(work, state.child)),
            why=why or {},
        )
        save_audit(work, state, decided, effective_on=content.audit_date)
        for one in others:
            one.submitted(work, state, content)
        drafts.discard(work.unit.connection, subject=case_audit_stream(audit))
        work.unit.respond(audit=audit, reference=state.reference)
    return work.receipt


@command
def correct(
    desk: Desk,
    *,
    audit: str,
    field: str,
    new: str,
    kind: CorrectionKind,
    reason: str,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Put one field right. What goes beyond a small edit supersedes a completed moderation and asks
    for a new one; the superseded one stays in history and leaves the figures."""
    with desk.work(by, once=once, reason=reason) as work:
        state = open_audit(work, audit, "correct-audit", seen)
        decided = correction.correct(
            state,
            tool_version(work, state.tool, state.tool_version),
            field=field,
            new=new,
            kind=kind,
            reason=reason,
            today=work.today,
            person_exists=partial(_may_own, work, of_child(work, state.child)),
        )
        save_audit(work, state, decided)
        lapsed = any(isinstance(event, ModerationSuperseded) for event in decided)
        for one in reactions(AuditReactions):
            if lapsed:
                one.superseded(work, state)
            elif field == "overall":
                one.regraded(work, state, new)
    return work.receipt


@command
def confirm_typing(
    desk: Desk,
    *,
    audit: str,
    field: str,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Agree that a change that somebody else made is typing; nothing that was judged lapses."""
    with desk.work(by, once=once) as work:
        state = _to_confirm(work, audit, seen)
        save_audit(work, state, correction.confirm_typing(state, field=field, by=by.person))
    return work.receipt


@command
def refuse_typing(
    desk: Desk,
    *,
    audit: str,
    field: str,
    reason: str,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Say that a change is no typing; whoever asked may take it back so."""
    with desk.work(by, once=once, reason=reason) as work:
        state = _to_confirm(work, audit, seen)
        save_audit(work, state, correction.refuse_typing(state, field=field, reason=reason))
    return work.receipt


def _to_confirm(work: Work, audit: str, seen: int | None) -> CaseAudit:
    """The audit, for somebody who may confirm corrections and to whom its judgement is open."""
    state = open_audit(work, audit, "confirm-correction", seen)
    work.require("read-judgement", resource_of(state))
    work.require("confirm-correction", resource_of(state))
    return state


@command
def send_back(
    desk: Desk,
    *,
    audit: str,
    comments: str,
    fields: tuple[str, ...] = (),
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Return a submitted audit to its author."""
    with desk.work(by, once=once) as work:
        state = open_audit(work, audit, "return-audit", seen)
        # A blind moderator must not learn of the judgement through the act of returning it.
        work.require("read-judgement", resource_of(state))
        save_audit(work, state, audit_decisions.send_back(state, comments=comments, fields=fields))
    return work.receipt


def _before_re_audit(work: Work, of: CaseAudit, auditor: str) -> None:
    for one in reactions(AuditReactions):
        one.before_re_audit(work, of=of, auditor=auditor)
