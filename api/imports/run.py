"""Carries an import out: reads, checks against the store, and records it, or only shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy.engine import Connection

from api.imports.about import AboutPlan
from api.imports.answers import ImportAnswers
from api.imports.columns.settling import settle
from api.imports.importers import SentFile, importers
from api.imports.mapping import Field, map_columns
from api.imports.outcome import SheetOutcome
from api.imports.reading import SheetRows
from api.services import Services
from qa.authorisation.context import Once
from qa.core.words import Actor
from qa.imports.commands.batches import File

if TYPE_CHECKING:
    Kind = str
else:
    # One of the kinds that there are: what is sent is checked against them, and they are described.
    Kind = Literal[tuple(importers())]

DEFAULT_TOOL = "whole-case-file"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an import did, or would do.

    `events` are the events to be written, each with the row it comes from; `result` is what the
    command answered, None for a dry run.
    """

    plan: SheetOutcome[Any]
    events: Sequence[Mapping[str, Any]]
    result: Mapping[str, Any] | None


def read_rows(
    kind: Kind, name: str, data: bytes, *, sheet: str | None = None, sheets: Sequence[str] = ()
) -> tuple[SheetRows, Mapping[str, str]]:
    """The rows of a file, and what a YAML file of a scale says of the scale as a whole.

    Raises:
        Refused: the file as a whole is no table.
    """
    importer = importers()[kind]
    return importer.read(name, data, sheet=sheet, sheets=sheets, known=importer.headings)


def fields(connection: Connection, kind: Kind, tool: str) -> tuple[Field, ...]:
    """Every field that a heading of such a file can be read as.

    Raises:
        Refused: there is no such published tool.
    """
    return importers()[kind].fields(connection, tool)


def run(
    services: Services,
    kind: Kind,
    sheet: SheetRows,
    said: Mapping[str, str],
    *,
    tool: str = DEFAULT_TOOL,
    about: AboutPlan | None = None,
    dry_run: bool = False,
    skip_bad: bool = False,
    keep_contradicted: bool = False,
    by: Actor,
    once: Once | None = None,
) -> Outcome:
    """Bring a sheet in. Without `skip_bad` one bad row refuses the whole file.

    `tool` matters to audits and moderations, `about` to plans and what belongs to them, and to
    indicators.

    Raises:
        Refused: columns missing, or rows with faults; each named by row and column.
    """
    with services.store.reading() as connection:
        known = fields(connection, kind, tool)
        answers = ImportAnswers(columns=said)
        settled = settle(sheet, map_columns(sheet, known, said), known, answers)
        sent = SentFile(
            connection, settled.sheet, said, tool, about or AboutPlan(), services.desk.today()
        )
        checked = importers()[kind].check(sent)
    plan = settled.shown(checked.outcome)
    rows = plan.accept(
        skip_bad=dry_run or (skip_bad and not checked.whole), keep_contradicted=keep_contradicted
    )
    shown = [checked.preview(row) for row in rows]
    if dry_run:
        return Outcome(plan, shown, None)
    file = File(
        name=plan.sheet.name,
        sha256=plan.sheet.file_sha256,
        rows=len(plan.sheet.rows),
        rejected=len(plan.rejected(keep_contradicted)),
        mapping=dict(plan.mapping.pairs()),
    )
    done = checked.record(services.desk, rows, file, by=by, once=once)
    return Outcome(plan, shown, done.response)
