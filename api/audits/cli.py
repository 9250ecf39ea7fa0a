"""`caseloop import audits` and `caseloop export audits`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.cli.commands import CliCommand
from api.cli.dates import AsAt, Position, TrueOn, day_of
from api.imports.import_command import (
    DryRun,
    Given,
    Heading,
    Json,
    MapFile,
    Rejects,
    Sheet,
    SkipBad,
    bring_in,
)

Tool = Annotated[str, typer.Option("--tool", help="The audit tool whose domains are meant.")]


def import_audits(
    file: Annotated[Path, typer.Argument(help="CSV or XLSX.")],
    heading: Heading = None,
    map_file: MapFile = None,
    sheet: Sheet = None,
    tool: Tool = "whole-case-file",
    dry_run: DryRun = False,
    skip_bad: SkipBad = False,
    rejects: Rejects = None,
    as_json: Json = False,
) -> None:
    """Bring in case audits: one row an audit, one column a domain."""
    how = Given(file, heading, map_file, sheet, dry_run, skip_bad, rejects, as_json)
    bring_in("audits", how, tool=tool)


def export_audits(
    out: Annotated[Path, typer.Argument(help="A .csv, .xlsx or .json file to write.")],
    as_at: AsAt = None,
    position: Position = None,
    true_on: TrueOn = None,
    raw: Annotated[bool, typer.Option(help="CSV for programs: no guard against formulas.")] = False,
) -> None:
    """Write the list of every audit, now or as known on a day."""
    from api.audits.listing import audit_listing
    from api.cli import output
    from api.cli.store_session import open_services
    from api.lists.files import write_listing
    from api.web import access_notes
    from api.web.moments import as_at as moment
    from api.web.moments import looking
    from projections.restrictions.queries import restricted
    from qa.core.access import What
    from qa.core.words import Reach
    from qa.people.commands import OPERATOR

    services = open_services()
    with services.store.reading() as connection:
        days = day_of(as_at, "--as-at"), position, day_of(true_on, "--true-on")
        at = moment(services.store, connection, *days)
        with looking(services, connection, at) as shown:
            everything = Reach("operator", everything=True, closed=restricted(connection))
            listing = audit_listing(services, shown, everything, at, by="operator")
    access_notes.note(services, OPERATOR, What.EXPORT, f"audits{out.suffix}", at=at)
    write_listing(listing, out, raw=raw)
    output.line(f"Wrote {len(listing.rows)} audits as at position {at.shown} to {out}.")


COMMANDS = (
    CliCommand("audits", import_audits, "import"),
    CliCommand("audits", export_audits, "export"),
)
