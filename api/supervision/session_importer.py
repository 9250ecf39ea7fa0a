"""Files of supervision sessions: one row a session of a pair that is on record."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any, get_args

from sqlalchemy.engine import Connection

from api.imports.columns.meanings import value_questions
from api.imports.files.tables import text_of
from api.imports.importers import CheckedFile, Importer, SentFile, recorder
from api.imports.mapping import Field, map_columns, normal
from api.imports.outcome import ImportRow, SheetOutcome, in_order, not_in_future, readers
from api.imports.values import parse_date, parse_text, parse_word, parse_yes_no
from projections.people import queries as people
from projections.supervision import queries
from qa.supervision.commands import ImportSessions
from qa.supervision.handlers import import_sessions
from qa.supervision.rows import ImportedSession
from qa.supervision.states import NotHeldWhy
from qa.supervision.words import NOT_HELD_LABELS

WHY: Mapping[str, NotHeldWhy] = {
    **{normal(one): why for why in get_args(NotHeldWhy) for one in (why, NOT_HELD_LABELS[why])},
    **dict.fromkeys(("sick", "sick leave", "off sick", "illness"), "sickness"),
    **dict.fromkeys(("annual leave", "on leave", "a l", "al"), "leave"),
}
FIELDS = (
    Field(
        "practitioner",
        "Practitioner",
        True,
        (
            "supervisee",
            "worker",
            "worker name",
            "name of worker",
            "social worker",
            "name of supervisee",
            "name of practitioner",
        ),
        kind="person",
    ),
    Field(
        "supervisor",
        "Supervisor",
        True,
        (
            "supervised by",
            "manager",
            "name of manager",
            "line manager",
            "supervising manager",
            "name of supervisor",
        ),
        kind="person",
    ),
    Field(
        "held_on",
        "Day of the session",
        True,
        (
            "date of session",
            "session date",
            "date of supervision",
            "supervision date",
            "date",
            "date held",
            "supervision took place on",
            "supervised on",
        ),
        kind="date",
    ),
    Field(
        "held",
        "Held",
        False,
        (
            "was it held",
            "took place",
            "session held",
            "supervision held",
            "supervision held y n",
            "held y n",
        ),
    ),
    Field(
        "why",
        "Why it did not take place",
        False,
        (
            "reason not held",
            "why not held",
            "if no reason",
            "if not why",
            "reason if not held",
            "reason cancelled",
            "reason for cancellation",
        ),
    ),
    Field(
        "cases",
        "Cases supervised",
        False,
        ("cases", "children discussed", "cases discussed", "cases reviewed"),
    ),
    Field("note", "What was noted", False, ("notes", "note", "comments")),
)


class SessionFileRow(ImportRow):
    """One session; `pair` is the id of the two."""

    pair: str
    on: date
    not_held: NotHeldWhy | None = None
    cases: tuple[str, ...] = ()
    note: str = ""


def _pairs(connection: Connection) -> dict[tuple[str, str], list[str]]:
    """The ids of the pairs by what supervisor and practitioner are called, or sign in as."""
    called = {
        one.person: {normal(one.name), normal(one.handle)}
        for one in people.everybody(connection, with_departed=True)
    }
    found: dict[tuple[str, str], list[str]] = {}
    for pair in queries.all_pairs(connection):
        for supervisor in called.get(pair.supervisor, ()):
            for practitioner in called.get(pair.practitioner, ()):
                found.setdefault((supervisor, practitioner), []).append(pair.pair)
    return found


def check_sessions(sent: SentFile) -> SheetOutcome[SessionFileRow]:
    """Check every row against the pairs on record.

    Raises `Refused` where a required column cannot be found; faults of rows are in the outcome.
    """
    mapping = map_columns(sent.sheet, FIELDS, sent.choices).complete()
    pairs = _pairs(sent.connection)
    faults = list(sent.sheet.faults)
    rows: list[SessionFileRow] = []
    seen: dict[tuple[str, date], int] = {}
    for row, read in readers(sent.sheet, mapping.headings, faults):
        before = len(faults)
        text = partial(parse_text, longest=120)
        practitioner = read.get("practitioner", text, required=True)
        supervisor = read.get("supervisor", text, required=True)
        on = read.get("held_on", parse_date, required=True)
        not_in_future(read, "held_on", on, sent.today)
        took_place, why = (
            read.get("held", parse_yes_no),
            read.get("why", partial(parse_word, known=WHY)),
        )
        if took_place is False and why is None and len(faults) == before:
            read.fault("why", "missing", "Say why the session did not take place.", "")
        if took_place and why is not None:
            read.fault(
                "why", "held-and-not-held", "The row says that it took place, and why it did not."
            )
        cases = read.get("cases", lambda cell: re.split(r"[;,\s]+", text_of(cell).strip())) or []
        note = read.get("note", partial(parse_text, longest=4000)) or ""
        if len(faults) > before or not (practitioner and supervisor and on):
            continue
        found = pairs.get((normal(supervisor), normal(practitioner)), [])
        if len(found) != 1:
            sentence = (
                "Several pairs are called so: give sign-in names."
                if found
                else f"{supervisor} is not on record as the supervisor of {practitioner}."
            )
            read.fault("supervisor", "pair-unknown", sentence, supervisor)
            continue
        first = seen.setdefault((found[0], on), row.number)
        if first != row.number:
            sentence = f"Row {first} is of the same day and pair."
            read.fault("held_on", "duplicate-reference", sentence, on.isoformat())
            continue
        rows.append(
            SessionFileRow(
                **row.place,
                reference=f"{practitioner}, {on.isoformat()}",
                pair=found[0],
                on=on,
                not_held=why,
                cases=tuple(filter(None, cases)),
                note=note,
            )
        )
    questions = value_questions(faults, {"why": list(NOT_HELD_LABELS.items())})
    refused = in_order(faults, sent.sheet)
    return SheetOutcome(sent.sheet, mapping, {}, tuple(rows), refused, (), questions)


def _stated(row: SessionFileRow) -> ImportedSession:
    return ImportedSession(**row.model_dump(exclude={"line"}))


_record = recorder(import_sessions, ImportSessions, _stated)


def _check(sent: SentFile) -> CheckedFile:
    return CheckedFile(check_sessions(sent), _preview, _record)


def _preview(row: SessionFileRow) -> dict[str, Any]:
    event = "SupervisionHeld" if row.not_held is None else "SupervisionNotHeld"
    return {"fact": event, **row.model_dump(mode="json", exclude={"line", "pair", "note"})}


def _words(event: Mapping[str, Any]) -> str:
    why = event.get("not_held")
    return f"session of {event['reference']}: " + (f"not held ({why})" if why else "held")


IMPORTERS = Importer(
    kind="sessions",
    named=FIELDS,
    place=130,
    title="Supervision sessions: one row a session, held or not",
    rows="sessions",
    check=_check,
    row_words=_words,
    examples=(
        {
            "practitioner": "Pat Sample",
            "supervisor": "Sam Sample",
            "held_on": "2025-09-15",
            "held": "Yes",
            "cases": "10001; 10002",
        },
    ),
    needs="Who supervises whom must be on record for the day of each session.",
    undoing="Its sessions are withdrawn. What it corrected stays withdrawn as well.",
)
