"""Holds off forms that another site sends in our user's name.

Three checks: what the browser says of where the request comes from (Sec-Fetch-Site, Origin), and a
token per session in the form. A form posted before sign-in has no session, so there the browser
must have said one of the two.
"""

from __future__ import annotations

import hmac
from collections.abc import AsyncIterator
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request

from api.web.forms import Nested, read
from api.web.request import PerhapsSignedIn, own_address, settings_of
from qa.core.errors import Forbidden

FIELD = "csrf"
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
        given.encode(), signed.session.csrf.encode()
    ):
        raise Forbidden(_REFUSAL, rule="csrf-token")
    return form


Posted = Annotated[Nested, Depends(posted)]
"""For the signature of every route that takes a form."""
