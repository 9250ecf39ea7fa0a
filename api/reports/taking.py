"""A report, or what lies behind a figure of it, taken out of a page as a file."""

from __future__ import annotations

from starlette.responses import Response

from api.lists.files import download
from api.web.access_notes import ServedLook
from api.web.moments import TakenOut
from qa.core.access import What


def taken_out(look: ServedLook) -> TakenOut:
    """The moment a file shows and, of now, who takes it out when."""
    head = look.services.letterhead_at(look.connection, look.at.position)
    return look.at.taken_out(look.actor.display_name, look.services.clock.now(), head)


def send_file(look: ServedLook, subject: str, body: bytes, name: str, *, detail: str) -> Response:
    """The file; taking it out is noted."""
    look.note(subject, f"{name}?{detail}", what=What.EXPORT)
    return download(body, f"{look.at.file_stamp}-{name}", look.at)
