"""Files of the cases open at the end of a day: our own template, the child-level lists of Ofsted's
Annex A, and the tables of the Standard Safeguarding Dataset."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from api.imports.importers import CheckedFile, Importer, SentFile, asked_once
from api.imports.mapping import Field, map_columns, normal
from api.imports.outcome import ImportRow, SheetOutcome, in_order, readers
from api.imports.values import parse_child, parse_date, parse_text
from projections.people import queries as people
from projections.restrictions.queries import restricted
from qa.authorisation.context import Desk, Once
from qa.core.errors import Fault, Refused
from qa.core.naming import reference_key
from qa.core.words import Actor, code_of
from qa.imports.commands.batches import File
from qa.store.unit import Receipt
from qa.supervision.commands import ImportOpenCases
from qa.supervision.events import CaseRow
from qa.supervision.handlers import import_open_cases

FIELDS = (
    Field("case", "Child's reference", True,
          ("case", "child unique id", "child id", "child ref", "child reference", "case reference",
           "local reference", "cine person id", "cinp person id", "cppl person id",
           "clae person id", "invo person id", "clea person id"), kind="child"),
    Field("team", "Allocated team", True,
          ("team", "team name", "team code", "cine referral team", "cinp cin plan team",
           "cinp cin plan team name", "invo professional team",
           "clea care leaver allocated team"),
          without=" A list that names no teams is of one team: say --set team=TEAM.", kind="team"),
    Field("closed_on", "Closed on", False,
          ("cin closure date", "child protection plan end date", "date ceased to be looked after",
           "case closed", "closure date", "cine close date", "cinp cin plan end date",
           "cppl cp plan end date", "clae cla episode ceased", "clae cla episode ceased date",
           "invo involvement end date", "end date"), kind="date"),
    Field("supervised_on", "Last case supervision", False,
          ("supervised on", "last supervision", "date of last supervision", "last supervised"),
          kind="date"),
)  # fmt: skip
"""The headings of lists 6 to 9 of Annex A and of the tables of episodes, plans and involvements of
the Standard Safeguarding Dataset stand among the names; what they say beside is left out."""
_NAMES = re.compile(r"name|surname|worker|advis[eo]r|date of birth|dob\b|postcode|address", re.I)


@dataclass(frozen=True, slots=True)
class PublishedList:
    """A list that holds no open cases: what it is called, what it is of, and headings that stand in
    no other list."""

    called: str
    of: str
    headings: tuple[str, ...]


NOT_OPEN_CASES = (
    PublishedList("list 1 of Annex A", "contacts", ("Date of Contact", "Contact Source")),
    PublishedList(
        "list 2 of Annex A",
        "early help assessments",
        (
            "Assessment start date",
            "Assessment completion date",
            "Organisation completing assessment",
        ),
    ),
    PublishedList(
        "list 3 of Annex A",
        "referrals",
        (
            "Date of referral",
            "Referral Source",
            "Referral NFA?",
            "Number of Referrals in Last 12 Months",
        ),
    ),
    PublishedList(
        "list 4 of Annex A",
        "assessments",
        (
            "Continuous Assessment Start Date",
            "Child Seen During Continuous Assessment",
            "Continuous Assessment Date of Authorisation",
            "Was the child assessed as requiring LA children's social care support",
        ),
    ),
    PublishedList(
        "list 5 of Annex A",
        "Section 47 enquiries",
        (
            "Strategy discussion initiating Section 47 Enquiry Start Date",
            "Was an Initial Child Protection Conference deemed unnecessary?",
            "Date of Initial Child Protection Conference",
            "Number of Section 47 Enquiries in the last 12 months",
            "Number of ICPCs in the last 12 months",
        ),
    ),
    PublishedList(
        "list 10 of Annex A",
        "children to be adopted",
        (
            "Date the Child Entered Care",
            "Date of Decision that Child Should be Placed for Adoption",
            "Date of Placement Order",
            "Date of Matching Child and Prospective Adopters",
            "Date Placed for Adoption",
        ),
    ),
    PublishedList(
        "list 11 of Annex A",
        "adopters",
        (
            "Individual adopter identifier",
            "Date enquiry received",
            "Date Stage 1 started",
            "Date Stage 2 started",
            "Date application approved",
        ),
    ),
)

TABLES: Mapping[str, str] = {
    "cont": "contacts",
    "earl": "early help episodes",
    "cina": "assessments",
    "s47e": "Section 47 enquiries",
    "icpc": "initial child protection conferences",
    "perm": "permanence and adoption",
}
"""Tables of the dataset without open cases, by what the names of their columns begin with."""


def no_open_cases(headings: Collection[str]) -> PublishedList | None:
    """The published list or table whose headings these are, where it holds no open cases."""
    there = set(map(normal, headings))
    for one in NOT_OPEN_CASES:
        if len(there & set(map(normal, one.headings))) >= 2:
            return one
    for prefix, of in TABLES.items():
        if f"{prefix} person id" in there:
            return PublishedList(
                f"the table {prefix}_… of the Standard Safeguarding Dataset", of, ()
            )
    return None


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
    other = no_open_cases(sent.sheet.headings)
    if other is not None:
        sentence = (
            f"This is {other.called}: {other.of}, and no list of open cases. Lists 6 to 9 of Annex "
            "A are such."
        )
        raise Refused(sentence, field="file", code="no-open-cases")
    mapping = map_columns(sent.sheet, FIELDS, sent.said)
    wrong, day = list(mapping.faults()), sent.about.as_at
    if day is None:
        wrong.append(Fault("as_at", "missing", "Say at the end of which day the cases were open."))
    if wrong or day is None:
        raise Refused(wrong)
    known = {
        called: one.team
        for one in people.teams(sent.connection)
        for called in (one.team, code_of(one.name))
    }
    closed_to = restricted(sent.connection)
    faults = list(sent.sheet.faults)
    found: dict[str, OpenCaseFileRow] = {}
    left = {"restricted": 0, "closed": 0, "again": 0}
    for row, read in readers(sent.sheet, mapping.headings, faults):
        before = len(faults)
        case = read.get("case", parse_child, required=True, quote=False)
        closed = read.get("closed_on", parse_date)
        key = reference_key(case or "")
        if key in closed_to:
            del faults[before:]
            left["restricted"] += 1
        elif closed is not None and closed <= day:
            left["closed"] += 1
        elif key in found:
            left["again"] += 1
        elif case is not None:
            team = read.get("team", partial(parse_text, longest=120), required=True)
            supervised = read.get("supervised_on", parse_date)
            if team and code_of(team) not in known:
                sentence = f"There is no team “{team}”. Import the teams first, or say which it is."
                read.fault("team", "team-unknown", sentence, team)
            if supervised is not None and supervised > day:
                sentence = "The supervision is after the day of the list."
                read.fault("supervised_on", "date-after", sentence, supervised.isoformat())
            if len(faults) == before and team:
                found[key] = OpenCaseFileRow(
                    **row.place,
                    reference=case,
                    team=known[code_of(team)],
                    supervised_on=supervised,
                )
    names = [heading for heading in mapping.unmapped if _NAMES.search(heading)]
    told = [
        ("1 row" if count == 1 else f"{count} rows", words)
        for count, words in (
            (left["restricted"], "about a child whose records are restricted."),
            (left["closed"], "closed by the end of that day."),
            (left["again"], "about a child who stands in an earlier row too."),
        )
        if count
    ]
    notes = [Fault("case", "left-out", f"Left out: {how_many}, {why}") for how_many, why in told]
    if names:
        sentence = f"Names and what tells who somebody is are not read: {', '.join(names)}."
        notes.append(Fault("case", "left-out", sentence))
    rows = tuple(found.values())
    outcome = SheetOutcome(
        sent.sheet, mapping, {}, rows, in_order(faults, sent.sheet), tuple(notes)
    )
    return outcome, day


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
    row_words=_words,
    examples=({"case": "10001", "team": "Early North", "supervised_on": "2025-05-20"},),
    needs="Its teams must be on record. Say as at which day the cases were open.",
    undoing="The list that the day had before is in force again; without one, the day has none.",
)
