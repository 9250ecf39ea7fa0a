"""Restricted records: the list, one with who reads it, the forms that change it, and the glass."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import Path
from starlette.responses import Response

from api.lists.page import list_page
from api.navigation import NavigationItem, NavigationSection
from api.restrictions import reading as restriction_reading
from api.restrictions.listing import restriction_list
from api.restrictions.reading import OpenedRestriction
from api.web.boxes import FormValues
from api.web.context import Reader, Reading
from api.web.late_routes import PageRouter
from api.web.steps import At, FormStep, Sent, command_step, form_routes
from projections.people import queries as people_queries
from qa.authorisation.policy import can
from qa.core.dates_in_words import day
from qa.core.errors import NotFound
from qa.core.words import SOMEWHERE
from qa.restrictions import handlers
from qa.restrictions.events import restriction_stream
from qa.store.unit import Receipt

router = PageRouter(prefix="/restrictions")
NAVIGATION = NavigationItem(
    "Restricted records", "/restrictions", 235, NavigationSection.SET_UP, "break-glass"
)

RestrictionId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]
StepName = Annotated[str, Path(pattern=r"^(readers|lift)$")]


@dataclass(frozen=True, slots=True)
class RestrictionView:
    """What the forms are given: who can be named, and the restriction once there is one."""

    people: Sequence[tuple[str, str]]
    restriction: str = ""
    readers: tuple[str, ...] = ()


def _people(view: RestrictionView) -> Sequence[tuple[str, str]]:
    return view.people


def _target(view: RestrictionView) -> dict[str, str]:
    return {"restriction": view.restriction}


RESTRICT: FormStep[RestrictionView] = command_step(
    handlers.restrict,
    title="Restrict the records of a child",
    button="Restrict the records",
    done="The records are restricted.",
    intro=(
        "For the child of a colleague, a councillor’s family, or somebody who must not be found. "
        "From now on only the people you name read the audits, actions and concerns of this child, "
        "whatever others’ roles let them read, and whatever date they look at.",
        "The audits go on counting in figures that name nobody.",
    ),
    verb="restrict-record",
    choices={"readers": _people},
)
GLASS: FormStep[RestrictionView] = command_step(
    handlers.break_glass,
    title="Break the glass",
    button="Break the glass",
    done="You may read these records to the end of the next working day.",
    intro=(
        "For an emergency in which nobody who is named can be asked. You read what your role lets "
        "you read, to the end of the next working day.",
        "The QA leads and the person who restricted the records hear at once who broke the glass. "
        "Your reason stays on record.",
    ),
    verb="break-glass",
    warns=True,
)
STEPS: Mapping[str, FormStep[RestrictionView]] = {
    "readers": command_step(
        handlers.name_readers,
        title="Change who may read",
        button="Change who may read",
        done="The people who may read are changed.",
        verb="restrict-record",
        target=_target,
        choices={"readers": _people},
        initial=lambda view: view,
    ),
    "lift": command_step(
        handlers.lift,
        title="Lift the restriction",
        button="Lift the restriction",
        done="The restriction is lifted.",
        intro=(
            "The records are read again by everybody whose role lets them, what was recorded "
            "meanwhile included.",
        ),
        verb="restrict-record",
        target=_target,
        warns=True,
    ),
}
DONE = {"new": RESTRICT.done, "glass": GLASS.done, **{name: s.done for name, s in STEPS.items()}}
LIST = At.step("/restrictions", "new", resource=SOMEWHERE)
GLASS_AT = At.step("/restrictions", "glass", resource=SOMEWHERE)


def _view(reading: Reading, opened: OpenedRestriction | None = None) -> RestrictionView:
    people = [(one.person, one.name) for one in people_queries.everybody(reading.connection)]
    if opened is None:
        return RestrictionView(people)
    return RestrictionView(people, opened.row.restriction, tuple(opened.readers))


@router.get("")
def list_restrictions(reading: Reader) -> Response:
    restriction_reading.require_leads(reading.actor)
    rows, closed = restriction_reading.rows(
        reading.connection, reading.actor, position=reading.at.position
    )
    restricts = can(reading.actor, "restrict-record").allowed
    return list_page(
        reading,
        restriction_list(reading.connection, rows, reading.at.position),
        "restrictions/list.html",
        title="Restricted records",
        said=reading.notice(DONE),
        intro="Records of a colleague’s child, a councillor’s family, or somebody who must not be "
        "found: read by the people who are named, and by nobody else whatever their role.",
        button=("Restrict the records of a child", "/restrictions/new") if restricts else None,
        links=[("Break the glass", "/restrictions/glass")],
        closed=closed,
    )


def _new(reading: Reader) -> tuple[FormStep[RestrictionView], RestrictionView, At]:
    return RESTRICT, _view(reading), LIST


form_routes(router, "/new", _new, "/restrictions/{restriction}")


def _glass(reading: Reader) -> tuple[FormStep[RestrictionView], RestrictionView, At]:
    def noted(view: RestrictionView, form: FormValues, sent: Sent) -> Receipt:
        done = GLASS.do(view, form, sent)
        restriction_reading.note_glass(
            reading.services, reading.actor, str(done.response["restriction"])
        )
        return done

    return replace(GLASS, do=noted), _view(reading), GLASS_AT


form_routes(router, "/glass", _glass, "/restrictions/{restriction}")


@router.get("/{restriction}")
def show_restriction(restriction: RestrictionId, reading: Reader) -> Response:
    opened = restriction_reading.open_restriction(reading, restriction)
    reading.note(restriction_stream(restriction))
    return reading.page(
        "restrictions/restriction.html",
        title=f"Restricted records of child {opened.row.child}",
        back=reading.link("/restrictions"),
        said=reading.notice(DONE),
        row=opened.row,
        by=opened.name(opened.row.made_by),
        readers=[opened.name(one) for one in opened.readers],
        overridden=[(opened.name(one), day(until)) for one, until in opened.overridden],
        at_work=[opened.name(one) for one in opened.at_work],
        may_read=opened.row.child_key not in reading.actor.closed,
        may_change=opened.may_change,
    )


def _step(
    reading: Reader, restriction: RestrictionId, step: StepName
) -> tuple[FormStep[RestrictionView], RestrictionView, At]:
    opened = restriction_reading.open_restriction(reading, restriction)
    if not opened.may_change:
        raise NotFound("There is no such page.")
    here = f"/restrictions/{restriction}"
    back = "/restrictions" if step == "lift" else here
    at = At(f"{here}/{step}", back, opened.row.stream_version, resource=SOMEWHERE)
    return STEPS[step], _view(reading, opened), at


form_routes(router, "/{restriction}/{step}", _step)
