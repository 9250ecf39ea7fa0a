"""Moderations and disputes of the parts of the council that a QA lead runs."""

from __future__ import annotations

from starlette.responses import Response

from api.lists.files import list_files
from api.lists.page import list_page
from api.moderation.listing import dispute_list, moderation_list
from api.navigation import NavigationItem, NavigationSection
from api.web.context import Reader
from api.web.late_routes import PageRouter

router = PageRouter(include_in_schema=False)
NAVIGATION = NavigationItem(
    "Moderations", "/moderations", 100, NavigationSection.AUDITS, "assign-moderation"
)


@router.get("/moderations")
def moderations(reading: Reader) -> Response:
    """Moderations to assign, assigned, overdue and differing, with their counts."""
    links = [
        ("Disputes", reading.link("/disputes")),
        ("Moderation policy", reading.link("/moderation-policy")),
    ]
    return list_page(reading, moderation_list(reading), links=links)


@router.get("/disputes")
def disputes(reading: Reader) -> Response:
    """Disputes that are open, the most overdue first, and those that are settled."""
    links = [("Moderations", reading.link("/moderations"))]
    return list_page(reading, dispute_list(reading), links=links)


list_files(router, "/moderations", moderation_list)
list_files(router, "/disputes", dispute_list)
