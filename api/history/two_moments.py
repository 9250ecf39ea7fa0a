"""Two moments side by side: every record and every figure that moved, and the events that moved it.

Both moments are read through the same queries as every page. Only what this reader may see is
compared; an audit that is sealed from them is left out whole, whatever happened to it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.engine import Connection

from api.agreement import report
from api.agreement.report import Name
from api.agreement.words import named
from api.history import late_events as history_late_events
from api.history import reading
from api.reports.moved import (
    FigureMoved,
    MovedValue,
    Places,
    Rows,
    by_group,
    moved,
    with_records,
)
from api.services import Services
from api.web.moments import AsAt, looking
from projections.agreement.question import AgreementQuestion
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
from qa.core.errors import Refused
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
    """The two moments, and a connection through which each is read."""

    services: Services
    actor: Actor
    before: AsAt
    after: AsAt
    then: Connection
    now: Connection

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
class AuditMoved:
    """One audit that is not as it was. `how` is added, gone or changed."""

    audit: str
    reference: str
    child: str
    how: str
    fields: Sequence[MovedValue]
    events: Sequence[Mapping[str, Any]] = ()


def touched(two: Sides) -> set[str]:
    """The streams that may not be the same at both moments; none that differs is left out."""
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
    return found | history_queries.touched(connection, min(bases), max(bases))


def audits(two: Sides, streams: Collection[str]) -> list[AuditMoved]:
    """Every audit among these streams that is not as it was, by reference, without its events."""
    ids = {s.partition(":")[2] for s in streams if s.startswith("case-audit:")}
    within = reach(two.actor)
    old = audit_queries.chosen(two.then, within, ids, position=two.before.position)
    new = audit_queries.chosen(two.now, within, ids, position=two.after.position)
    tools = tool_queries.definitions(two.now, position=two.known)
    mentioned = {getattr(row, name) for row in (*old.values(), *new.values()) for name in PEOPLE}
    names = people_queries.names(present(two.now), mentioned, position=two.known)

    def held(row: AuditRow | None, name: str) -> Any:
        value = None if row is None else getattr(row, name)
        return value if value is None else getattr(row, GRADES.get(name, name))

    def said(row: AuditRow | None, name: str) -> str | None:
        value = held(row, name)
        if row is None or value is None:
            return None
        tool = tools.get((row.tool, row.tool_version))
        if isinstance(value, GradesGiven):
            return value.overall if tool is None else value.in_words(tool)
        if name in PEOPLE:
            return names.get(value, str(value))
        if name == "status":
            return AuditStatus(value).label
        return str(value).replace("-", " ").capitalize() if name in WORDED else str(value)

    found = []
    for audit in old.keys() | new.keys():
        was, is_ = old.get(audit), new.get(audit)
        moved = [
            MovedValue(name, label, said(was, name), said(is_, name))
            for name, label in FIELDS.items()
            if held(was, name) != held(is_, name)
        ]
        row = is_ or was
        if moved and row is not None:
            how = ADDED if was is None else GONE if is_ is None else CHANGED
            found.append(AuditMoved(audit, row.reference, row.child, how, moved))
    return sorted(found, key=lambda one: (one.reference, one.audit))


def with_events(two: Sides, moved: Sequence[AuditMoved]) -> list[AuditMoved]:
    """The audits with the events that one moment holds and the other does not, in plain words."""
    streams = {f"case-audit:{one.audit}" for one in moved}
    entries = events_between(two, streams)
    by_audit: dict[str, list[Mapping[str, Any]]] = {}
    for entry in entries:
        by_audit.setdefault(entry["stream"].partition(":")[2], []).append(entry)
    return [replace(one, events=by_audit.get(one.audit, [])) for one in moved]


def events_between(two: Sides, streams: Collection[str]) -> list[dict[str, Any]]:
    """The entries of events that belong to one of the moments only, as far as they are open."""
    connection = present(two.now)
    store = two.services.store
    open_to = reading.streams_open_to(connection, two.actor, streams)
    events = store.events_of(connection, open_to, upto=two.known)
    before = true_at(events, two.before.true_on, two.before.shown)
    after = true_at(events, two.after.true_on, two.after.shown)
    places = sorted(before ^ after)
    named = {event.stream for event in events if event.position in before ^ after}
    told = history_late_events.told(two.services, connection, two.actor, places, named)
    return [
        {**entry, "side": "after" if entry["position"] in after else "before"} for entry in told
    ]


def other_records(two: Sides, streams: Collection[str]) -> list[dict[str, Any]]:
    """The events about anything but audits (people, tools, policy, imports) that lie between."""
    others = {s for s in streams if not s.startswith(("case-audit:", "action:"))}
    return events_between(two, others)


BOTH: tuple[Name, ...] = ("agreement", "grades")


def figures(two: Sides, question: AgreementQuestion) -> list[FigureMoved]:
    """Every figure of the reports on grades that is not what it was."""
    domains, grades = _words(two)
    found = [
        one
        for name in BOTH
        for one in moved(
            name,
            _rows(two, name, question, two.then, two.before),
            _rows(two, name, question, two.now, two.after),
            lambda figure: named(figure, domains, grades),
        )
    ]
    # It stands in the other report already.
    return [o for o in found if (o.report, o.figure.name) != ("grades", "audits_submitted")]


def _words(two: Sides) -> tuple[dict[str, str], dict[str, str]]:
    """What domains and grades are called, by their codes."""
    domains: dict[str, str] = {}
    grades: dict[str, str] = {}
    for one in tool_queries.definitions(two.now, position=two.known).values():
        domains |= {domain.id: domain.title for domain in one.domains}
        grades |= {point.code: point.label for scale in one.scales for point in scale.points}
    return domains, grades


def _rows(
    two: Sides, name: Name, question: AgreementQuestion, connection: Connection, at: AsAt
) -> Rows:
    try:
        made = report.make(connection, name, question, at, actor=two.actor)
    except Refused as refused:
        if refused.code != "no-tool":
            raise
        return {}  # Before the first tool there was no grade to count.
    return by_group((*made.rows, *made.totals))


def with_audits(
    two: Sides, moved: Sequence[FigureMoved], question: AgreementQuestion
) -> list[FigureMoved]:
    """The figures with the references of the audits whose place in them is not what it was."""

    def places(connection: Connection, at: AsAt) -> Places:
        return lambda one: report.places(
            report.behind(
                connection,
                question,
                at,
                actor=two.actor,
                figure=one.figure.name,
                group=dict(one.group),
            )
        )

    return with_records(moved, places(two.then, two.before), places(two.now, two.after))
