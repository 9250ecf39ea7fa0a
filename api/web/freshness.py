"""Whether what is shown holds every event up to its moment: asked once for each request.

What is found is shown on the page, and stands in the head of every answer (`Caseloop-Behind`) and
in the name of every file.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.engine import Connection

from api.gate.access_middleware import CURRENT
from api.services import Services
from api.web.moments import AsAt
from projections.core.health import Health
from projections.core.health import behind as models_behind


def behind(services: Services, connection: Connection, at: AsAt) -> Sequence[Health]:
    """The read models that do not hold all that was so at `at`; the answer is marked by them."""
    found = models_behind(services.registry, connection, services.clock.now(), position=at.shown)
    visit = CURRENT.get()
    if found and visit is not None:
        visit.behind = " ".join(f"{one.name}={one.position}/{one.head}" for one in found)
    return found
