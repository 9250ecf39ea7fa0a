"""`caseloop self-evaluation`: one as it stands or a frozen copy, on a terminal or as a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.cli.commands import CliCommand
from api.cli.dates import AsAt, Position, TrueOn, day_of


def self_evaluation(
    evaluation: Annotated[str, typer.Argument(help="The id of the self-evaluation.")],
    copy: Annotated[int | None, typer.Option(help="The number of a frozen copy.")] = None,
    as_at: AsAt = None,
    position: Position = None,
    true_on: TrueOn = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
    word_file: Annotated[Path | None, typer.Option("--word", help="Write a Word file.")] = None,
    pdf_file: Annotated[Path | None, typer.Option("--pdf", help="Write a PDF file.")] = None,
) -> None:
    """Show a self-evaluation without the names of audits. Give outside what a copy of it shows."""
    from api.cli import output
    from api.cli.store_session import open_services
    from api.reports.declaration import Sight
    from api.self_evaluation import reading
    from api.self_evaluation.document import EvaluationFileKind, copy_file, live_file
    from api.self_evaluation.evidence_reading import EvidenceReader
    from api.web import access_notes
    from api.web.moments import as_at as moment_of
    from api.web.moments import looking
    from qa.core.access import What
    from qa.people.commands import OPERATOR

    services = open_services()
    wanted: dict[EvaluationFileKind, Path] = {}
    if word_file is not None:
        wanted["docx"] = word_file
    if pdf_file is not None:
        wanted["pdf"] = pdf_file
    days = day_of(as_at, "--as-at"), position, day_of(true_on, "--true-on")
    with services.store.reading() as connection:
        at = moment_of(services.store, connection, *days)
        with looking(services, connection, at) as known:
            sight = Sight(known, at)
            record = reading.opened(sight, evaluation)
            frozen = None if copy is None else reading.copy_of(sight, evaluation, copy)
            head = services.letterhead_at(known, at.position)
            taken = at.taken_out("operator", services.clock.now(), head)

            def file(kind: EvaluationFileKind) -> bytes:
                if frozen is not None:
                    return copy_file(services, sight, frozen, "outside", kind)
                return live_file(services, sight, record, "outside", kind, taken)

            written = {kind: file(kind) for kind in wanted}
            json = file("json").decode() if as_json else ""
            made = (
                reading.composed(EvidenceReader(services, sight), record)
                if frozen is None
                else reading.of_copy(reading.reader_of(services, sight, frozen), frozen)
            )
    what = What.EXPORT if wanted else What.VIEW
    detail = "" if copy is None else f"copy {copy}"
    access_notes.note(
        services, OPERATOR, what, f"self-evaluation:{evaluation}", detail=detail, at=at
    )
    for kind, place in wanted.items():
        place.write_bytes(written[kind])
        output.line(f"Wrote {place}.")
    if as_json:
        output.line(json.rstrip())
    elif not wanted:
        lines = [
            [str(one.place), one.row.under.label, one.row.known,
             f"{len(one.evidence)}", "Look again" if one.moved else "Unchanged"]
            for one in made.claims
        ]  # fmt: skip
        headings = ["No.", "Judgement area", "What do we know?", "Evidence", "Since then"]
        output.table(made.evaluation.row.title, headings, lines)
        output.line(f"As recorded up to entry {made.at.shown} of the log.")


COMMANDS = CliCommand("self-evaluation", self_evaluation)
