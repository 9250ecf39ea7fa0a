"""What waits in a manager's part of the council: person by person, the oldest overdue work said."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.people.reading import overseen, person_as_resource
from api.records.narrowing import require_known
from api.tasks import team_work
from api.web.context import Reader
from api.web.paging import Page, pagination
from api.web.template_engine import day
from projections.people import queries as people_queries
from projections.people.tables import PlacedPerson
from qa.authorisation.policy import can
from qa.core.errors import Forbidden, Refused

router = APIRouter()

PAGE = 25


@router.get("/team-work")
def team_page(request: Request, reading: Reader) -> Response:
    """The people whose work the reader oversees, 25 a page."""
    connection, at = reading.connection, reading.at
    found = overseen(connection, reading.actor, at)
    if not found and not can(reading.actor, "read-team-work").allowed:
        raise Forbidden("You oversee nobody’s work.", rule="read-team-work")
    named = people_queries.places(connection, position=at.position)
    teams = sorted({row.team for row in found if row.team})
    team = request.query_params.get("team", "")
    require_known(connection, {"team": team})
    rows = [row for row in found if not team or row.team == team]
    late = request.query_params.get("late", "")
    if late not in ("", "yes"):
        raise Refused("Say yes, or nothing.", field="late", code="late-unknown")
    if late:
        behind = {one.person for one in team_work.loads(connection, rows, at) if one.overdue}
        rows = [row for row in rows if row.person in behind]
    start = _from(request, rows)
    shown = rows[start : start + PAGE]
    page = Page(
        shown,
        next=str(start + PAGE) if start + PAGE < len(rows) else None,
        previous=str(max(start - PAGE, 0)) if start else None,
    )
    return reading.page(
        "tasks/team.html",
        title="Work in your teams",
        rows=[
            {
                "person": one.person,
                "name": one.name,
                "team": named.get(one.team or "", ("No team", ""))[0],
                "kinds": one.kinds,
                "said": one.said,
                "waiting": one.waiting and not at.is_past,
                "overdue": one.overdue,
                "oldest": "" if one.oldest_overdue is None else day(one.oldest_overdue),
                "deputies": ", ".join(one.deputies),
                "may_name": not at.is_past
                and can(reading.actor, "name-deputy", person_as_resource(connection, row)).allowed,
            }
            for row, one in zip(shown, team_work.loads(connection, shown, at), strict=True)
        ],
        total=len(rows),
        team=team,
        late=late,
        teams=[{"value": "", "text": "All"}]
        + [{"value": code, "text": named.get(code, (code, ""))[0]} for code in teams],
        pages=pagination(page, "/team-work", {"team": team, "late": late, **reading.moment}),
    )


def _from(request: Request, rows: Sequence[PlacedPerson]) -> int:
    """Where the page begins: the cursor is a place in the list of names."""
    given = request.query_params.get("after") or request.query_params.get("before") or "0"
    place = int(given) if given.isdecimal() and len(given) < 7 else 0
    return min(place, max(len(rows) - 1, 0))
