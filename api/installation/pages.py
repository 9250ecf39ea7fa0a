"""What this installation is: whose, which version, how far its log goes, and its read models."""

from __future__ import annotations

from importlib import metadata

from starlette.responses import Response

from api.web.context import PresentReader
from api.web.late_routes import PageRouter
from projections.core.health import health
from qa.authorisation.policy import can

router = PageRouter()


def version() -> str:
    """The version of the installed package; "not installed" in a bare checkout."""
    try:
        return metadata.version("caseloop")
    except metadata.PackageNotFoundError:
        return "Run from a checkout, not installed"


@router.get("/about")
def about(reading: PresentReader) -> Response:
    services = reading.services
    models = health(services.registry, reading.connection, services.clock.now())
    kind = reading.services.settings.store.partition(":")[0]
    return reading.page(
        "installation/installation.html",
        title="About this installation",
        as_at=None,
        version=version(),
        may_look=can(reading.actor, "verify").allowed,
        database="SQLite" if kind == "sqlite" else "PostgreSQL",
        models=models,
    )
