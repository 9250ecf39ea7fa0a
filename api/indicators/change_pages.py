"""The forms that define an indicator and change its record."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from api.indicators.pages import IndicatorId, found
from api.indicators.steps import NEW, STEPS, IndicatorView
from api.web.context import Reader, Reading
from api.web.csrf import Posted
from api.web.steps import At, FormStep, send, show
from qa.authorisation.policy import require
from qa.core.errors import NotFound

router = APIRouter(prefix="/indicators", include_in_schema=False)

NEW_AT = At("/indicators/new", "/indicators")


@router.get("/new")
def new(reading: Reader) -> Response:
    return show(reading, NEW, IndicatorView(None), NEW_AT)


@router.post("/new")
def define(reading: Reader, form: Posted) -> Response:
    return send(reading, NEW, IndicatorView(None), NEW_AT, form, "/indicators/{indicator}")


def _step(
    indicator: str, change: str, reading: Reading
) -> tuple[FormStep[IndicatorView], IndicatorView, At]:
    if change not in STEPS:
        raise NotFound("There is nothing here.")
    require(reading.actor, STEPS[change].verb)
    held = found(reading, indicator).held
    asked = reading.request.query_params
    view = IndicatorView(held, asked.get("period", ""), asked.get("source", ""))
    here = f"/indicators/{indicator}"
    at = At(f"{here}/change/{change}", here, held.version, held.definition.name)
    return STEPS[change], view, at


@router.get("/{indicator}/change/{change}")
def ask(indicator: IndicatorId, change: str, reading: Reader) -> Response:
    return show(reading, *_step(indicator, change, reading))


@router.post("/{indicator}/change/{change}")
def make(indicator: IndicatorId, change: str, reading: Reader, form: Posted) -> Response:
    step, view, at = _step(indicator, change, reading)
    return send(reading, step, view, at, form)
