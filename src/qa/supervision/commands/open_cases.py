"""The command that takes in a list of open cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from qa.audits.decisions import child_faults
from qa.authorisation.context import Desk, Once, command
from qa.core.errors import Fault, Refused
from qa.core.words import Actor
from qa.people.commands.loading import load_organisation
from qa.store.unit import Receipt
from qa.supervision import open_cases
from qa.supervision.events import OpenCase, OpenCasesListed


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One row of a list: the local reference, the code of the team, and the last supervision."""

    case: str
    team: str
    supervised_on: date | None = None


@command
def list_open_cases(
    desk: Desk,
    *,
    counted_on: date,
    source: str,
    cases: Sequence[CaseRow],
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Take in the cases that were open at the end of a day. The response holds ``cases``.

    Raises:
        Refused: every fault, with the number of its row.
    """
    with desk.work(by, once=once) as work:
        work.require("import")
        teams = load_organisation(work).teams
        faults: list[Fault] = []
        held: list[OpenCase] = []
        for number, row in enumerate(cases, start=1):
            for fault in child_faults(row.case):
                faults.append(Fault("cases", fault.code, f"Row {number}: {fault.sentence}"))
            team = teams.get(row.team)
            if team is None:
                sentence = f"Row {number}: there is no team {row.team}."
                faults.append(Fault("cases", "team-unknown", sentence))
                continue
            held.append(
                OpenCase(case=row.case, team=team.code, service=team.service,
                         supervised_on=row.supervised_on)
            )  # fmt: skip
        if faults:
            raise Refused(faults)
        listed = OpenCasesListed(counted_on=counted_on, source=source, cases=tuple(held))
        decided = open_cases.list_cases(listed, today=work.today)
        work.unit.version(open_cases.OPEN_CASES_STREAM)
        work.append(open_cases.OPEN_CASES_STREAM, *decided, effective_on=counted_on)
        work.unit.respond(cases=len(held))
    return work.receipt
