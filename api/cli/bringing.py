"""How every `caseloop import …` brings a file in: options, dry run, rejects, what it says."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from api.imports.reading import SheetRows
    from api.imports.run import Kind
    from api.imports.run_plans import AboutPlan

Heading = Annotated[
    list[str] | None, typer.Option("--map", help="How a heading is read: “Their heading=field”.")
]
MapFile = Annotated[
    Path | None, typer.Option("--map-file", help="A YAML file of headings and fields.")
]
Sheet = Annotated[str | None, typer.Option("--sheet", help="The sheet of an Excel file.")]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Show the facts to be written; write none.")
]
SkipBad = Annotated[
    bool, typer.Option("--skip-bad", help="Bring in the good rows; write the rest to a file.")
]
Rejects = Annotated[
    Path | None, typer.Option("--rejects", help="Where rejected rows go (FILE.rejects.csv).")
]
Json = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]

BROUGHT = {
    "rag-scale": "levels",
    "plan": "rows of the plan",
    "measures": "success measures",
    "measure-reports": "reports",
}
"""What the rows of a kind are called, where the kind is not their name."""


@dataclass(frozen=True, slots=True)
class Given:
    """The options that every import has."""

    file: Path
    heading: list[str] | None = None
    map_file: Path | None = None
    sheet: str | None = None
    dry_run: bool = False
    skip_bad: bool = False
    rejects: Path | None = None
    as_json: bool = False


def bring_in(
    kind: Kind,
    given: Given,
    *,
    tool: str = "whole-case-file",
    about: AboutPlan | None = None,
    sheet: SheetRows | None = None,
    keep_contradicted: bool = False,
) -> None:
    """Bring the file in, or show what that would record. `sheet` is the file, where it is read
    already."""
    from api.cli import say
    from api.cli.opening import open_services
    from api.imports.mapping import parse_map_options, read_map_file
    from api.imports.reading import read_file
    from api.imports.run import run
    from qa.commands.people import OPERATOR

    read = sheet or read_file(given.file, sheet=given.sheet)
    said = {} if given.map_file is None else read_map_file(given.map_file)
    said |= parse_map_options(given.heading or [])
    services = open_services(make=True)
    done = run(
        services,
        kind,
        read,
        said,
        tool=tool,
        about=about,
        dry_run=given.dry_run,
        skip_bad=given.skip_bad,
        keep_contradicted=keep_contradicted,
        by=OPERATOR,
    )
    rejected = done.plan.rejected(keep_contradicted)
    wrote: Path | None = None
    if rejected and not given.dry_run:
        wrote = given.rejects or given.file.with_name(f"{given.file.stem}.rejects.csv")
        done.plan.write_rejects(wrote, keep_contradicted=keep_contradicted)
    if given.as_json:
        say.as_json(
            {
                "dry_run": given.dry_run,
                "file_sha256": read.file_sha256,
                "rows": len(read.rows),
                "mapping": dict(done.plan.mapping.pairs()),
                "unmapped": list(done.plan.mapping.unmapped),
                "facts": list(done.facts) if given.dry_run else len(done.facts),
                "faults": [say.fault_line(f) for f in done.plan.standing(keep_contradicted)],
                "notes": [say.fault_line(f) for f in done.plan.notes],
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
    if done.plan.notes:
        count = len(done.plan.notes)
        say.warn(f"{count} {'note' if count == 1 else 'notes'} on what is not refused:")
        say.faults(done.plan.notes)
    if given.dry_run:
        for fact in done.facts:
            named = {k: v for k, v in fact.items() if k not in ("fact", "row")}
            say.line(f"  row {fact['row']}: {fact['fact']} {named}")
        say.line(f"{len(done.facts)} facts would be written; nothing was.")
    elif done.result is not None:
        result = done.result
        say.line(
            f"Imported {result['imported']} {BROUGHT.get(kind, kind)}; "
            f"{result['already_there']} were there already; "
            f"{result['rejected']} rejected."
        )
        if result["batch"]:
            say.line(f"Batch {result['batch']} (undo with caseloop import reverse).")
    if wrote is not None:
        say.line(f"The rejected rows are in {wrote}.")
