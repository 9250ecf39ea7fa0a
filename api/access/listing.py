"""The access log for those who answer for it: asked, told in words, and as a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy.engine import Connection

from api.documents.listing import Cell, Column, ColumnKind, Listing
from api.lists.files import MOST_ROWS
from api.plans.records import NAMED
from api.services import Services
from projections.actions import queries as action_queries
from projections.audits import child_queries
from projections.audits import queries as audit_queries
from projections.audits.accesses import subjects_within
from projections.audits.queries import AuditHeading
from projections.people import queries as people_queries
from qa.authorisation.policy import can, scopes_for
from qa.core.access import Access, What
from qa.core.errors import Refused
from qa.core.words import Actor
from qa.people.words import ROLES
from qa.security import access_log
from qa.security.access_log import AccessLogFilter, Subjects

WORDS = {
    What.VIEW: "Looked at",
    What.SEARCH: "Searched",
    What.EXPORT: "Took out a file",
    What.SIGN_IN: "Signed in",
    What.SIGN_OUT: "Signed out",
    What.DENIED: "Was refused",
}
CLOSED = "restricted-record"
"""What a line about a record that is closed to its reader is called."""
_AUDITS = {"judgement": "Audit {}, with its judgement", "case-audit": "Audit {}"}
_NAMED = {
    "child": "Child {}",
    "action": "Action {}",
    "restriction": "Restricted record {}",
    "supervision": "Supervision {}",
    "supervision-check": "Supervision check {}",
    "report": "Report: {}",
    "page": "Page {}",
    "work": "What {} did",
    "audit-tool": "Tool {}",
}


def of_child(connection: Connection, child: str) -> tuple[str, ...]:
    """Every subject that is about a child's file."""
    audits = child_queries.ids_of_child(connection, child)
    return (f"child:{child}", *_of_audits(connection, audits))


def _of_audits(connection: Connection, audits: Sequence[str]) -> tuple[str, ...]:
    raised = [row.action for audit in audits for row in action_queries.of_audit(connection, audit)]
    return (
        *(f"{kind}:{audit}" for audit in audits for kind in _AUDITS),
        *(f"action:{action}" for action in raised),
    )


def sealed_from(connection: Connection, actor: Actor) -> tuple[str, ...]:
    """The subjects whose lines could tell a blind moderator who made the audit, or anybody of a
    record that is restricted to others."""
    audits = sorted(audit_queries.sealed_for(connection, actor))
    rows = audit_queries.whose(connection, audits)
    children = sorted({row.child for row in rows.values()})
    return (
        *_of_audits(connection, audits),
        *(f"child:{child}" for child in children),
    )


def within(actor: Actor) -> Subjects | None:
    """What narrows the log to the records of the reader's part; None for the whole council's."""
    scopes = scopes_for(actor, "read-access-log")
    if any(scope.code is None for scope in scopes):
        return None
    return subjects_within(scopes)


def told(connection: Connection, actor: Actor, lines: Sequence[Access]) -> list[dict[str, Any]]:
    """The lines with names and references in place of ids."""
    about = [line.subject.partition(":")[::2] for line in lines]
    persons = {line.person for line in lines}
    persons |= {key for kind, key in about if kind in ("person", "work")}
    names = people_queries.names(connection, persons, position=actor.pin)
    opened = [key for kind, key in about if kind in _AUDITS]
    audits = audit_queries.headings(connection, opened, position=actor.pin)
    plans = {
        f"{kind}:{key}": NAMED[kind](connection, key, actor.pin)
        for kind, key in set(about)
        if kind in NAMED
    }
    opens = can(actor, "read-report").allowed
    closed = _closed_to(connection, actor)
    lines = [
        replace(line, subject=CLOSED, detail="", purpose=None) if closed(line) else line
        for line in lines
    ]
    about = [line.subject.partition(":")[::2] for line in lines]
    return [
        {
            "id": line.id,
            "at": line.at,
            "person": line.person,
            "name": names.get(line.person, line.person),
            "role": ROLES.get(line.in_role, line.in_role),
            "what": line.what.value,
            "what_words": WORDS[line.what],
            "subject": line.subject,
            "said": plans.get(line.subject) or _said(kind, key, names, audits),
            "href": f"/audits/{key}" if opens and kind in _AUDITS else "",
            "detail": line.detail,
            "purpose": line.purpose,
            "position": line.position,
        }
        for line, (kind, key) in zip(lines, about, strict=True)
    ]


def _closed_to(connection: Connection, actor: Actor) -> Callable[[Access], bool]:
    """Whether a line is about a record that is restricted to others than the reader."""
    if not actor.closed:
        return lambda line: False
    audits = audit_queries.restricted_from(connection, actor)
    subjects = {*_of_audits(connection, sorted(audits))}

    def closed(line: Access) -> bool:
        about = f"{line.subject} {line.detail} {line.purpose or ''}".casefold()
        named = any(child in about for child in actor.closed)
        return named or line.subject.partition(":")[2] in audits or line.subject in subjects

    return closed


def _said(kind: str, key: str, names: Mapping[str, str], audits: Mapping[str, AuditHeading]) -> str:
    if kind in _AUDITS:
        return _AUDITS[kind].format(audits[key].reference if key in audits else key)
    if kind == "person":
        return names.get(key, key)
    if kind == "access-log":
        return "The access log"
    if kind == CLOSED:
        return "A restricted record"
    return _NAMED[kind].format(names.get(key, key)) if kind in _NAMED else f"{kind} {key}".strip()


COLUMNS = (
    Column("id", "Line", ColumnKind.NUMBER),
    Column("at", "When", ColumnKind.MOMENT),
    Column("person", "Person"),
    Column("name", "Name"),
    Column("role", "Role"),
    Column("what", "What"),
    Column("subject", "Subject"),
    Column("said", "Subject in words"),
    Column("detail", "Detail"),
    Column("purpose", "Purpose"),
    Column("position", "Position", ColumnKind.NUMBER),
)


def access_listing(
    services: Services,
    connection: Connection,
    actor: Actor,
    asked: AccessLogFilter,
    *,
    said: Sequence[tuple[str, str]],
    head: int,
) -> Listing:
    """The lines as asked for, the latest first, as a list.

    Raises:
        Refused: more lines than a file should hold.
    """
    rows: list[list[Cell]] = []
    before: int | None = None
    while True:
        lines = access_log.page(connection, asked, before=before, limit=2000)
        rows += [[one[c.key] for c in COLUMNS] for one in told(connection, actor, lines)]
        if len(rows) > MOST_ROWS:
            raise Refused(
                f"That is more than {MOST_ROWS:,} lines. Narrow it by date.", code="list-too-long"
            )
        if len(lines) < 2000:
            break
        before = lines[-1].id
    now = services.clock.now()
    return Listing(
        title="Access log",
        columns=COLUMNS,
        rows=rows,
        filters=said,
        position=head,
        as_at=now,
        by=actor.display_name,
        at=now,
    )
