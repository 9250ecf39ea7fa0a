"""The history of one audit, and all audits of one child's file with their combined history."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from api import reading as readings
from api.pages.case_audit import graded, tabs
from api.pages.field_words import WHY_CHANGED, field_label, value_label
from api.pages.kit.context import Reader, Reading
from api.pages.kit.paging import Page, pagination
from api.pages.kit.templates import day
from projections import audit_tools, case_audits, case_history, people
from projections.base import present
from qa.access_log import What
from qa.clock import from_microseconds
from qa.errors import NotFound
from qa.policy import require
from qa.tool_definition import ToolDefinition
from qa.words import AuditStatus, Role

router = APIRouter()

PAGE = 25
_PEOPLE = ("auditor", ".owner")


def _is_person(field: str) -> bool:
    return field == _PEOPLE[0] or field.endswith(_PEOPLE[1])


def _names_then(
    reading: Reading, entries: Iterable[Mapping[str, Any]]
) -> Callable[[str, int], str]:
    """Looks a person's name up as it was at a position."""
    mentioned = {
        value
        for entry in entries
        for change in entry["changes"]
        if _is_person(change["field"])
        for value in (change["old"], change["new"])
    }
    spans = people.name_spans(present(reading.connection), mentioned)

    def name(person: str, position: int) -> str:
        found = (n for n, first, last in spans.get(person, ()) if first <= position < last)
        return next(found, person)

    return name


def shown_entries(
    reading: Reading,
    entries: Sequence[Mapping[str, Any]],
    tools: Mapping[str, ToolDefinition],
    references: Mapping[str, str] | None = None,
) -> list[dict[str, Any]]:
    """Entries ready for the timeline. `tools` and `references` are by stream."""
    name_then, team_then = _names_then(reading, entries), _teams_then(reading)
    shown: list[dict[str, Any]] = []
    for entry in entries:
        tool = tools[entry["stream"]]
        changes = []
        for change in entry["changes"]:
            field = change["field"]
            if _is_person(field):
                old, new = (
                    name_then(change[side], entry["position"]) if change[side] else ""
                    for side in ("old", "new")
                )
            else:
                old = value_label(field, change["old"], tool)
                new = value_label(field, change["new"], tool)
            changes.append(
                {
                    "label": field_label(field, tool),
                    "old": old,
                    "new": new,
                    "coded": (old, new) != (change["old"], change["new"]) or len(old + new) < 40,
                    "why": WHY_CHANGED.get(change.get("why", ""), ""),
                }
            )
        said = re.sub(r"\b\d{4}-\d\d-\d\d\b", _in_words, entry["said"])
        if entry["about_name"]:
            said = f"{said}: {entry['about_name']}"
        if references:
            said = f"{references[entry['stream']]}: {said}"
        shown.append(
            {
                "id": f"p{entry['position']}",
                "title": said,
                "by": _by(entry, team_then),
                "at": from_microseconds(entry["recorded_us"]),
                "position": entry["position"],
                "effective_on": entry["effective_on"],
                "late": bool(entry["late"]),
                "imported": bool(entry["imported"]),
                "reason": entry["reason"],
                "changes": changes,
            }
        )
    return shown


def _in_words(iso: re.Match[str]) -> str:
    return day(date.fromisoformat(iso[0]))


def _teams_then(reading: Reading) -> Callable[[str, int], str]:
    """Looks the name of a team up as it was at a position."""
    known: dict[int, dict[str, str]] = {}

    def name(team: str, position: int) -> str:
        if position not in known:
            teams = people.teams(present(reading.connection), with_closed=True, position=position)
            known[position] = {one["team"]: one["name"] for one in teams}
        return known[position].get(team, team)

    return name


def _by(entry: Mapping[str, Any], team_then: Callable[[str, int], str]) -> str:
    """Who did it: the name, role and team they had then."""
    roles = {role.value: role.label for role in Role}
    parts = [entry["by_name"], roles.get(entry["in_role"], entry["in_role"])]
    if entry["team_then"]:
        parts.append(team_then(entry["team_then"], entry["position"]))
    return ", ".join(part for part in parts if part)


def _after(request: Request) -> int:
    given = request.query_params.get("after", "")
    return int(given) if given.isdecimal() and len(given) < 19 else 0


def _pages(reading: Reading, found: Sequence[Mapping[str, Any]], path: str) -> Any:
    more = len(found) > PAGE
    page = Page(found[:PAGE], next=str(found[PAGE - 1]["position"]) if more else None)
    return pagination(page, path, reading.moment, what="entries")


@router.get("/audits/{audit}/history")
def read_history(audit: str, request: Request, reading: Reader) -> Response:
    opened = readings.open_audit(
        reading.services, reading.connection, reading.actor, audit, reading.at
    )
    after = _after(request)
    found = readings.history(
        reading.connection, reading.actor, opened, reading.at, after=after, limit=PAGE + 1
    )
    readings.note_view(reading.services, reading.actor, opened, reading.at)
    path = f"/audits/{audit}/history"
    stream = f"case-audit:{audit}"
    return reading.page(
        "history/audit.html",
        title=f"History of audit {opened.row['reference']}",
        row=opened.row,
        entries=shown_entries(reading, found[:PAGE], {stream: opened.tool}),
        after=after,
        length=case_history.length(reading.connection, stream, position=reading.at.position),
        pages=_pages(reading, found, path),
        path=path,
        tabs=tabs(reading, audit, "History"),
    )


@router.get("/children/{child:path}")
def read_child(child: str, request: Request, reading: Reader) -> Response:
    """All audits of one child's file that the reader may see, with their history in one line."""
    require(reading.actor, "read-report")
    connection, at = reading.connection, reading.at
    rows = case_audits.of_child(connection, reading.reach, child, position=at.position)
    if not rows:
        raise NotFound("There is no audit of this child’s file that you may see.")
    definitions = audit_tools.definitions(connection, position=at.position)
    tools = {row["audit"]: definitions[row["tool"], row["tool_version"]] for row in rows}
    opened = [row for row in rows if not row["judgement_sealed"]]
    after = _after(request)
    found = case_history.entries(
        connection,
        streams=[f"case-audit:{row['audit']}" for row in opened],
        position=at.position,
        after=after,
        limit=PAGE + 1,
    )
    readings.note(reading.services, reading.actor, What.VIEW, f"child:{child}", at=at)
    for row in opened:
        if row["overall"] is not None:
            subject = f"judgement:{row['audit']}"
            readings.note(reading.services, reading.actor, What.VIEW, subject, at=at)
    path = f"/children/{child}"
    return reading.page(
        "history/child.html",
        title=f"Child {child}",
        child=child,
        rows=[
            {
                **row,
                "tool_title": tools[row["audit"]].title,
                "status_label": AuditStatus(row["status"]).label,
                "overall": graded(tools[row["audit"]].overall_scale, row["overall"]),
                "final": graded(tools[row["audit"]].overall_scale, row["final_grade"]),
            }
            for row in rows
        ],
        entries=shown_entries(
            reading,
            readings.with_names(connection, found[:PAGE]),
            {f"case-audit:{audit}": tool for audit, tool in tools.items()},
            {f"case-audit:{row['audit']}": row["reference"] for row in rows},
        ),
        sealed=len(rows) - len(opened),
        after=after,
        pages=_pages(reading, found, path),
        path=path,
    )
