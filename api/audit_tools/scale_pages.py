"""Scales: every version there is, and a form for the next one. A version never changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError
from starlette.responses import Response

from api.web.changes import Changing, FormVisit, RecordChangeForm, Visiting, attempt
from api.web.context import Reader
from api.web.forms import Errors, text
from api.web.late_routes import PageRouter
from projections.audit_tools import queries
from qa.audit_tools import handlers
from qa.audit_tools.commands import PublishScale
from qa.authorisation.policy import can, require
from qa.core.errors import Fault, Refused, refuse_any
from qa.core.words import Scale, code_of
from qa.store.unit import Receipt

router = PageRouter(include_in_schema=False)
LINES = 12
COLOURS = ("green", "turquoise", "blue", "yellow", "orange", "red", "grey")


@router.get("/scales")
def scales(reading: Reader, done: str = "") -> Response:
    require(reading.actor, "read-tool")
    found = queries.scales(reading.connection, position=reading.at.position)
    return reading.page(
        "audit_tools/scales.html",
        title="Scales",
        scales=found,
        latest={scale.id: scale.version for scale in found},
        may_edit=can(reading.actor, "publish-tool").allowed and not reading.at.is_past,
        said="The scale is published." if done else None,
        back=reading.link("/tools"),
    )


def _given(scale: Scale | None) -> dict[str, Any]:
    if scale is None:
        return {}
    return {
        "id": scale.id,
        "name": scale.name,
        "met": next((p.code for p in scale.points if p.rank == scale.met_rank), ""),
        "points": {
            str(at): {
                "code": point.code,
                "label": point.label,
                "short": point.short,
                "meaning": point.meaning,
                "colour": point.colour,
                "unranked": "" if point.rank is not None else "yes",
            }
            for at, point in enumerate(scale.points)
        },
    }


def _form(
    visit: FormVisit, given: Mapping[str, Any], next_version: int, errors: Errors | None = None
) -> Response:
    rows = [
        {
            name: text(given, f"points.{at}.{name}")
            for name in ("code", "label", "short", "meaning", "colour", "unranked")
        }
        for at in range(LINES)
    ]
    return visit.draw(
        "audit_tools/scale_form.html",
        errors,
        title="Publish a scale" if next_version == 1 else "Publish the next version of a scale",
        given=given,
        rows=rows,
        colours=COLOURS,
        next_version=next_version,
        back="/scales",
    )


@router.get("/scales/new")
def new_scale(visit: Visiting, of: str = "") -> Response:
    """The form for a new scale, or for the next version of the scale `of`."""
    require(visit.actor, "publish-tool")
    with visit.services.store.reading() as connection:
        versions = [scale for scale in queries.scales(connection) if scale.id == of]
    latest = max(versions, key=lambda scale: scale.version, default=None)
    return _form(visit, _given(latest), 1 if latest is None else latest.version + 1)


def _scale(change: RecordChangeForm) -> Scale:
    """The scale the form describes: points from best to worst, empty lines left out."""
    points: list[dict[str, Any]] = []
    rank, met = 0, None
    for at in range(LINES):
        label = change.text(f"points.{at}.label")
        if not label:
            continue
        code = change.text(f"points.{at}.code") or code_of(label)
        code = code if code[:1].isalpha() else f"n{code}"
        ranked = change.text(f"points.{at}.unranked") != "yes"
        rank += ranked
        point = {
            "code": code,
            "label": label,
            "rank": rank if ranked else None,
            "short": change.text(f"points.{at}.short"),
            "meaning": change.text(f"points.{at}.meaning"),
            "colour": change.text(f"points.{at}.colour") or "grey",
        }
        points.append(point)
        if ranked and change.text("met") in (code, label):
            met = rank
    faults = []
    if not change.text("name"):
        faults.append(Fault("name", "missing", "Enter a name."))
    if rank < 2:
        faults.append(Fault("points.0.label", "too-few", "Enter at least two ranked points."))
    if change.text("met") and met is None:
        faults.append(Fault("met", "unknown", "Name one of the ranked points below."))
    refuse_any(faults)
    version = change.seen + 1
    try:
        return Scale.model_validate(
            {
                "id": change.text("id") or code_of(change.text("name")),
                "version": version,
                "name": change.text("name"),
                "points": points,
                "met_rank": met,
            }
        )
    except ValidationError as wrong:
        raise Refused(
            Fault(
                ".".join(str(part) for part in one["loc"]) or "points.0.label",
                "scale-malformed",
                one["msg"].removeprefix("Value error, ").capitalize() + ".",
            )
            for one in wrong.errors()
        ) from None


@router.post("/scales/new")
def publish_scale(change: Changing) -> Response:
    require(change.actor, "publish-tool")

    def publish() -> Receipt:
        return change.carry_out(handlers.publish_scale, PublishScale(scale=_scale(change)))

    return attempt(
        change,
        publish,
        again=lambda errors: _form(change, change.form, change.seen + 1, errors),
        onward="/scales?done=published",
        back="/scales",
        order=("name", "id", "met"),
    )
