"""How every `caseloop import …` brings a file in: options, dry run, rejects, what it says."""

from __future__ import annotations

import signal
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import wraps
from inspect import Parameter, Signature, signature
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from api.imports.about import AboutPlan
    from api.imports.answers import ImportAnswers
    from api.imports.files.tables import SheetRows
    from api.imports.parts import Watch
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
    bool, typer.Option("--dry-run", help="Show what would be recorded, and record nothing.")
]
SkipBad = Annotated[
    bool, typer.Option("--skip-bad", help="Import the good rows; write the rest to a file.")
]
Rejects = Annotated[
    Path | None, typer.Option("--rejects", help="The file for rejected rows (FILE.rejects.csv).")
]
Json = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]
AnswersFile = Annotated[
    Path | None,
    typer.Option("--answers", help="A YAML file of the answers about the file (ImportAnswers)."),
]
SetField = Annotated[
    list[str] | None,
    typer.Option("--set", help="What no column says, for every row: “field=value”."),
]
ReferenceFrom = Annotated[
    list[str] | None,
    typer.Option("--reference-from", help="A heading that a missing reference is made of."),
]
Changed = Annotated[
    str,
    typer.Option("--changed", help="Rows on record with other values: leave-out, or correct."),
]
Use = Annotated[str, typer.Option("--use", help="Use the answers that were saved under this name.")]
KeepAs = Annotated[
    str, typer.Option("--keep-as", help="Save the answers under a name, for the next file.")
]
Reason = Annotated[str, typer.Option("--reason", help="Why changed rows are corrections.")]


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
    answers: AnswersFile = None
    set_field: SetField = None
    reference_from: ReferenceFrom = None
    changed: Changed = ""
    reason: Reason = ""
    use: Use = ""
    keep_as: KeepAs = ""

    def as_answers(self) -> ImportAnswers:
        """All that is said of the file: the options go before the files that they name.

        Raises:
            Refused: a file or an option is not understood.
        """
        from api.imports.answers import read_answers
        from api.imports.mapping import parse_map_options, read_map_file

        columns = {} if self.map_file is None else read_map_file(self.map_file)
        columns |= parse_map_options(self.heading or [])
        given = {
            "columns": columns,
            "constants": dict(map(_field_value, self.set_field or [])),
            "reference_from": self.reference_from,
            "changed": self.changed,
            "reason": self.reason,
            "refused": "leave-out" if self.skip_bad else "",
        }
        return read_answers(self.answers, given)


def _field_value(option: str) -> tuple[str, str]:
    from qa.core.errors import Refused

    name, equals, value = option.partition("=")
    if not equals or not name.strip():
        raise Refused(f"“{option}” is not of the form “field=value”.", field="set", code="bad-set")
    return name.strip(), value.strip()


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
    def command(**options: Any) -> None:
        given = Given(**{name: options.pop(name) for name in shared if name in options})
        work(given, **options)

    shape = Signature([first, *own, *rest])
    command.__signature__ = shape  # type: ignore[attr-defined]
    command.__annotations__ = {name: one.annotation for name, one in shape.parameters.items()}
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
        from api.imports.run import STATES

        plan, events = self.outcome.plan, self.outcome.events
        shown = {
            "states": {name: self.outcome.counted(name) for name in STATES},
            "changed": [
                {"row": row.row, "cells": [cell._asdict() for cell in row.cells]}
                for row in self.outcome.rows
                if row.state == "changed"
            ],
            "questions": [asdict(question) for question in plan.questions],
        }
        return {
            "kind": self.kind,
            "file": self.sheet.name,
            "dry_run": self.given.dry_run,
            "file_sha256": self.sheet.file_sha256,
            "rows": len(self.sheet.rows),
            "mapping": dict(plan.mapping.pairs()),
            "unmapped": list(plan.mapping.unmapped),
            "columns": [asdict(one) for one in plan.columns()],
            "facts": list(events) if self.given.dry_run else len(events),
            "faults": [output.fault_line(f, self.sheet.place) for f in self.standing],
            "notes": [output.fault_line(f, self.sheet.place) for f in plan.notes],
            "result": self.outcome.result,
            **(shown if self.given.dry_run else {}),
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
    answers: ImportAnswers | None = None,
) -> ImportResult:
    """Bring the file in, or find what that would record. `sheet` is the file, where it is read
    already, and `answers` what is said of it beside the options, which go before."""
    from api.cli.store_session import open_services
    from api.imports.importers import importers
    from api.imports.kept_mappings import beside
    from api.imports.reading import read_file
    from api.imports.run import ImportChoices, run
    from qa.core.carry import carry
    from qa.core.errors import Refused
    from qa.people.commands import OPERATOR

    answers = given.as_answers() if answers is None else beside(answers, given.as_answers())
    known = importers()[kind].headings
    choices = carry(
        ImportChoices,
        given,
        answers=answers,
        tool=tool,
        about=about,
        keep_contradicted=keep_contradicted,
    )
    read = sheet or read_file(given.file, sheet=given.sheet, sheets=answers.sheets, known=known)
    try:
        with _watched() as watch:
            outcome = run(open_services(make=True), kind, read, choices, by=OPERATOR, watch=watch)
    except Refused as refused:
        if len(read.sheets) < 2:
            raise
        raise Refused(_placed(fault, read) for fault in refused.faults) from None
    wrote: Path | None = None
    if outcome.plan.rejected(keep_contradicted) and not given.dry_run:
        wrote = given.rejects or free_for_rejects(given.file)
        outcome.plan.write_rejects(wrote, keep_contradicted=keep_contradicted)
    return ImportResult(kind, given, read, outcome, keep_contradicted, wrote)


def free_for_rejects(file: Path) -> Path:
    """Where the rejected rows go, beside `file`: over none that are being put right."""
    path, number = file.with_name(f"{file.stem}.rejects.csv"), 2
    while path.exists():
        path, number = file.with_name(f"{file.stem}.rejects-{number}.csv"), number + 1
    return path


@contextmanager
def _watched() -> Iterator[Watch]:
    """Shows how far a long file is. An interrupt ends one that is recorded in parts behind the part
    under way, any other at once, with nothing of it recorded."""
    from api.cli import output
    from api.imports.parts import Stage, let_others_save

    interrupts = []
    before = signal.getsignal(signal.SIGINT)
    with output.progress("Recording") as tell:

        def watch(done: int, total: int, stage: Stage) -> bool:
            if stage == "check":
                return True
            if stage == "whole":
                tell(done, total)
                return True
            if not done:
                signal.signal(signal.SIGINT, lambda *_: interrupts.append(True))
            tell(done, total)
            let_others_save()
            return not interrupts

        try:
            yield watch
        finally:
            signal.signal(signal.SIGINT, before)


def _placed(fault: Fault, sheet: SheetRows) -> Fault:
    """A fault that says in words in which of several sheets its row stands."""
    from api.cli import output
    from qa.core.errors import Fault

    if fault.row is None:
        return fault
    return Fault("", fault.code, output.fault_line(fault, sheet.place))


def tell(done: ImportResult) -> None:
    """Say on the terminal what came of a file."""
    from api.cli import output
    from api.imports.importers import importers

    plan, events = done.outcome.plan, done.outcome.events
    for one in plan.columns():
        guessed = " (a guess)" if one.guess else ""
        read = f"is read as {one.field}{guessed}" if one.field else f"is left out. {one.because}"
        output.line(f"  “{one.heading}” {read}")
    rejected = plan.rejected(done.keep_contradicted)
    if rejected:
        output.warn(f"{len(rejected)} of {len(done.sheet.rows)} rows are refused:")
        output.faults(done.standing, done.sheet.place)
    if plan.notes:
        count = len(plan.notes)
        output.warn(f"{count} {'note' if count == 1 else 'notes'} on what is not refused:")
        output.faults(plan.notes, done.sheet.place)
    if done.given.dry_run:
        words = importers()[done.kind].row_words
        for event in events:
            output.line(f"  {done.sheet.place(event['row'])}: {words(event)}")
        _tell_examined(done.outcome, done.sheet)
        output.line(f"{len(events)} records would be made; nothing was.")
    elif done.outcome.result is not None:
        result = done.outcome.result
        output.line(
            f"Imported {result['imported']} {importers()[done.kind].rows}; "
            f"{result['already_there']} were there already; {result['rejected']} rejected."
        )
        if result["corrected"]:
            output.line(f"Corrected {result['corrected']}.")
        if result.get("not_reached"):
            output.warn(
                f"{result['because']} {result['not_reached']} rows are not recorded yet. Import "
                "the same file again to go on, or undo the batch."
            )
        if result["batch"]:
            output.line(f"Batch {result['batch']} (undo with caseloop import reverse).")
    if done.wrote is not None:
        output.line(f"The rejected rows are in {done.wrote}.")


def _tell_examined(outcome: Outcome, sheet: SheetRows) -> None:
    """How the rows stand to the record, each cell that changed, and what must be answered."""
    from api.cli import output
    from api.imports.run import STATES

    for row in outcome.rows:
        for cell in row.cells if row.state == "changed" else ():
            output.line(f"  {sheet.place(row.row)}: {cell.field} “{cell.old}” → “{cell.new}”")
    output.line("; ".join(f"{words}: {outcome.counted(name)}" for name, words in STATES.items()))
    for question in outcome.plan.questions:
        output.warn(question.sentence)
        for option in question.options:
            output.line(f"    {option.value}: {option.text}")
