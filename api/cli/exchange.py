"""`caseloop import …` and `caseloop export …`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from api.imports.run import Kind

import_app = typer.Typer(help="Bring in audits and moderations made elsewhere.")
export_app = typer.Typer(help="Write lists and tools to files.")

Heading = Annotated[
    list[str] | None, typer.Option("--map", help="How a heading is read: “Their heading=field”.")
]
MapFile = Annotated[
    Path | None, typer.Option("--map-file", help="A YAML file of headings and fields.")
]
Sheet = Annotated[str | None, typer.Option("--sheet", help="The sheet of an Excel file.")]
Tool = Annotated[str, typer.Option("--tool", help="The audit tool whose domains are meant.")]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Show the facts to be written; write none.")
]
SkipBad = Annotated[
    bool, typer.Option("--skip-bad", help="Bring in the good rows; write the rest to a file.")
]
Rejects = Annotated[
    Path | None, typer.Option("--rejects", help="Where rejected rows go (FILE.rejects.csv).")
]
Contradicted = Annotated[
    bool,
    typer.Option(help="Keep rows whose stated agreement contradicts the two grades."),
]
Json = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]


def register(app: typer.Typer) -> None:
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
    _import(
        "audits", file, heading, map_file, sheet, tool, dry_run, skip_bad, rejects, False, as_json
    )


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
    _import(
        "moderations",
        file,
        heading,
        map_file,
        sheet,
        tool,
        dry_run,
        skip_bad,
        rejects,
        keep_contradicted,
        as_json,
    )


def _import(
    kind: Kind,
    file: Path,
    heading: list[str] | None,
    map_file: Path | None,
    sheet: str | None,
    tool: str,
    dry_run: bool,
    skip_bad: bool,
    rejects: Path | None,
    keep_contradicted: bool,
    as_json: bool,
) -> None:
    from api.cli import say
    from api.cli.opening import open_services
    from api.imports.mapping import parse_map_options, read_map_file
    from api.imports.reading import read_file
    from api.imports.run import run
    from qa.commands.people import OPERATOR

    read = read_file(file, sheet=sheet)
    said = {} if map_file is None else read_map_file(map_file)
    said |= parse_map_options(heading or [])
    services = open_services(make=True)
    done = run(
        services,
        kind,
        read,
        said,
        tool=tool,
        dry_run=dry_run,
        skip_bad=skip_bad,
        keep_contradicted=keep_contradicted,
        by=OPERATOR,
    )
    rejected = done.plan.rejected(keep_contradicted)
    wrote: Path | None = None
    if rejected and not dry_run:
        wrote = rejects or file.with_name(f"{file.stem}.rejects.csv")
        done.plan.write_rejects(wrote, keep_contradicted=keep_contradicted)
    if as_json:
        say.as_json(
            {
                "dry_run": dry_run,
                "file_sha256": read.file_sha256,
                "rows": len(read.rows),
                "mapping": dict(done.plan.mapping.pairs()),
                "unmapped": list(done.plan.mapping.unmapped),
                "facts": list(done.facts) if dry_run else len(done.facts),
                "faults": [say.fault_line(f) for f in done.plan.standing(keep_contradicted)],
                "result": done.result,
            }
        )
        return
    for theirs, ours in done.plan.mapping.pairs():
        guessed = " (a guess)" if ours in done.plan.mapping.near else ""
        say.line(f"  “{theirs}” is read as {ours}{guessed}")
    if done.plan.mapping.unmapped:
        say.line(f"  Not read: {', '.join(done.plan.mapping.unmapped)}")
    if rejected:
        say.warn(f"{len(rejected)} of {len(read.rows)} rows are refused:")
        say.faults(done.plan.standing(keep_contradicted))
    if dry_run:
        for fact in done.facts:
            named = {k: v for k, v in fact.items() if k not in ("fact", "row")}
            say.line(f"  row {fact['row']}: {fact['fact']} {named}")
        say.line(f"{len(done.facts)} facts would be written; nothing was.")
    elif done.result is not None:
        result = done.result
        say.line(
            f"Imported {result['imported']} {kind}; {result['already_there']} were there already; "
            f"{result['rejected']} rejected."
        )
        if result["batch"]:
            say.line(f"Batch {result['batch']} (undo with caseloop import reverse).")
    if wrote is not None:
        say.line(f"The rejected rows are in {wrote}.")


@import_app.command("list")
def list_batches(as_json: Json = False) -> None:
    """List the batches that were imported."""
    from api.cli import say
    from api.cli.opening import open_services
    from projections import imports

    with open_services().store.reading() as connection:
        found = imports.batches(connection)
    if as_json:
        say.as_json([{k: v for k, v in b.items() if not k.startswith("valid_")} for b in found])
        return
    say.table(
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
    """Undo a batch by later facts: its audits become void, its moderations are cancelled."""
    from api.cli import say
    from api.cli.opening import open_services
    from qa.commands.imports import reverse_import
    from qa.commands.people import OPERATOR

    services = open_services()
    done = reverse_import(services.desk, batch=batch, reason=reason, by=OPERATOR)
    say.line(f"Reversed batch {batch}: {done.response['records']} records.")


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
    from api import reading
    from api.cli import say
    from api.cli.dates import day_of
    from api.cli.opening import open_services
    from api.listings import audit_listing, write_listing
    from api.moments import as_at as moment
    from api.moments import looking
    from qa.access_log import What
    from qa.commands.people import OPERATOR
    from qa.words import Reach

    services = open_services()
    with services.store.reading() as connection:
        days = day_of(as_at, "--as-at"), position, day_of(true_on, "--true-on")
        at = moment(services.store, connection, *days)
        with looking(services, connection, at) as shown:
            everything = Reach("operator", everything=True)
            listing = audit_listing(services, shown, everything, at, by="operator")
    reading.note(services, OPERATOR, What.EXPORT, f"audits{out.suffix}", at=at)
    write_listing(listing, out, raw=raw)
    say.line(f"Wrote {len(listing.rows)} audits as at position {at.shown} to {out}.")


@export_app.command("tool")
def export_tool(
    tool: Annotated[str, typer.Argument(help="The tool's code, like whole-case-file.")],
    version: Annotated[int | None, typer.Option(help="A version; the latest if left out.")] = None,
    out: Annotated[Path | None, typer.Option(help="A file; the screen if left out.")] = None,
) -> None:
    """Write a published audit tool as YAML."""
    from api.cli import say
    from api.cli.opening import open_services
    from projections import audit_tools
    from qa.errors import NotFound
    from qa.tool_files import write_tool

    with open_services().store.reading() as connection:
        row = audit_tools.tool(connection, tool)
        number = version or (0 if row is None else row["latest"])
        found = audit_tools.definition(connection, tool, number)
    if found is None:
        raise NotFound(f"There is no published tool {tool} of that version.")
    text = write_tool(found)
    if out is None:
        say.line(text)
    else:
        out.write_text(text, "utf-8")
        say.line(f"Wrote {tool} version {number} to {out}.")


@import_app.command("tool")
def import_tool(
    file: Annotated[Path, typer.Argument(help="A YAML file.")],
    publish: Annotated[bool, typer.Option(help="Publish it at once.")] = False,
) -> None:
    """Bring in an audit tool from YAML as its working copy."""
    from api.cli import say
    from api.cli.opening import open_services
    from projections import audit_tools as tools
    from qa.commands import audit_tools
    from qa.commands.people import OPERATOR
    from qa.errors import Refused
    from qa.tool_files import read_tool

    services = open_services(make=True)
    with services.store.reading() as connection:
        known = {scale.key: scale for scale in tools.scales(connection)}
    try:
        text = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        raise Refused(f"{file} cannot be read as text.", code="file-unreadable") from None
    definition = read_tool(text, known)
    audit_tools.revise_tool(services.desk, definition=definition, by=OPERATOR)
    say.line(f"Saved the working copy of {definition.id}.")
    if publish:
        done = audit_tools.publish_tool(services.desk, tool=definition.id, by=OPERATOR)
        say.line(f"Published version {done.response['tool_version']}.")
