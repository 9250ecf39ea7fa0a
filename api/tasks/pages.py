"""Your work: what waits for the reader, by due date; and exactly that as a file."""

from __future__ import annotations

from typing import Any, Literal

from fastapi import APIRouter
from starlette.responses import Response

from api.documents.listing import Column, ColumnKind, Listing
from api.lists.files import download, render_listing
from api.navigation import NavigationItem, NavigationSection
from api.tasks import worklist
from api.web import access_notes
from api.web.context import Reader, Reading
from api.web.freshness import behind
from api.web.waiting import Task
from projections.learning import queries as learning_queries
from projections.people import queries as people_queries
from qa.authorisation.policy import can, require
from qa.core.access import What
from qa.core.errors import Refused
from qa.core.words import Role

router = APIRouter()
NAVIGATION = NavigationItem("Your work", "/", 10, NavigationSection.HOME)

COLUMNS = (
    Column("title", "What to do"),
    Column("whose", "Waits for"),
    Column("reference", "Audit"),
    Column("child", "Child reference"),
    Column("team", "Team"),
    Column("due_on", "Due", ColumnKind.DAY),
    Column("overdue", "Overdue"),
)
WHOSE = {"own": "You", "shared": "You or a colleague", "leads": "A QA lead"}
MOST_IN_A_FILE = 1000
"""Of each kind."""


def _line(one: Task, reading: Reading) -> dict[str, Any]:
    return {
        "title": one.title,
        "person": one.person_name,
        "href": one.href,
        "reference": one.reference,
        "child": one.child,
        "team": one.team_name,
        "due_on": None if one.due_on is None else one.due_on.isoformat(),
        "overdue": one.overdue(reading.at.on),
    }


@router.get("/")
def your_work(reading: Reader) -> Response:
    connection, actor = reading.connection, reading.actor
    found = worklist.whole_queue(connection, actor, reading.at)
    roles = list(dict.fromkeys(grant.role.label for grant in actor.grants))
    return reading.page(
        "tasks/yours.html",
        title="Your work",
        name=actor.name,
        roles=roles,
        thanks=learning_queries.thanks_to(
            reading.connection, actor.person, position=reading.at.position
        ),
        own=[_line(one, reading) for one in found if one.whose in ("own", "shared")],
        waiting=[_line(one, reading) for one in found if one.whose == "leads"],
        left=[_line(one, reading) for one in found if one.whose == "left"],
        leads=actor.has(Role.QA_LEAD),
        reads=can(actor, "read-report").allowed,
        oversees=can(actor, "read-team-work").allowed
        or bool(people_queries.managed_by(connection, actor.person)),
        exports=can(actor, "export").allowed and bool(found),
        people=can(actor, "manage-people").allowed,
    )


@router.get("/your-work/export.{kind}")
def export_work(reading: Reader, kind: Literal["csv", "xlsx"]) -> Response:
    """The reader's own queue as a file."""
    require(reading.actor, "export")
    if reading.wrong:
        raise Refused(reading.wrong.faults)
    at, actor = reading.at, reading.actor
    found = worklist.whole_queue(reading.connection, actor, at, limit=MOST_IN_A_FILE)
    listing = Listing(
        title="Your work",
        columns=COLUMNS,
        rows=[
            [
                one.title,
                one.person_name or WHOSE[one.whose],
                one.reference,
                one.child,
                one.team_name,
                one.due_on,
                "yes" if one.overdue(at.on) else "no",
            ]
            for one in found
        ],
        filters=(),
        position=at.shown,
        **at.taken_out(actor.display_name, reading.services.clock.now()),
        notes=[late.words for late in behind(reading.services, reading.connection, at)],
    )
    written = render_listing(listing, kind)
    access_notes.note(reading.services, actor, What.EXPORT, f"work.{kind}", at=at)
    return download(written, f"your-work-{at.file_stamp}.{kind}", at)
