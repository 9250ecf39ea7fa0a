"""Concerns of a file: with the days of their steps, again next month, corrected and undone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from api.imports.answers import ImportAnswers
from api.imports.reading import read_sheet
from api.imports.run import ImportChoices, Outcome, run
from api.notifications.announcing import announce
from api.safeguarding.jobs import escalate_concerns
from projections.core.verify import verify
from projections.imports import queries as batches
from projections.safeguarding import queries
from projections.safeguarding.tables import ConcernRow
from qa.audits import handlers as audit_handlers
from qa.audits.commands import SubmitAudit, VoidAudit
from qa.core.clock import civil_day, from_microseconds
from qa.core.errors import NotNow
from qa.history.true_days import true_days
from qa.imports.reversal_commands import ReverseImport
from qa.imports.reversal_handlers import reverse_import
from qa.imports.rows import imported_audit_id
from qa.restrictions import handlers as restrictions
from qa.restrictions.commands import RestrictChild
from qa.safeguarding import handlers
from qa.safeguarding.commands import RaiseConcern, TellManager
from tests.support.council import Council, content
from tests.support.forms import read
from tests.support.given import codes_of

HEADINGS = (
    "Concern ref,Audit ref,Concern,Date raised,Raised by,Told,Date told,Told how,"
    "Date acknowledged,Acknowledged by,What was done"
)
OPEN = "S-1,G-1,Alone at night,2025-06-02,J. Smith,,,,,,"
TOLD = "S-1,G-1,Alone at night,2025-06-02,J. Smith,M. Jones,2025-06-03,Phone,,,"
DONE = "S-1,G-1,Alone at night,2025-06-02,J. Smith,M. Jones,2025-06-03,Phone,2025-06-04,M. Jones,"
CORRECT = ImportAnswers(changed="correct", reason="The tracker was wrong.")


@pytest.fixture
def council(small_council: Council) -> Council:
    audits = (
        "Audit reference,Child ref,Date of audit,Auditor,Team,Overall grade\n"
        "G-1,C-1,2025-06-01,J. Smith,East,Good\n"
        "G-2,C-2,2025-06-01,J. Smith,East,Good"
    )
    sheet = read_sheet("audits.csv", audits.encode())
    run(small_council.services, "audits", sheet, by=small_council.actor("lead"))
    return small_council


def send(council: Council, *rows: str, **how: Any) -> Outcome:
    sheet = read_sheet("concerns.csv", "\n".join([HEADINGS, *rows]).encode())
    return run(council.services, "concerns", sheet, ImportChoices(**how), by=council.actor("lead"))


def counts(outcome: Outcome) -> tuple[int, ...]:
    result = outcome.result or {}
    return tuple(result[one] for one in ("imported", "already_there", "corrected"))


def row(council: Council, audit: str = "G-1") -> ConcernRow:
    with council.services.store.reading() as connection:
        (found,) = queries.of_audit(connection, imported_audit_id(audit))
    return found


def undo(council: Council, at: int = 0) -> None:
    with council.services.store.reading() as connection:
        batch = [one for one in batches.batches(connection) if one.kind == "concerns"][at].batch
    wanted = ReverseImport(batch=batch, reason="The wrong file")
    reverse_import(council.services.desk, wanted, by=council.actor("lead"))


def day(us: int | None) -> str:
    assert us is not None
    return civil_day(from_microseconds(us)).isoformat()


def test_a_concern_comes_in_with_its_days_and_next_month_with_what_became_of_it(
    council: Council,
) -> None:
    assert counts(send(council, OPEN)) == (1, 0, 0)
    first = row(council)
    assert (first.what, first.told_people, first.acknowledged_us) == ("Alone at night", (), None)
    assert (day(first.raised_us), day(first.acknowledge_by_us)) == ("2025-06-02", "2025-06-02")
    assert (first.imported, first.next_by_us) == (1, None)
    assert counts(send(council, OPEN)) == (0, 1, 0)
    assert counts(send(council, TOLD)) == (1, 0, 0), "a blank that is filled is a step"
    told = row(council)
    assert day(told.told_us) == day(told.acknowledge_by_us) == "2025-06-03"
    assert counts(send(council, f"{DONE}A visit")) == (1, 0, 0)
    assert (day(row(council).acknowledged_us)) == "2025-06-04"
    assert counts(send(council, OPEN)) == (0, 1, 0), "a blank says nothing of what is on record"
    assert verify(council.services.store, council.services.registry) == []


def test_other_values_are_a_correction_and_undo_goes_back_step_by_step(council: Council) -> None:
    send(council, OPEN)
    send(council, TOLD)
    later = TOLD.replace("2025-06-03", "2025-06-05").replace("Alone", "Left alone")
    shown = send(council, later, dry_run=True)
    assert [cell[0] for cell in shown.rows[0].cells] == ["what", "told_on"]
    assert codes_of(lambda: send(council, later)) == ["already-imported-otherwise"]
    assert counts(send(council, later, answers=CORRECT)) == (0, 0, 1)
    assert (row(council).what, day(row(council).told_us)) == ("Left alone at night", "2025-06-05")
    undo(council)
    assert (row(council).what, day(row(council).told_us)) == ("Alone at night", "2025-06-03")
    undo(council, 1)
    assert row(council).told_us is None
    undo(council, 2)
    assert row(council).withdrawn == 1
    assert counts(send(council, TOLD)) == (1, 0, 0), "the right file comes after"
    assert row(council).withdrawn == 0


def test_no_clock_runs_for_it_and_nobody_is_told_or_owes_anything(council: Council) -> None:
    services, lead = council.services, council.actor("lead")
    announce(services)
    send(council, TOLD, OPEN.replace("S-1,G-1", "S-2,G-2"))
    council.clock.advance(timedelta(days=30))
    assert (announce(services), escalate_concerns(services, dry_run=False)) == (0, 0)
    with services.store.reading() as connection:
        found = queries.listed(connection, lead.person, (), waiting=True)
        assert found == []
        assert queries.unanswered_of(connection, "east") == []
        figure = queries.acknowledged_in_time([row(council)], services.clock.now())
    assert (figure.denominator, queries.minutes_to_acknowledge(row(council))) == (0, None)
    here = {"audit": row(council).audit, "concern": row(council).concern}
    tell = TellManager(**here, manager=council.ids["moderator"], how="telephone")
    with pytest.raises(NotNow) as refused:
        handlers.tell_manager(services.desk, tell, by=lead)
    assert refused.value.code == "concern-from-file"


def test_a_concern_of_a_file_keeps_no_draft_from_being_submitted(council: Council) -> None:
    audit = council.allocated()
    send(council, OPEN.replace("G-1", council.view(audit).row.reference))
    ready = SubmitAudit(audit=audit, content=content(council.tool, council.today))
    audit_handlers.submit(council.services.desk, ready, by=council.actor("auditor"))


def test_pages_and_api_mark_it_and_the_figure_names_what_it_leaves_out(council: Council) -> None:
    send(council, f"{DONE}A visit the same evening")
    send(council, OPEN.replace("S-1,G-1", "S-2,G-2"))
    here = f"/audits/{row(council).audit}/concerns/{row(council).concern}"
    page = read(council, "lead", here)
    for words in ("It came from a file", "J. Smith", "4 June 2025, M. Jones", "A visit the same"):
        assert words in page
    assert "Minutes from telling" not in page
    assert "Record that you told" not in page
    listed = read(council, "lead", "/safeguarding")
    assert "2 from files are in neither number" in listed
    assert "Not known: from a file" in listed
    assert "Not acknowledged, as a file states" in listed
    history = read(council, "lead", f"/audits/{row(council).audit}/history")
    assert "A file states a safeguarding concern" in history
    assert "Imported" in history
    told = council.program("lead", "read").get(f"/api/v1/case-audits{here.removeprefix('/audits')}")
    assert told.json()["concern"]["from_file"] is True
    assert told.json()["concern"]["minutes_to_acknowledge"] is None
    undo(council)
    assert "Withdrawn: its import was undone" in read(council, "lead", "/safeguarding")


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (OPEN.replace("G-1", "NO-1"), "audit-unknown"),
        (OPEN.replace("Alone at night", ""), "missing"),
        (OPEN.replace("2025-06-02", ""), "missing"),
        (OPEN.replace("2025-06-02", "2199-06-02"), "in-the-future"),
        (TOLD.replace("2025-06-03", ""), "missing"),
        (DONE.replace("2025-06-04", ""), "missing"),
        (TOLD.replace("2025-06-03", "2025-06-01"), "dates-out-of-order"),
        (TOLD.replace("Phone", "E-mail"), "word-unknown"),
        (OPEN.replace("Alone at night", "x" * 5001), "too-long"),
    ],
)
def test_what_a_row_cannot_say_is_refused(council: Council, line: str, code: str) -> None:
    assert codes_of(lambda: send(council, line)) == [code]


def test_what_is_out_of_reach_ended_or_of_another_audit_is_refused_by_row(
    council: Council,
) -> None:
    send(council, OPEN)
    moved = OPEN.replace("G-1", "G-2")
    assert codes_of(lambda: send(council, moved)) == ["other-audit"]
    lead2 = council.actor("lead2")
    wanted = RestrictChild(child="C-2", readers=(lead2.person,), why="A child of a colleague.")
    restrictions.restrict(council.services.desk, wanted, by=lead2)
    closed = moved.replace("S-1", "S-2")
    assert codes_of(lambda: send(council, closed)) == ["row-out-of-reach"]
    left = ImportAnswers(refused="leave-out")
    assert counts(send(council, closed, OPEN, answers=left)) == (0, 1, 0)
    # Nothing tells of a reference that stands on the audit that is closed to the sender.
    sheet = read_sheet("concerns.csv", f"{HEADINGS}\n{closed.replace('S-2', 'S-7')}".encode())
    run(council.services, "concerns", sheet, by=lead2)
    beside = OPEN.replace("S-1", "S-7")
    assert counts(send(council, beside)) == (1, 0, 0)
    assert counts(send(council, beside)) == (0, 1, 0)
    assert codes_of(lambda: send(council, beside.replace("G-1", "NO-1"))) == ["audit-unknown"]
    with council.services.store.reading() as connection:
        assert len(queries.of_audit(connection, imported_audit_id("G-1"))) == 2
        (first, _) = queries.of_audit(connection, imported_audit_id("G-1"))
    voided = VoidAudit(audit=first.audit, reason="Entered in error.")
    audit_handlers.void(council.services.desk, voided, by=council.actor("lead"))
    assert counts(send(council, OPEN)) == (0, 1, 0)
    assert codes_of(lambda: send(council, OPEN.replace("S-1", "S-3"))) == ["audit-unknown"]


def test_each_concern_is_true_from_its_own_day_and_one_withdrawn_never_was(
    council: Council,
) -> None:
    audit = imported_audit_id("G-1")
    handlers.raise_concern(
        council.services.desk, RaiseConcern(audit=audit, what="Now."), by=council.actor("lead")
    )
    send(council, TOLD)
    undo(council)
    with council.services.store.reading() as connection:
        stream = list(council.services.store.events(connection, stream=f"safeguarding:{audit}"))
    today = council.today.isoformat()
    told = [one.isoformat() for one in true_days(stream)]
    assert told == [today, "2025-06-02", "2025-06-02"]
