"""What became of imported audits: final grades, and audits that do not count."""

from __future__ import annotations

from typing import Any

import pytest

from api.imports.answers import ImportAnswers
from api.imports.own_records import own_listing
from api.imports.reading import read_sheet
from api.imports.run import DEFAULT_TOOL, ImportChoices, Outcome, run
from api.web.moments import as_at
from projections.audits import queries
from projections.audits.queries import AuditView
from projections.imports import queries as batches
from qa.audits.events import CaseAuditImported
from qa.audits.state import CaseAudit
from qa.authorisation.policy import reach
from qa.core.errors import Refused
from qa.core.words import AuditStatus
from qa.imports.outcome_decisions import ImportedOutcome, bring_outcome
from qa.imports.reversal_commands import ReverseImport
from qa.imports.reversal_handlers import reverse_import
from qa.restrictions import handlers as restrictions
from qa.restrictions.commands import RestrictChild
from tests.support.council import Council, words_of
from tests.support.given import codes_of

AUDITS = "Audit reference,Child ref,Date of audit,Auditor,Team,Overall grade,Planning"
MODERATIONS = "Moderation reference,Audit reference,Date,Moderator,Moderated grade"
OUTCOMES = "Audit reference,What became of it,Final grade,Final grade from,Why it does not count"
CORRECT = ImportAnswers(changed="correct", reason="The board settled it.")


def send(council: Council, kind: str, headings: str, *rows: str, **how: Any) -> Outcome:
    sheet = read_sheet(f"{kind}.csv", "\n".join([headings, *rows]).encode())
    return run(council.services, kind, sheet, ImportChoices(**how), by=council.actor("lead"))


def outcomes(council: Council, *rows: str, **how: Any) -> Outcome:
    return send(council, "audit-outcomes", OUTCOMES, *rows, **how)


def view(council: Council, reference: str) -> AuditView:
    with council.services.store.reading() as connection:
        found = queries.audit(connection, queries.by_reference(connection, reference) or "")
    assert found is not None
    return found


def undo(council: Council) -> None:
    with council.services.store.reading() as connection:
        batch = batches.batches(connection)[0].batch
    wanted = ReverseImport(batch=batch, reason="The wrong file")
    reverse_import(council.services.desk, wanted, by=council.actor("lead"))


@pytest.fixture
def judged(small_council: Council) -> Council:
    rows = [f"A-{n},500{n},0{n}/07/2025,Pat Sample,North,Good,Good" for n in (1, 2, 3)]
    send(small_council, "audits", AUDITS, *rows)
    grades = ("Requires improvement", "Good")
    moderated = [f"M-{n},A-{n},10/07/2025,Sam Sample,{g}" for n, g in enumerate(grades, 1)]
    send(small_council, "moderations", MODERATIONS, *moderated)
    return small_council


def test_outcomes_come_in_once_are_corrected_and_are_undone(judged: Council) -> None:
    rows = [
        "A-1,Final,Requires improvement,Consensus,",
        "A-2,Withdrawn,,,Wrong sample",
        "A-3,Entered in error,,,Wrong child",
    ]
    assert (outcomes(judged, *rows).result or {})["imported"] == 3
    first = view(judged, "A-1").row
    assert (first.status, first.final_grade, first.final_source) == (
        "finalised",
        "requires-improvement",
        "consensus",
    )
    assert [view(judged, f"A-{n}").row.status for n in (2, 3)] == ["withdrawn", "voided"]
    assert view(judged, "A-2").row.moderation is None
    assert (outcomes(judged, *rows).result or {})["already_there"] == 3
    # Next month's file of audits still has them, and brings none of them back.
    again = send(judged, "audits", AUDITS, "A-3,5003,03/07/2025,Pat Sample,North,Good,Good")
    assert (again.result or {})["already_there"] == 1
    changed = "A-1,Final,Good,Auditor,"
    assert codes_of(lambda: outcomes(judged, changed)) == ["already-imported-otherwise"]
    assert (outcomes(judged, changed, answers=CORRECT).result or {})["corrected"] == 1
    assert view(judged, "A-1").row.final_grade == "good"
    undo(judged)
    assert view(judged, "A-1").row.final_grade == "requires-improvement"


def test_undone_outcomes_leave_the_audits_as_they_were(judged: Council) -> None:
    before = [view(judged, f"A-{n}") for n in (1, 2, 3)]
    outcomes(judged, "A-1,Final,Good,Auditor,", "A-2,Withdrawn,,,", "A-3,Voided,,,")
    undo(judged)
    for was, is_now in zip(before, [view(judged, f"A-{n}") for n in (1, 2, 3)], strict=True):
        same = ("status", "overall", "final_grade", "moderation", "moderated_overall", "auditor")
        assert [getattr(was.row, name) for name in same] == [
            getattr(is_now.row, name) for name in same
        ]
        assert was.imported == is_now.imported


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("A-9,Withdrawn,,,", "audit-unknown"),
        ("A-3,Final,Good,Moderator,", "final-grade-unfounded"),
        ("A-1,Final,Good,Moderator,", "final-grade-unfounded"),
        ("A-1,Final,Inadequate,Auditor,", "final-grade-unfounded"),
        ("A-1,Final,,Auditor,", "missing"),
        ("A-1,Lost,,,", "word-unknown"),
    ],
)
def test_an_outcome_that_nobody_gave_is_refused(judged: Council, row: str, code: str) -> None:
    assert codes_of(lambda: outcomes(judged, row)) == [code]


def test_an_audit_made_here_or_that_ended_is_left_alone(judged: Council) -> None:
    reference = judged.view(judged.submitted()).row.reference
    assert codes_of(lambda: outcomes(judged, f"{reference},Withdrawn,,,")) == ["audit-made-here"]
    outcomes(judged, "A-1,Withdrawn,,,")
    assert codes_of(lambda: outcomes(judged, "A-1,Final,Good,Auditor,")) == ["audit-ended"]


def test_a_restricted_child_is_in_no_file_and_the_file_says_how_many(judged: Council) -> None:
    services = judged.services
    lead = judged.actor("lead")
    wanted = RestrictChild(child="5002", readers=(lead.person,), why="A child of a colleague.")
    restrictions.restrict(services.desk, wanted, by=lead)
    with services.store.reading() as connection:
        at = as_at(services.store, connection, None, None, None)
        given = own_listing(
            services, connection, lead, reach(lead), at, "audits", tool=DEFAULT_TOOL
        )
    assert [row[0] for row in given.rows] == ["A-1", "A-3"]
    assert given.notes[0].startswith("1 audit that you may not read")


def test_the_page_gives_the_files_and_who_may_not_export_gets_none(judged: Council) -> None:
    lead = judged.browser("lead")
    assert "/imports/records/audits.csv" in lead.get("/imports/new").text
    got = lead.get("/imports/records/audits.csv")
    assert got.text.splitlines()[1].startswith("A-1,5001,2025-07-01")
    assert lead.get("/imports/records/nothing.csv").status_code == 404
    refused = judged.browser("auditor").get("/imports/records/audits.csv")
    assert refused.status_code == 403, words_of(refused.text)
    program = judged.program("lead")
    assert program.get("/api/v1/exports/records/moderations.xlsx").status_code == 200
    for who, where in ((lead, "/imports"), (program, "/api/v1/exports")):
        past = who.get(f"{where}/records/audits.csv?position=3")
        assert past.status_code == 422, "the records are those of now, whatever is asked"
    assert past.json()["errors"][0]["code"] == "present-only"
    with pytest.raises(Refused):
        outcomes(judged, "A-1,Withdrawn,,,", tool="no-such-tool")


def test_a_final_grade_waits_for_a_moderation_that_is_under_way() -> None:
    state = CaseAudit(
        id="a1",
        status=AuditStatus.MODERATION_DUE,
        imported=CaseAuditImported.model_construct(None, overall="good"),
    )
    row = ImportedOutcome(row=2, audit="A-1", outcome="final", grade="good")
    assert codes_of(lambda: bring_outcome(state, row, corrects=False)) == ["moderation-under-way"]


def test_nothing_is_told_of_an_audit_that_whoever_sends_the_file_may_not_reach(
    judged: Council,
) -> None:
    reader = judged.actor("lead2")
    wanted = RestrictChild(child="5002", readers=(reader.person,), why="A child of a colleague.")
    restrictions.restrict(judged.services.desk, wanted, by=reader)
    headings, row = f"{MODERATIONS},Agreed", "M-2,A-2,10/06/2025,Sam Sample,Inadequate,yes"
    assert codes_of(lambda: send(judged, "moderations", headings, row)) == ["row-out-of-reach"]
