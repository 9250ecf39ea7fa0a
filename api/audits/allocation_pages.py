"""Allocating an audit. Where independence is broken, the reason why it is needed all the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import Request
from starlette.responses import RedirectResponse, Response

from api.web.boxes import FormValues
from api.web.changes import Trouble, new_key, once, tried
from api.web.context import PresentReader, Reader, Reading
from api.web.csrf import Posted
from api.web.dates import date_input, parts_of
from api.web.forms import Errors
from api.web.late_routes import PageRouter
from api.web.steps import Sent, carry_out
from projections.audit_tools import queries as tool_queries
from projections.audits import queries as audit_queries
from projections.people import queries as people_queries
from qa.audits import handlers
from qa.audits.commands import AllocateAudit
from qa.audits.words import MODES
from qa.authorisation.policy import require
from qa.core.clock import add_months
from qa.core.errors import Fault
from qa.core.fields import field_words
from qa.core.words import Role

router = PageRouter()

EXCEPTION_NEEDED = "independence-exception-needed"
WORDS = field_words(AllocateAudit)
ORDER = tuple(WORDS)
WITHOUT_CASES = frozenset({Role.INSPECTOR, Role.READER, Role.ADMINISTRATOR})
_DAYS = ("practice_from", "practice_to", "due_on")


def only_soft(faults: Errors) -> bool:
    """Whether independence is broken in ways that a recorded reason may set aside."""
    codes = [f.code for f in faults.faults if f.code.startswith("independence-")]
    return bool(codes) and all(code == EXCEPTION_NEEDED for code in codes)


@router.get("/audits/new")
def new_audit(reading: PresentReader, child: str = "", re_audit_of: str = "") -> Response:
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


def _holders(reading: Reading) -> list[tuple[str, str]]:
    """The people who may hold a case, by name: not those who only look in from outside or look
    after accounts."""
    connection, day = reading.connection, reading.today
    others = {one.person for one in people_queries.holding(connection, WITHOUT_CASES, day)}
    others -= {
        one.person
        for one in people_queries.holding(connection, frozenset(Role) - WITHOUT_CASES, day)
    }
    everybody = people_queries.everybody(connection, day=day)
    return [(one.person, one.name) for one in everybody if one.person not in others]


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

    def day(name: str) -> dict[str, Any]:
        return date_input(fields, name, WORDS[name].label, wrong, WORDS[name].hint)

    return reading.page(
        "audits/new.html",
        status=status,
        title="Allocate an audit",
        as_at=None,
        errors=wrong,
        value=lambda name: fields.get(name, ""),
        words=WORDS,
        day=day,
        tools=[(tool.tool, tool.title) for tool in usable],
        teams=[
            (team.team, f"{team.name} ({team.service_name})")
            for team in people_queries.teams(connection)
        ],
        auditors=[(one.person, one.name) for one in auditors],
        holders=_holders(reading),
        modes=list(MODES.items()),
        ask_exception=only_soft(wrong) or bool(fields.get("exception", "").strip()),
        key=new_key(),
    )


@router.post("/audits/new")
def allocate(request: Request, form: Posted, reading: Reader) -> Response:
    require(reading.actor, "allocate-audit")
    values = FormValues.of(form)
    typed, text, faults = values.flat, values.text, values.faults
    days = {name: values.day(name, WORDS[name].missing) for name in _DAYS}
    faults += [
        Fault(name, f"{name}-missing", each.missing)
        for name, each in WORDS.items()
        if each.missing and name not in (*_DAYS, "mode") and not text(name)
    ]
    if text("mode") not in MODES:
        faults.append(Fault("mode", "mode-missing", WORDS["mode"].missing))
    earlier = text("re_audit_of")
    known = audit_queries.by_reference(reading.connection, earlier.upper()) if earlier else None
    if earlier and known is None:
        faults.append(
            Fault("re_audit_of", "audit-unknown", "There is no audit with this reference.")
        )
    if faults:
        return _page(reading, typed, Errors(faults, ORDER), 422)
    wanted = AllocateAudit.model_validate(
        {
            **{name: text(name) for name in ("child", "tool", "auditor", "team", "mode")},
            **days,
            "case_holder": text("case_holder") or None,
            "re_audit_of": known,
            "exception": text("exception") or None,
        }
    )
    sent = Sent(desk=reading.desk, by=reading.actor, once=once(form, request), seen=None)
    done = tried(lambda: carry_out(handlers.allocate, wanted, sent), ORDER)
    if isinstance(done, Trouble):
        return _page(reading, typed, done.errors, done.status)
    return RedirectResponse(f"/audits/{done.response['audit']}?done=allocated", status_code=303)
