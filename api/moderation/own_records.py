"""Audits, their moderations and what became of them, as files that come in again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from api.audits.importer import CHILDLESS, published_tool, scale_of_domain
from api.imports.mapping import DOMAIN
from api.imports.own_records import GivenRecords, OwnRecords, RecordsRequest, counted
from projections.audits import stated_queries as stated
from projections.people import queries as people
from qa.audit_tools.definition import ToolDefinition
from qa.core.words import AuditStatus

_SUBMITTED = ("audit that is not submitted yet.", "audits that are not submitted yet.")
_CLOSED = (
    "audit that you may not read, or of a child whose records are restricted.",
    "audits that you may not read, or of children whose records are restricted.",
)


def _tool(request: RecordsRequest) -> ToolDefinition:
    return published_tool(request.connection, request.tool)[0]


def _overall(tool: ToolDefinition, grade: str | None) -> str:
    return tool.overall_scale.label(grade or "") if tool.has_overall else ""


def _graded(tool: ToolDefinition, judged: Mapping[str, str]) -> dict[str, str]:
    return {
        f"{DOMAIN}{domain}": scale_of_domain(tool, domain).label(grade)
        for domain, grade in judged.items()
    }


def _of_no_column(tool: ToolDefinition, judged: Iterable[Mapping[str, str]]) -> list[str]:
    """Grades of domains that the tool no longer has: its earlier versions had them."""
    lost = sum(tool.domain(domain) is None for one in judged for domain in one)
    return counted(
        lost,
        "grade of a domain that the tool no longer has.",
        "grades of domains that the tool no longer has.",
    )


def _audits(request: RecordsRequest) -> GivenRecords:
    tool = _tool(request)
    found = stated.submitted(request.connection, request.reach, request.tool)
    names = people.names(request.connection, {one.row.auditor for one in found})
    places = people.places(request.connection)
    everything, unsubmitted = stated.all_of_tool(request.connection, request.tool)
    left = everything - unsubmitted - len(found)
    rows = [
        {
            "reference": one.row.reference,
            "child": one.row.child or CHILDLESS,
            "audit_date": one.row.audit_date or "",
            "service": places.get(one.row.team, ("", one.row.service_name))[1],
            "team": places.get(one.row.team, (one.row.team_name, ""))[0],
            "auditor": one.auditor or names.get(one.row.auditor, one.row.auditor),
            "overall": _overall(tool, one.row.overall),
            "submitted_on": one.row.submitted_on or "",
            "practice_from": one.row.practice_from or "",
            "practice_to": one.row.practice_to or "",
            **_graded(tool, one.judged),
            **one.texts,
        }
        for one in found
    ]
    left_out = [*counted(unsubmitted, *_SUBMITTED), *counted(left, *_CLOSED)]
    return GivenRecords(rows, [*left_out, *_of_no_column(tool, [one.judged for one in found])])


def _moderations(request: RecordsRequest) -> GivenRecords:
    tool = _tool(request)
    found = stated.moderated(request.connection, request.reach, request.tool)
    names = people.names(request.connection, {one.row.moderator or "" for one in found})
    agreed = {None: "", True: "yes", False: "no"}
    rows = [
        {
            "reference": one.reference,
            "audit": one.audit.reference,
            "moderated_on": one.row.moderated_on or "",
            "moderator": one.moderator
            or names.get(one.row.moderator or "", one.row.moderator or ""),
            "overall": _overall(tool, one.row.overall),
            "stated_agreed": agreed[one.stated_agreed],
            **_graded(tool, one.judged),
        }
        for one in found
    ]
    return GivenRecords(rows, _of_no_column(tool, [one.judged for one in found]))


_ENDS = {
    AuditStatus.FINALISED.value: "final",
    AuditStatus.WITHDRAWN.value: "withdrawn",
    AuditStatus.VOIDED.value: "entered in error",
}


def _outcomes(request: RecordsRequest) -> GivenRecords:
    tool = _tool(request)
    rows = []
    for one in stated.submitted(request.connection, request.reach, request.tool):
        row = one.row
        if row.status in _ENDS:
            final = row.status == AuditStatus.FINALISED.value
            rows.append(
                {
                    "reference": row.reference,
                    "outcome": _ENDS[row.status],
                    "grade": _overall(tool, row.final_grade) if final else "",
                    "source": (row.final_source or "").replace("-", " ") if final else "",
                    **_graded(tool, json.loads(row.final_grades or "{}")),
                }
            )
    return GivenRecords(rows)


OWN_RECORDS = (
    OwnRecords(
        "audits",
        _audits,
        "Answers to questions, why a domain does not apply, what the family said, who holds the "
        "case, days of allocation and the version of the tool are in no such file. An audit counts "
        "as made with the newest version.",
    ),
    OwnRecords(
        "moderations",
        _moderations,
        "Moderations that are not judged yet, were cancelled or were superseded are in no such "
        "file. No file says whether one was blind or disputed: what is worked out of that alone "
        "differs.",
    ),
    OwnRecords(
        "audit-outcomes",
        _outcomes,
        "The day and the reason of an outcome are in no such file.",
    ),
)
