"""`caseloop search`: records by their references, names and words."""

from __future__ import annotations

from typing import Annotated

import typer

from api.cli import output
from api.cli.commands import CliCommand
from api.cli.dates import AsAt, Position, TrueOn
from api.cli.store_session import open_services, operator_as_lead, seen_at


def search_records(
    words: Annotated[list[str], typer.Argument(help="What to look for.")],
    kind: Annotated[
        list[str] | None,
        typer.Option("--kind", help="A kind of record, as --json names them; may be repeated."),
    ] = None,
    limit: Annotated[int, typer.Option(help="The most texts to show.", min=1, max=500)] = 20,
    as_at: AsAt = None,
    position: Position = None,
    true_on: TrueOn = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
) -> None:
    """Find records by their references, their names and the words in them."""
    from api.search.reading import search
    from api.search.schemas import SearchOut
    from api.web import access_notes
    from qa.core.access import What
    from qa.people.commands import OPERATOR

    services, typed = open_services(), " ".join(words)
    with seen_at(services, as_at, position, true_on) as (at, connection):
        actor = operator_as_lead(services, connection)
        answer = search(connection, actor, at, typed, kinds=kind or (), limit=limit)
    access_notes.note(services, OPERATOR, What.SEARCH, "search", at=at)
    if as_json:
        output.as_json(SearchOut.of(answer, at).model_dump(mode="json"))
        return
    if answer.corrected:
        output.line(
            f"Nothing was found for “{typed}”. These are the results for {answer.corrected}."
        )
    every = [*answer.exact, *answer.found]
    if not every:
        output.line("Nothing found.")
        return
    output.table(
        "Found",
        ["Record", "Field", "Text", "Address"],
        [[one.heading.title, one.field, one.row.text[:80], one.heading.href] for one in every],
    )
    output.line(
        ", ".join(
            f"{one.label}: {'at least ' if one.more else ''}{one.number}" for one in answer.counts
        )
    )


COMMANDS = (CliCommand("search", search_records),)
