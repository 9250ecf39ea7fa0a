"""Which judgement area each domain is reported under: the mappings there are, and the next one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.engine import Connection
from starlette.responses import Response

from api.web.changes import Changing, FormVisit, RecordChangeForm, Visiting, attempt, since
from api.web.context import Reader
from api.web.forms import Errors, text
from api.web.late_routes import PageRouter
from projections.audit_tools import queries
from projections.audit_tools.tables import AreaMappingRow
from projections.people import queries as people_queries
from qa.audit_tools import handlers
from qa.audit_tools.commands import MapJudgementAreas
from qa.audit_tools.definition import AreaOfDomain, JudgementArea
from qa.audit_tools.events import AREAS_STREAM
from qa.authorisation.policy import can, require
from qa.core.errors import Fault, refuse_any
from qa.store.unit import Receipt

router = PageRouter(include_in_schema=False)
PAGE = "/judgement-areas"
NONE = "No judgement area"
NO_AREA_WORDS = f"None: reported as “{NONE}”"


def _domains(connection: Connection, position: int | None = None) -> dict[tuple[str, str], str]:
    """Every domain of every tool that audits are made with, with the titles of both."""
    definitions = queries.definitions(connection, position=position)
    return {
        (tool, domain.id): f"{definition.title}: {domain.title}"
        for (tool, _), definition in sorted(definitions.items())
        for domain in definition.domains
    }


def _by_area(row: AreaMappingRow, titles: Mapping[tuple[str, str], str]) -> list[tuple[str, str]]:
    """The area of each domain that the mapping names, and where those stand that it leaves out."""
    areas = {(one.tool, one.domain): one.area.label for one in row.mapped.areas}
    left = {
        of: f"{JudgementArea(of[1]).label} (by its code)" if of[1] in {*JudgementArea} else NONE
        for of in titles
        if of not in areas
    }
    return [(titles.get(of, of[1]), area) for of, area in (areas | left).items()]


@router.get(PAGE)
def judgement_areas(reading: Reader, done: str = "") -> Response:
    require(reading.actor, "read-tool")
    connection, position = reading.connection, reading.at.position
    rows = queries.area_mappings(connection, position=position)
    titles = _domains(connection, position)
    return reading.page(
        "audit_tools/areas.html",
        title="Judgement areas",
        areas=[(area.value, area.label) for area in JudgementArea],
        mappings=[
            {
                "row": row,
                "domains": _by_area(row, titles),
            }
            for row in reversed(rows)
        ],
        names=people_queries.names(connection, {row.set_by for row in rows}, position=position),
        may_edit=can(reading.actor, "publish-tool").allowed and not reading.at.is_past,
        said="The mapping is recorded." if done else None,
        back=reading.link("/tools"),
    )


def _last_mapping(connection: Connection) -> dict[str, Any]:
    """The last mapping as the form would have posted it."""
    rows = queries.area_mappings(connection)
    given: dict[str, Any] = {}
    for one in rows[-1].mapped.areas if rows else ():
        given.setdefault("area", {}).setdefault(one.tool, {})[one.domain] = one.area.value
    return given


def _form(
    visit: FormVisit,
    connection: Connection,
    given: Mapping[str, Any],
    seen: int,
    errors: Errors | None = None,
) -> Response:
    offered = [("", NO_AREA_WORDS), *((area.value, area.label) for area in JudgementArea)]
    boxes = []
    for (tool, domain), title in _domains(connection).items():
        at = f"area.{tool}.{domain}"
        chosen = text(given, at) or (domain if domain in {*JudgementArea} else "")
        items = [{"value": v, "text": words, "selected": v == chosen} for v, words in offered]
        boxes.append({"at": at, "title": title, "items": items})
    return visit.draw(
        "audit_tools/area_form.html",
        errors,
        title="Map domains to judgement areas",
        given=given,
        boxes=boxes,
        seen=seen,
        back=PAGE,
    )


def _version(connection: Connection) -> int:
    return len(queries.area_mappings(connection))


@router.get(f"{PAGE}/new")
def new_mapping(visit: Visiting) -> Response:
    require(visit.actor, "publish-tool")
    with visit.services.store.reading() as connection:
        return _form(visit, connection, _last_mapping(connection), _version(connection))


def _areas(change: RecordChangeForm, connection: Connection) -> tuple[AreaOfDomain, ...]:
    """The domains with the area that was chosen for each; a domain without one is left out."""
    chosen = {
        (tool, domain): change.text(f"area.{tool}.{domain}")
        for tool, domain in _domains(connection)
    }
    sentence = "Choose one of the areas that are offered, or none."
    refuse_any(
        [
            Fault(f"area.{tool}.{domain}", "choice-unknown", sentence)
            for (tool, domain), area in chosen.items()
            if area not in {"", *JudgementArea}
        ]
    )
    return tuple(
        AreaOfDomain(tool=tool, domain=domain, area=JudgementArea(area))
        for (tool, domain), area in chosen.items()
        if area in {*JudgementArea}
    )


@router.post(f"{PAGE}/new")
def map_areas(change: Changing) -> Response:
    require(change.actor, "publish-tool")

    def again(errors: Errors) -> Response:
        with change.services.store.reading() as connection:
            return _form(change, connection, change.form, change.seen, errors)

    def carry_out() -> Receipt:
        with change.services.store.reading() as connection:
            areas = _areas(change, connection)
        values = {**change.typed(MapJudgementAreas), "areas": areas}
        command = MapJudgementAreas.model_construct(None, **values)
        return change.carry_out(handlers.map_areas, command)

    return attempt(
        change,
        carry_out,
        again=again,
        onward=f"{PAGE}?done=mapped",
        back=PAGE,
        order=("from_on", "reason"),
        happened=since(AREAS_STREAM, change.seen),
        current=_version,
    )
