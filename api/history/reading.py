"""The history of any record, as one reader may see it: opened, narrowed, paged, told in words.

The one place that pages, files and the API ask. A record is named ``kind:key``; whoever may not
know of it gets `NotFound`, and whoever may know of it but not its judgement gets `Forbidden`. Seals
are always looked up in the present, whatever date is asked for.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy.engine import Connection

from api.actions import reading as action_reading
from api.audits import reading as audit_reading
from api.history.kinds import OF_AUDIT, OPENED_BY, RecordKind
from api.people.reading import person_as_resource
from api.plans.words import plan_named
from api.services import Services
from api.supervision import reading as supervision_reading
from api.web import access_notes, purposes
from api.web.moments import AsAt
from projections.audits import queries as audit_queries
from projections.core.base import present
from projections.history import queries as history_queries
from projections.history.queries import Entry, Found, HistoryFilter, HistoryScope
from projections.learning import queries as learning_queries
from projections.people import queries as people_queries
from qa.authorisation.policy import can, reach, require
from qa.core.errors import NotFound, Refused
from qa.core.event_words import code_in_words
from qa.core.words import Actor, Resource, Role
from qa.security.access_log import What

ORGANISATION = "organisation"
POLICY = "moderation-policy"


@dataclass(frozen=True, slots=True)
class Record:
    """What is opened: the streams it lives on, and what its reader is told of it.

    `subject` names it in the access log. `sieve` says that single entries may be closed to the
    reader, so that every page asks again.
    """

    kind: RecordKind
    key: str
    title: str
    subject: str
    scope: HistoryScope
    parts: frozenset[str] = frozenset()
    sieve: bool = False
    notes: Sequence[str] = field(default_factory=tuple)

    @property
    def name(self) -> str:
        return f"{self.kind}:{self.key}" if self.key else str(self.kind)


def open_record(
    services: Services, connection: Connection, actor: Actor, name: str, at: AsAt
) -> Record:
    """The record called `name` (``audit:<id>``, ``child:<reference>``, ``policy`` …).

    Raises:
        Refused: no such kind of record.
        NotFound: there is none, or none that this reader may know of.
        Forbidden: no role of the reader opens it, or its judgement is sealed from them.
    """
    kind, _, key = name.partition(":")
    if kind not in {*RecordKind}:
        raise Refused(
            "Name the record, for example audit:<id> or child:<reference>.",
            field="record",
            code="record-unknown",
        )
    if kind == RecordKind.ACTION:
        return _of_action(services, connection, actor, key, at)
    if kind in (RecordKind.SUPERVISION, RecordKind.SUPERVISION_CHECK):
        return _of_supervision(connection, actor, RecordKind(kind), key, at)
    if kind in (RecordKind.AUDIT, RecordKind.MODERATION):
        return _of_audit(services, connection, actor, RecordKind(kind), key, at)
    if kind == RecordKind.CHILD:
        return _of_child(services, connection, actor, key, at)
    if kind in (RecordKind.PERSON, RecordKind.WORK):
        if kind == RecordKind.WORK and key != actor.person:
            purposes.ask(services, connection, ("work",), name)
        return _of_person(connection, actor, RecordKind(kind), key, at)
    return _of_council(connection, actor, RecordKind(kind), key, at)


def _of_audit(
    services: Services, connection: Connection, actor: Actor, kind: RecordKind, key: str, at: AsAt
) -> Record:
    audit = key
    if kind is not RecordKind.AUDIT:
        thing = f"{kind}:{key}"
        audit = history_queries.belongs_to(connection, [thing]).get(thing, "")
    opened = audit_reading.open_audit(services, connection, actor, audit, at)
    require(actor, "read-history", opened.resource)
    reference = opened.row["reference"]
    subject = audit_reading.subject_of(opened)
    own = f"case-audit:{audit}"
    if kind is RecordKind.MODERATION:
        return Record(
            kind,
            key,
            f"Moderation of audit {reference}",
            subject,
            HistoryScope((own,)),
            frozenset({key}),
        )
    return Record(
        kind, key, f"Audit {reference}", subject, HistoryScope(_streams(connection, [audit]))
    )


def _of_action(
    services: Services, connection: Connection, actor: Actor, action: str, at: AsAt
) -> Record:
    opened = action_reading.open_action(services, connection, actor, action, at)
    stream = f"action:{action}"
    reference = opened.audit_reference
    title = f"Action of audit {reference}" if reference else "Action raised beside the audits"
    audit = opened.row["audit"]
    # Whoever moderates has now seen something of the judgement.
    subject = f"judgement:{audit}" if audit and actor.has(Role.MODERATOR) else stream
    return Record(RecordKind.ACTION, action, title, subject, HistoryScope((stream,)))


def _of_supervision(
    connection: Connection, actor: Actor, kind: RecordKind, key: str, at: AsAt
) -> Record:
    stream = f"{kind}:{key}"
    if kind is RecordKind.SUPERVISION:
        pair = supervision_reading.open_pair(connection, actor, key, at)
        title = f"Supervision of {pair.name(pair.row['practitioner'])}"
    else:
        check = supervision_reading.open_check(connection, actor, key, at)
        title = f"Check of the supervision of {check.name(check.row['practitioner'])}"
    return Record(kind, key, title, stream, HistoryScope((stream,)))


def _streams(connection: Connection, audits: Collection[str]) -> tuple[str, ...]:
    """The streams of these audits, of their actions and of concerns that they led to."""
    things = history_queries.parts(connection, audits)
    return tuple(
        stream
        for audit in audits
        for stream in (
            f"case-audit:{audit}",
            *(thing for thing in things.get(audit, ()) if thing.startswith(OF_AUDIT)),
        )
    )


def _of_child(
    services: Services, connection: Connection, actor: Actor, child: str, at: AsAt
) -> Record:
    require(actor, "read-report")
    rows = audit_queries.of_child(connection, reach(actor), child, position=at.position)
    if not rows:
        raise NotFound("There is no audit of this child’s file that you may see.")
    resources = [
        Resource(
            team=row["team"],
            auditor=row["auditor"],
            moderators=frozenset({row["moderator"]} - {None}),
            deciders=frozenset({row["decider"]} - {None}),
        )
        for row in rows
    ]
    kinds = {"child", *purposes.kinds_of(services, actor, child, resources)}
    purposes.ask(services, connection, kinds, f"child:{child}")
    opened = [row["audit"] for row in rows if not row["judgement_sealed"]]
    sealed = len(rows) - len(opened)
    notes = (
        [f"{sealed} {'audit is' if sealed == 1 else 'audits are'} sealed from you and left out."]
        if sealed
        else []
    )
    return Record(
        RecordKind.CHILD,
        child,
        f"Child {child}",
        f"child:{child}",
        HistoryScope(_streams(connection, opened)),
        notes=notes,
    )


def _of_person(
    connection: Connection, actor: Actor, kind: RecordKind, person: str, at: AsAt
) -> Record:
    row = people_queries.person(connection, person, position=at.position)
    if kind is RecordKind.PERSON:
        if person != actor.person:
            require(actor, "read-people")
        if row is None:
            raise NotFound("There is no such person.")
        scope = HistoryScope((f"person:{person}",))
        return Record(kind, person, f"Account of {row['name']}", f"person:{person}", scope)
    # Looked up in the present: whoever manages somebody now reads what they did.
    now = people_queries.person(present(connection), person)
    resource = Resource(person=person) if now is None else person_as_resource(connection, now)
    require(actor, "read-work", resource)
    if row is None:
        raise NotFound("There is no such person.")
    return Record(
        kind,
        person,
        f"What {row['name']} did",
        f"work:{person}",
        HistoryScope(by=person),
        sieve=True,
        notes=["Entries of records that are not open to you are left out."],
    )


def _of_council(
    connection: Connection, actor: Actor, kind: RecordKind, key: str, at: AsAt
) -> Record:
    """The tools, scales, teams, services, imports and the policy: what belongs to the council."""
    require(actor, OPENED_BY.get(kind, "read-tool"))
    if kind in (RecordKind.TEAM, RecordKind.SERVICE):
        teams = people_queries.teams(connection, with_closed=True, position=at.position)
        chosen = [one for one in teams if one[kind.value] == key]
        if not chosen:
            raise NotFound(f"There is no such {kind.value}.")
        named = chosen[0]["name" if kind is RecordKind.TEAM else "service_name"]
        parts = frozenset(one["team"] for one in chosen)
        title = f"{kind.value.capitalize()} {named}"
        return Record(kind, key, title, f"{kind}:{key}", HistoryScope((ORGANISATION,)), parts)
    if kind is RecordKind.POLICY:
        return Record(kind, "", "Moderation policy", "moderation-policy", HistoryScope((POLICY,)))
    stream = f"audit-tool:{key}" if kind is RecordKind.TOOL else f"{kind}:{key}"
    if not history_queries.exists(connection, stream, position=at.position):
        raise NotFound("There is nothing here.")
    title = {RecordKind.TOOL: "Audit tool", RecordKind.INSPECTION: "Inspector room"}.get(
        kind, code_in_words(kind)
    )
    named = (
        plan_named(connection, kind.value, key, position=at.position)
        or learning_queries.titles(connection, [key], position=at.position).get(key)
        or f"{title} {code_in_words(key)}"
    )
    return Record(kind, key, named, stream, HistoryScope((stream,)))


def streams_open_to(
    connection: Connection, actor: Actor, streams: Collection[str]
) -> frozenset[str]:
    """Of these streams, those whose entries the reader may see just now."""
    found: set[str] = set()
    of_audit: dict[str, str] = {}
    raised = {s.partition(":")[2] for s in streams if s.startswith("action:")}
    found |= {f"action:{one}" for one in action_reading.open_to(connection, actor, raised)}
    confidential = {s for s in streams if s.partition(":")[0] in supervision_reading.KINDS}
    found |= supervision_reading.open_streams(connection, actor, confidential)
    for stream in streams:
        kind, _, key = stream.partition(":")
        if kind in ("case-audit", "safeguarding", "follow-up", "response"):
            of_audit[stream] = key
        elif kind == "action" or stream in confidential:
            continue
        elif kind in ("person", ORGANISATION):
            if key == actor.person or can(actor, "read-people").allowed:
                found.add(stream)
        elif can(actor, OPENED_BY.get(kind, "read-tool")).allowed:
            found.add(stream)
    audits = set(of_audit.values())
    opened = audit_queries.open_to(connection, reach(actor), audits) if audits else frozenset()
    return frozenset(found | {stream for stream, audit in of_audit.items() if audit in opened})


def note(services: Services, actor: Actor, record: Record, what: What, at: AsAt) -> None:
    """Write down that this reader opened, or took out, the history of a record."""
    for subject in subjects_of(record):
        access_notes.note(services, actor, what, subject, detail="history", at=at)


def subjects_of(record: Record) -> list[str]:
    """What the access log says is shown by this record's history."""
    audits = [s.partition(":")[2] for s in record.scope.streams if s.startswith("case-audit:")]
    shown = [f"judgement:{audit}" for audit in audits] if record.kind is RecordKind.CHILD else []
    return [record.subject, *shown]


def note_judgements(
    services: Services, actor: Actor, record: Record, what: What, entries: Sequence[Entry], at: AsAt
) -> None:
    """Write down whose judgements were among the entries of a record that is no audit itself.

    Whoever has seen a judgement there is never called blind when they moderate it.
    """
    if not record.sieve:
        return
    shown = {
        entry["stream"].partition(":")[2]
        for entry in entries
        if entry["stream"].startswith("case-audit:")
        and any(change["field"].startswith(_JUDGING) for change in entry["changes"])
    }
    for audit in sorted(shown):
        access_notes.note(services, actor, what, f"judgement:{audit}", detail=record.name, at=at)


_JUDGING = ("overall", "judgements", "rationale", "final_grade", "moderated", "agreed")


@dataclass(frozen=True, slots=True)
class HistoryRequest:
    """What a reader narrows a history to, as it is typed. Recorded dates are London days."""

    by: str = ""
    kind: str = ""
    field: str = ""
    text: str = ""
    recorded_from: date | None = None
    recorded_to: date | None = None
    effective_from: date | None = None
    effective_to: date | None = None


def wanted(
    services: Services, connection: Connection, record: Record, asked: HistoryRequest, at: AsAt
) -> HistoryFilter:
    """The filters as the read model takes them.

    Raises:
        Refused: a period that ends before it begins.
    """
    for first, last in (("recorded_from", "recorded_to"), ("effective_from", "effective_to")):
        start, end = getattr(asked, first), getattr(asked, last)
        if start and end and end < start:
            raise Refused("The last day is before the first.", field=last, code="period-backwards")
    ends = [day for day in (asked.effective_to, at.true_on) if day]
    by, name = None, asked.by.strip()
    if name:
        by = frozenset({name, *people_queries.called(connection, name, position=at.position)})
    return HistoryFilter(
        by=by,
        types=frozenset({asked.kind} if asked.kind else ()),
        field=asked.field.strip(),
        text=asked.text.strip(),
        parts=record.parts,
        effective_from=asked.effective_from.isoformat() if asked.effective_from else "",
        effective_to=min(ends).isoformat() if ends else "",
        after=before_day(services, connection, asked.recorded_from) if asked.recorded_from else 0,
        upto=services.store.position_at(asked.recorded_to, connection)
        if asked.recorded_to
        else None,
    )


def before_day(services: Services, connection: Connection, day: date) -> int:
    """The last position recorded before a London day began."""
    return services.store.position_at(day - timedelta(days=1), connection)


def page(
    connection: Connection,
    actor: Actor,
    record: Record,
    narrowed: HistoryFilter,
    at: AsAt,
    *,
    after: int = 0,
    before: int | None = None,
    limit: int = 25,
) -> Found:
    """One page of the record's history as known at `at`."""
    if not record.scope.streams and not record.scope.by:
        return Found((), None, None)
    return history_queries.page(
        connection,
        record.scope,
        narrowed,
        position=at.position,
        after=after,
        before=before,
        limit=limit,
        allowed=(lambda streams: streams_open_to(connection, actor, streams))
        if record.sieve
        else None,
    )


def length(connection: Connection, record: Record, at: AsAt) -> int | None:
    """How many entries the record has; None where that is not its own to say."""
    if record.scope.by or record.parts:
        return None
    return history_queries.length(connection, record.scope.streams, position=at.position)
