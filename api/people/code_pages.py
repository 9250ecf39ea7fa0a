"""One-time codes for several people at once, as a file to hand out."""

from __future__ import annotations

from starlette.responses import Response

from api.lists.files import download
from api.people.sign_in import codes_csv, one_time_codes, waiting_for_code
from api.web.context import PresentReader, Reader, Reading
from api.web.csrf import Posted
from api.web.forms import Errors, several
from api.web.late_routes import PageRouter
from projections.core.base import present
from qa.authorisation.policy import require
from qa.core.errors import Fault

router = PageRouter(prefix="/people")


def _page(reading: Reading, errors: Errors | None = None) -> Response:
    rows = waiting_for_code(present(reading.connection), reading.today)
    return reading.page(
        "people/codes.html",
        status=422 if errors else 200,
        title="Make one-time codes",
        back="/people",
        as_at=None,
        items=[
            {"value": row.person, "text": f"{row.name} ({row.handle})", "checked": not errors}
            for row in rows
        ],
        errors=errors or reading.wrong,
    )


@router.get("/codes")
def choose_people(reading: PresentReader) -> Response:
    require(reading.actor, "manage-people")
    return _page(reading)


@router.post("/codes")
def make_codes(reading: Reader, form: Posted) -> Response:
    """Make the codes and send them as a file, this once."""
    require(reading.actor, "manage-people")
    wanted = several(form, "person")
    waiting = waiting_for_code(present(reading.connection), reading.today)
    people = [one for one in waiting if one.person in wanted]
    if not people:
        return _page(reading, Errors([Fault("person", "missing", "Choose at least one person.")]))
    made = one_time_codes(reading.services.desk, people, by=reading.actor)
    answer = download(codes_csv(reading.services.store, made), "one-time-codes.csv")
    answer.headers["Cache-Control"] = "no-store"
    return answer
