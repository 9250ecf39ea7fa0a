"""The home page: numbers, what waits for its reader, and what is new."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from types import FunctionType

from starlette.responses import RedirectResponse, Response

from api.navigation import NavigationItem, NavigationSection
from api.tasks.first_steps import first_steps
from api.tasks.home import first, groups, own_numbers, team_numbers
from api.tasks.work_listing import task_cell
from api.tasks.work_pages import news, oversees, queue_of, things_of
from api.web.context import Reader, Reading
from api.web.late_routes import PageRouter
from api.web.waiting import MOST_NUMBERS, Ask, HomeChart, HomeNumber, HomeNumbers, Task
from api.writing.begun import begun
from projections.learning import queries as learning_queries
from qa.authorisation.policy import can
from qa.core.capabilities import declared
from qa.core.words import Role

router = PageRouter()
NAVIGATION = NavigationItem(
    "Overview", "/", 10, NavigationSection.HOME, empty_for=frozenset({Role.INSPECTOR})
)

NUMBERS: tuple[HomeNumbers, ...] = tuple(
    one
    for matter in ("tasks", "home")
    for one in declared("api", matter, "HOME", FunctionType, suffixed=True)
)
CHARTS: tuple[HomeChart, ...] = tuple(declared("api", "home", "HOME_CHART", FunctionType))
NEWEST = 5


def _numbers(reading: Reading, found: list[Task], *, works: bool) -> list[HomeNumber]:
    """The first six that this reader has, each with the way to its list; of tasks for whoever
    `works` on cases."""
    ask = Ask(reading.connection, reading.actor, reading.at)
    mine = own_numbers(found, reading.actor, reading.at.on) if works else ()
    numbers = sorted(
        chain(mine, team_numbers(ask), *(number(ask) for number in NUMBERS)),
        key=lambda one: one.place,
    )
    return [replace(one, href=_linked(reading, one.href)) for one in numbers[:MOST_NUMBERS]]


def _linked(reading: Reading, href: str) -> str:
    path, _, query = href.partition("?")
    return reading.link(path, dict(one.split("=") for one in query.split("&") if one))


@router.get("/")
def home(reading: Reader) -> Response:
    """What concerns the reader today: numbers, tasks, what is new. An inspector's is their room."""
    connection, actor, at = reading.connection, reading.actor, reading.at
    if not NAVIGATION.open_to(actor):
        return RedirectResponse("/room", status_code=303)
    found, unread = queue_of(reading), news(reading)
    things = things_of(unread)
    reads = can(actor, "read-report").allowed
    people = can(actor, "manage-people").allowed
    administers = people and not reads and not found
    return reading.page(
        "tasks/home.html",
        title="Home",
        name=actor.name,
        steps=[] if at.is_past else first_steps(connection, actor),
        numbers=_numbers(reading, found, works=not administers),
        tasks=[(task_cell(one, things), one, one.overdue(at.on)) for one in first(found)],
        groups=groups(found, at.on, things),
        begun=[] if at.is_past else begun(reading, NEWEST),
        news=unread[:NEWEST],
        thanks=learning_queries.thanks_to(connection, actor.person, position=at.position),
        chart=next((drawn for chart in CHARTS if (drawn := chart(reading)) is not None), None),
        leads=actor.has(Role.QA_LEAD),
        people=administers,
        oversees=oversees(reading),
        may_allocate=can(actor, "allocate-audit").allowed and not at.is_past,
    )
