"""Restricted records: the list, one with who reads it, the forms that change it, and the glass."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Path
from starlette.responses import Response

from api.navigation import NavigationItem
from api.restrictions import reading as restriction_reading
from api.restrictions.reading import OpenedRestriction
from api.web import access_notes
from api.web.boxes import Box, FormValues
from api.web.context import Reader, Reading
from api.web.csrf import Posted
from api.web.steps import At, FormStep, Sent, send, show
from api.web.template_engine import day
from projections.people import queries as people_queries
from qa.authorisation.policy import can
from qa.core.access import What
from qa.core.errors import NotFound
from qa.core.words import SOMEWHERE
from qa.restrictions import commands
from qa.restrictions.events import restriction_stream
from qa.store.unit import Receipt

router = APIRouter(prefix="/restrictions")
NAVIGATION = NavigationItem("Restricted records", "/restrictions", 235, "break-glass")

RestrictionId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]
StepName = Annotated[str, Path(pattern=r"^(readers|lift)$")]
REASON = "Somebody who was not there must be able to weigh it. Name nobody."


@dataclass(frozen=True, slots=True)
class RestrictionView:
    """What the forms are given: who can be named, and the restriction once there is one."""

    people: Sequence[tuple[str, str]]
    restriction: str = ""
    readers: Sequence[str] = ()


def _readers(view: RestrictionView) -> Box:
    return Box(
        "readers",
        "Who may read these records",
        "several",
        "They read what their roles let them read, and nobody else reads anything.",
        items=view.people,
        value="\n".join(view.readers),
    )


def _restrict(_: RestrictionView, asked: FormValues, sent: Sent) -> Receipt:
    return commands.restrict(
        child=asked.text("child"),
        readers=asked.several("readers"),
        why=asked.text("why"),
        desk=sent["desk"],
        by=sent["by"],
        once=sent["once"],
    )


def _name_readers(view: RestrictionView, asked: FormValues, sent: Sent) -> Receipt:
    return commands.name_readers(
        restriction=view.restriction,
        readers=asked.several("readers"),
        why=asked.text("why"),
        **sent,
    )


def _break_glass(_: RestrictionView, asked: FormValues, sent: Sent) -> Receipt:
    return commands.break_glass(
        child=asked.text("child"),
        why=asked.text("why"),
        desk=sent["desk"],
        by=sent["by"],
        once=sent["once"],
    )


RESTRICT: FormStep[RestrictionView] = FormStep(
    "Restrict the records of a child",
    "Restrict the records",
    "The records are restricted.",
    lambda view: [
        Box("child", "Child’s local reference", hint="For example, C-10421. Never a name."),
        _readers(view),
        Box("why", "Why they are restricted", "long", REASON),
    ],
    _restrict,
    (
        "For the child of a colleague, a councillor’s family, or whoever must not be found. From "
        "now on only the people you name read the audits, actions and concerns of this child, "
        "whatever others’ roles let them read, and whatever date they look at.",
        "The audits go on counting in figures that name nobody.",
    ),
    "restrict-record",
)
GLASS: FormStep[RestrictionView] = FormStep(
    "Break the glass",
    "Break the glass",
    "You may read these records to the end of the next working day.",
    lambda _: [
        Box("child", "Child’s local reference", hint="For example, C-10421. Never a name."),
        Box("why", "Why you must read these records now", "long", REASON),
    ],
    _break_glass,
    (
        "For an emergency in which nobody who is named can be asked. You read what your role lets "
        "you read, to the end of the next working day.",
        "The QA leads and whoever restricted the records are told at once who broke the glass. "
        "Your reason stays on record.",
    ),
    "break-glass",
    warns=True,
)
STEPS: Mapping[str, FormStep[RestrictionView]] = {
    "readers": FormStep(
        "Change who may read",
        "Change who may read",
        "It is changed who may read.",
        lambda view: [_readers(view), Box("why", "Why it is changed", "long", REASON)],
        _name_readers,
        (),
        "restrict-record",
    ),
    "lift": FormStep(
        "Lift the restriction",
        "Lift the restriction",
        "The restriction is lifted.",
        lambda _: [Box("why", "Why it is lifted", "long", REASON)],
        lambda view, asked, sent: commands.lift(
            restriction=view.restriction, why=asked.text("why"), **sent
        ),
        (
            "The records are read again by everybody whose role lets them, what was recorded "
            "meanwhile included.",
        ),
        "restrict-record",
        warns=True,
    ),
}
DONE = {"new": RESTRICT.done, "glass": GLASS.done, **{name: s.done for name, s in STEPS.items()}}
LIST = At("/restrictions/new", "/restrictions", resource=SOMEWHERE)
GLASS_AT = At("/restrictions/glass", "/restrictions", resource=SOMEWHERE)


def _view(reading: Reading, opened: OpenedRestriction | None = None) -> RestrictionView:
    people = [(one["person"], one["name"]) for one in people_queries.everybody(reading.connection)]
    if opened is None:
        return RestrictionView(people)
    return RestrictionView(people, opened.row["restriction"], opened.readers)


@router.get("")
def list_restrictions(reading: Reader) -> Response:
    restriction_reading.require_leads(reading.actor)
    rows, closed = restriction_reading.rows(
        reading.connection, reading.actor, position=reading.at.position
    )
    names = people_queries.names(reading.connection, {row["made_by"] for row in rows})
    return reading.page(
        "restrictions/list.html",
        title="Restricted records",
        said=DONE.get(reading.request.query_params.get("done", ""), ""),
        rows=[{**row, "by": names.get(row["made_by"], row["made_by"])} for row in rows],
        closed=closed,
        may_restrict=can(reading.actor, "restrict-record").allowed,
    )


@router.get("/new")
def new_restriction(reading: Reader) -> Response:
    return show(reading, RESTRICT, _view(reading), LIST)


@router.post("/new")
def restrict(reading: Reader, form: Posted) -> Response:
    return send(reading, RESTRICT, _view(reading), LIST, form, "/restrictions/{restriction}")


@router.get("/glass")
def show_glass(reading: Reader) -> Response:
    return show(reading, GLASS, _view(reading), GLASS_AT)


@router.post("/glass")
def break_glass(reading: Reader, form: Posted) -> Response:
    def noted(view: RestrictionView, asked: FormValues, sent: Sent) -> Receipt:
        done = _break_glass(view, asked, sent)
        restriction_reading.note_glass(
            reading.services, reading.actor, str(done.response["restriction"])
        )
        return done

    step = FormStep(
        GLASS.title, GLASS.button, GLASS.done, GLASS.boxes, noted, GLASS.intro, GLASS.verb, True
    )
    return send(reading, step, _view(reading), GLASS_AT, form, "/restrictions/{restriction}")


@router.get("/{restriction}")
def show_restriction(restriction: RestrictionId, reading: Reader) -> Response:
    opened = restriction_reading.open_restriction(reading.connection, reading.actor, restriction)
    access_notes.note(reading.services, reading.actor, What.VIEW, restriction_stream(restriction))
    return reading.page(
        "restrictions/restriction.html",
        title=f"Restricted records of child {opened.row['child']}",
        back="/restrictions",
        as_at=None,
        said=DONE.get(reading.request.query_params.get("done", ""), ""),
        row=opened.row,
        by=opened.name(opened.row["made_by"]),
        readers=[opened.name(one) for one in opened.readers],
        overridden=[(opened.name(one), day(until)) for one, until in opened.overridden],
        at_work=[opened.name(one) for one in opened.at_work],
        may_read=opened.row["child_key"] not in reading.actor.closed,
        may_change=opened.may_change,
    )


def _step(
    reading: Reading, restriction: str, name: str
) -> tuple[FormStep[RestrictionView], RestrictionView, At]:
    opened = restriction_reading.open_restriction(reading.connection, reading.actor, restriction)
    if not opened.may_change:
        raise NotFound("There is no such page.")
    here = f"/restrictions/{restriction}"
    back = "/restrictions" if name == "lift" else here
    at = At(f"{here}/{name}", back, opened.row["stream_version"], resource=SOMEWHERE)
    return STEPS[name], _view(reading, opened), at


@router.get("/{restriction}/{step}")
def show_step(restriction: RestrictionId, step: StepName, reading: Reader) -> Response:
    return show(reading, *_step(reading, restriction, step))


@router.post("/{restriction}/{step}")
def send_step(
    restriction: RestrictionId, step: StepName, reading: Reader, form: Posted
) -> Response:
    return send(reading, *_step(reading, restriction, step), form)
