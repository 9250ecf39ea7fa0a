"""Allocating an audit. Where independence is broken, the reason why it is needed all the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, cast

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from api.web.changes import Trouble, flat, new_key, once, tried
from api.web.context import Reader, Reading
from api.web.csrf import Posted
from api.web.dates import date_input, day_in, parts_of
from api.web.forms import Errors
from projections.audit_tools import queries as tool_queries
from projections.audits import queries as audit_queries
from projections.people import queries as people_queries
from qa.audits.commands import case_audits
from qa.audits.words import MODES
from qa.authorisation.policy import require
from qa.core.clock import add_months
from qa.core.errors import Fault
from qa.core.words import Role

router = APIRouter()

EXCEPTION_NEEDED = "independence-exception-needed"
ORDER = (
    "child",
    "tool",
    "team",
    "case_holder",
    "auditor",
    "exception",
    "practice_from",
    "practice_to",
    "due_on",
    "mode",
    "re_audit_of",
)
_MISSING = {
    "practice_from": "Enter the first day of the practice period.",
    "practice_to": "Enter the last day of the practice period.",
    "due_on": "Enter the day on which the audit is due.",
}


def only_soft(faults: Errors) -> bool:
    """Whether independence is broken in ways that a recorded reason may set aside."""
    codes = [f.code for f in faults.faults if f.code.startswith("independence-")]
    return bool(codes) and all(code == EXCEPTION_NEEDED for code in codes)


@router.get("/audits/new")
def new_audit(reading: Reader, child: str = "", re_audit_of: str = "") -> Response:
    require(reading.actor, "allocate-audit")
    ends = reading.today
    fields = {
        "child": child,
        "re_audit_of": re_audit_of,
        "mode": "collaborative",
        **parts_of(add_months(ends, -6), "practice_from"),
        **parts_of(ends, "practice_to"),
    }
    return _page(reading, fields)


def _page(
    reading: Reading,
    fields: Mapping[str, str],
    errors: Errors | None = None,
    status: int = 200,
) -> Response:
    wrong = errors or Errors()
    connection = reading.connection
    usable = [
        tool
        for tool in tool_queries.tools(connection)
        if tool.latest and not tool.retired and tool.working_copy.kind != "supervision"
    ]
    auditors = people_queries.holding(connection, Role.AUDITOR, reading.today)

    def day(name: str, legend: str, hint: str = "") -> dict[str, Any]:
        return date_input(fields, name, legend, wrong, hint)

    return reading.page(
        "audits/new.html",
        status=status,
        title="Allocate an audit",
        as_at=None,
        errors=wrong,
        value=lambda name: fields.get(name, ""),
        day=day,
        tools=[(tool.tool, tool.title) for tool in usable],
        teams=[
            (team.team, f"{team.name} ({team.service_name})")
            for team in people_queries.teams(connection)
        ],
        auditors=[(one.person, one.name) for one in auditors],
        holders=[(one.person, one.name) for one in people_queries.everybody(connection)],
        modes=list(MODES.items()),
        ask_exception=only_soft(wrong) or bool(fields.get("exception", "").strip()),
        key=new_key(),
    )


@router.post("/audits/new")
def allocate(request: Request, form: Posted, reading: Reader) -> Response:
    require(reading.actor, "allocate-audit")
    typed = flat(form)

    def text(name: str) -> str:
        return typed.get(name, "").strip()

    faults: list[Fault] = []
    days = {}
    for name, missing in _MISSING.items():
        try:
            days[name] = day_in(typed, name)
            if days[name] is None:
                faults.append(Fault(name, "date-missing", missing))
        except ValueError:
            faults.append(Fault(name, "date-impossible", "Enter a real date."))
    for name, sentence in (
        ("child", "Enter the child’s local reference."),
        ("tool", "Choose a tool."),
        ("team", "Choose the team whose file it is."),
        ("auditor", "Choose an auditor."),
    ):
        if not text(name):
            faults.append(Fault(name, f"{name}-missing", sentence))
    if text("mode") not in MODES:
        faults.append(Fault("mode", "mode-missing", "Choose how the audit is made."))
    earlier = text("re_audit_of")
    known = audit_queries.by_reference(reading.connection, earlier.upper()) if earlier else None
    if earlier and known is None:
        faults.append(
            Fault("re_audit_of", "audit-unknown", "There is no audit with this reference.")
        )
    first, last, due = (days.get(name) for name in _MISSING)
    if faults or first is None or last is None or due is None:
        return _page(reading, typed, Errors(faults, ORDER), 422)
    done = tried(
        lambda: case_audits.allocate(
            reading.desk,
            child=text("child"),
            tool=text("tool"),
            auditor=text("auditor"),
            team=text("team"),
            practice_from=first,
            practice_to=last,
            due_on=due,
            case_holder=text("case_holder") or None,
            mode=cast(Literal["desktop", "collaborative", "live"], text("mode")),
            re_audit_of=known,
            exception=text("exception") or None,
            by=reading.actor,
            once=once(form, request),
        ),
        ORDER,
    )
    if isinstance(done, Trouble):
        return _page(reading, typed, done.errors, done.status)
    return RedirectResponse(f"/audits/{done.response['audit']}?done=allocated", status_code=303)
