"""The forms that define an indicator and change its record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from api.pages.indicator_forms import BY_SLUG, DEFINITION, Field, Form, definition
from api.pages.indicators import IndicatorId, found
from api.pages.kit.changes import Trouble, flat, new_key, once, seen, tried
from api.pages.kit.context import Reader, Reading
from api.pages.kit.csrf import Posted
from api.pages.kit.dates import date_input
from api.pages.kit.forms import Errors
from projections.indicators.queries import Held
from qa.commands import indicators as commands
from qa.errors import NotFound
from qa.policy import require
from qa.store import Receipt

router = APIRouter(prefix="/indicators", include_in_schema=False)

NEW = (
    DEFINITION[0],
    Field(
        "id", "Short name for addresses and files (optional)", hint="Made from the name if empty."
    ),
    *DEFINITION[1:],
)


@router.get("/new")
def new(reading: Reader) -> Response:
    require(reading.actor, "run-indicators")
    return _new(reading, {"period": "quarter", "polarity": "unknown"}, Errors())


def _new(reading: Reading, typed: Mapping[str, str], errors: Errors, status: int = 200) -> Response:
    return reading.page(
        "indicators/form.html",
        status=status,
        title="Define an indicator",
        caption="",
        says="What it counts, out of what, over which periods. A later change is a new version.",
        action="/indicators/new",
        back="/indicators",
        as_at=None,
        errors=errors,
        key=new_key(),
        seen=None,
        warns=False,
        fields=_inputs(NEW, typed, errors),
    )


@router.post("/new")
def define(request: Request, reading: Reader, form: Posted) -> Response:
    typed = flat(form)

    def do() -> Receipt:
        return commands.define(
            reading.desk,
            id=typed.get("id", ""),
            draft=definition(typed),
            by=reading.actor,
            once=once(form, request),
        )

    done = tried(do, tuple(field.name for field in NEW))
    if isinstance(done, Trouble):
        return _new(reading, typed, done.errors, done.status)
    return RedirectResponse(
        f"/indicators/{done.response['indicator']}?defined=yes", status_code=303
    )


def _inputs(
    fields: tuple[Field, ...], typed: Mapping[str, str], errors: Errors
) -> list[dict[str, Any]]:
    """The fields with what was typed, ready for their macros."""
    return [
        {
            "field": field,
            "value": typed.get(field.name, ""),
            "boxes": date_input(typed, field.name, field.label, errors, field.hint)
            if field.kind == "date"
            else None,
        }
        for field in fields
    ]


def _form(change: str) -> Form:
    form = BY_SLUG.get(change)
    if form is None:
        raise NotFound("There is nothing here.")
    return form


@router.get("/{indicator}/change/{change}")
def ask(indicator: IndicatorId, change: str, request: Request, reading: Reader) -> Response:
    form = _form(change)
    require(reading.actor, "run-indicators")
    held = found(reading, indicator).held
    given = form.start(held) | _of_value(form, held, request)
    return _page(reading, held, form, given, Errors())


def _of_value(form: Form, held: Held, request: Request) -> dict[str, str]:
    """What a restatement starts with: the value that the link names."""
    period = request.query_params.get("period", "")
    source = request.query_params.get("source", "")
    if form.slug != "restate":
        return {"period": period, "state": "value"} if form.slug == "observe" else {}
    for value in held.values:
        if (value.period, value.source) == (period, source):
            return {
                "period": period,
                "source": source,
                "state": value.state,
                "value": "" if value.value is None else str(value.value),
                "numerator": "" if value.numerator is None else str(value.numerator),
                "denominator": "" if value.denominator is None else str(value.denominator),
                "note": value.note,
                "excluded": value.excluded,
            }
    return {"period": period, "source": source, "state": "value"}


def _page(
    reading: Reading,
    held: Held,
    form: Form,
    typed: Mapping[str, str],
    errors: Errors,
    status: int = 200,
) -> Response:
    return reading.page(
        "indicators/form.html",
        status=status,
        title=form.title,
        caption=held.definition.name,
        says=form.says,
        action=f"/indicators/{held.id}/change/{form.slug}",
        back=f"/indicators/{held.id}",
        as_at=None,
        errors=errors,
        key=new_key(),
        seen=held.version,
        warns=form.warns,
        fields=_inputs(form.fields, typed, errors),
    )


@router.post("/{indicator}/change/{change}")
def make(
    indicator: IndicatorId, change: str, request: Request, reading: Reader, form: Posted
) -> Response:
    asked, typed = _form(change), flat(form)
    require(reading.actor, "run-indicators")
    held = found(reading, indicator).held

    def do() -> Receipt:
        made = {"by": reading.actor, "once": once(form, request), "seen": seen(form)}
        return asked.do(reading.desk, indicator, typed, made)

    done = tried(do, asked.order)
    if isinstance(done, Trouble):
        return _page(reading, held, asked, typed, done.errors, done.status)
    return RedirectResponse(f"/indicators/{indicator}?done={asked.slug}", status_code=303)
