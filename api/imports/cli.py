"""`caseloop import list|reverse|case|what|template`: batches, files that belong together, kinds."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.cli.commands import CliCommand
from api.cli.dates import AsAt, Position, TrueOn
from api.imports.import_command import DryRun, File, Json, Sheet


def list_batches(
    as_at: AsAt = None,
    position: Position = None,
    true_on: TrueOn = None,
    as_json: Json = False,
) -> None:
    """List the batches that were imported."""
    from api.cli import output
    from api.cli.store_session import open_services, seen_at
    from projections.imports import queries as import_queries
    from qa.core.dates_in_words import day

    with seen_at(open_services(), as_at, position, true_on) as (at, connection):
        found = import_queries.batches(connection, position=at.position)
    if as_json:
        output.as_json([{**batch._asdict(), "mapping": batch.read_as} for batch in found])
        return
    output.table(
        "Import batches",
        ["batch", "on", "kind", "file", "imported", "rejected", "reversed"],
        [
            [
                b.batch,
                day(b.at),
                b.kind,
                b.file_name,
                str(b.imported),
                str(b.rejected),
                b.reversed_because or "",
            ]
            for b in found
        ],
        whole="batch",
    )


def reverse_batch(
    batch: Annotated[str, typer.Argument(help="The batch, as caseloop import list names it.")],
    reason: Annotated[str, typer.Option(help="Why the batch is undone.")],
) -> None:
    """Undo a batch by later events: what it brought leaves the figures and stays readable."""
    from api.cli import output
    from api.cli.store_session import open_services
    from qa.imports.reversal_commands import ReverseImport
    from qa.imports.reversal_handlers import reverse_import
    from qa.people.commands import OPERATOR

    services = open_services()
    done = reverse_import(services.desk, ReverseImport(batch=batch, reason=reason), by=OPERATOR)
    output.line(f"Reversed batch {batch}: {done.response['records']} records.")


def import_case(
    folder: Annotated[Path, typer.Argument(help="A folder with a case.yaml.")],
    dry_run: DryRun = False,
    rejects: Annotated[
        Path | None,
        typer.Option(
            file_okay=False,
            exists=True,
            help="The folder for the rejected rows. Unless you name one, they go beside each file.",
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Import everything that a folder's case.yaml lists, one file after the other."""
    from api.cli import output
    from api.imports.case_folder import read_case
    from api.imports.import_command import tell

    done = []
    for step in read_case(folder):
        one = step.carry_out(dry_run=dry_run, rejects=rejects)
        done.append(one.as_values())
        if not as_json:
            output.line(f"{step.kind}: {step.file.name}")
            tell(one)
    if as_json:
        output.as_json(done)


def what_file(file: File, sheet: Sheet = None, as_json: Json = False) -> None:
    """Say what kind of file the headings speak for. Nothing is recorded."""
    from dataclasses import asdict

    from api.cli import output
    from api.imports.importers import importers
    from api.imports.kinds import likeliest, proposed
    from api.imports.reading import read_bytes

    found = proposed(file.name, read_bytes(file), importers(), sheet=sheet)
    first = likeliest(found)
    if as_json:
        kind = None if first is None else first.kind
        output.as_json({"proposed": kind, "kinds": [asdict(one) for one in found]})
        return
    if first is None:
        output.line("The headings do not speak for one kind of file more than for every other.")
    else:
        output.line(f"Proposed: caseloop import {first.kind} {file}")
    for one in found:
        output.line(f"  {one.kind} ({one.title}). {one.sentence}")


def kind_template(
    kind: Annotated[str, typer.Argument(help="The kind of file, as caseloop import names it.")],
    tool: Annotated[str, typer.Option(help="The audit tool of the domains.")] = "whole-case-file",
    to: Annotated[Path | None, typer.Option(help="Write it to this file, for Excel.")] = None,
) -> None:
    """Write a CSV template to fill in: every heading that is read, and an example."""
    from api.cli import output
    from api.cli.store_session import open_services
    from api.imports.importers import importers
    from api.imports.kinds import template
    from qa.core.errors import Refused

    importer = importers().get(kind)
    if importer is None:
        kinds = ", ".join(importers())
        raise Refused(f"There is no kind “{kind}”. There are: {kinds}.", code="kind-unknown")
    with open_services(make=True).store.reading() as connection:
        data = template(importer, connection, tool)
    if to is not None:
        to.write_bytes(data)
    for line in data.decode("utf-8-sig").splitlines() if to is None else ():
        output.line(line)
    if importer.needs:
        output.warn(importer.needs)


def export_records(
    kind: Annotated[str, typer.Argument(help="The kind of file, as caseloop import names it.")],
    out: Annotated[Path, typer.Argument(help="A .csv or .xlsx file to write.")],
    tool: Annotated[str, typer.Option(help="The audit tool of the audits.")] = "whole-case-file",
    plan: Annotated[str, typer.Option(help="The plan, by its title or id.")] = "",
    scale: Annotated[str, typer.Option(help="The RAG scale: SCALE@VERSION.")] = "",
    cycle: Annotated[str, typer.Option(help="The cycle of the sampling frame.")] = "",
) -> None:
    """Write what is on record as a file that caseloop import KIND reads again."""
    from api.cli import output
    from api.cli.store_session import open_services
    from api.imports.about import AboutPlan
    from api.imports.own_records import own_listing
    from api.lists.files import write_listing
    from api.web import access_notes
    from api.web.moments import as_at
    from qa.core.access import What
    from qa.core.words import Reach
    from qa.people.commands import OPERATOR

    services = open_services()
    with services.store.reading() as connection:
        at = as_at(services.store, connection, None, None, None)
        everything = Reach("operator", everything=True)
        listing = own_listing(
            services,
            connection,
            OPERATOR,
            everything,
            at,
            kind,
            tool=tool,
            about=AboutPlan(plan=plan, scale=scale, cycle=cycle),
        )
    subject = f"records-{kind}{out.suffix}"
    access_notes.note(services, OPERATOR, What.EXPORT, subject, at=at)
    write_listing(listing, out)
    output.line(f"Wrote {len(listing.rows)} rows to {out}.")
    for note in listing.notes:
        output.warn(f"Left out: {note}" if note[:1].isdecimal() else note)


COMMANDS = (
    CliCommand("list", list_batches, "import"),
    CliCommand("reverse", reverse_batch, "import"),
    CliCommand("case", import_case, "import"),
    CliCommand("what", what_file, "import"),
    CliCommand("template", kind_template, "import"),
    CliCommand("records", export_records, "export"),
)
