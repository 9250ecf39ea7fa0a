"""What is on record, as a file that comes in again: a room declares under ``OWN_RECORDS`` in its
``own_records`` how its records stand in the columns of a kind of import."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Literal

from sqlalchemy.engine import Connection

from api.documents.listing import Column, Listing
from api.imports.about import AboutPlan
from api.imports.importers import importers
from api.services import Services
from api.web.moments import AsAt
from projections.people import queries as people
from projections.restrictions.queries import restricted
from qa.authorisation.policy import require
from qa.core.capabilities import declared
from qa.core.errors import NotFound, Refused
from qa.core.words import Actor, Reach

OwnFileEnding = Literal["csv", "xlsx"]


@dataclass(frozen=True, slots=True)
class RecordsRequest:
    """Whose records are asked for: those within `reach`, which is closed to every restricted
    child; and, as for a file that is sent, of which tool and plan."""

    connection: Connection
    reach: Reach
    tool: str
    about: AboutPlan
    today: date


@dataclass(frozen=True, slots=True)
class GivenRecords:
    """Rows as field → cell, and a sentence for everything that they leave out."""

    rows: Sequence[Mapping[str, str]]
    left_out: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class OwnRecords:
    """How records are written for one kind of import. `stays` says what no such file holds."""

    kind: str
    rows: Callable[[RecordsRequest], GivenRecords]
    stays: str = ""


@cache
def own_records() -> Mapping[str, OwnRecords]:
    """The kinds whose records can be written so, in the order in which they come in again."""
    found = {one.kind: one for one in declared("api", "own_records", "OWN_RECORDS", OwnRecords)}
    order = ("teams", "people", *importers())
    return {kind: found[kind] for kind in order if kind in found}


def sign_in_names(connection: Connection) -> dict[str, str]:
    """How everybody on record signs in, by person, those who left among them."""
    return {one.person: one.handle for one in people.everybody(connection, with_departed=True)}


def counted(number: int, one: str, several: str) -> list[str]:
    """A sentence for what is left out, where anything is: "3 audits …"."""
    return [f"{number} {one if number == 1 else several}"] if number else []


def own_listing(
    services: Services,
    connection: Connection,
    actor: Actor,
    within: Reach,
    at: AsAt,
    kind: str,
    *,
    tool: str,
    about: AboutPlan | None = None,
) -> Listing:
    """The records of a kind within a reach, under the headings that its import reads.

    Raises:
        NotFound: no records are written for this kind.
        Forbidden: who asks may not send such a file.
        Refused: there is no such tool or plan, or another moment than now is asked for.
    """
    if at.is_past:
        sentence = "A file that comes in again holds the records of now: ask for no other moment."
        raise Refused(sentence, field="position", code="present-only")
    own = own_records().get(kind)
    if own is None:
        raise NotFound("No records are given back as a file of this kind.")
    importer = importers()[kind]
    require(actor, importer.verb)
    fields = importer.fields(connection, tool)
    # A file with a restricted child in it is a file too many, whoever takes it out.
    reach = replace(within, closed=within.closed | restricted(connection))
    today = services.desk.today()
    given = own.rows(RecordsRequest(connection, reach, tool, about or AboutPlan(), today))
    used = {name for row in given.rows for name, cell in row.items() if cell}
    kept = [one for one in fields if one.required or one.name in used]
    return Listing(
        title=f"{importer.title} (to be imported again)",
        columns=[Column(one.name, one.label) for one in kept],
        rows=[[row.get(one.name, "") for one in kept] for row in given.rows],
        filters=(),
        position=at.shown,
        **at.taken_out(actor.display_name, services.clock.now(), services.letterhead),
        notes=[*given.left_out, *([own.stays] if own.stays else [])],
    )
