"""`caseloop import list|reverse|case`: batches, and folders of files that belong together."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.cli.commands import CliCommand
from api.imports.import_command import DryRun, Json


def list_batches(as_json: Json = False) -> None:
    """List the batches that were imported."""
    from api.cli import output
    from api.cli.store_session import open_services
    from projections.imports import queries as import_queries

    with open_services().store.reading() as connection:
        found = import_queries.batches(connection)
    if as_json:
        output.as_json([{**batch._asdict(), "mapping": batch.read_as} for batch in found])
        return
    output.table(
        "Import batches",
        ["batch", "kind", "file", "imported", "rejected", "reversed"],
        [
            [
                b.batch,
                b.kind,
                b.file_name,
                str(b.imported),
                str(b.rejected),
                b.reversed_because or "",
            ]
            for b in found
        ],
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
    as_json: Json = False,
) -> None:
    """Bring in everything that a folder's case.yaml lists, one file after the other."""
    from api.cli import output
    from api.imports.case_folder import read_case
    from api.imports.import_command import tell

    done = []
    for step in read_case(folder):
        one = step.carry_out(dry_run=dry_run)
        done.append(one.as_values())
        if not as_json:
            output.line(f"{step.kind}: {step.file.name}")
            tell(one)
    if as_json:
        output.as_json(done)


COMMANDS = (
    CliCommand("list", list_batches, "import"),
    CliCommand("reverse", reverse_batch, "import"),
    CliCommand("case", import_case, "import"),
)
