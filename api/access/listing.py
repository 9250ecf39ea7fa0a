"""The access log for those who answer for it: asked, told in words, and as a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from sqlalchemy.engine import Connection

from api.documents.listing import Cell, Column, ColumnKind, Listing
from api.lists.declaration import ListCell, ListColumn, RecordList
from api.lists.files import MOST_ROWS
from api.navigation import items
from api.records.kinds import names_of_subjects
from api.reports.declaration import reports
from api.web.access_notes import ServedLook
from api.web.moments import AsAt
from projections.actions import queries as action_queries
from projections.audits import child_queries, kept_queries, part_queries
from projections.audits import queries as audit_queries
from projections.audits.accesses import subjects_within
from projections.audits.queries import AuditHeading
from projections.core.base import present
from projections.people import queries as people_queries
from qa.authorisation.policy import can, scopes_for
from qa.core.access import Access, What
from qa.core.clock import end_of_day
from qa.core.errors import Refused
from qa.core.event_words import code_in_words
from qa.core.words import Actor, Resource
from qa.people.words import ROLES
from qa.security import access_log
from qa.security.access_log import AccessLogFilter, Subjects

Line = Mapping[str, Any]
_AT_ONCE = 2000
WORDS = {
    What.VIEW: "Looked at",
    What.SEARCH: "Searched",
    What.EXPORT: "Downloaded a file",
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
    references = dict.fromkeys((child, *child_queries.references_of(connection, child)))
    return (*(f"child:{one}" for one in references), *_of_audits(connection, audits))


def _of_audits(connection: Connection, audits: Sequence[str]) -> tuple[str, ...]:
    now = present(connection)  # what is sealed is so at every moment
    raised = [row.action for audit in audits for row in action_queries.of_audit(now, audit)]
    return (
        *(f"{kind}:{audit}" for audit in audits for kind in _AUDITS),
        *(f"action:{action}" for action in raised),
    )


def sealed_from(connection: Connection, actor: Actor) -> tuple[str, ...]:
    """The subjects whose lines could tell a blind moderator who made the audit, or anybody of a
    record that is restricted to others."""
    audits = sorted(audit_queries.sealed_for(connection, actor))
    rows = part_queries.whose(connection, audits)
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


def known_by(at: AsAt, actor: Actor, day: date | None) -> datetime | None:
    """The exclusive end of the lines of a moment, and of a day if one is asked for."""
    ends = (at.until(actor.pin), None if day is None else end_of_day(day))
    return min((end for end in ends if end is not None), default=None)


def lines_found(
    connection: Connection,
    actor: Actor,
    log_filter: AccessLogFilter,
    *,
    before: int | None,
    limit: int,
) -> list[Access]:
    """The lines as asked for, the latest first. What is told of no line finds none either: words of
    a purpose, or a subject, that are closed to the reader could be guessed."""
    if not actor.closed or not (log_filter.purpose or log_filter.subjects):
        return access_log.page(connection, log_filter, before=before, limit=limit)
    closed, found = _closed_to(connection, actor), list[Access]()
    while len(found) < limit:
        lines = access_log.page(connection, log_filter, before=before, limit=_AT_ONCE)
        found += [line for line in lines if not closed(line)]
        if len(lines) < _AT_ONCE:
            break
        before = lines[-1].id
    return found[:limit]


def in_words(
    connection: Connection, actor: Actor, lines: Sequence[Access], position: int | None
) -> list[dict[str, Any]]:
    """The lines with names and references in place of ids, as they were known at a position."""
    about = [line.subject.partition(":")[::2] for line in lines]
    persons = {line.person for line in lines}
    persons |= {key for kind, key in about if kind in ("person", "work")}
    names = people_queries.names(connection, persons, position=position)
    actions = [key for kind, key in about if kind == "action"]
    raised = {
        row.action: row.audit
        for row in action_queries.with_ids(connection, actions, position=position)
    }
    opened = [key for kind, key in about if kind in _AUDITS] + [*filter(None, raised.values())]
    audits = audit_queries.headings(connection, opened, position=position)
    opens = can(actor, "read-report").allowed
    restricted = _closed_to(connection, actor)
    outside = {*opened} - kept_queries.kept_of(connection, actor, opened)

    def closed(line: Access) -> bool:
        key = line.subject.partition(":")[2]
        return restricted(line) or key in outside or raised.get(key) in outside

    lines = [
        replace(line, subject=CLOSED, detail="", purpose=None) if closed(line) else line
        for line in lines
    ]
    about = [line.subject.partition(":")[::2] for line in lines]
    found = names_of_subjects()
    # What was refused has no name for whoever was refused it.
    answers = can(actor, "read-access-log", Resource(somewhere=True)).allowed
    known = {
        (kind, key)
        for line, (kind, key) in zip(lines, about, strict=True)
        if kind in found and (answers or line.what is not What.DENIED)
    }
    called = {
        **{f"{kind}:{key}": found[kind](connection, key, position) for kind, key in known},
        **{f"page:{item.href}": f"Page {item.text}" for item in items()},
        **{f"report:{report.name}": f"Report: {report.title}" for report in reports()},
        **{
            f"action:{action}": f"Action of audit {audits[audit].reference}"
            for action, audit in raised.items()
            if audit in audits
        },
    }
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
            "said": called.get(line.subject) or _subject_words(kind, key, names, audits),
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


def _subject_words(
    kind: str, key: str, names: Mapping[str, str], audits: Mapping[str, AuditHeading]
) -> str:
    if kind in _AUDITS:
        return _AUDITS[kind].format(audits[key].reference if key in audits else key)
    if kind == "person":
        return names.get(key, key)
    if kind == "access-log":
        return "The access log"
    if kind == CLOSED:
        return "A restricted record"
    words, known = _NAMED.get(kind), names.get(key, key)
    # Never made with what was sent: a kind can come from an address.
    return (words.format(known) if words else f"{code_in_words(kind)} {known}").strip()


def access_list(path: str, lines: Sequence[Line]) -> RecordList[Line]:
    """Lines as `in_words` answers them, the latest first. They are paged by the database."""

    def field(key: str) -> Callable[[Line], Cell]:
        return lambda line: line[key]

    def detail(line: Line) -> ListCell:
        at = "" if line["position"] is None else f"entry {line['position']}"
        text = f"{line['detail']} at {at}" if line["detail"] else f"At {at}"
        return ListCell(text if at else line["detail"])

    def whole(line: Line) -> ListCell:
        if line["subject"] == CLOSED:
            return ListCell("")
        there = f"{path}?{urlencode({'subject': line['subject']})}"
        return ListCell("All about this", there, hidden=f": {line['said']}, line {line['id']}")

    def name(line: Line) -> ListCell:
        return ListCell(line["name"], beneath=line["role"] or "Not in a role")

    def column(
        key: str,
        heading: str,
        kind: ColumnKind = ColumnKind.TEXT,
        drawn: Callable[[Line], ListCell] | None = None,
        none: str = "",
    ) -> ListColumn[Line]:
        return ListColumn(key, heading, field(key), kind, drawn, none, sortable=False)

    return RecordList(
        path=path,
        title="Access log",
        noun=("line", "lines"),
        rows=lines,
        key=lambda line: str(line["id"]),
        columns=(
            column("id", "Line", ColumnKind.NUMBER),
            column("at", "When", ColumnKind.MOMENT),
            column("person", "Person"),
            column("name", "Name", drawn=name),
            column("role", "Role"),
            column("what", "What", drawn=lambda line: ListCell(line["what_words"])),
            column("subject", "Subject"),
            column(
                "said", "What was opened", drawn=lambda line: ListCell(line["said"], line["href"])
            ),
            column("detail", "Detail", drawn=detail),
            column("purpose", "Purpose", none="Not given"),
            column("position", "Position", ColumnKind.NUMBER),
            ListColumn(
                "whole", "More", lambda line: None, drawn=whole, sortable=False,
                in_files=False,
            ),
        ),
        page_order=("at", "name", "what", "said", "purpose", "detail", "whole"),
        order="the latest first",
        empty=("Nothing was noted yet", "Views, searches, files and sign-ins appear here."),
        file_name="access-log",
        file_verb="read-access-log",
    )  # fmt: skip


def access_listing(
    look: ServedLook, log_filter: AccessLogFilter, *, filters: Sequence[tuple[str, str]]
) -> Listing:
    """The lines as asked for, the latest first, as a list.

    Raises:
        Refused: more lines than a file should hold.
    """
    actor, at = look.actor, look.at
    columns = [c for c in access_list("/access-log", ()).columns if c.in_files]
    rows: list[list[Cell]] = []
    before: int | None = None
    while True:
        lines = lines_found(look.connection, actor, log_filter, before=before, limit=_AT_ONCE)
        rows += [
            [one[c.key] for c in columns]
            for one in in_words(look.connection, actor, lines, at.position)
        ]
        if len(rows) > MOST_ROWS:
            raise Refused(
                f"That is more than {MOST_ROWS:,} lines. Narrow it by date.", code="list-too-long"
            )
        if len(lines) < _AT_ONCE:
            break
        before = lines[-1].id
    return Listing(
        title="Access log",
        columns=[Column(c.key, c.heading, c.kind) for c in columns],
        rows=rows,
        filters=filters,
        position=at.shown,
        **at.taken_out(actor.display_name, look.services.clock.now(), look.services.letterhead),
    )
