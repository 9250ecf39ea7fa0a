"""Files of the cases open at the end of a day: our own template, the child-level lists of Ofsted's
Annex A, and the tables of the Standard Safeguarding Dataset."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from api.imports.importers import CheckedFile, Importer, SentFile, asked_once
from api.imports.mapping import Field, map_columns, status_field
from api.imports.outcome import ImportRow, SheetOutcome, in_order
from api.imports.values import parse_date
from api.sampling_frames.case_lists import CaseList
from api.sampling_frames.published_lists import (
    CASE_NAMES,
    CLOSED_NAMES,
    TEAM_NAMES,
    published,
    published_names,
)
from qa.authorisation.context import Desk, Once
from qa.core.errors import Fault, Refused
from qa.core.naming import reference_key
from qa.core.words import Actor
from qa.imports.commands.batches import File
from qa.store.unit import Receipt
from qa.supervision.commands import ImportOpenCases
from qa.supervision.events import CaseRow
from qa.supervision.handlers import import_open_cases

FIELDS = (
    Field("case", "Child's reference", True,
          (*CASE_NAMES, *published_names("case", open_only=True)), kind="child"),
    Field("team", "Allocated team", True,
          (*TEAM_NAMES, *published_names("team", open_only=True)),
          without=" A list that names no teams is of one team: say --set team=TEAM.", kind="team"),
    Field("closed_on", "Closed on", False,
          (*CLOSED_NAMES, *published_names("closed_on", open_only=True)), kind="date"),
    Field("supervised_on", "Last case supervision", False,
          ("supervised on", "last supervision", "date of last supervision", "last supervised",
           "date last supervised", "last supervision date", "date of last case supervision"),
          kind="date"),
    status_field("open", "active", "current", "live", "allocated", "ongoing"),
)  # fmt: skip
"""The headings of lists 6 to 9 of Annex A and of the tables of episodes, plans and involvements of
the Standard Safeguarding Dataset stand among the names; what they say beside is left out."""


def may_be_open_cases(headings: Collection[str]) -> bool:
    """Whether these are not the headings of a published list of something else."""
    found = published(headings)
    return found is None or found.open


class OpenCaseFileRow(ImportRow):
    """One open case; `reference` is the child's, `team` a code."""

    team: str
    supervised_on: date | None = None


def check_open_cases(sent: SentFile) -> tuple[SheetOutcome[OpenCaseFileRow], date]:
    """The cases that were open at the end of the day of the list, each once.

    Raises:
        Refused: a column or the day of the list is missing, or it is a published list of something
            else.
    """
    other = published(sent.sheet.headings)
    if other is not None and not other.open:
        sentence = (
            f"This is {other.named}, and no list of open cases. Lists 6 to 9 of Annex A are such."
        )
        if other.has_children:
            sentence += " Import it as a sampling frame."
        raise Refused(sentence, field="file", code="no-open-cases")
    mapping = map_columns(sent.sheet, FIELDS, sent.choices)
    wrong, day = list(mapping.faults()), sent.about.as_at
    if day is None:
        wrong.append(Fault("as_at", "missing", "Say at the end of which day the cases were open."))
    if wrong or day is None:
        raise Refused(wrong)
    listed = CaseList(sent, mapping, day)
    found: dict[str, OpenCaseFileRow] = {}
    for read, case, place, before in listed.cases():
        key = reference_key(case)
        if key in found:
            listed.left["again"] += 1
            continue
        team = listed.team(read, required=True)
        supervised = read.get("supervised_on", parse_date)
        if supervised is not None and supervised > day:
            sentence = "The supervision is after the day of the list."
            read.fault("supervised_on", "date-after", sentence, supervised.isoformat())
        if read.found == before and team:
            found[key] = OpenCaseFileRow(
                **place, reference=case, team=team, supervised_on=supervised
            )
    rows, faults = tuple(found.values()), in_order(listed.faults, sent.sheet)
    return SheetOutcome(sent.sheet, mapping, {}, rows, faults, listed.notes()), day


def _check(sent: SentFile) -> CheckedFile:
    outcome, day = check_open_cases(sent)

    def record(
        desk: Desk, rows: Sequence[OpenCaseFileRow], file: File, *, by: Actor, once: Once | None
    ) -> Receipt:
        wanted = ImportOpenCases(
            file=file,
            counted_on=day,
            source=(sent.about.source or sent.sheet.name)[:200],
            cases=tuple(
                CaseRow(case=row.reference, team=row.team, supervised_on=row.supervised_on)
                for row in rows
            ),
            lines=tuple(row.row for row in rows),
        )
        return import_open_cases(desk, wanted, by=by, **asked_once(once))

    return CheckedFile(outcome, _preview, record, together=True)


def _preview(row: OpenCaseFileRow) -> dict[str, Any]:
    return {"fact": "OpenCasesListed", **row.model_dump(mode="json", exclude={"line"})}


def _words(event: Mapping[str, Any]) -> str:
    last = event.get("supervised_on")
    return f"case {event['reference']}, {event['team']}" + (f", supervised {last}" if last else "")


IMPORTERS = Importer(
    kind="open-cases",
    named=FIELDS,
    place=120,
    title="Cases open at the end of a day: one row a child, a list of Annex A, or the Standard "
    "Safeguarding Dataset",
    rows="open cases",
    check=_check,
    may_be=may_be_open_cases,
    row_words=_words,
    examples=({"case": "10001", "team": "Early North", "supervised_on": "2025-05-20"},),
    needs="Its teams must be on record. Say as at which day the cases were open.",
    undoing="The list that the day had before is in force again; without one, the day has none.",
)
