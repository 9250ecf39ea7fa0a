"""Names from files: who they are, so that one person counts once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import Path
from sqlalchemy.engine import Connection
from starlette.responses import Response

from api.people.same_names import likely_same
from api.web.context import Reader
from api.web.late_routes import PageRouter
from api.web.steps import At, FormStep, Options, command_step, form_routes
from projections.core.base import present
from projections.people import queries
from projections.people.file_queries import names_from_files
from qa.authorisation.policy import require
from qa.core.errors import NotFound
from qa.core.words import Resource
from qa.people import handlers

router = PageRouter(prefix="/people")
LIST = "/people/from-files"


@dataclass(frozen=True, slots=True)
class _View:
    """A name, whom it may be, and whom it is likeliest to be."""

    person: str
    who: Options
    joined_to: str


STEPS: dict[str, FormStep[_View]] = {
    "join": command_step(
        handlers.join_person,
        title="Say who this is:",
        button="Join the names",
        done="The names are joined. They count as one person from now on.",
        verb="join-people",
        target=lambda view: {"person": view.person},
        choices={"joined_to": lambda view: view.who},
        initial=lambda view: view,
        intro=(
            "The two count as one person in every figure from now on. Each record keeps the name "
            "that its file gave, and the joining can be undone.",
        ),
    ),
    "part": command_step(
        handlers.part_person,
        title="Undo the joining of",
        button="Undo the joining",
        done="The joining is undone.",
        verb="join-people",
        target=lambda view: {"person": view.person},
    ),
}


def _proposals(connection: Connection) -> dict[str, list[tuple[str, str]]]:
    """For each name from a file, whom it is likely to be: the id and the name."""
    now = present(connection)
    accounts = [(one.person, one.name) for one in queries.everybody(now, with_departed=True)]
    return likely_same(names_from_files(now), accounts)


@router.get("/from-files")
def list_names(reading: Reader) -> Response:
    require(reading.actor, "join-people", Resource())
    found = names_from_files(reading.connection, position=reading.at.position)
    return reading.page(
        "people/from_files.html",
        title="Names from files",
        back="/people",
        said=reading.notice(STEPS),
        rows=found,
        names=queries.names(
            reading.connection, [one.joined_to for one in found], position=reading.at.position
        ),
        likely=_proposals(reading.connection),
        may_join=not reading.at.is_past,
        wide=True,
    )


def _opening(
    reading: Reader, person: Annotated[str, Path(pattern=r"^written-[a-z0-9-]{1,64}$")], step: str
) -> tuple[FormStep[_View], _View, At]:
    require(reading.actor, "join-people", Resource())
    connection = present(reading.connection)
    every = names_from_files(connection)
    one = next((each for each in every if each.person == person), None)
    if one is None or step not in STEPS:
        raise NotFound("There is no such name from a file.")
    likely = _proposals(connection).get(person, [])
    others = [
        *((each.person, each.name) for each in queries.everybody(connection, with_departed=True)),
        *(
            (each.person, f"{each.name} (from a file)")
            for each in every
            if each.joined_to is None and each.person != person
        ),
    ]
    first = [who for who, _ in likely]
    ordered = sorted(others, key=lambda each: each[0] not in first)
    view = _View(person, [("", "Choose a person"), *ordered], first[0] if first else "")
    titled = replace(STEPS[step], title=f"{STEPS[step].title} {one.name}")
    return titled, view, At(f"{LIST}/{person}/{step}", LIST, one.stream_version)


form_routes(router, "/from-files/{person}/{step}", _opening)
