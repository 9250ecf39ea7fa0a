"""The question before some records: what do you need this for?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Query, Request
from starlette.responses import RedirectResponse, Response

from api.web.csrf import Posted
from api.web.forms import Errors, text
from api.web.late_routes import PageRouter
from api.web.purposes import SUGGESTED
from api.web.request import SomeoneSignedIn, TheClock, TheRecords
from api.web.template_engine import render
from api.web.typed_again import local
from qa.core.errors import Fault
from qa.security import access_log

router = PageRouter()
OTHER = "other"


@router.get("/purpose")
def ask_purpose(
    request: Request,
    signed: SomeoneSignedIn,
    of: Annotated[str, Query(max_length=200)] = "",
    onward: Annotated[str, Query(alias="next")] = "/",
) -> Response:
    return _page(request, of, onward, {}, Errors())


def _page(
    request: Request, of: str, onward: str, given: Mapping[str, Any], errors: Errors
) -> Response:
    return render(
        request,
        "access/purpose.html",
        status=422 if errors else 200,
        title="What do you need this for?",
        errors=errors,
        subject=of,
        onward=local(onward),
        suggested=SUGGESTED,
        other=OTHER,
        given=given,
    )


@router.post("/purpose")
def say_purpose(
    request: Request,
    form: Posted,
    signed: SomeoneSignedIn,
    records: TheRecords,
    clock: TheClock,
) -> Response:
    subject, onward = text(form, "of")[:200], text(form, "next")
    chosen, typed = text(form, "purpose"), text(form, "words")
    given = {"purpose": chosen, "words": typed}
    if chosen not in (*SUGGESTED, OTHER):
        fault = Fault("purpose", "missing", "Choose what you need this for.")
    elif chosen == OTHER and len(typed.split()) < 2:
        fault = Fault("words", "missing", "Say in a few words what you need this for.")
    elif len(typed) > 200:
        fault = Fault("words", "too-long", "Say it in 200 characters or fewer.")
    else:
        with records.writing() as connection:
            access_log.say_purpose(
                connection,
                clock,
                session=signed.session.handle,
                person=signed.person,
                subject=subject,
                purpose=typed if chosen == OTHER else chosen,
            )
        return RedirectResponse(local(onward), status_code=303)
    return _page(request, subject, onward, given, Errors([fault]))
