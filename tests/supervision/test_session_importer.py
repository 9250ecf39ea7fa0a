"""Supervision sessions from a file: of pairs on record, again next month, corrected and undone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from api.imports.answers import ImportAnswers
from api.imports.reading import read_sheet
from api.imports.run import ImportChoices, Outcome, run
from projections.imports import queries as batches
from projections.supervision import queries
from qa.imports.reversal_commands import ReverseImport
from qa.imports.reversal_handlers import reverse_import
from tests.supervision.support import begun, managed
from tests.support.council import Council
from tests.support.given import codes_of

HEADINGS = "Practitioner,Supervisor,Date of session,Held,Reason not held,Cases"
CORRECT = ImportAnswers(changed="correct", reason="It did not take place after all.")


@pytest.fixture
def council(small_council: Council) -> Council:
    managed(small_council)
    begun(small_council, days_ago=60)
    return small_council


def line(council: Council, days: int, rest: str, *, by: str = "reader") -> str:
    return f"worker,{by},{council.today - timedelta(days=days)},{rest}"


def send(council: Council, *rows: str, **how: Any) -> Outcome:
    sheet = read_sheet("sessions.csv", "\n".join([HEADINGS, *rows]).encode())
    return run(council.services, "sessions", sheet, ImportChoices(**how), by=council.actor("lead"))


def told(council: Council) -> list[tuple[str, bool]]:
    with council.services.store.reading() as connection:
        (pair,) = queries.all_pairs(connection)
        found = queries.sessions(connection, [pair.pair]).get(pair.pair, [])
    return [(one.on, one.why is None) for one in found]


def test_sessions_come_in_once_are_corrected_and_are_undone(council: Council) -> None:
    rows = [line(council, 50, "Yes,,C-1; C-2"), line(council, 20, "No,Sickness,")]
    assert (send(council, *rows).result or {})["imported"] == 2
    days = [str(council.today - timedelta(days=ago)) for ago in (50, 20)]
    assert told(council) == [(days[0], True), (days[1], False)]
    assert (send(council, *rows).result or {})["already_there"] == 2
    other = line(council, 50, "No,Leave,")
    assert codes_of(lambda: send(council, other)) == ["already-imported-otherwise"]
    assert (send(council, other, answers=CORRECT).result or {})["corrected"] == 1
    assert told(council) == [(days[0], False), (days[1], False)]
    with council.services.store.reading() as connection:
        first = batches.batches(connection)[-1].batch
    wanted = ReverseImport(batch=first, reason="The wrong file")
    reverse_import(council.services.desk, wanted, by=council.actor("lead"))
    assert told(council) == [(days[0], False)]


@pytest.mark.parametrize(
    ("days", "rest", "by", "code"),
    [
        (50, "No,,", "reader", "missing"),
        (50, "Yes,Sickness,", "reader", "held-and-not-held"),
        (50, "No,Rain,", "reader", "word-unknown"),
        (50, "Yes,,", "auditor", "pair-unknown"),
        (90, "Yes,,", "reader", "date-before"),
        (-3, "Yes,,", "reader", "in-the-future"),
        (50, "Yes,,Alex", "reader", "not-a-child-reference"),
        (50, ",,", "reader", "missing"),
        (50, "Perhaps,,", "reader", "not-yes-or-no"),
    ],
)
def test_what_a_row_cannot_say_is_refused(
    council: Council, days: int, rest: str, by: str, code: str
) -> None:
    assert codes_of(lambda: send(council, line(council, days, rest, by=by))) == [code]


@pytest.mark.parametrize(
    ("heading", "word", "why"),
    [
        ("Status", "Completed", None),
        ("Status", "Off sick", "sickness"),
        ("Status", "Cancelled", "asked"),
        ("Outcome", "DNA", "asked"),
        ("Did they meet", "No", "which column"),
        ("Room", "Booked", None),
    ],
)
def test_a_session_that_did_not_take_place_is_never_taken_as_held(
    council: Council, heading: str, word: str, why: str | None
) -> None:
    on = council.today - timedelta(days=50)
    text = f'Worker,Supervisor,Date,{heading}\n"Tree, Worker",reader,{on},{word}\n'
    sheet = read_sheet("sessions.csv", text.encode())
    lead, dry = council.actor("lead"), ImportChoices(dry_run=True)
    found = run(council.services, "sessions", sheet, dry, by=lead)
    if why == "which column":
        (question,) = found.plan.questions
        assert (question.about, question.heading, question.needed) == ("columns", heading, True)
    elif why == "asked":
        (question,) = found.plan.questions
        assert {one.value for one in question.options} > {"yes", "other", "workload"}
        assert (found.counted("refused"), len(found.events)) == (1, 0)
    else:
        (event,) = found.events
        assert event["not_held"] == why


@pytest.mark.parametrize(
    ("cell", "cases"),
    [
        ("C-1 & C-2 and C-3", ("C-1", "C-2", "C-3")),
        ("C-1 / C-2", ("C-1", "C-2")),
        ("N/A", ()),
        ("3", ()),
    ],
)
def test_the_children_of_a_session_are_told_apart(
    council: Council, cell: str, cases: tuple[str, ...]
) -> None:
    (event,) = send(council, line(council, 50, f"Yes,,{cell}"), dry_run=True).events
    assert tuple(event["cases"]) == cases
