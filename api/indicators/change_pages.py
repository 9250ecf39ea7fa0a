"""The forms that define an indicator and change its record."""

from __future__ import annotations

from api.indicators.pages import IndicatorId, found
from api.indicators.steps import NEW, STEPS, IndicatorView
from api.web.context import Reader
from api.web.late_routes import PageRouter
from api.web.steps import At, FormStep, form_routes
from qa.authorisation.policy import require
from qa.core.errors import NotFound

router = PageRouter(prefix="/indicators", include_in_schema=False)


def _defining(reading: Reader) -> tuple[FormStep[IndicatorView], IndicatorView, At]:
    return NEW, IndicatorView(None), At.step("/indicators", "new")


form_routes(router, "/new", _defining, "/indicators/{indicator}")


def _step(
    indicator: IndicatorId, change: str, reading: Reader
) -> tuple[FormStep[IndicatorView], IndicatorView, At]:
    if change not in STEPS:
        raise NotFound("There is no such record.")
    require(reading.actor, STEPS[change].verb)
    record = found(reading, indicator).indicator
    query = reading.request.query_params
    view = IndicatorView(record, query.get("period", ""), query.get("source", ""))
    here = f"/indicators/{indicator}"
    at = At(f"{here}/change/{change}", here, record.version, record.definition.name)
    return STEPS[change], view, at


form_routes(router, "/{indicator}/change/{change}", _step)
