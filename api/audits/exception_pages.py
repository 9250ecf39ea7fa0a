"""Rules that were set aside: counted by quarter and team, each count opening to its list."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.audits.exception_reading import KINDS, asked, counted, listed
from api.web.context import Reader
from api.web.forms import Errors
from qa.authorisation.policy import require
from qa.core.errors import Fault, Refused

router = APIRouter()

SHOWN = 200
"""Of the list beneath the counts; each count opens to a shorter one, and the API gives all."""


@router.get("/rule-exceptions")
def show_exceptions(request: Request, reading: Reader) -> Response:
    require(reading.actor, "read-report")
    given = request.query_params
    faults: list[Fault] = []
    try:
        wanted = asked(given, reading.at.on)
    except Refused as refused:
        faults += refused.faults
        wanted = asked({}, reading.at.on)
    rows = listed(reading.connection, reading.actor, wanted, reading.at)
    query = {"since": wanted.since.isoformat(), "until": wanted.until.isoformat()}
    return reading.page(
        "audits/exceptions.html",
        status=422 if faults else 200,
        title="Rules set aside",
        wide=True,
        errors=Errors([*reading.wrong.faults, *faults]),
        kinds=KINDS,
        wanted=wanted,
        query=query,
        table=counted(one.row for one in rows),
        rows=rows[:SHOWN],
        total=len(rows),
    )
