"""Decisions on the list of open cases, against which the supervision of cases is counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from qa.audits.decisions import child_faults
from qa.core.errors import Fault, Refused, refuse_any
from qa.core.event import Event
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
    held: list[OpenCase] = []
    for number, row in enumerate(rows, start=1):
        for fault in child_faults(row.case):
            faults.append(Fault("cases", fault.code, f"Row {number}: {fault.sentence}"))
        team = teams.get(row.team)
        if team is None:
            sentence = f"Row {number}: there is no team {row.team}."
            faults.append(Fault("cases", "team-unknown", sentence))
            continue
        held.append(
            OpenCase(
                case=row.case, team=team.code, service=team.service, supervised_on=row.supervised_on
            )
        )
    refuse_any(faults)
    return tuple(held)


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
    if faults:
        raise Refused(faults)
    return [listed.model_copy(update={"source": listed.source.strip()})]
