"""A report, or what lies behind a figure of it, taken out of a page as a file."""

from __future__ import annotations

from starlette.responses import Response

from api.lists.files import download
from api.web.context import Reading
from api.web.moments import TakenOut
from qa.core.access import What


def taken_out(reading: Reading) -> TakenOut:
    """The moment a file shows and, of now, who takes it out when."""
    services, at = reading.services, reading.at
    head = services.letterhead_at(reading.connection, at.position)
    return at.taken_out(reading.actor.display_name, services.clock.now(), head)


def send_file(reading: Reading, subject: str, body: bytes, name: str, *, detail: str) -> Response:
    """The file; taking it out is noted."""
    at = reading.at
    reading.note(subject, f"{name}?{detail}", what=What.EXPORT)
    return download(body, f"{at.file_stamp}-{name}", at)
