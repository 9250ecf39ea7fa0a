"""Two moments side by side: which streams were written to between them, the audits that moved, and
the events that one moment holds and the other does not.

Both moments are read through the same queries as every page. Only what this reader may see is
compared; an audit that is sealed from them is left out whole, whatever happened to it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy.engine import Connection

from api.history import late_events as history_late_events
from api.history import reading
from api.records.compared_kinds import plain
from api.reports.moved import MovedValue
from api.services import Services
from api.web.moments import AsAt, looking
from projections.audit_tools import queries as tool_queries
from projections.audits import queries as audit_queries
from projections.audits.tables import AuditRow
from projections.core import late_events as core_late_events
from projections.core.base import present
from projections.core.true_on import true_at
from projections.history import queries as history_queries
from projections.people import queries as people_queries
from qa.audits.comparison import GradesGiven
from qa.authorisation.policy import reach
from qa.core.event_words import code_in_words
from qa.core.words import Actor, AuditStatus

FIELDS = {
    "status": "Status",
    "overall": "Auditor’s grade",
    "moderated_overall": "Moderator’s grade",
    "final_grade": "Final grade",
    "final_source": "Final grade from",
    "moderation_status": "Moderation",
    "audit_date": "Date of the audit",
    "practice_from": "Practice from",
    "practice_to": "Practice to",
    "due_on": "Due",
    "submitted_on": "Submitted",
    "auditor": "Auditor",
    "moderator": "Moderator",
    "team_name": "Team",
}
GRADES = {
    "overall": "grades_given",
    "moderated_overall": "grades_moderated",
    "final_grade": "grades_final",
}
"""Where the grades of domains are beside a grade, for tools without an overall one."""
PEOPLE = ("auditor", "moderator")
WORDED = ("final_source", "moderation_status")
ADDED, GONE, CHANGED = "added", "gone", "changed"


@dataclass(frozen=True, slots=True)
class Sides:
    """The two moments, and a connection through which each is read. `made` holds what reports at
    each were made from."""

    services: Services
    actor: Actor
    before: AsAt
    after: AsAt
    then: Connection
    now: Connection
    made: tuple[dict[object, Any], dict[object, Any]] = field(default_factory=lambda: ({}, {}))

    @property
    def known(self) -> int:
        """The last position that either side knows of."""
        return max(self.before.shown, self.after.shown)


@contextmanager
def sides(
    services: Services, connection: Connection, actor: Actor, before: AsAt, after: AsAt
) -> Iterator[Sides]:
    """Open both moments."""
    with (
        looking(services, connection, before) as then,
        looking(services, connection, after) as now,
    ):
        yield Sides(services, actor, before, after, then, now)


@dataclass(frozen=True, slots=True)
class RecordMoved:
    """One record that is not as it was: its kind and id, the stream that it lives on, what it is
    called and where it opens. `how` is added, gone or changed; `team` is the name of its team,
    where it has one."""

    kind: str
    record: str
    name: str
    child: str
    how: str
    fields: Sequence[MovedValue]
    stream: str
    team: str = ""
    href: str = ""
    events: Sequence[Mapping[str, Any]] = ()


def touched(two: Sides) -> set[str]:
    """The streams that may not be the same at both moments; none that differs is left out."""
    late, after, upto = _span(two)
    return late | history_queries.touched(present(two.now), after, upto)


def any_touched(two: Sides) -> bool:
    """Whether there are such streams."""
    late, after, upto = _span(two)
    return bool(late) or history_queries.any_touched(present(two.now), after, upto)


def _span(two: Sides) -> tuple[set[str], int, int]:
    """The streams that something was learnt of late, and the positions that the moments are at."""
    services = two.services
    connection = present(two.now)
    bases = []
    found: set[str] = set()
    for at in (two.before, two.after):
        base = at.shown
        if at.true_on is not None:
            base = min(base, services.store.position_at(at.true_on, connection))
            found |= core_late_events.streams(connection, at.true_on, base, at.shown)
        bases.append(base)
    return found, min(bases), max(bases)


def audits(two: Sides, streams: Collection[str]) -> list[RecordMoved]:
    """Every audit among these streams that is not as it was, by reference, without its events."""
    old, new = _chosen(two, {s.partition(":")[2] for s in streams if s.startswith("case-audit:")})
    tools = tool_queries.definitions(two.now, position=two.known)
    mentioned = {getattr(row, name) for row in (*old.values(), *new.values()) for name in PEOPLE}
    names = people_queries.names(present(two.now), mentioned, position=two.known)

    def value_of(row: AuditRow | None, name: str) -> Any:
        value = None if row is None else getattr(row, name)
        return value if value is None else getattr(row, GRADES.get(name, name))

    def words_of(row: AuditRow | None, name: str) -> str | None:
        value = value_of(row, name)
        if row is None or value is None:
            return None
        tool = tools.get((row.tool, row.tool_version))
        if isinstance(value, GradesGiven):
            return value.overall if tool is None else value.in_words(tool)
        if name in PEOPLE:
            return names.get(value, str(value))
        if name == "status":
            return AuditStatus(value).label
        return code_in_words(str(value)) if name in WORDED else plain(value)

    found = []
    for audit in old.keys() | new.keys():
        was, is_ = old.get(audit), new.get(audit)
        moved = [
            MovedValue(name, label, words_of(was, name), words_of(is_, name))
            for name, label in FIELDS.items()
            if value_of(was, name) != value_of(is_, name)
        ]
        row = is_ or was
        if moved and row is not None:
            how = ADDED if was is None else GONE if is_ is None else CHANGED
            found.append(_audit(row, how, moved))
    return sorted(found, key=lambda one: (one.name, one.record))


def headings(two: Sides, audits: Collection[str]) -> dict[str, RecordMoved]:
    """These audits as far as the reader may see them, without what moved in them."""
    old, new = _chosen(two, audits)
    return {audit: _audit(row, CHANGED, ()) for audit, row in {**old, **new}.items()}


def _chosen(
    two: Sides, audits: Collection[str]
) -> tuple[Mapping[str, AuditRow], Mapping[str, AuditRow]]:
    within = reach(two.actor)
    return (
        audit_queries.chosen(two.then, within, audits, position=two.before.position),
        audit_queries.chosen(two.now, within, audits, position=two.after.position),
    )


def _audit(row: AuditRow, how: str, fields: Sequence[MovedValue]) -> RecordMoved:
    return RecordMoved(
        kind="case-audit",
        record=row.audit,
        name=row.reference,
        child=row.child,
        how=how,
        fields=fields,
        stream=f"case-audit:{row.audit}",
        team=row.team_name,
        href=f"/audits/{row.audit}",
    )


def with_events(two: Sides, moved: Sequence[RecordMoved]) -> list[RecordMoved]:
    """The records with the events that one moment holds and the other does not, in plain words. Of
    a stream that several records live on, each is given those that are about it."""
    by_stream: dict[str, list[Mapping[str, Any]]] = {}
    for entry in events_between(two, {one.stream for one in moved}).entries:
        by_stream.setdefault(entry["stream"], []).append(entry)
    return [
        replace(one, events=[e for e in by_stream.get(one.stream, ()) if _is_of(e, one)])
        for one in moved
    ]


def _is_of(entry: Mapping[str, Any], one: RecordMoved) -> bool:
    return ":" in one.stream or entry["part"] in (None, one.record)


@dataclass(frozen=True, slots=True)
class EventsBetween:
    """So many events belong to one of the moments only; `entries` are the first of them."""

    total: int
    entries: Sequence[dict[str, Any]]


def events_between(
    two: Sides, streams: Collection[str], *, most: int | None = None
) -> EventsBetween:
    """The entries of events that belong to one of the moments only, as far as they are open; the
    first `most` of them are told."""
    connection = present(two.now)
    store = two.services.store
    open_to = reading.streams_open_to(connection, two.actor, streams)
    if two.before.true_on is None and two.after.true_on is None:
        first, last = sorted((two.before.shown, two.after.shown))
        total, entries = history_queries.between(connection, open_to, first, last, most=most)
        side = "after" if two.after.shown == last else "before"
        lines = history_late_events.in_words(two.services, connection, two.actor, entries)
        return EventsBetween(total, [{**entry, "side": side} for entry in lines])
    events = store.events_of(connection, open_to, upto=two.known)
    before = true_at(events, two.before.true_on, two.before.shown)
    after = true_at(events, two.after.true_on, two.after.shown)
    places = sorted(before ^ after)
    shown = {*places[:most]}
    named = {event.stream for event in events if event.position in shown}
    lines = history_late_events.in_words_at(
        two.services, connection, two.actor, sorted(shown), named
    )
    return EventsBetween(
        len(places),
        [{**entry, "side": "after" if entry["position"] in after else "before"} for entry in lines],
    )
