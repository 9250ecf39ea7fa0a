"""The access log: who looked at what, for those who answer for it. Reading it is noted too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from api import reading as readings
from api.pages.kit.context import Reader, Reading
from api.pages.kit.paging import Page, pagination
from projections import people
from projections.case_audits.queries import references
from qa import access_log
from qa.access_log import Access, What
from qa.policy import can, require
from qa.words import Role

router = APIRouter()

PAGE = 50
WORDS = {
    What.VIEW: "Looked at",
    What.SEARCH: "Searched",
    What.EXPORT: "Took out a file",
    What.SIGN_IN: "Signed in",
    What.SIGN_OUT: "Signed out",
    What.DENIED: "Was refused",
}
_AUDITS = {"judgement": "Audit {}, with its judgement", "case-audit": "Audit {}"}


@router.get("/access-log")
def read_access_log(request: Request, reading: Reader) -> Response:
    require(reading.actor, "read-access-log")
    given = request.query_params
    query = {
        name: given[name].strip()
        for name in ("person", "subject", "what")
        if given.get(name, "").strip()
    }
    if query.get("what") not in {*What, None}:
        del query["what"]
    cursor = given.get("after", "")
    before = int(cursor) if cursor.isdecimal() and len(cursor) < 19 else None
    found = access_log.page(
        reading.connection,
        before=before,
        limit=PAGE + 1,
        person=query.get("person"),
        subject=query.get("subject"),
        what=What(query["what"]) if "what" in query else None,
    )
    detail = " ".join(f"{name}={value}" for name, value in query.items())
    readings.note(reading.services, reading.actor, What.VIEW, "access-log", detail=detail)
    lines = found[:PAGE]
    more = len(found) > PAGE
    everybody = people.everybody(
        reading.connection, with_departed=True, position=reading.at.position
    )
    return reading.page(
        "access/log.html",
        title="Access log",
        wide=True,
        as_at=None,
        lines=_shown(reading, lines),
        query=query,
        people=[{"value": one["person"], "text": one["name"]} for one in everybody],
        kinds=[{"value": what.value, "text": words} for what, words in WORDS.items()],
        later=before is not None,
        pages=pagination(
            Page(lines, next=str(lines[-1].id) if more else None), "/access-log", query
        ),
    )


def _shown(reading: Reading, lines: Sequence[Access]) -> list[dict[str, Any]]:
    """The lines with names and references in place of ids."""
    about = [line.subject.partition(":")[::2] for line in lines]
    persons = {line.person for line in lines} | {key for kind, key in about if kind == "person"}
    names = people.names(reading.connection, persons, position=reading.at.position)
    audits = references(reading.connection, [key for kind, key in about if kind in _AUDITS])
    opens = can(reading.actor, "read-report").allowed
    roles = {role.value: role.label for role in Role}
    return [
        {
            "at": line.at,
            "person": names.get(line.person, line.person),
            "role": roles.get(line.in_role, line.in_role),
            "what": WORDS[line.what],
            "subject": line.subject,
            "said": _said(kind, key, names, audits) or line.subject,
            "href": f"/audits/{key}" if opens and kind in _AUDITS else "",
            "detail": line.detail,
            "position": line.position,
        }
        for line, (kind, key) in zip(lines, about, strict=True)
    ]


def _said(kind: str, key: str, names: Mapping[str, str], audits: Mapping[str, str]) -> str:
    if kind in _AUDITS:
        return _AUDITS[kind].format(audits.get(key, key))
    if kind == "person":
        return names.get(key, key)
    if kind == "report":
        return f"Report: {key}"
    return f"Child {key}" if kind == "child" else ""
