"""Concerns go out as a file and come in again with the same rows."""

from __future__ import annotations

from typing import Any

from api.documents.listing import Listing
from api.imports.own_records import own_listing
from api.imports.reading import read_sheet
from api.imports.run import DEFAULT_TOOL, run
from api.lists.files import render_listing
from api.safeguarding.importer import FIELDS
from api.web.moments import as_at
from qa.authorisation.policy import reach
from qa.core.clock import civil_day
from qa.restrictions import handlers as restrictions
from qa.restrictions.commands import RestrictChild
from qa.safeguarding import handlers
from qa.safeguarding.commands import AcknowledgeConcern, RaiseConcern, TellManager
from tests.conftest import NewCouncil
from tests.support.council import Council

FROM_FILE = (
    "Concern ref,Audit ref,Concern,Date raised,Raised by,Told,Date told,Told how,Date acknowledged,"
    "Acknowledged by,What was done\n"
    "S-1,{audit},=Alone at night,2025-06-02,J. Smith,M. Jones,2025-06-03,Phone,,,\n"
)


def taken(council: Council, kind: str = "concerns", by: str = "lead") -> Listing:
    services, actor = council.services, council.actor(by)
    with services.store.reading() as connection:
        at = as_at(services.store, connection, None, None, None)
        return own_listing(services, connection, actor, reach(actor), at, kind, tool=DEFAULT_TOOL)


def send(council: Council, kind: str, data: bytes) -> dict[str, Any]:
    known = [name for field in FIELDS for name in field.names]
    sheet = read_sheet(f"{kind}.csv", data, known=known)
    done = run(council.services, kind, sheet, by=council.actor("lead"))
    return dict(done.result or {})


def test_concerns_go_out_and_come_in_again_here_and_elsewhere(new_council: NewCouncil) -> None:
    council, other = new_council(), new_council()
    audit = council.submitted(child="C-1")
    closed = council.submitted(child="C-9")
    lead = council.actor("lead")
    raised = {}
    for of in (audit, closed):
        told = RaiseConcern(audit=of, what="No food,\nand cold.")
        raised[of] = str(
            handlers.raise_concern(council.services.desk, told, by=lead).response["concern"]
        )
    here = {"audit": audit, "concern": raised[audit]}
    tell = TellManager(**here, manager=council.ids["moderator"], how="telephone")
    handlers.tell_manager(council.services.desk, tell, by=lead)
    answered = AcknowledgeConcern(**here, doing="A visit today.")
    handlers.acknowledge(council.services.desk, answered, by=council.actor("moderator"))
    reference = council.view(audit).row.reference
    send(council, "concerns", FROM_FILE.format(audit=reference).encode())
    more = FROM_FILE.format(audit=reference).replace(
        "Phone,,,", "Phone,2025-06-04,M. Jones,A visit"
    )
    assert send(council, "concerns", more.encode())["imported"] == 1
    hide = RestrictChild(child="C-9", readers=(lead.person,), why="A child of a colleague.")
    restrictions.restrict(council.services.desk, hide, by=lead)

    listing = taken(council)
    today = civil_day(council.clock.now()).isoformat()
    assert listing.rows[1] == [
        "S-1", reference, "=Alone at night", "2025-06-02", "J. Smith", "M. Jones", "2025-06-03",
        "By telephone", "2025-06-04", "M. Jones", "A visit",
    ]  # fmt: skip
    first = listing.rows[0]
    assert [first[n] for n in (0, 1, 2, 3, 6, 7, 8, 10)] == [
        raised[audit], reference, "No food,\nand cold.", today, today, "By telephone", today,
        "A visit today.",
    ]  # fmt: skip
    assert len(listing.rows) == 2, "no restricted child is in a file"
    data = render_listing(listing, "csv")
    again = send(council, "concerns", data)
    assert (again["imported"], again["already_there"]) == (0, 2)

    send(other, "audits", render_listing(taken(council, "audits"), "csv"))
    assert send(other, "concerns", data)["imported"] == 2
    assert taken(other).rows == listing.rows
    assert send(other, "concerns", data)["already_there"] == 2
