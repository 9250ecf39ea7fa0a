"""`caseloop pack`: records with their proof, in one zip file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.cli import output
from api.cli.commands import CliCommand
from api.cli.dates import AsAt, Position, day_of
from api.cli.options import with_options
from api.cli.store_session import open_services
from api.evidence_packs.scope_request import ScopeRequest
from qa.core.errors import Refused


@with_options(ScopeRequest)
def pack(
    scope: ScopeRequest,
    out: Annotated[Path, typer.Argument(help="The .zip file to write.")],
    reader: Annotated[
        str, typer.Option("--for", help="Whom it is for, by sign-in name: it holds what they see.")
    ],
    as_at: AsAt = None,
    position: Position = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
) -> None:
    """Write an evidence pack that can be checked with the pack alone."""
    from api.evidence_packs.making import make
    from api.gate.current_actor import acting
    from api.web.moments import as_at as moment
    from projections.people import queries
    from qa.core.clock import today

    services = open_services()
    with services.store.reading() as connection:
        person = queries.with_handle(connection, reader)
        actor = None if person is None else acting(connection, person, today(services.clock))
        if actor is None:
            raise Refused(f"Nobody signs in as {reader}.", field="--for", code="person-unknown")
        at = moment(services.store, connection, day_of(as_at, "--as-at"), position, pin=actor.pin)
    made = make(services, actor, scope, at)
    out.write_bytes(made.content)
    if as_json:
        output.as_json(
            {
                "file": str(out),
                "position": made.position,
                "facts": made.events,
                "records": made.records,
            }
        )
        return
    output.line(
        f"Wrote {made.records} records with {made.events} facts as at position {made.position} to"
        f" {out}."
    )


COMMANDS = CliCommand("pack", pack)
