"""What was said of a file, kept by name and proposed for the next one of its kind."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy.engine import Connection

from api.imports.answers import RECORD, ImportAnswers
from api.imports.mapping import is_reason
from projections.imports import queries
from projections.imports.tables import KeptMappingRow
from qa.core.errors import Refused
from qa.core.words import code_of
from qa.imports.events import KeptAnswer

_BY_HEADING = ("columns", "constants", "date_orders", "number_styles")


def as_kept(answers: ImportAnswers) -> tuple[KeptAnswer, ...]:
    """The answers that hold for the next file too; what becomes of its rows is said each time."""
    found = [
        KeptAnswer(about=about, heading=heading, answer=answer)
        for about in _BY_HEADING
        for heading, answer in getattr(answers, about).items()
        if not is_reason(heading)
    ]
    found += [
        KeptAnswer(about="values", heading=heading, written=written, answer=answer)
        for heading, values in answers.values.items()
        for written, answer in values.items()
        if not answer.startswith(RECORD)
    ]
    found += [
        KeptAnswer(about="reference_from", heading=heading, answer="yes")
        for heading in answers.reference_from
    ]
    return tuple(found)


def of_kept(row: KeptMappingRow) -> ImportAnswers:
    answers: dict[str, Any] = {about: {} for about in (*_BY_HEADING, "values")}
    made: list[str] = []
    for kept in map(KeptAnswer.model_validate, json.loads(row.answers)):
        if kept.about == "reference_from":
            made.append(kept.heading)
        elif kept.about == "values":
            answers["values"].setdefault(kept.heading, {})[kept.written] = kept.answer
        else:
            answers[kept.about][kept.heading] = kept.answer
    return ImportAnswers.model_validate({**answers, "reference_from": tuple(made)})


def own_headings(headings: Iterable[str]) -> tuple[str, ...]:
    """The headings of a file: refused rows that were put right are told by those of theirs."""
    return tuple(heading for heading in headings if not is_reason(heading))


def fitting(connection: Connection, kind: str, headings: Collection[str]) -> KeptMappingRow | None:
    """The latest that is kept for a file with these very headings, else for most of them: a file
    that shares a few, such as a reference and a title, is another file."""
    heading_set = set(own_headings(headings))
    kept = queries.mappings(connection, kind)
    theirs = [(row, set(json.loads(row.headings))) for row in kept]
    return next(
        (row for row, known in theirs if known == heading_set),
        next((row for row, known in theirs if _most(known, heading_set)), None),
    )


def _most(known: Collection[str], columns: Collection[str]) -> bool:
    return {*known} <= {*columns} and 3 * len(known) >= 2 * len(columns)


def free_name(connection: Connection, kind: str, wanted: str) -> str:
    """A name under which nothing is kept yet: this one, or with a number behind it."""
    taken = {code_of(row.name) for row in queries.mappings(connection, kind)}
    names = (wanted, *(f"{wanted} {number}" for number in range(2, len(taken) + 3)))
    return next(one for one in names if code_of(one) not in taken)


def named(connection: Connection, kind: str, name: str) -> KeptMappingRow:
    """What is kept under this name for a kind of file.

    Raises:
        Refused: there is none.
    """
    kept = queries.mappings(connection, kind)
    found = [row for row in kept if row.name.casefold() == name.strip().casefold()]
    if not found:
        known = ", ".join(f"“{row.name}”" for row in kept) or "nothing yet"
        sentence = f"Nothing is kept under “{name}” for such files. Kept: {known}."
        raise Refused(sentence, field="use", code="mapping-unknown")
    return found[0]


def beside(kept: ImportAnswers, answers: ImportAnswers) -> ImportAnswers:
    """The kept answers with those of now, which go before."""
    now = {
        name: value for name, value in answers.model_dump().items() if value or name == "refused"
    }
    whole = kept.model_dump()
    for name, value in now.items():
        whole[name] = {**whole[name], **value} if isinstance(value, dict) else value
    return ImportAnswers.model_validate(whole)
