"""Files of supervision sessions: one row a session of a pair that is on record."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any, get_args

from sqlalchemy.engine import Connection

from api.imports.columns.meanings import may_be_status, value_questions
from api.imports.columns.names import spoken_name
from api.imports.files.tables import Cell, text_of
from api.imports.importers import CheckedFile, Importer, SentFile, recorder
from api.imports.mapping import Field, map_columns, normal
from api.imports.outcome import ImportRow, SheetOutcome, in_order, not_in_future, readers
from api.imports.values import parse_child, parse_date, parse_text, parse_word
from projections.people import queries as people
from projections.supervision import queries
from qa.core.errors import Refused
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
_TOOK_PLACE = ("held", "took place", "complete", "completed", "done", "attended", "happened")
_DID_NOT = (
    "not held", "did not take place", "cancelled", "canceled", "postponed", "rearranged",
    "rescheduled", "missed", "not attended", "did not attend", "dna", "not done",
)  # fmt: skip
HELD: Mapping[str, bool | NotHeldWhy] = {
    **dict.fromkeys(("yes", "y", "true", "1", "x", "✓", "✔", *_TOOK_PLACE), True),
    **dict.fromkeys(("no", "n", "false", "0", *_DID_NOT), False),
    **WHY,
}
"""What files say of whether a session took place; some say there why it did not."""


def _may_say_held(heading: str, cells: Sequence[Cell]) -> bool:
    """Whether a column says of some sessions that they did not take place."""
    meant = {HELD.get(_word(text)) for text in map(text_of, cells) if text}
    return bool(meant - {True, None}) and (None not in meant or may_be_status(heading, cells))


def _word(text: str) -> str:
    return normal(text) or text


def _took_place(cell: Cell) -> bool | NotHeldWhy | None:
    text = text_of(cell)
    if text and _word(text) not in HELD:
        sentence = f"“{text}” does not say whether the session took place."
        raise Refused(sentence, code="not-yes-or-no")
    return HELD[_word(text)] if text else None


def _cases(cell: Cell) -> tuple[str, ...]:
    """The references of a cell that names several children."""
    parts = re.split(r"\s/\s|[;,&+\s]+|\band\b", text_of(cell))
    return tuple(filter(None, map(parse_child, parts)))


def _how_many(_heading: str, texts: Sequence[str]) -> str:
    few = all(re.fullmatch(r"\d{1,2}", text) for text in texts)
    return "It says how many children, and not which." if few else ""


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
            "held or not",
            "did it take place",
            "did it happen",
            "status",
            "session status",
            "supervision status",
            "outcome",
        ),
        may_be=_may_say_held,
        blank=(("yes", "It took place"),),
    ),
    Field(
        "why",
        "Why it did not take place",
        False,
        (
            "reason not held",
            "why not held",
            "if no reason",
            "reason if no",
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
        kind="child",
        unlike=_how_many,
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
        took_place: bool | NotHeldWhy | None = read.get("held", _took_place)
        why = read.get("why", partial(parse_word, known=WHY))
        if took_place is None and why is None and read.has("held") and len(faults) == before:
            read.fault("held", "missing", "Nothing says whether the session took place.", "")
        if took_place is not None and not isinstance(took_place, bool):
            why = why or took_place
            took_place = False
        if took_place is False and why is None and len(faults) == before:
            at = "why" if read.has("why") else "held"
            sentence = "Say why the session did not take place."
            read.fault(at, "missing", sentence, read.get(at, parse_text) or "")
        if took_place and why is not None:
            read.fault(
                "why", "held-and-not-held", "The row says that it took place, and why it did not."
            )
        cases = read.get("cases", _cases, quote=False) or ()
        note = read.get("note", partial(parse_text, longest=4000)) or ""
        if len(faults) > before or not (practitioner and supervisor and on):
            continue
        names = normal(spoken_name(supervisor)), normal(spoken_name(practitioner))
        found = pairs.get(names, [])
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
                cases=cases,
                note=note,
            )
        )
    reasons = list(NOT_HELD_LABELS.items())
    whether = [("yes", "It took place"), *reasons]
    questions = value_questions(faults, {"why": reasons, "held": whether})
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
    undoing="Its sessions are withdrawn, and what it corrected is as it was before.",
)
