"""What waits in a manager's part of the council: person by person, the oldest overdue work said."""

from __future__ import annotations

from starlette.responses import Response

from api.lists.files import list_files
from api.lists.page import list_page
from api.tasks.listing import team_work_list
from api.web.context import Reader
from api.web.late_routes import PageRouter

router = PageRouter()
ONLY_LATE = "Only people with overdue work are shown."


@router.get("/team-work")
def team_page(reading: Reader) -> Response:
    """The people whose work the reader oversees."""
    return list_page(
        reading,
        team_work_list(reading),
        intro=ONLY_LATE
        if reading.request.query_params.get("late")
        else "How many tasks each person has, by name. You open the audits and actions on "
        "their own pages, if you may see them.",
    )


list_files(router, "/team-work", team_work_list)
