"""The history of any record, as one reader may see it: opened, narrowed, paged, told in words.

The one place that pages, files and the API ask. A record is named ``kind:key``; whoever may not
know of it gets `NotFound`, and whoever may know of it but not its judgement gets `Forbidden`. Seals
are always looked up in the present, whatever date is asked for.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy.engine import Connection

from api.records.kinds import Record, kinds_of_record, kinds_of_stream, streams_of
from api.search.reading import search
from api.services import Services
from api.web import access_notes
from api.web.access_notes import Look, ServedLook
from api.web.moments import AsAt
from projections.audits import queries as audit_queries
from projections.history import queries as history_queries
from projections.history.queries import Found
from projections.history.question import Entry, HistoryFilter
from projections.people import queries as people_queries
from qa.authorisation.policy import reach
from qa.core.access import What
from qa.core.errors import Refused
from qa.core.naming import reference_key
from qa.core.words import Actor


def open_record(look: ServedLook, name: str) -> Record:
    """The record called `name` (``audit:<id>``, ``child:<reference>``, ``policy`` …).

    Raises:
        Refused: no such kind of record.
        NotFound: there is none, or none that this reader may know of.
        Forbidden: no role of the reader opens it, or its judgement is sealed from them.
    """
    kind, _, key = name.partition(":")
    known = kinds_of_record().get(kind)
    if known is None:
        raise Refused(
            "Name the record, for example audit:<id> or child:<reference>.",
            field="record",
            code="record-unknown",
        )
    return known.open(look, key)


def streams_open_to(
    connection: Connection, actor: Actor, streams: Collection[str]
) -> frozenset[str]:
    """Of these streams, those whose entries the reader may see just now."""
    found: set[str] = set()
    by_kind: dict[str, list[str]] = {}
    for stream in streams:
        by_kind.setdefault(stream.partition(":")[0], []).append(stream)
    of_audit: dict[str, str] = {}
    for name, own in by_kind.items():
        kind = kinds_of_stream().get(name)
        if kind is None:  # nobody has said who may read it
            continue
        if kind.open_to is None:
            of_audit |= {stream: stream.partition(":")[2] for stream in own}
        else:
            found.update(kind.open_to(connection, actor, own))
    audits = set(of_audit.values())
    opened = audit_queries.open_to(connection, reach(actor), audits) if audits else frozenset()
    return frozenset(found | {stream for stream, audit in of_audit.items() if audit in opened})


def note(look: ServedLook, record: Record, what: What) -> None:
    """Write down that this reader opened, or took out, the history of a record."""
    for subject in subjects_of(record):
        look.note(subject, "history", what=what)


def subjects_of(record: Record) -> list[str]:
    """What the access log says is shown by this record's history."""
    audits = [s.partition(":")[2] for s in record.scope.streams if s.startswith("case-audit:")]
    shown = [f"judgement:{audit}" for audit in audits] if record.kind == "child" else []
    return [record.subject, *shown]


def note_judgements(look: ServedLook, record: Record, what: What, entries: Sequence[Entry]) -> None:
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
    subjects = [f"judgement:{audit}" for audit in sorted(shown)]
    if subjects:  # what they are for was asked with the record
        access_notes.note_each(
            look.services, look.actor, what, subjects, "", detail=record.name, at=look.at, role=""
        )


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
    reference: str = ""


def wanted(look: ServedLook, record: Record, filters: HistoryRequest) -> HistoryFilter:
    """The filters as the read model takes them.

    Raises:
        Refused: a period that ends before it begins, or a reference of no record that this reader
            may know of.
    """
    connection = look.connection
    for first, last in (("recorded_from", "recorded_to"), ("effective_from", "effective_to")):
        start, end = getattr(filters, first), getattr(filters, last)
        if start and end and end < start:
            raise Refused("The last day is before the first.", field=last, code="period-backwards")
    ends = [day for day in (filters.effective_to, look.at.true_on) if day]
    by, name = None, filters.by.strip()
    if name:
        by = frozenset({name, *people_queries.called(connection, name, position=look.at.position)})
    return HistoryFilter(
        by=by,
        types=frozenset({filters.kind} if filters.kind else ()),
        field=filters.field.strip(),
        text=filters.text.strip(),
        parts=record.parts,
        effective_from=filters.effective_from.isoformat() if filters.effective_from else "",
        effective_to=min(ends).isoformat() if ends else "",
        after=before_day(look.services, connection, filters.recorded_from)
        if filters.recorded_from
        else 0,
        upto=look.services.store.position_at(filters.recorded_to, connection)
        if filters.recorded_to
        else None,
        streams=_referred(look, record, filters.reference.strip()),
    )


def _referred(look: Look, record: Record, reference: str) -> tuple[str, ...]:
    """The streams of the records that go by a reference or a name."""
    if not reference:
        return ()
    if not record.scope.everything:
        sentence = "Give a reference where everything is searched: record=log."
        raise Refused(sentence, field="reference", code="record-named")
    found: dict[str, None] = {}
    rows = [one.row for one in search(look.connection, look.actor, look.at, reference).exact]
    found |= dict.fromkeys(f"{one.kind}:{one.record}" for one in rows)
    audits = [one.record for one in rows if one.kind == "case-audit"]
    found |= dict.fromkeys(streams_of(look.connection, audits))
    if not found:
        sentence = f"There is no record called {reference} that you may see."
        raise Refused(sentence, field="reference", code="reference-unknown")
    return tuple(found)


def before_day(services: Services, connection: Connection, day: date) -> int:
    """The last position recorded before a London day began."""
    return services.store.position_at(day - timedelta(days=1), connection)


def page(
    look: Look,
    record: Record,
    narrowed: HistoryFilter,
    *,
    after: int = 0,
    before: int | None = None,
    limit: int = 25,
) -> Found:
    """One page of the record's history as known at `at`."""
    if record.scope.empty:
        return Found((), None, None)
    found = history_queries.page(
        look.connection,
        record.scope,
        narrowed,
        position=look.at.position,
        after=after,
        before=before,
        limit=limit,
        allowed=(lambda streams: streams_open_to(look.connection, look.actor, streams))
        if record.sieve
        else None,
    )
    return replace(found, entries=[without_closed(entry, look.actor) for entry in found.entries])


def without_closed(entry: Entry, actor: Actor) -> Entry:
    """The entry without the references of children whose records are closed to the reader, where
    the record that it is of names several."""

    def open_of(listed: str) -> str:
        children = listed.split(", ")
        kept = [one for one in children if reference_key(one) not in actor.closed]
        return ", ".join(kept) or "restricted"

    if not actor.closed:
        return entry
    changes = [
        {**change, "old": open_of(change["old"]), "new": open_of(change["new"])}
        if change["field"] == "cases"
        else change
        for change in entry["changes"]
    ]
    return {**entry, "changes": changes}


def length(connection: Connection, record: Record, at: AsAt) -> int | None:
    """How many entries the record has; None where that is not its own to say."""
    if not record.scope.streams or record.parts:
        return None
    return history_queries.length(connection, record.scope.streams, position=at.position)
