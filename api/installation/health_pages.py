"""How far each read model is, for those who look after the service."""

from __future__ import annotations

from starlette.responses import Response

from api.web.context import PresentReader
from api.web.late_routes import PageRouter
from projections.core.health import health
from qa.authorisation.policy import require
from qa.ledger import tree

router = PageRouter()


@router.get("/health")
def read_health(reading: PresentReader) -> Response:
    require(reading.actor, "verify")
    services = reading.services
    models = health(services.registry, reading.connection, services.clock.now())
    return reading.page(
        "installation/health.html",
        title="Health of the read models",
        as_at=None,
        behind=(),
        models=models,
        late=[one for one in models if one.is_behind],
        clock_doubt=services.store.clock_doubt(reading.connection),
        sealed=tree.size(reading.connection),
        head=services.store.head(reading.connection),
    )
