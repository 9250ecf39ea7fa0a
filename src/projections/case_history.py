"""The whole life of a record: one entry a fact, in plain words, oldest first.

An entry holds what the fact says and no names: people are shown under the name they had then,
teams and roles as they stand in the fact's envelope. Entries are a journal, so that the history as
at a date is simply the beginning of it.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import BigInteger, Column, Integer, Text, func, select
from sqlalchemy.engine import Connection

from projections.base import Change, Note, as_at, journal_table
from qa.clock import civil_day, microseconds
from qa.facts import action as actions
from qa.facts import audit_tool as tools
from qa.facts import case_audit as audits
from qa.facts import imports as batches
from qa.facts import moderation as moderating
from qa.facts import people
from qa.facts.base import Fact, Recorded

history_entry = journal_table(
    "history_entry",
    Column("stream", Text, nullable=False),
    Column("stream_version", Integer, nullable=False),
    Column("child", Text),
    Column("type", Text, nullable=False),
    Column("fact_id", Text, nullable=False),
    Column("recorded_us", BigInteger, nullable=False),
    Column("effective_on", Text, nullable=False),
    Column("late", Integer, nullable=False),
    Column("by", Text, nullable=False),
    Column("in_role", Text, nullable=False),
    Column("team_then", Text),
    Column("reason", Text),
    Column("imported", Integer, nullable=False),
    Column("said", Text, nullable=False),
    Column("about_person", Text),
    Column("changes", Text, nullable=False),
    indexes=(("stream", "position"), ("child", "position"), ("by", "position")),
)


def words(code: str | None) -> str:
    """A stored code as words: "requires-improvement" → "Requires improvement"."""
    return "" if code is None else code.replace("-", " ").replace("_", " ").capitalize()


def _share(fact: moderating.ModerationPolicySet) -> str:
    return (
        f"Set version {fact.policy_version} of the moderation policy: "
        f"{fact.share_percent}% drawn by lottery"
        + (", every audit in the lowest grade" if fact.every_inadequate else "")
        + (", every audit in the highest grade" if fact.every_outstanding else "")
        + f", the first {fact.first_audits_of_new_auditor} of a new auditor"
    )


def sentence(fact: Fact) -> tuple[str, str | None]:
    """What a fact says, and the person it is about where there is one (shown by name)."""
    match fact:
        case audits.CaseAuditAllocated():
            return f"Allocated audit {fact.reference}, due {fact.due_on.isoformat()}", fact.auditor
        case audits.CaseAuditReassigned():
            return "Handed the audit over", fact.new
        case audits.CaseAuditExtended():
            return f"Moved the due date from {fact.old} to {fact.new}", None
        case audits.CaseAuditStarted():
            return "Began the audit", None
        case audits.CaseAuditSubmitted():
            return f"Submitted the audit: {words(fact.content.overall)}", None
        case audits.CaseAuditResubmitted():
            return (
                f"Submitted the audit again: {words(fact.content.overall)}, "
                f"{len(fact.changes)} changed",
                None,
            )
        case audits.CaseAuditCorrected():
            kind = "a typing error" if fact.kind == "typo" else "a matter of fact"
            return f"Corrected {kind}", None
        case audits.CaseAuditReturned():
            return "Returned the audit to its author", None
        case audits.CaseAuditFinalised():
            return (
                f"Final grade: {words(fact.grade)} (from {words(fact.source).lower()})",
                None,
            )
        case audits.CaseAuditReopened():
            return f"Took the final grade back; it was {words(fact.was)}", None
        case audits.CaseAuditImported():
            return f"Imported audit {fact.reference}: {words(fact.overall)}", fact.auditor
        case moderating.ModerationSelected():
            return f"Picked for moderation ({', '.join(map(words, fact.reasons))})", None
        case moderating.ModerationNotSelected():
            return "Not picked for moderation", None
        case moderating.ModerationAssigned():
            how = "blind" if fact.blind and not fact.already_seen else "open"
            seen = "; the moderator had seen the judgement" if fact.already_seen else ""
            return f"Assigned the moderation ({how}{seen})", fact.moderator
        case moderating.ModerationUnblinded():
            return "Opened the judgement to the moderator: no longer blind", None
        case moderating.ModerationRecorded():
            return f"Recorded the moderator's judgement: {words(fact.overall)}", None
        case moderating.ModerationImported():
            return (
                f"Imported moderation {fact.reference}: {words(fact.overall)}",
                fact.moderator,
            )
        case moderating.ModerationConversationHeld():
            return f"Talked the difference over on {fact.held_on.isoformat()}", None
        case moderating.GradeReconciled():
            return f"Agreed on one grade: {words(fact.overall)}", None
        case moderating.GradeDisputed():
            return f"Disputed the grade ({', '.join(map(words, fact.about))})", None
        case moderating.DisputeAssigned():
            return "Named who decides the dispute", fact.decider
        case moderating.DisputeDecided():
            return (
                f"Decided the dispute: {words(fact.outcome).lower()}, grade {words(fact.overall)}",
                None,
            )
        case moderating.ModerationSuperseded():
            return f"The moderation no longer stands: the audit was {fact.cause}", None
        case moderating.ModerationPolicySet():
            return _share(fact), None
        case actions.ActionRaised():
            return f"Raised an action, due {fact.due_on.isoformat()}", fact.owner
        case _:
            return _other(fact)


def _other(fact: Fact) -> tuple[str, str | None]:
    match fact:
        case tools.ScalePublished():
            return f"Published the scale “{fact.scale.name}”, version {fact.scale.version}", None
        case tools.AuditToolRevised():
            return f"Edited the tool “{fact.definition.title}”", None
        case tools.AuditToolPublished():
            return f"Published “{fact.definition.title}”, version {fact.tool_version}", None
        case tools.AuditToolRetired():
            return "Retired the tool", None
        case people.PersonAdded():
            return "Added to Caseloop", fact.person
        case people.RoleGranted() | people.RoleEnded():
            verb = "Granted" if isinstance(fact, people.RoleGranted) else "Ended"
            grant = fact.grant
            where = "" if grant.scope.code is None else f", {grant.scope.kind} {grant.scope.code}"
            return f"{verb} the role {grant.role.label}{where}", None
        case people.SignInChanged():
            return f"Sign-in: {words(fact.what).lower()}", None
        case people.TeamOpened():
            return f"Opened the team {fact.name} in {fact.service_name}", None
        case batches.ImportBatchRecorded():
            return f"Imported {fact.imported} of {fact.rows} rows of {fact.file_name}", None
        case batches.ImportBatchReversed():
            return f"Reversed the import: {fact.records} records", None
        case _:
            return words(_spaced(fact.TYPE)), None


def _spaced(name: str) -> str:
    return "".join(f" {c.lower()}" if c.isupper() else c for c in name).strip()


def _changes(fact: Fact) -> list[dict[str, str]]:
    """The fields a fact changed, old to new, and the texts it adds."""

    def change(field: str, old: str | None, new: str | None) -> dict[str, str]:
        return {"field": field, "old": old or "", "new": new or ""}

    match fact:
        case audits.CaseAuditCorrected():
            return [change(fact.field, fact.old, fact.new)]
        case audits.CaseAuditResubmitted():
            return [{**change(c.field, c.old, c.new), "why": c.why} for c in fact.changes]
        case audits.CaseAuditReassigned() | people.PersonRenamed() | people.TeamRenamed():
            field = "auditor" if isinstance(fact, audits.CaseAuditReassigned) else "name"
            return [change(field, fact.old, fact.new)]
        case audits.CaseAuditExtended():
            return [change("due_on", fact.old.isoformat(), fact.new.isoformat())]
        case audits.CaseAuditReturned():
            return [change("comments", "", fact.comments)]
        case audits.CaseAuditSubmitted():
            return [change("overall", "", fact.content.overall)]
        case moderating.ModerationRecorded() | moderating.GradeReconciled():
            return [
                change("moderated_overall", "", fact.overall),
                change("rationale", "", fact.rationale),
            ]
        case moderating.ModerationConversationHeld():
            return [change("note", "", fact.note)]
        case moderating.GradeDisputed():
            return [change("grounds", "", fact.grounds)]
        case moderating.DisputeDecided():
            return [change("final_grade", "", fact.overall), change("reasons", "", fact.reasons)]
        case people.PersonMoved():
            return [change(name, "", getattr(fact, name)) for name in ("team", "job_title")]
        case actions.ActionRaised():
            return [change("action", "", fact.text)]
        case tools.AuditToolRevised() | tools.AuditToolPublished():
            return [change("definition", "", text) for text in fact.changes]
        case _:
            return []


class CaseHistory:
    """Projects every fact onto the entry that history shows of it."""

    name = "case_history"
    version = 1
    tables = (history_entry,)
    by_stream = True

    def project(self, recorded: Recorded[Any]) -> Iterable[Change]:
        meta = recorded.meta
        said, person = sentence(recorded.fact)
        changes = _changes(recorded.fact)
        about = meta.about or ""
        row = {
            "stream": recorded.stream,
            "stream_version": recorded.version,
            "child": about.removeprefix("child:") if about.startswith("child:") else None,
            "type": recorded.type,
            "fact_id": meta.fact_id,
            "recorded_us": microseconds(recorded.recorded_at),
            "effective_on": meta.effective_on.isoformat(),
            "late": int(meta.effective_on < civil_day(recorded.recorded_at)),
            "by": meta.by,
            "in_role": meta.in_role,
            "team_then": meta.team_then,
            "reason": meta.reason,
            "imported": int(meta.source is not None),
            "said": said,
            "about_person": person,
            "changes": json.dumps(changes, ensure_ascii=False) if changes else "[]",
        }
        return [Note(history_entry, row)]


def entries(
    connection: Connection,
    *,
    streams: Collection[str] = (),
    child: str = "",
    without: Collection[str] = (),
    position: int | None = None,
    after: int = 0,
    limit: int = 50,
) -> list[dict[str, Any]]:
    """A page of history, oldest first, from behind position `after`, as known at `position`.

    Either the entries of `streams` or those about a `child`; `without` leaves out streams that are
    sealed from the reader.
    """
    query = (
        select(history_entry)
        .where(history_entry.c.position > after, as_at(history_entry, position))
        .order_by(history_entry.c.position)
        .limit(limit)
    )
    if child:
        query = query.where(history_entry.c.child == child)
    else:
        query = query.where(history_entry.c.stream.in_(sorted(streams)))
    if without:
        query = query.where(history_entry.c.stream.not_in(sorted(without)))
    return [
        {**row._mapping, "changes": json.loads(row.changes)} for row in connection.execute(query)
    ]


def length(connection: Connection, stream: str, *, position: int | None = None) -> int:
    """How many facts a stream had at `position`."""
    query = select(func.count()).where(
        history_entry.c.stream == stream, as_at(history_entry, position)
    )
    return connection.execute(query).scalar_one()
