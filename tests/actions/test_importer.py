"""Actions of a file: with the days of their steps, again next month, corrected and undone."""

from __future__ import annotations

from typing import Any

import pytest

from api.imports.answers import LEAVE_OUT, ImportAnswers
from api.imports.reading import read_sheet
from api.imports.run import ImportChoices, Outcome, run
from api.notifications.announcing import announce
from projections.actions import queries
from projections.actions.tables import ActionRow
from projections.imports import queries as batches
from qa.core.errors import NotNow
from qa.imports.reversal_commands import ReverseImport
from qa.imports.reversal_handlers import reverse_import
from qa.imports.rows import imported_id
from tests.inspections.support import opened
from tests.notifications.support import told
from tests.support.council import Council
from tests.support.given import codes_of

HEADINGS = "Action ref,Audit,Team,Action,Kind,Owner,Raised,Due,Status,Completed on"
PLAN = "R-1,,East,Write the plan,Practice,worker,2025-07-01,2025-09-01"
OPEN, DONE = f"{PLAN},In progress,", f"{PLAN},Complete,2025-08-20"
CORRECT = ImportAnswers(changed="correct", reason="The tracker had the wrong date.")


def send(council: Council, *rows: str, headings: str = HEADINGS, **how: Any) -> Outcome:
    sheet = read_sheet("actions.csv", "\n".join([headings, *rows]).encode())
    return run(council.services, "actions", sheet, ImportChoices(**how), by=council.actor("lead"))


def row(council: Council, reference: str = "R-1") -> ActionRow:
    with council.services.store.reading() as connection:
        found = queries.one(connection, imported_id("action", reference))
    assert found is not None
    return found


def undo(council: Council, kind: str = "actions") -> None:
    """Undo the last batch of a kind."""
    with council.services.store.reading() as connection:
        batch = next(one.batch for one in batches.batches(connection) if one.kind == kind)
    wanted = ReverseImport(batch=batch, reason="The wrong file")
    reverse_import(council.services.desk, wanted, by=council.actor("lead"))


def test_an_action_comes_in_with_its_steps_and_next_month_with_those_since(
    small_council: Council,
) -> None:
    assert (send(small_council, OPEN).result or {})["imported"] == 1
    first = row(small_council)
    assert (first.state, first.raised_on, first.due_on) == ("accepted", "2025-07-01", "2025-09-01")
    assert (send(small_council, OPEN).result or {})["already_there"] == 1
    assert (send(small_council, DONE).result or {})["imported"] == 1
    done = row(small_council)
    assert (done.state, done.accepted_on, done.claimed_on) == (
        "claimed",
        "2025-07-01",
        "2025-08-20",
    )
    assert codes_of(lambda: send(small_council, OPEN)) == ["action-went-back"]


def test_other_words_are_a_correction_and_undo_puts_them_back(small_council: Council) -> None:
    send(small_council, OPEN)
    later = OPEN.replace("2025-09-01", "2025-10-01")
    assert codes_of(lambda: send(small_council, later)) == ["already-imported-otherwise"]
    assert (send(small_council, later, answers=CORRECT).result or {})["corrected"] == 1
    assert row(small_council).due_on == "2025-10-01"
    undo(small_council)
    assert row(small_council).due_on == "2025-09-01"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Practice", "Compliance"),
        ("East", "West"),
        ("2025-07-01", "2025-07-02"),
        ("2025-08-20", "2025-08-21"),
        ("Plan of 18 July", "Plan of 19 July"),
        ("Complete", "Cancelled"),
    ],
)
def test_no_file_makes_another_action_of_it(small_council: Council, old: str, new: str) -> None:
    headings = f"{HEADINGS},Evidence,Ended"
    line = f"{DONE},Plan of 18 July,2025-09-01"
    if new == "Cancelled":
        line, new = line.replace(old, new), old
        old = "Cancelled"
    send(small_council, line, headings=headings)
    assert (send(small_council, line, headings=headings).result or {})["already_there"] == 1
    other = line.replace(old, new)
    assert codes_of(lambda: send(small_council, other, headings=headings)) == ["other-action"]


def test_undone_actions_no_longer_apply(small_council: Council) -> None:
    send(small_council, DONE)
    undo(small_council)
    assert row(small_council).state == "no-longer-applicable"
    assert (send(small_council, DONE).result or {})["imported"] == 1, "the right file comes after"
    assert row(small_council).state == "claimed"


def test_actions_end_with_the_audits_that_are_undone_and_stand_again_with_them(
    small_council: Council,
) -> None:
    audits = "Audit reference,Child ref,Date of audit,Auditor,Team,Overall grade"
    line = "G-1,C-1,2025-06-20,J. Smith,East,Good"
    of_audit = [DONE.replace(",,East,", ",G-1,,")]

    def bring_audit() -> None:
        sheet = read_sheet("audits.csv", f"{audits}\n{line}".encode())
        run(small_council.services, "audits", sheet, by=small_council.actor("lead"))

    def sent(*, new: int, state: str) -> None:
        result = send(small_council, *of_audit).result or {}
        assert (result["imported"], result["already_there"]) == (new, 1 - new)
        assert row(small_council).state == state

    bring_audit()
    sent(new=1, state="claimed")
    for _ in range(2):
        undo(small_council, "audits")
        assert row(small_council).state == "no-longer-applicable"
        sent(new=0, state="no-longer-applicable")
        other = of_audit[0].replace("R-1", "R-2")
        assert codes_of(lambda one=other: send(small_council, one)) == ["audit-unknown"]
        bring_audit()
        assert row(small_council).state == "no-longer-applicable", "the file of actions says so"
        sent(new=1, state="claimed")
        sent(new=0, state="claimed")
    with small_council.services.store.reading() as connection:
        first = [one.batch for one in batches.batches(connection) if one.kind == "actions"][-1]
    with pytest.raises(NotNow, match="left to undo"):
        reverse_import(
            small_council.services.desk,
            ReverseImport(batch=first, reason="The wrong file"),
            by=small_council.actor("lead"),
        )
    undo(small_council, "actions")
    assert row(small_council).state == "no-longer-applicable"
    sent(new=1, state="claimed")


@pytest.mark.parametrize(
    ("line", "ended", "notices"),
    [
        (OPEN, "", ["An action was given to you, due 1 September 2025."]),
        (DONE, "", []),
        (f"{PLAN},Cancelled,", "2025-08-01", []),
    ],
)
def test_an_owner_is_told_of_what_waits_for_them_and_not_of_what_is_over(
    small_council: Council, line: str, ended: str, notices: list[str]
) -> None:
    announce(small_council.services)
    send(small_council, f"{line},{ended}", headings=f"{HEADINGS},Ended")
    announce(small_council.services)
    assert told(small_council, "worker") == notices


def test_an_action_of_an_audit_belongs_to_its_child_and_team(small_council: Council) -> None:
    audit = small_council.view(small_council.submitted()).row
    send(small_council, DONE.replace(",,East,", f",{audit.reference},,"))
    found = row(small_council)
    assert (found.audit, found.child, found.team) == (audit.audit, audit.child, audit.team)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (OPEN.replace("worker", "Nobody Known"), "owner-unknown"),
        (OPEN.replace("East", "Nowhere"), "team-unknown"),
        (OPEN.replace(",,East", ",NO-1,"), "audit-unknown"),
        (OPEN.replace("Practice", "Whatever"), "word-unknown"),
        (OPEN.replace("In progress", "Complete"), "missing"),
        (OPEN.replace("In progress", "No longer applicable"), "missing"),
        (DONE.replace("2025-08-20", "2025-06-01"), "dates-out-of-order"),
        (DONE.replace("2025-08-20", "2199-06-01"), "in-the-future"),
    ],
)
def test_what_a_row_cannot_say_is_refused(small_council: Council, line: str, code: str) -> None:
    assert code in codes_of(lambda: send(small_council, line))


def test_where_an_action_stands_is_asked_where_it_is_not_known(small_council: Council) -> None:
    closed = DONE.replace("Complete", "Closed")
    (question,) = send(small_council, closed, dry_run=True).plan.questions
    assert (question.heading, question.written) == ("Status", "Closed")
    said = ImportAnswers(values={"Status": {"Closed": "verification due"}})
    send(small_council, closed, answers=said)
    assert row(small_council).state == "verification-due"


BY_CHILD = "Action ref,Child ID,Audited on,Action,Kind,Owner,Raised,Due"
OF_CHILD = "{},C-1,{},Write the plan,Practice,worker,2025-07-01,2025-09-01"


def audits_of_child(council: Council, *rows: str) -> None:
    text = "\n".join(("Audit ID,Child ID,Date of audit,Auditor,Overall grade,Team", *rows))
    sheet = read_sheet("audits.csv", text.encode())
    run(council.services, "audits", sheet, by=council.actor("lead"))


def test_an_action_is_of_the_audit_of_its_child_on_that_day(small_council: Council) -> None:
    audits_of_child(small_council, "A-1,C-1,2025-06-20,Jo,Good,East")
    assert send(small_council, OF_CHILD.format("R-1", ""), headings=BY_CHILD).result or {}
    first = row(small_council).audit
    for day, code in (("2025-06-21", "other-audit-day"), ("31/02/2025", "not-a-date")):
        named = f"{OF_CHILD.format('R-3', day)},A-1"
        shown = send(small_council, named, headings=f"{BY_CHILD},Audit ID", dry_run=True)
        assert [fault.code for fault in shown.plan.faults] == [code]
    for day, codes in (("2025-06-21", ["unknown-audit"]), ("2025-06-20", [])):
        shown = send(small_council, OF_CHILD.format("R-1", day), headings=BY_CHILD, dry_run=True)
        assert [fault.code for fault in shown.plan.faults] == codes
        assert shown.counted("there") == (not codes)
    audits_of_child(small_council, "A-2,C-1,2025-06-20,Jo,Good,West")
    several = [OF_CHILD.format(one, "2025-06-20") for one in ("R-1", "R-2")]
    shown = send(small_council, *several, headings=BY_CHILD, dry_run=True)
    assert (shown.counted("there"), shown.counted("refused")) == (1, 1)
    (question,) = shown.plan.questions
    assert [one.value for one in question.options] == ["record:A-1", "record:A-2", LEAVE_OUT]
    said = ImportAnswers(values={"Child ID": {"C-1": "record:A-2"}})
    assert send(small_council, several[1], headings=BY_CHILD, answers=said).result or {}
    assert row(small_council, "R-2").audit not in ("", first)


def test_nobody_who_owns_an_open_action_gets_an_inspectors_room(small_council: Council) -> None:
    send(small_council, OPEN.replace("worker", "Nobody Tree"))
    assert codes_of(lambda: opened(small_council)) == ["inspector-owns-actions"]
    undo(small_council)
    assert opened(small_council)
