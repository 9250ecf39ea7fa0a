"""Files of safeguarding concerns: one row a concern that was raised from an audit on record."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import partial
from typing import Any

from sqlalchemy.engine import Connection

from api.audits.named_audits import may_import_to
from api.imports.about import AboutPlan
from api.imports.columns.meanings import value_questions
from api.imports.importers import CheckedFile, Importer, SentFile, recorder
from api.imports.mapping import MADE_OF_OTHERS, Field, map_columns, status_field
from api.imports.outcome import (
    ImportRow,
    SheetOutcome,
    in_order,
    name_doubles,
    not_in_future,
    readers,
)
from api.imports.values import parse_date, parse_prose, parse_text, parse_word
from projections.audits import queries as audit_queries
from projections.safeguarding import queries
from qa.core.fields import field_words
from qa.core.words import Actor
from qa.imports.rows import imported_id
from qa.safeguarding.commands import ImportConcerns
from qa.safeguarding.events import StatedConcern, ToldHow
from qa.safeguarding.handlers import import_concerns
from qa.safeguarding.rows import ImportedConcern
from qa.safeguarding.words import HOW_LABELS

HOW: Mapping[str, ToldHow] = {
    **dict.fromkeys(("in person", "face to face", "spoke in person", "meeting"), "in-person"),
    **dict.fromkeys(("telephone", "by telephone", "phone", "phone call", "call"), "telephone"),
    **dict.fromkeys(("message", "by a message that was answered"), "message"),
}
"""How somebody was told; whether an e-mail was answered is asked."""
FIELDS = (
    Field("reference", "Concern reference", True,
          ("concern id", "concern ref", "concern number", "concern no", "ref", "no"),
          without=MADE_OF_OTHERS, kind="reference"),
    Field("audit", "Audit reference", True,
          ("audit", "audit id", "audit ref", "audit no", "audit number", "raised from audit",
           "from audit"), kind="reference"),
    Field("what", "What is feared for the child", True,
          ("concern", "safeguarding concern", "what the concern is", "details of concern",
           "nature of concern", "description of concern"), kind="text"),
    Field("raised_on", "Concern raised on", True,
          ("raised", "raised on", "date raised", "date of concern", "concern raised",
           "date identified", "identified on"), kind="date"),
    Field("raised_by", "Raised by", False, ("concern raised by", "identified by"), kind="person"),
    Field("manager", "Manager told", False,
          ("told", "told to", "escalated to", "reported to", "manager informed",
           "escalated to manager", "manager notified"), kind="person"),
    Field("told_on", "Manager told on", False,
          ("told on", "date told", "date escalated", "date reported", "informed on", "escalated on",
           "date notified"), kind="date"),
    Field("how", "How they were told", False, ("told how", "how told", "how reported", "method")),
    Field("acknowledged_on", "Acknowledged on", False,
          ("acknowledged", "date acknowledged", "acknowledgement date", "response date",
           "manager response date"),
          kind="date"),
    Field("acknowledged_by", "Acknowledged by", False, ("responded by",), kind="person"),
    Field("doing", "What is being done", False,
          ("what was done", "what became of the concern", "action taken", "response")),
    status_field(
        "open", "closed", "raised", "acknowledged", "escalated", "responded", "resolved", "ongoing",
        "actioned", "in progress", "complete", "completed", "no further action", "nfa",
    ),
)  # fmt: skip
_DAYS = ("raised_on", "told_on", "acknowledged_on")
_PROSE = {
    name: partial(parse_prose, longest=words.longest)
    for name, words in field_words(StatedConcern).items()
    if words.longest
}


class ConcernFileRow(ImportRow):
    """One concern as its file states it."""

    audit: str
    stated: StatedConcern


def check_concerns(sent: SentFile) -> SheetOutcome[ConcernFileRow]:
    """Check every row by itself.

    Raises `Refused` where a required column cannot be found; faults of rows are in the outcome.
    """
    mapping = map_columns(sent.sheet, FIELDS, sent.choices).complete()
    faults = list(sent.sheet.faults)
    rows: list[ConcernFileRow] = []
    for row, read in readers(sent.sheet, mapping.headings, faults):
        before = len(faults)
        code = partial(parse_text, longest=80)
        reference = read.get("reference", code, required=True)
        audit = read.get("audit", code, required=True)
        given: dict[str, Any] = {
            day: read.get(day, parse_date, required=day == "raised_on") for day in _DAYS
        }
        for day in _DAYS:
            not_in_future(read, day, given[day], sent.today)
        given["how"] = read.get("how", partial(parse_word, known=HOW))
        for name in ("raised_by", "manager", "acknowledged_by"):
            given[name] = read.get(name, parse_text) or ""
        given["what"] = read.get("what", _PROSE["what"], required=True, quote=False)
        given["doing"] = read.get("doing", _PROSE["doing"], quote=False) or ""
        if len(faults) > before or not reference or not audit:
            continue
        rows.append(
            ConcernFileRow(
                **row.place, reference=reference, audit=audit, stated=StatedConcern(**given)
            )
        )
    name_doubles(sent.sheet, mapping.headings["reference"], faults)
    questions = value_questions(faults, {"how": list(HOW_LABELS.items())})
    found = in_order(faults, sent.sheet)
    return SheetOutcome(sent.sheet, mapping, {}, tuple(rows), found, (), questions)


def _stated(row: ConcernFileRow) -> ImportedConcern:
    return ImportedConcern(row.row, row.reference, row.audit, row.stated)


_record = recorder(import_concerns, ImportConcerns, _stated)


def _check(sent: SentFile) -> CheckedFile:
    return CheckedFile(check_concerns(sent), _preview, _record, parted=True)


def _preview(row: ConcernFileRow) -> dict[str, Any]:
    """Without the words about the child, which no preview repeats."""
    stated = row.stated.model_dump(mode="json", exclude={"what", "doing"}, exclude_defaults=True)
    return {
        "fact": "SafeguardingConcernImported",
        "row": row.row,
        "reference": row.reference,
        "audit": row.audit,
        **stated,
    }


def _words(event: Mapping[str, Any]) -> str:
    steps = (("raised", "raised_on"), ("told", "told_on"), ("acknowledged", "acknowledged_on"))
    words = ", ".join(f"{step} {event[day]}" for step, day in steps if event.get(day))
    return f"concern {event['reference']} from audit {event['audit']}: {words}"


def _on_record(connection: Connection, _about: AboutPlan) -> Collection[str]:
    return queries.imported_references(connection)


def _open_to(connection: Connection, by: Actor, references: Collection[str]) -> Collection[str]:
    """Those whose audit whoever sends a file may import to."""
    ids = {imported_id("concern", one): one for one in references}
    audits = queries.audits_of(connection, ids)
    views = audit_queries.outlines(connection, {*audits.values()})
    reached = {one for one, view in views.items() if may_import_to(by, view.row)}
    return [ids[concern] for concern, audit in audits.items() if audit in reached]


IMPORTERS = Importer(
    kind="concerns",
    on_record=_on_record,
    open_to=_open_to,
    named=FIELDS,
    place=28,
    title="Safeguarding concerns from audits: one row a concern",
    rows="concerns",
    check=_check,
    row_words=_words,
    examples=(
        {
            "reference": "SC-2025-001",
            "audit": "A-2025-001",
            "what": "A child of two is alone at night",
            "raised_on": "2025-06-02",
            "raised_by": "Pat Sample",
            "manager": "Sam Sample",
            "told_on": "2025-06-02",
            "how": "By telephone",
            "acknowledged_on": "2025-06-03",
            "acknowledged_by": "Sam Sample",
            "doing": "A visit the same evening",
        },
    ),
    onward=(("See the concerns", "/safeguarding"),),
    needs="Each row names an audit that must be on record.",
    undoing="The concerns that it brought are withdrawn, and what it said of earlier ones is as "
    "before.",
)
