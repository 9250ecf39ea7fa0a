"""The command that takes in a list of open cases."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from qa.authorisation.context import Desk, Once, command
from qa.core.words import Actor
from qa.people.commands.loading import load_organisation
from qa.store.unit import Receipt
from qa.supervision import open_cases
from qa.supervision.events import OPEN_CASES_STREAM, OpenCasesListed
from qa.supervision.rows import CaseRow


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
        held = open_cases.checked(cases, teams)
        listed = OpenCasesListed(counted_on=counted_on, source=source, cases=held)
        decided = open_cases.list_cases(listed, today=work.today)
        work.unit.version(OPEN_CASES_STREAM)
        work.append(OPEN_CASES_STREAM, *decided, effective_on=counted_on)
        work.unit.respond(cases=len(held))
    return work.receipt
