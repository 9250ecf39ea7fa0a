"""The policies of the council in one place: clocks, limits and days, each with its history."""

from __future__ import annotations

from functools import cache

from starlette.responses import Response

from api.navigation import NavigationItem, NavigationSection
from api.web.context import Reader
from api.web.late_routes import PageRouter
from api.web.policies import PolicyLink, PolicyRouter
from qa.authorisation.policy import require
from qa.core.capabilities import declared, modules

router = PageRouter()


@cache
def policies() -> tuple[PolicyLink, ...]:
    """Every policy that a capability has a page for, in the order of their names."""
    routers = [getattr(one, "router", None) for one in modules("api", "pages", suffixed=True)]
    found = [one.link for one in routers if isinstance(one, PolicyRouter)]
    found += declared("api", "pages", "POLICY", PolicyLink, suffixed=True)
    return tuple(sorted(found, key=lambda one: one.title))


NAVIGATION = NavigationItem(
    "Policies",
    "/policies",
    175,
    NavigationSection.SET_UP,
    "read-tool",
    also=lambda: tuple(one.address for one in policies()),
)


@router.get("/policies")
def list_policies(reading: Reader) -> Response:
    """The council's policies by name, each leading to its page."""
    require(reading.actor, "read-tool")
    return reading.page("installation/policies.html", title="Policies", policies=policies())
