"""The list of what waits for the reader, and exactly that as a file."""

from __future__ import annotations

from collections.abc import Sequence
from types import FunctionType

from starlette.responses import Response

from api.lists.files import ListFileKind, send_list
from api.lists.page import list_context
from api.navigation import NavigationItem, NavigationSection
from api.people.reading import person_as_resource
from api.tasks import worklist
from api.tasks.home import groups
from api.tasks.work_listing import work_list
from api.web.context import Reader, Reading
from api.web.late_routes import PageRouter
from api.web.waiting import HomeNews, Task
from api.writing.begun import begun
from projections.people import queries as people_queries
from qa.authorisation.policy import can, require
from qa.core.capabilities import declared
from qa.core.words import Resource, Role
from qa.outbox.notices import Notice

router = PageRouter()
NAVIGATION = NavigationItem(
    "Your work",
    "/your-work",
    15,
    NavigationSection.HOME,
    also=("/team-work",),
    empty_for=frozenset({Role.INSPECTOR}),
)
MOST_OF_A_KIND = 1000
MOST_UNREAD = 500
NEWS: tuple[HomeNews, ...] = tuple(declared("api", "home", "HOME_NEWS", FunctionType))


def queue_of(reading: Reading) -> list[Task]:
    """Everything that waits for the reader, the most urgent first."""
    return worklist.whole_queue(reading, limit=MOST_OF_A_KIND)


def news(reading: Reading) -> list[Notice]:
    """What is new for the reader, the newest first."""
    return [one for found in NEWS for one in found(reading, MOST_UNREAD)]


def things_of(found: Sequence[Notice]) -> frozenset[str]:
    """The records that these notices are about."""
    return frozenset(one.thing for one in found)


def oversees(reading: Reading) -> bool:
    """Whether the reader has people whose work they see."""
    return can(reading.actor, "read-team-work").allowed or bool(
        people_queries.managed_by(reading.connection, reading.actor.person)
    )


def to_accept(found: Sequence[Task]) -> list[Task]:
    """The actions that the reader has yet to take on."""
    return [one for one in found if one.kind == "accept-action" and one.whose == "own"]


def own_work(reading: Reading) -> Resource:
    """The reader as one whose work is overseen."""
    row = people_queries.person(reading.connection, reading.actor.person)
    assert row is not None
    return person_as_resource(reading.connection, row)


@router.get("/your-work")
def your_work(reading: Reader) -> Response:
    """Everything that waits for the reader, narrowed and sorted as asked."""
    found, unread = queue_of(reading), things_of(news(reading))
    shown, past = work_list(found, reading.at.on, unread), reading.at.is_past
    return reading.page(
        "tasks/yours.html",
        title="Your work",
        shown=list_context(reading, shown),
        wide=True,
        groups=groups(found, reading.at.on, unread),
        oversees=oversees(reading),
        begun=[] if past else begun(reading),
        accepts=not past and len(to_accept(found)) > 1,
        hands_over=not past
        and any(one.whose == "own" and one.in_bulk for one in found)
        and can(reading.actor, "read-team-work", own_work(reading)).allowed,
        me=reading.actor.person,
        done=done if (done := reading.request.query_params.get("done", "")).isdecimal() else "",
    )


@router.get("/your-work/export.{kind}")
def export_work(reading: Reader, kind: ListFileKind) -> Response:
    """Exactly the list that the page with the same query shows, all of its pages."""
    require(reading.actor, "export")
    return send_list(reading, work_list(queue_of(reading), reading.at.on), kind)
