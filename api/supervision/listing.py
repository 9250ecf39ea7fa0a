"""The list of pairs as a file: exactly what the list page shows."""

from __future__ import annotations

from sqlalchemy.engine import Connection

from api.documents.listing import Column, ColumnKind, Listing
from api.services import Services
from api.supervision import reading
from api.web.freshness import behind
from api.web.moments import AsAt
from projections.people import queries
from projections.people import queries as people_queries
from qa.core.words import Actor
from qa.supervision.words import STANDARD_LABELS

COLUMNS = (
    Column("pair", "Supervision (id)"),
    Column("service_name", "Service"),
    Column("team_name", "Team"),
    Column("supervisor_name", "Supervisor"),
    Column("practitioner_name", "Practitioner"),
    Column("standard", "Standard"),
    Column("last_on", "Last session", ColumnKind.DAY),
    Column("due_on", "Next session owed", ColumnKind.DAY),
    Column("late", "Overdue"),
    Column("checked_on", "Last checked", ColumnKind.DAY),
)


def pair_listing(services: Services, connection: Connection, actor: Actor, at: AsAt) -> Listing:
    """The pairs that the reader may know of, those owed longest first."""
    rows = reading.listed(connection, actor, at)
    mentioned = {who for one in rows for who in (one.row.supervisor, one.row.practitioner)}
    names = queries.names(connection, {actor.person, *mentioned}, position=at.position)
    named = people_queries.places(connection, position=at.position)
    return Listing(
        title="Supervision",
        columns=COLUMNS,
        rows=[
            [
                one.row.pair,
                named.get(one.row.team, ("", one.row.service))[1],
                named.get(one.row.team, (one.row.team, ""))[0],
                names.get(one.row.supervisor, one.row.supervisor),
                names.get(one.row.practitioner, one.row.practitioner),
                STANDARD_LABELS[one.row.standard],
                one.last_on,
                one.due_on,
                "yes" if one.late(at.on) else "no",
                one.checked_on,
            ]
            for one in rows
        ],
        filters=(),
        position=at.shown,
        **at.taken_out(names.get(actor.person, actor.person), services.clock.now()),
        notes=[one.words for one in behind(services, connection, at)],
    )
