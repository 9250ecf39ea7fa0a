"""`caseloop import …` and `caseloop export …`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

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
from api.indicators import import_cli as indicator_import_cli
from api.plans import import_cli as plan_import_cli
from api.supervision import import_cli as supervision_import_cli

import_app = typer.Typer(help="Bring in audits, moderations and improvement plans kept elsewhere.")
export_app = typer.Typer(help="Write lists and tools to files.")

Tool = Annotated[str, typer.Option("--tool", help="The audit tool whose domains are meant.")]
Contradicted = Annotated[
    bool,
    typer.Option(help="Keep rows whose stated agreement contradicts the two grades."),
]


def register(app: typer.Typer) -> None:
    plan_import_cli.register(import_app)
    indicator_import_cli.register(import_app)
    supervision_import_cli.register(import_app)
    app.add_typer(import_app, name="import")
    app.add_typer(export_app, name="export")


@import_app.command("audits")
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


@import_app.command("moderations")
def import_moderations(
    file: Annotated[Path, typer.Argument(help="CSV or XLSX.")],
    heading: Heading = None,
    map_file: MapFile = None,
    sheet: Sheet = None,
    tool: Tool = "whole-case-file",
    dry_run: DryRun = False,
    skip_bad: SkipBad = False,
    rejects: Rejects = None,
    keep_contradicted: Contradicted = False,
    as_json: Json = False,
) -> None:
    """Bring in moderations of audits that are on record."""
    how = Given(file, heading, map_file, sheet, dry_run, skip_bad, rejects, as_json)
    bring_in("moderations", how, tool=tool, keep_contradicted=keep_contradicted)


@import_app.command("list")
def list_batches(as_json: Json = False) -> None:
    """List the batches that were imported."""
    from api.cli import output
    from api.cli.store_session import open_services
    from projections.imports import queries as import_queries

    with open_services().store.reading() as connection:
        found = import_queries.batches(connection)
    if as_json:
        output.as_json([{k: v for k, v in b.items() if not k.startswith("valid_")} for b in found])
        return
    output.table(
        "Import batches",
        ["batch", "kind", "file", "imported", "rejected", "reversed"],
        [
            [
                b["batch"],
                b["kind"],
                b["file_name"],
                str(b["imported"]),
                str(b["rejected"]),
                b["reversed_because"] or "",
            ]
            for b in found
        ],
    )


@import_app.command("reverse")
def reverse_batch(
    batch: Annotated[str, typer.Argument(help="The batch, as caseloop import list names it.")],
    reason: Annotated[str, typer.Option(help="Why the batch is undone.")],
) -> None:
    """Undo a batch by later events: what it brought leaves the figures and stays readable."""
    from api.cli import output
    from api.cli.store_session import open_services
    from qa.imports.commands.judgements import reverse_import
    from qa.people.commands.people import OPERATOR

    services = open_services()
    done = reverse_import(services.desk, batch=batch, reason=reason, by=OPERATOR)
    output.line(f"Reversed batch {batch}: {done.response['records']} records.")


@export_app.command("audits")
def export_audits(
    out: Annotated[Path, typer.Argument(help="A .csv, .xlsx or .json file to write.")],
    as_at: Annotated[str | None, typer.Option(help="As known on this day (2026-03-31).")] = None,
    position: Annotated[int | None, typer.Option(help="As known at this position.")] = None,
    true_on: Annotated[
        str | None, typer.Option(help="As true on this day, of what is known.")
    ] = None,
    raw: Annotated[bool, typer.Option(help="CSV for programs: no guard against formulas.")] = False,
) -> None:
    """Write the list of every audit, now or as known on a day."""
    from api.cli import output
    from api.cli.dates import day_of
    from api.cli.store_session import open_services
    from api.web import access_notes
    from api.web.listings import audit_listing, write_listing
    from api.web.moments import as_at as moment
    from api.web.moments import looking
    from qa.core.access import What
    from qa.core.words import Reach
    from qa.people.commands.people import OPERATOR

    services = open_services()
    with services.store.reading() as connection:
        days = day_of(as_at, "--as-at"), position, day_of(true_on, "--true-on")
        at = moment(services.store, connection, *days)
        with looking(services, connection, at) as shown:
            everything = Reach("operator", everything=True)
            listing = audit_listing(services, shown, everything, at, by="operator")
    access_notes.note(services, OPERATOR, What.EXPORT, f"audits{out.suffix}", at=at)
    write_listing(listing, out, raw=raw)
    output.line(f"Wrote {len(listing.rows)} audits as at position {at.shown} to {out}.")


@export_app.command("tool")
def export_tool(
    tool: Annotated[str, typer.Argument(help="The tool's code, like whole-case-file.")],
    version: Annotated[int | None, typer.Option(help="A version; the latest if left out.")] = None,
    out: Annotated[Path | None, typer.Option(help="A file; the screen if left out.")] = None,
) -> None:
    """Write a published audit tool as YAML."""
    from api.cli import output
    from api.cli.store_session import open_services
    from projections.audit_tools import queries as tool_queries
    from qa.audit_tools.files import write_tool
    from qa.core.errors import NotFound

    with open_services().store.reading() as connection:
        row = tool_queries.tool(connection, tool)
        number = version or (0 if row is None else row["latest"])
        found = tool_queries.definition(connection, tool, number)
    if found is None:
        raise NotFound(f"There is no published tool {tool} of that version.")
    text = write_tool(found)
    if out is None:
        output.line(text)
    else:
        out.write_text(text, "utf-8")
        output.line(f"Wrote {tool} version {number} to {out}.")


@import_app.command("tool")
def import_tool(
    file: Annotated[Path, typer.Argument(help="A YAML file.")],
    publish: Annotated[bool, typer.Option(help="Publish it at once.")] = False,
) -> None:
    """Bring in an audit tool from YAML as its working copy."""
    from api.cli import output
    from api.cli.store_session import open_services
    from projections.audit_tools import queries as tool_queries
    from qa.audit_tools import commands
    from qa.audit_tools.files import read_tool
    from qa.core.errors import Refused
    from qa.people.commands.people import OPERATOR

    services = open_services(make=True)
    with services.store.reading() as connection:
        known = {scale.key: scale for scale in tool_queries.scales(connection)}
    try:
        text = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        raise Refused(f"{file} cannot be read as text.", code="file-unreadable") from None
    definition = read_tool(text, known)
    commands.revise_tool(services.desk, definition=definition, by=OPERATOR)
    output.line(f"Saved the working copy of {definition.id}.")
    if publish:
        done = commands.publish_tool(services.desk, tool=definition.id, by=OPERATOR)
        output.line(f"Published version {done.response['tool_version']}.")
