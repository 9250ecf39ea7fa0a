"""Where a person wants to be written to: their own page, under their account."""

from __future__ import annotations

from starlette.responses import RedirectResponse, Response

from api.web.context import PresentReader, Reader, Reading
from api.web.csrf import Posted
from api.web.forms import Errors, text
from api.web.late_routes import PageRouter
from qa.core.errors import Refused
from qa.security.accounts import addresses

router = PageRouter(prefix="/account/address")


@router.get("")
def show_address(reading: PresentReader) -> Response:
    return _page(reading, addresses.of(reading.connection, reading.actor.person) or "")


def _page(reading: Reading, typed: str, errors: Errors | None = None) -> Response:
    return reading.page(
        "notifications/address.html",
        status=422 if errors else 200,
        title="Where to write to you",
        back="/account",
        as_at=None,
        errors=errors or Errors(),
        typed=typed,
        sends=bool(reading.services.settings.send_by),
    )


@router.post("")
def put_address(reading: Reader, form: Posted) -> Response:
    typed = text(form, "address")
    try:
        with reading.services.store.writing() as connection:
            addresses.put(
                connection, reading.services.clock, person=reading.actor.person, address=typed
            )
    except Refused as refused:
        return _page(reading, typed, Errors.of(refused, ("address",)))
    return RedirectResponse("/account", status_code=303)
