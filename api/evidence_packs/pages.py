"""The page that makes evidence packs: what of, as known when, and the file."""

from __future__ import annotations

import re
from collections.abc import Mapping

from fastapi import Request
from starlette.responses import Response

from api.evidence_packs.making import PURPOSE, make
from api.evidence_packs.scope_request import ScopeRequest
from api.lists.files import download
from api.navigation import NavigationItem, NavigationSection
from api.web import purposes
from api.web.context import Reader, Reading
from api.web.csrf import Posted
from api.web.forms import Errors, text
from api.web.late_routes import PageRouter
from api.web.moments import days_typed
from api.web.moments import moment_typed as moment
from qa.authorisation.policy import require
from qa.core.errors import CaseloopError, Fault, NotNow, Refused, Unavailable, refuse_any

router = PageRouter(prefix="/packs")
NAVIGATION = NavigationItem("Packs", "/packs", 210, NavigationSection.REPORTS, "make-pack")

FIELDS = (
    "everything", "children", "audits", "plans", "audited_from", "audited_to", "as_at", "position",
)  # fmt: skip


@router.get("")
def ask_for_pack(request: Request, reading: Reader) -> Response:
    """The form; a link may fill it in (``?child=``, ``?audit=``, ``?plan=``, ``?everything=``)
    and bring its moment.

    Where the settings ask what files are for, that is asked first.
    """
    require(reading.actor, "make-pack")
    purposes.ask(reading.services, reading.connection, ("export",), PURPOSE)
    given = request.query_params
    typed = {
        "everything": given.get("everything", ""),
        "children": "\n".join(given.getlist("child")),
        "audits": "\n".join(given.getlist("audit")),
        "plans": "\n".join(given.getlist("plan")),
        **reading.at.query,
    }
    return _form(reading, typed, reading.wrong)


def _form(
    reading: Reading, typed: Mapping[str, str], errors: Errors, status: int = 200
) -> Response:
    require(reading.actor, "make-pack")
    return reading.page(
        "evidence_packs/new.html",
        status=status,
        title="Make an evidence pack",
        as_at=None,
        errors=errors,
        typed={name: typed.get(name, "") for name in FIELDS},
    )


@router.post("")
def make_pack(request: Request, reading: Reader, form: Posted) -> Response:
    """The pack as a file, or the form again with what is wrong."""
    require(reading.actor, "make-pack")
    typed = {name: text(form, name) for name in FIELDS}
    try:
        scope, faults = _scope_typed(typed)
        try:
            at = moment(reading.services.store, reading.connection, typed, pin=reading.actor.pin)
        except Refused as refused:
            faults += refused.faults
        refuse_any(faults)
        made = make(reading.services, reading.actor, scope, at)
    except Refused as refused:
        return _form(reading, typed, Errors.of(refused, FIELDS), 422)
    except (NotNow, Unavailable) as trouble:
        return _again(reading, typed, trouble)
    return download(made.content, made.file_name)


def _again(reading: Reading, typed: Mapping[str, str], trouble: CaseloopError) -> Response:
    fault = Fault("", trouble.code, trouble.sentence)
    return _form(reading, typed, Errors([fault]), trouble.status)


def _scope_typed(typed: Mapping[str, str]) -> tuple[ScopeRequest, list[Fault]]:
    days, faults = days_typed(typed, "audited_from", "audited_to")
    scope = ScopeRequest(
        _names(typed["children"]),
        _names(typed["audits"]),
        days["audited_from"],
        days["audited_to"],
        _names(typed["plans"], apart=r"[\r\n]+"),
        everything=bool(typed["everything"]),
    )
    return scope, faults


def _names(typed: str, apart: str = r"[,\r\n]+") -> tuple[str, ...]:
    """References with commas or lines between them, each once. Titles may hold commas."""
    parts = (part.strip() for part in re.split(apart, typed))
    return tuple(dict.fromkeys(part for part in parts if part))
