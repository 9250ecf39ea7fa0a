"""Every address that somebody can read from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from fastapi.routing import APIRoute

from api.json.routing import PREFIX
from api.routes import OPERATIONS, PAGES
from tests.support.council import Council

RECORDS = {
    "actions": "action",
    "audits": "case-audit",
    "case-audits": "case-audit",
    "child-joinings": "child-joining",
    "concerns": "safeguarding",
    "copies": "outside-copy",
    "imports": "import",
    "indicators": "indicator",
    "inspections": "inspection",
    "learning": "learning-theme",
    "learning-themes": "learning-theme",
    "plan-actions": "plan-action",
    "plans": "plan",
    "published": "published-report",
    "published-reports": "published-report",
    "quarterly-reports": "quarterly-report",
    "rag-scales": "rag-scale",
    "restrictions": "restriction",
    "sampling-frames": "sampling-frame",
    "self-evaluations": "self-evaluation",
    "supervision": "supervision",
    "supervision-checks": "supervision-check",
    "views": "list-view",
}
"""The kind of stream whose key stands after each part of an address."""


def named_records(council: Council, after: int = 0) -> dict[str, str]:
    """A record of each kind of stream that there is, or that was begun after a position; of audits
    the last one that was judged twice."""
    named: dict[str, str] = {}
    begun: dict[str, int] = {}
    for recorded in council.services.store.events():
        if begun.setdefault(recorded.stream, recorded.position) <= after:
            continue
        kind, _, key = recorded.stream.partition(":")
        if kind not in ("case-audit", "safeguarding"):
            named.setdefault(kind, key)
        if recorded.type == "ModerationRecorded":
            named["case-audit"] = key
            named["moderation"] = recorded.event.moderation  # type: ignore[attr-defined]
        elif recorded.type == "SafeguardingConcernRaised":
            named["safeguarding"] = recorded.event.concern  # type: ignore[attr-defined]
            named["audit-of-concern"] = recorded.event.audit  # type: ignore[attr-defined]
        elif recorded.type == "BoardMeetingCalled":
            named["meeting"] = recorded.event.meeting  # type: ignore[attr-defined]
        elif recorded.type == "OutsideCopyGiven":
            named["outside-copy"] = recorded.event.given  # type: ignore[attr-defined]
            named["published-report"] = recorded.event.published  # type: ignore[attr-defined]
        elif recorded.type == "QuarterlySectionAdded":
            named.setdefault("section-of-quarter", recorded.event.section)  # type: ignore[attr-defined]
        elif recorded.type == "EvaluationFigureTied":
            named.setdefault("claim", recorded.event.claim)  # type: ignore[attr-defined]
            named.setdefault("evidence", recorded.event.evidence)  # type: ignore[attr-defined]
    return named


def every_address(council: Council, after: int = 0) -> Iterator[tuple[APIRoute, str]]:
    """Every route of pages and of the API that answers a GET, with an address that names records
    which there are, begun after a position wherever some were."""
    records = named_records(council) | named_records(council, after)
    for route in _read():
        path = _filled(route.path, council, records)
        query = _query(route.path, records)
        yield route, f"{path}?{query}" if query else path


def _read() -> Iterator[APIRoute]:
    for route in (*PAGES, *OPERATIONS):
        # A calendar opens by its secret, not by who is signed in: there is nobody to note.
        if "GET" in route.methods and "{secret}" not in route.path:
            yield route


def _filled(path: str, council: Council, records: Mapping[str, str]) -> str:
    for part, kind in (("/concerns/", "audit-of-concern"), ("/follow-up", "follow-up")):
        if part in path:
            records = {**records, "case-audit": records[kind]}
    parts = path.split("/")
    for at, part in enumerate(parts):
        found = re.match(r"\{(?!kind\}|file\}|ending\})(\w+)(:path)?\}", part)
        if found:
            value = _value(found[1], parts[at - 1], council, records)
            parts[at] = part.replace(found[0], value)
    file = "docx" if "/document." in path or "/board." in path else "csv"
    file = "pdf" if "/questions." in path else file
    return re.sub(r"\{(kind|file|ending)\}", file, "/".join(parts))


def _value(name: str, after: str, council: Council, records: Mapping[str, str]) -> str:
    given = {
        "person": council.ids["auditor"],
        "child": "C-1",
        "team": "east",
        "tool": council.tool.id,
        "version": "1",
        "which": "1",
        "number": "1",
        "domain": "planning",
        "fact": "5",
        "position": "5",
        "name": "grades",
        "code": "present-only",
        "kind": "audits",
        "meeting": records["meeting"],
        "change": "name",
        "subject": f"case-audit:{records['case-audit']}",
        "section": records["section-of-quarter"] if after == "sections" else "overall",
        "moderation": records["moderation"],
        "claim": records["claim"],
        "evidence": records["evidence"],
        "short": f"{records['self-evaluation'][:8]}-{records['evidence']}-5",
        "step": _STEPS.get(after, "name"),
    }
    if after in RECORDS and name != "number":
        return records[RECORDS[after]]
    return given.get(name, "none")


_STEPS = {"deputies": "name"}


def _query(path: str, records: Mapping[str, str]) -> str:
    given = _QUERIES.get(path.removeprefix(PREFIX), "")
    return given.format(**{name.replace("-", "_"): key for name, key in records.items()})


_DAYS = "from=2026-01-01&to=2026-03-31"
_REPORTS = (
    "/reports/closing-the-loop",
    "/reports/closing-the-loop/download.{kind}",
    "/exports/reports/closing-the-loop.{file}",
    "/reports/{name}",
    "/reports/{name}/download.{kind}",
    "/exports/reports/{name}.{kind}",
    "/supervision/report",
    "/supervision/matrix",
    "/exports/reports/supervision.{file}",
)
_FIGURES = {
    "/reports/closing-the-loop": f"figure=raised&{_DAYS}",
    "/reports/{name}": f"figure=audits_submitted&{_DAYS}",
    "/plans/{plan}/report": "figure=actions",
    "/supervision/report": f"figure=supervision_timeliness_rate&{_DAYS}",
    "/supervision-report": f"figure=supervision_timeliness_rate&{_DAYS}",
    "/learning-themes/{theme}/report": "figure=findings",
    "/indicators/report": "figure=value&group=indicator=seen-in-time&group=period=2025/26 Q1",
    "/quarterly-reports/{of}": "figure=moderated&group=quarter=2025/26 Q4"
    "&group=from=2026-01-01&group=to=2026-03-31&group=section_id={section_of_quarter}",
}
_QUERIES = {
    **dict.fromkeys(_REPORTS, _DAYS),
    **{f"{path}/{end}": query for path, query in _FIGURES.items() for end in ("rows", "why")},
    **dict.fromkeys(("/history", "/history.csv"), "record=audit:{case_audit}"),
    **dict.fromkeys(("/learnt-later", "/learnt-later/export.{kind}"), "true_on=2026-03-05"),
    **dict.fromkeys(
        ("/compare", "/compare.{file}", "/compare/export.{kind}"), "from_as_at=2026-03-05"
    ),
    "/search": "q=evidence",
    "/why/{name}": f"figure=audits_submitted&{_DAYS}",
    "/exports/pack.zip": "audit={case_audit}",
    **dict.fromkeys(
        ("/plans/{plan}/figure", "/plans/{plan}/board/figure", "/plans/{plan}/board/why"),
        "figure=actions",
    ),
    "/plans/{plan}/forecast": "until=2026-09-30",
    "/plans/{plan}/changes": "since=2026-03-01",
}
"""What an address has to be asked with."""


def addresses_of(council: Council, audit: str) -> Iterator[str]:
    """The same of a council in which little happened: every address with this audit wherever one is
    named, and with no other record."""
    row = council.view(audit).row
    named = {
        "{audit}": audit,
        "{child:path}": row.child,
        "{child}": row.child,
        "{moderation}": row.moderation,
        "{section}": "overall",
        "{kind}": "csv",
        "{person}": council.ids["auditor"],
        "{team}": "east",
        "{tool}": council.tool.id,
        "{name}": "agreement",
        "{version}": "1",
    }
    asked = {
        "/history": f"?record=audit:{audit}",
        "/history.csv": f"?record=audit:{audit}",
        "/api/v1/history": f"?record=audit:{audit}",
        "/api/v1/history.csv": f"?record=audit:{audit}",
        "/search": "?q=evidence",
        "/api/v1/search": "?q=evidence",
        "/api/v1/reports/agreement": "?from=2026-01-01&to=2026-03-02",
    }
    for route in _read():
        path = route.path
        for name, value in named.items():
            path = path.replace(name, value)
        yield path + asked.get(path, "")
