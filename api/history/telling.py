"""Entries of history told in words, under the names that people and teams had then."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy.engine import Connection

from api.history.words import Then, mentioned, plain, value
from api.records.kinds import beside_audits
from api.services import Services
from projections.audit_tools import queries as tool_queries
from projections.audits import queries as audit_queries
from projections.audits.queries import AuditHeading
from projections.core.base import present
from projections.history import queries as history_queries
from projections.history.question import Entry
from projections.supervision import queries as supervision_queries
from qa.audit_tools.definition import ToolDefinition
from qa.core.clock import from_microseconds
from qa.core.event_words import code_in_words, in_words, label
from qa.people.words import ROLES

_ID = re.compile(r"[0-9a-f]{32}")


def entries_in_words(
    services: Services, connection: Connection, entries: Sequence[Entry], *, several: bool
) -> list[dict[str, Any]]:
    """Entries in words, under the names of the time.

    `several` says that they are of several records, so that each one names its own.
    """
    then = Then(connection, mentioned(entries))
    found = headings(connection, {entry["stream"] for entry in entries})
    definitions = tool_queries.definitions(connection) if found else {}
    of_checks = _tools_of_checks(connection, entries)
    shown: list[dict[str, Any]] = []
    for entry in entries:
        position, stream = entry["position"], entry["stream"]
        heading = found.get(stream)
        tool = definitions.get((heading.tool, heading.tool_version)) if heading else None
        tool = tool or of_checks.get(stream)
        about = then.person(entry["about_person"], position)
        title = plain(entry["said"]) + (f": {about}" if about else "")
        record = heading.reference if heading else _called(stream)
        team = then.place("team", entry["team_then"], position) if entry["team_then"] else ""
        shown.append(
            {
                **entry,
                "record": record,
                "title": f"{record}: {title}" if several else title,
                "by_name": then.person(entry["by"], position),
                "role": ROLES.get(entry["in_role"], entry["in_role"]),
                "team": team,
                "recorded_at": from_microseconds(entry["recorded_us"]),
                "changes": [_change(c, tool, then, position) for c in entry["changes"]],
            }
        )
    return shown


def _called(stream: str) -> str:
    """The record of a stream in words; an id tells nobody which one it is."""
    kind, _, key = stream.partition(":")
    return code_in_words(kind if _ID.fullmatch(key) else f"{kind} {key}")


def _change(
    change: Mapping[str, str], tool: ToolDefinition | None, then: Then, position: int
) -> dict[str, str]:
    path = change["field"]
    return {
        **change,
        "why": change.get("why", ""),
        "why_words": in_words("changes.why", change.get("why", "")),
        "label": label(path, tool),
        "old_words": value(path, change["old"], tool, then, position),
        "new_words": value(path, change["new"], tool, then, position),
    }


def _tools_of_checks(connection: Connection, entries: Sequence[Entry]) -> dict[str, ToolDefinition]:
    """The tool of each supervision check, by its stream."""
    found: dict[str, ToolDefinition] = {}
    for stream in {entry["stream"] for entry in entries}:
        kind, _, check = stream.partition(":")
        row = (
            supervision_queries.check(present(connection), check)
            if kind == "supervision-check"
            else None
        )
        tool = (
            None if row is None else tool_queries.definition(connection, row.tool, row.tool_version)
        )
        if tool is not None:
            found[stream] = tool
    return found


def headings(connection: Connection, streams: Collection[str]) -> dict[str, AuditHeading]:
    """The audit behind each stream that belongs to one."""
    of_audit = history_queries.belongs_to(
        connection, [s for s in streams if s.startswith(beside_audits())]
    )
    for stream in streams:
        if stream.startswith("case-audit:"):
            of_audit[stream] = stream.partition(":")[2]
    if not of_audit:
        return {}
    rows = audit_queries.headings(connection, of_audit.values())
    return {stream: rows[audit] for stream, audit in of_audit.items() if audit in rows}
