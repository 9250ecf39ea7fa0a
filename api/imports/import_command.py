"""How every `caseloop import …` brings a file in: options, dry run, rejects, what it says."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import wraps
from inspect import Parameter, Signature, signature
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from api.imports.about import AboutPlan
    from api.imports.reading import SheetRows
    from api.imports.run import Kind, Outcome
    from qa.core.errors import Fault

File = Annotated[Path, typer.Argument(help="CSV or XLSX.")]
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


@dataclass(frozen=True, slots=True)
class Given:
    """The options that every import has."""

    file: File
    heading: Heading = None
    map_file: MapFile = None
    sheet: Sheet = None
    dry_run: DryRun = False
    skip_bad: SkipBad = False
    rejects: Rejects = None
    as_json: Json = False


def import_command(
    work: Callable[..., None], *, file: Any = File, without: Collection[str] = ()
) -> Callable[..., None]:
    """The command that does `work`, with the options that every import has (but those it is
    `without`) around its own, in the place of its parameter `given`."""
    shared = signature(Given, eval_str=True).parameters
    own = [one for one in signature(work, eval_str=True).parameters.values() if one.name != "given"]
    first = Parameter("file", Parameter.POSITIONAL_OR_KEYWORD, annotation=file)
    rest = [one for name, one in shared.items() if name not in ("file", *without)]

    @wraps(work)
    def command(**said: Any) -> None:
        given = Given(**{name: said.pop(name) for name in shared if name in said})
        work(given, **said)

    asked = Signature([first, *own, *rest])
    command.__signature__ = asked  # type: ignore[attr-defined]
    command.__annotations__ = {name: one.annotation for name, one in asked.parameters.items()}
    return command


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What came of a file. `wrote` is where its rejected rows went."""

    kind: Kind
    given: Given
    sheet: SheetRows
    outcome: Outcome
    keep_contradicted: bool
    wrote: Path | None

    @property
    def standing(self) -> tuple[Fault, ...]:
        return self.outcome.plan.standing(self.keep_contradicted)

    def as_values(self) -> dict[str, Any]:
        """The answer for programs."""
        from api.cli import output

        plan, events = self.outcome.plan, self.outcome.events
        return {
            "kind": self.kind,
            "file": self.sheet.name,
            "dry_run": self.given.dry_run,
            "file_sha256": self.sheet.file_sha256,
            "rows": len(self.sheet.rows),
            "mapping": dict(plan.mapping.pairs()),
            "unmapped": list(plan.mapping.unmapped),
            "facts": list(events) if self.given.dry_run else len(events),
            "faults": [output.fault_line(f) for f in self.standing],
            "notes": [output.fault_line(f) for f in plan.notes],
            "result": self.outcome.result,
        }


def bring_in(
    kind: Kind,
    given: Given,
    *,
    tool: str = "whole-case-file",
    about: AboutPlan | None = None,
    sheet: SheetRows | None = None,
    keep_contradicted: bool = False,
) -> None:
    """Bring the file in, or show what that would record, and say what came of it."""
    done = carry_out(
        kind, given, tool=tool, about=about, sheet=sheet, keep_contradicted=keep_contradicted
    )
    if given.as_json:
        from api.cli import output

        output.as_json(done.as_values())
    else:
        tell(done)


def carry_out(
    kind: Kind,
    given: Given,
    *,
    tool: str = "whole-case-file",
    about: AboutPlan | None = None,
    sheet: SheetRows | None = None,
    keep_contradicted: bool = False,
) -> ImportResult:
    """Bring the file in, or find what that would record. `sheet` is the file, where it is read
    already."""
    from api.cli.store_session import open_services
    from api.imports.importers import importers
    from api.imports.mapping import parse_map_options, read_map_file
    from api.imports.reading import read_file
    from api.imports.run import run
    from qa.people.commands import OPERATOR

    known = importers()[kind].headings
    read = sheet or read_file(given.file, sheet=given.sheet, known=known)
    said = {} if given.map_file is None else read_map_file(given.map_file)
    said |= parse_map_options(given.heading or [])
    outcome = run(
        open_services(make=True),
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
    wrote: Path | None = None
    if outcome.plan.rejected(keep_contradicted) and not given.dry_run:
        wrote = given.rejects or given.file.with_name(f"{given.file.stem}.rejects.csv")
        outcome.plan.write_rejects(wrote, keep_contradicted=keep_contradicted)
    return ImportResult(kind, given, read, outcome, keep_contradicted, wrote)


def tell(done: ImportResult) -> None:
    """Say on the terminal what came of a file."""
    from api.cli import output
    from api.imports.importers import importers

    plan, events = done.outcome.plan, done.outcome.events
    for theirs, ours in plan.mapping.pairs():
        guessed = " (a guess)" if ours in plan.mapping.near else ""
        output.line(f"  “{theirs}” is read as {ours}{guessed}")
    if plan.mapping.unmapped:
        output.line(f"  Not read: {', '.join(plan.mapping.unmapped)}")
    rejected = plan.rejected(done.keep_contradicted)
    if rejected:
        output.warn(f"{len(rejected)} of {len(done.sheet.rows)} rows are refused:")
        output.faults(done.standing)
    if plan.notes:
        count = len(plan.notes)
        output.warn(f"{count} {'note' if count == 1 else 'notes'} on what is not refused:")
        output.faults(plan.notes)
    if done.given.dry_run:
        for event in events:
            named = {k: v for k, v in event.items() if k not in ("fact", "row")}
            output.line(f"  row {event['row']}: {event['event']} {named}")
        output.line(f"{len(events)} facts would be written; nothing was.")
    elif done.outcome.result is not None:
        result = done.outcome.result
        output.line(
            f"Imported {result['imported']} {importers()[done.kind].rows}; "
            f"{result['already_there']} were there already; {result['rejected']} rejected."
        )
        if result["batch"]:
            output.line(f"Batch {result['batch']} (undo with caseloop import reverse).")
    if done.wrote is not None:
        output.line(f"The rejected rows are in {done.wrote}.")
