"""`caseloop import audits` and `caseloop export audits`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.cli import output
from api.cli.commands import CliCommand
from api.cli.dates import AsAt, Position, TrueOn
from api.cli.store_session import open_services, seen_at
from api.imports.import_command import Given, bring_in, import_command

Tool = Annotated[str, typer.Option("--tool", help="The audit tool whose domains are meant.")]


def import_audits(given: Given, tool: Tool = "whole-case-file") -> None:
    """Import case audits: one row an audit, one column a domain."""
    bring_in("audits", given, tool=tool)


def export_audits(
    out: Annotated[Path, typer.Argument(help="A .csv, .xlsx or .json file to write.")],
    as_at: AsAt = None,
    position: Position = None,
    true_on: TrueOn = None,
    raw: Annotated[bool, typer.Option(help="CSV for programs: no guard against formulas.")] = False,
) -> None:
    """Write the list of every audit, now or as known on a day."""
    from api.audits.listing import audit_listing
    from api.lists.files import write_listing
    from api.web import access_notes
    from projections.restrictions.queries import restricted
    from qa.core.access import What
    from qa.core.words import Reach
    from qa.people.commands import OPERATOR

    services = open_services()
    with seen_at(services, as_at, position, true_on) as (at, shown):
        everything = Reach("operator", everything=True, closed=restricted(shown))
        listing = audit_listing(services, shown, everything, at, by="operator")
    access_notes.note(services, OPERATOR, What.EXPORT, f"audits{out.suffix}", at=at)
    write_listing(listing, out, raw=raw)
    output.line(f"Wrote {len(listing.rows)} audits, as recorded up to entry {at.shown}, to {out}.")


COMMANDS = (
    CliCommand("audits", import_command(import_audits), "import"),
    CliCommand("audits", export_audits, "export"),
)
