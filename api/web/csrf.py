"""Holds off forms that another site sends in our user's name.

Three checks: what the browser says of where the request comes from (Sec-Fetch-Site, Origin), and a
token per session in the form. A form posted before sign-in has no session, so there the browser
must have said one of the two.
"""

from __future__ import annotations

import hmac
from collections.abc import AsyncIterator, Iterable
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request
from starlette.exceptions import HTTPException

from api.web.forms import Nested, read
from api.web.request import PerhapsSignedIn, own_address, settings_of
from qa.core.errors import CaseloopError, Fault, Forbidden, Refused
from qa.core.texts import faults_in

FIELD = "csrf"


class SessionChanged(CaseloopError):
    """The form was drawn in another session of this browser (401). `form` holds what was typed."""

    status = 401
    code = "session-changed"
    title = "You have signed in again since you opened this form"

    def __init__(self, form: Nested) -> None:
        super().__init__("Look at what you entered, and send it once more in your new session.")
        self.form = form


class TextsRefused(Refused):
    """A text of the form cannot be kept. `form` holds what was typed, if it may be shown again."""

    def __init__(self, faults: Iterable[Fault], form: Nested) -> None:
        super().__init__(faults)
        self.form = form


_REFUSAL = "This form did not come from this service, or is too old. Go back and reload the page."


def _same_origin(request: Request, origin: str) -> bool:
    base = settings_of(request).base_url
    if base:
        return origin == base or urlsplit(base)[:2] == urlsplit(origin)[:2]
    return urlsplit(origin).netloc == urlsplit(own_address(request)).netloc


def check_origin(request: Request) -> bool:
    """Whether the browser vouched for the request. Raises Forbidden where it said the opposite."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is not None and site not in ("same-origin", "none"):
        raise Forbidden(_REFUSAL, rule="csrf-site")
    if origin is not None and not _same_origin(request, origin):
        raise Forbidden(_REFUSAL, rule="csrf-origin")
    return site == "same-origin" or origin is not None


async def _form(request: Request) -> AsyncIterator[Nested]:
    """The form, with its files closed when the request is answered."""
    check_origin(request)
    try:
        yield await read(request)
    finally:
        await request.close()


def posted(
    request: Request, signed: PerhapsSignedIn, form: Annotated[Nested, Depends(_form)]
) -> Nested:
    """The form of this request, its token checked and taken out. Raises Forbidden."""
    given = form.pop(FIELD, "")
    if signed is None:
        if not check_origin(request):
            raise Forbidden(_REFUSAL, rule="csrf-unvouched")
    elif not isinstance(given, str) or not hmac.compare_digest(
        given.encode("utf-8", "surrogatepass"), signed.session.csrf.encode()
    ):
        if check_origin(request):
            raise SessionChanged(form)
        raise Forbidden(_REFUSAL, rule="csrf-token")
    faults = list(faults_in(_texts(form)))
    if faults:
        raise TextsRefused(faults, form if signed is not None else {})
    return form


def _texts(form: Nested) -> Nested:
    """A form with the names of its files in their place."""
    return {
        name: _texts(value)
        if isinstance(value, dict)
        else [getattr(one, "filename", one) for one in value]
        if isinstance(value, list)
        else getattr(value, "filename", value)
        for name, value in form.items()
    }


Posted = Annotated[Nested, Depends(posted)]
"""For the signature of every route that takes a form."""


async def typed_before_sign_in(request: Request) -> Nested:
    """What was posted by somebody whose session is over; nothing where the browser does not vouch
    for it, or it cannot be read."""
    try:
        form = await read(request) if check_origin(request) else {}
    except (CaseloopError, HTTPException):
        return {}
    form.pop(FIELD, None)
    return form
