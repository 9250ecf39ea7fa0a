"""Decisions on the list of open cases, against which the supervision of cases is counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from qa.audits.decisions import child_faults
from qa.core.errors import Fault, refuse_any
from qa.core.event import Event, RecordedEvent
from qa.imports.changes import as_text, meet
from qa.people.teams import Team
from qa.supervision.events import CaseRow, OpenCase, OpenCasesListed

MOST_CASES = 20_000
LONGEST_SOURCE = 200


def checked(rows: Sequence[CaseRow], teams: Mapping[str, Team]) -> tuple[OpenCase, ...]:
    """The cases of a list, each with the service of its team.

    Raises:
        Refused: every fault, with the number of its row.
    """
    faults: list[Fault] = []
    cases: list[OpenCase] = []
    for number, row in enumerate(rows, start=1):
        for fault in child_faults(row.case):
            faults.append(Fault("cases", fault.code, f"Row {number}: {fault.sentence}"))
        team = teams.get(row.team)
        if team is None:
            sentence = f"Row {number}: there is no team {row.team}."
            faults.append(Fault("cases", "team-unknown", sentence))
            continue
        cases.append(
            OpenCase(
                case=row.case, team=team.code, service=team.service, supervised_on=row.supervised_on
            )
        )
    refuse_any(faults)
    return tuple(cases)


def list_cases(listed: OpenCasesListed, *, today: date) -> list[Event]:
    """Take in the cases that were open at the end of a day.

    Raises:
        Refused: every fault: a day in the future, no source, no cases or too many, one named
            twice, a supervision after the day.
    """
    faults: list[Fault] = []
    if listed.counted_on > today:
        faults.append(Fault("counted_on", "date-future", "Enter today or a day before it."))
    if not 0 < len(listed.source.strip()) <= LONGEST_SOURCE:
        sentence = "Say where the list comes from, in 200 characters or fewer."
        faults.append(Fault("source", "source-missing", sentence))
    if not 0 < len(listed.cases) <= MOST_CASES:
        sentence = f"A list has from 1 to {MOST_CASES:,} cases."
        faults.append(Fault("cases", "cases-missing", sentence))
    seen: set[str] = set()
    for number, one in enumerate(listed.cases, start=1):
        if one.case in seen:
            sentence = f"Row {number}: the case {one.case} is listed twice."
            faults.append(Fault("cases", "case-twice", sentence))
        seen.add(one.case)
        if one.supervised_on is not None and one.supervised_on > listed.counted_on:
            sentence = f"Row {number}: the supervision is after the day of the list."
            faults.append(Fault("cases", "date-after", sentence))
    refuse_any(faults)
    return [listed.model_copy(update={"source": listed.source.strip()})]


@dataclass(frozen=True, slots=True)
class ListsOnRecord:
    """The list in force of every day, and what one batch listed with what stood before it."""

    batch: str = ""
    lists: Mapping[date, OpenCasesListed] = field(default_factory=dict)
    brought: OpenCasesListed | None = None
    before: OpenCasesListed | None = None


def evolve_lists(known: ListsOnRecord, recorded: RecordedEvent[Any]) -> ListsOnRecord:
    event, source = recorded.event, recorded.meta.source
    if not isinstance(event, OpenCasesListed):
        return known
    if source is not None and source.batch == known.batch:
        before = known.lists.get(event.counted_on)
        known = replace(known, brought=event, before=before)
    return replace(known, lists={**known.lists, event.counted_on: event})


def on_record(known: ListsOnRecord, listed: OpenCasesListed, *, row: int, corrects: bool) -> bool:
    """Whether the cases of the day are on record as listed.

    Raises:
        Refused: the day has another list, unless the file `corrects` it.
    """
    before = known.lists.get(listed.counted_on)
    if before is None or not before.cases:
        return False
    contents = [
        {
            f"case {one.case}": ", ".join(filter(None, (one.team, as_text(one.supervised_on))))
            for one in each.cases
        }
        for each in (before, listed)
    ]
    value = listed.counted_on.isoformat()
    return meet(*contents, row=row, column="reference", value=value, corrects=corrects) == "there"


def take_list_back(known: ListsOnRecord) -> list[OpenCasesListed]:
    """What undoes the list of a batch, unless the day has another since: the list before it, or
    one without cases."""
    was = known.brought
    if was is None or known.lists[was.counted_on] != was:
        return []
    before = known.before or was.model_copy(update={"cases": ()})
    return [before]
