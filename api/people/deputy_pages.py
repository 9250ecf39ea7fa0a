"""Who stands in for somebody: shown, named and ended by themselves, their line or an
administrator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import Path
from starlette.responses import Response

from api.lists.page import whole_table
from api.people.listing import deputy_list
from api.people.pages import PersonId
from api.people.reading import person_as_resource, to_choose
from api.web.boxes import Box, FormValues
from api.web.context import Reader, Reading
from api.web.late_routes import PageRouter
from api.web.steps import At, FormStep, Sent, carry_out, command_box, form_routes
from projections.core.base import present
from projections.people import deputy_queries, queries
from projections.people.tables import DeputyRow, PlacedPerson
from qa.authorisation.policy import can, require
from qa.core.errors import NotFound
from qa.people import handlers
from qa.people.commands import EndDeputy, NameDeputy
from qa.store.unit import Receipt

router = PageRouter(prefix="/people/{person}/deputies")

StepName = Annotated[str, Path(pattern=r"^(name|end)$")]


@dataclass(frozen=True, slots=True)
class View:
    """The person, who may stand in for them, and who does from today on."""

    person: str
    version: int
    choices: Sequence[tuple[str, str]]
    standing: Sequence[DeputyRow]
    names: Mapping[str, str]

    def words(self, row: DeputyRow) -> str:
        return self.names.get(row.deputy, row.deputy)


def _name_boxes(view: View) -> list[Box]:
    fields = (("deputy", view.choices), ("since", ()), ("until", ()))
    return [replace(command_box(NameDeputy, name, items), owed=True) for name, items in fields]


def _name(view: View, form: FormValues, sent: Sent) -> Receipt:
    deputy = form.one_of("deputy", [code for code, _ in view.choices], "Choose somebody.")
    since = form.day("since", "Enter a day.")
    until = form.day_owed("until", "Enter a day.")
    assert since is not None
    command = NameDeputy(person=view.person, deputy=deputy, since=since, until=until)
    return carry_out(handlers.name_deputy, command, sent)


def _end_boxes(view: View) -> list[Box]:
    items = [
        (f"{row.deputy} {row.since}", f"{view.words(row)}, from {row.since}")
        for row in view.standing
    ]
    return [Box("cover", "Which", "choice", items=items, owed=True)]


def _end(view: View, form: FormValues, sent: Sent) -> Receipt:
    covers = {f"{row.deputy} {row.since}": row for row in view.standing}
    row = covers.get(form.one_of("cover", list(covers), "Choose one of these."))
    form.done()
    assert row is not None
    command = EndDeputy(person=view.person, deputy=row.deputy, since=row.first_day)
    return carry_out(handlers.end_deputy, command, sent)


STEPS: Mapping[str, FormStep[View]] = {
    "name": FormStep(
        "Name a deputy",
        "Name the deputy",
        "The deputy is named.",
        _name_boxes,
        _name,
        (
            "A deputy sees the person’s tasks, is reminded of them, and answers for actions. They "
            "never judge an audit in the person’s place, and never check what they stood in for.",
        ),
        "name-deputy",
    ),
    "end": FormStep(
        "End this cover",
        "End it now",
        "The standing in is over.",
        _end_boxes,
        _end,
        ("From now on the deputy sees and does nothing more in the person’s place.",),
        "name-deputy",
    ),
}


def _view(reading: Reading, person: str) -> tuple[PlacedPerson, View]:
    """The person and what was known of their deputies at the moment.

    Raises:
        NotFound: no such person, or none whose deputies the reader has a say in.
    """
    connection, at = reading.connection, reading.at
    now = queries.person(present(connection), person)
    row = queries.person(connection, person, position=at.position, day=at.on)
    resource = None if now is None else person_as_resource(connection, now)
    if row is None or not can(reading.actor, "name-deputy", resource).allowed:
        raise NotFound("There is no such person.")
    standing = deputy_queries.of(connection, person, day=at.on, position=at.position)
    return row, View(
        person,
        row.stream_version,
        [one for one in to_choose(reading) if one[0] != person],
        standing,
        queries.names(connection, {one.deputy for one in standing}, position=at.position),
    )


@router.get("")
def show_deputies(person: PersonId, reading: Reader) -> Response:
    row, view = _view(reading, person)
    own = person == reading.actor.person
    manages = can(reading.actor, "manage-people").allowed
    return reading.page(
        "people/deputies.html",
        title="Who stands in for you" if own else f"Who stands in for {row.name}",
        back="/account" if own else reading.link(f"/people/{person}" if manages else "/team-work"),
        here=f"/people/{person}/deputies",
        said=reading.notice(STEPS),
        standing=whole_table(reading, deputy_list(view.standing, view.names, reading.at.on)),
    )


def _step(reading: Reader, person: PersonId, step: StepName) -> tuple[FormStep[View], View, At]:
    row, view = _view(reading, person)
    resource = person_as_resource(reading.connection, row)
    require(reading.actor, "name-deputy", resource)
    here = f"/people/{person}/deputies"
    return STEPS[step], view, At.step(here, step, view.version, row.name, resource)


form_routes(router, "/{step}", _step)
