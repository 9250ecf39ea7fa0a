"""The same file every month: what is there already, changed, new or refused, and what is undone."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.imports import run as of_run
from api.imports.about import AboutPlan
from api.imports.answers import LEAVE_OUT, ImportAnswers, ImportQuestion
from api.imports.importers import CheckedFile, SentFile, importers
from api.imports.kept_mappings import fitting, of_kept
from api.imports.made_columns import with_said
from api.imports.reading import read_sheet
from api.imports.run import ImportChoices, Outcome, run
from projections.audits import queries as audit_queries
from projections.audits.queries import AuditView
from projections.imports import queries
from qa.audits import handlers as audit_handlers
from qa.audits.commands import VoidAudit
from qa.core.errors import Refused
from qa.imports.reversal_commands import ReverseImport
from qa.imports.reversal_handlers import reverse_import
from tests.support.council import Council, words_of

HEADINGS = "Audit reference,Child ref,Date of audit,Auditor,Team,Overall grade,Planning"
FIRST = [f"G-{n},500{n},0{n}/07/2025,Pat Sample,North,Good,Good" for n in range(1, 6)]
SECOND = [*FIRST, "G-9,5099,28/07/2025,Pat Sample,North,Good,"]
SECOND[1] = SECOND[1].replace("Good,Good", "Requires improvement,")
CORRECT = ImportAnswers(changed="correct", reason="The service corrected its own tracker.")


def send(council: Council, rows: list[str], *, kind: str = "audits", **how: Any) -> Outcome:
    headings = how.pop("headings", HEADINGS)
    sheet = read_sheet("tracker.csv", "\n".join([headings, *rows]).encode())
    return run(council.services, kind, sheet, ImportChoices(**how), by=council.actor("lead"))


def counts(outcome: Outcome) -> tuple[int, ...]:
    result = outcome.result
    assert result is not None
    return tuple(result[n] for n in ("imported", "already_there", "corrected", "rejected"))


def judged(council: Council, reference: str) -> AuditView:
    with council.services.store.reading() as connection:
        audit = audit_queries.by_reference(connection, reference)
        assert audit is not None
        view = audit_queries.audit(connection, audit)
        assert view is not None
        return view


def grade(council: Council, reference: str) -> str | None:
    return judged(council, reference).row.overall


def test_next_month_says_what_is_there_changed_and_new(small_council: Council) -> None:
    assert counts(send(small_council, FIRST)) == (5, 0, 0, 0)
    head = small_council.services.store.head()
    shown = send(small_council, SECOND, dry_run=True)
    assert [shown.counted(s) for s in ("there", "changed", "new", "refused")] == [4, 1, 1, 0]
    (changed,) = (row for row in shown.rows if row.state == "changed")
    assert (changed.row, changed.cells) == (
        3,
        (
            ("overall", "good", "requires-improvement"),
            ("domain:planning", "good", ""),
        ),
    )
    (question,) = shown.plan.questions
    assert (question.about, question.rows) == ("changed", (3,))
    assert small_council.services.store.head() == head
    with pytest.raises(Refused, match="other values"):
        send(small_council, SECOND)
    left = send(small_council, SECOND, answers=ImportAnswers(changed=LEAVE_OUT))
    assert counts(left) == (1, 4, 0, 1)
    assert "other values" in left.plan.rejects_csv()
    with pytest.raises(Refused) as thin:
        send(small_council, SECOND, answers=ImportAnswers(changed="correct"))
    assert thin.value.faults[0].code == "reason-missing"
    corrected = send(small_council, SECOND, answers=CORRECT)
    assert counts(corrected) == (0, 5, 1, 0)
    assert grade(small_council, "G-2") == "requires-improvement"
    assert counts(send(small_council, SECOND)) == (0, 6, 0, 0)
    undoing = ReverseImport(
        batch=str(corrected.result and corrected.result["batch"]), reason="The wrong tracker."
    )
    reverse_import(small_council.services.desk, undoing, by=small_council.actor("lead"))
    assert grade(small_council, "G-2") == "good"
    assert counts(send(small_council, FIRST)) == (0, 5, 0, 0)


def test_what_a_person_voided_comes_back_with_no_file(small_council: Council) -> None:
    batch = (send(small_council, FIRST).result or {})["batch"]
    audit, desk = judged(small_council, "G-2").row.audit, small_council.services.desk
    lead, why = small_council.actor("lead"), "Entered for the wrong child."
    audit_handlers.void(desk, VoidAudit(audit=audit, reason=why), by=lead)
    assert counts(send(small_council, FIRST)) == (0, 5, 0, 0)
    with pytest.raises(Refused, match="G-2 no longer counts"):
        send(small_council, SECOND)
    reverse_import(desk, ReverseImport(batch=batch, reason="The wrong tracker."), by=lead)
    assert counts(send(small_council, FIRST)) == (4, 1, 0, 0), "what was undone comes anew"
    assert judged(small_council, "G-2").row.status == "voided"


def test_a_moderation_that_a_later_file_states_otherwise(small_council: Council) -> None:
    def moderations(grade: str, **how: Any) -> Outcome:
        headings = "Moderation ID,Audit ID,Moderator,Moderated on,Overall grade"
        rows = [f"M-1,G-1,K. Jones,2025-08-01,{grade}", "M-2,G-3,K. Jones,2025-08-01,Good"]
        return send(small_council, rows, kind="moderations", headings=headings, **how)

    send(small_council, FIRST)
    assert counts(moderations("Good")) == (2, 0, 0, 0)
    shown = moderations("Inadequate", dry_run=True)
    assert [shown.counted(s) for s in ("there", "changed", "new")] == [1, 1, 0]
    assert counts(moderations("Inadequate", answers=CORRECT)) == (0, 1, 1, 0)
    assert counts(moderations("Inadequate")) == (0, 2, 0, 0)
    # A corrected grade of the audit ends what was moderated, so the moderation comes in anew.
    regraded = [FIRST[0].replace("Good,Good", "Inadequate,Good"), *FIRST[1:]]
    assert counts(send(small_council, regraded, answers=CORRECT)) == (0, 4, 1, 0)
    assert counts(moderations("Inadequate")) == (1, 1, 0, 0)


def test_columns_that_the_file_lacks_are_said_or_made(small_council: Council) -> None:
    headings = "Child ref,Date of audit,Overall grade"
    rows = ["6001,01/07/2025,Good", "6002,02/07/2025,Good"]
    said = ImportAnswers(
        constants={"auditor": "Pat Sample"}, reference_from=("Child ref", "Date of audit")
    )
    first = send(small_council, rows, headings=headings, answers=said)
    assert counts(first) == (2, 0, 0, 0)
    again = send(
        small_council,
        ["6003,03/07/2025,Good", "6002,2025-07-02,Good", "6001,1 July 2025,Splendid"],
        headings=headings,
        answers=said.model_copy(update={"refused": LEAVE_OUT}),
    )
    assert counts(again) == (1, 1, 0, 1)
    assert again.plan.rejects_csv().splitlines()[0] == f"{headings},caseloop_reason"
    elsewhere = ImportAnswers(
        constants={**said.constants, "team": "East"},
        columns={"team": "ignore"},
        reference_from=("child ref", "DATE OF AUDIT"),
    )
    rows_of = [f"{row},North" for row in rows]
    how = {"headings": f"{headings},TEAM", "answers": elsewhere}
    assert send(small_council, rows_of, **how, dry_run=True).counted("changed") == 2
    for wrong, code in (
        (ImportAnswers(constants={"overall": "Good"}), "field-given-twice"),
        (ImportAnswers(constants={"colour": "red"}), "unknown-field"),
        (ImportAnswers(reference_from=("Nothing",)), "unknown-heading"),
    ):
        with pytest.raises(Refused) as refused:
            send(small_council, rows, headings=headings, answers=wrong)
        assert refused.value.faults[0].code == code


MADE = ImportAnswers(
    constants={"auditor": "Pat Sample"},
    date_orders={"When": "month-first"},
    columns={"Case": "child", "When": "audit_date"},
    values={"Case": {"6001a": "6001"}},
    reference_from=("Case", "When"),
)


def test_a_reference_is_made_of_what_cells_mean_in_their_column(small_council: Council) -> None:
    headings = "Case,When,Overall grade"
    rows = ["6001a,03/04/2025,Good", "6002,05/25/2025,Splendid", "6003,04/03/2025,Good"]
    leave = MADE.model_copy(update={"refused": LEAVE_OUT})
    first = send(small_council, rows, headings=headings, answers=leave)
    assert counts(first) == (2, 0, 0, 1)
    # The same rows written plainly, each by itself: nothing of the column is there to prove.
    plain = MADE.model_copy(update={"date_orders": {}})
    for row, found in (
        ("6001,2025-03-04,Good", (0, 1, 0, 0)),
        ("6002,25 May 2025,Good", (1, 0, 0, 0)),
        ("6003,2025-04-03,Good", (0, 1, 0, 0)),
    ):
        assert counts(send(small_council, [row], headings=headings, answers=plain)) == found


def test_a_reference_that_was_made_of_cells_as_written_stays_that_of_its_record(
    small_council: Council,
) -> None:
    rows = ["6001a,03/04/2025,Good", "6003,05/25/2025,Good"]
    # Made of "6001a" and 3 April, as a release before this one made it.
    before = with_said(
        read_sheet("t.csv", "\n".join(["Case,When", *rows]).encode()),
        MADE,
        importers()["audits"].named,
    ).rows[0].cells[-1]  # fmt: skip
    assert before == "M-77CD99940CC6"
    old = [f"{before},6001,2025-03-04,Good"]
    plain = MADE.model_copy(update={"reference_from": (), "date_orders": {}, "values": {}})
    send(small_council, old, headings="Ref,Case,When,Overall grade", answers=plain)
    headings = "Case,When,Overall grade"
    assert counts(send(small_council, rows, headings=headings, answers=MADE)) == (1, 1, 0, 0)
    assert counts(send(small_council, rows, headings=headings, answers=MADE)) == (0, 2, 0, 0)


def test_rows_that_an_answer_leaves_out_are_counted_as_rows_of_the_file(
    small_council: Council,
) -> None:
    rows = [FIRST[0], FIRST[1].replace("Good,Good", "Draft,Good")]
    answers = ImportAnswers(values={"Overall grade": {"Draft": LEAVE_OUT}})
    shown = send(small_council, rows, answers=answers, dry_run=True)
    assert [(row.row, row.state) for row in shown.rows] == [(2, "new"), (3, "left-out")]
    assert counts(send(small_council, rows, answers=answers)) == (1, 0, 0, 1)
    with small_council.services.store.reading() as connection:
        (batch,) = queries.batches(connection)
    assert (batch.rows, batch.imported, batch.rejected) == (2, 1, 1)


def test_a_row_that_repeats_another_is_not_said_to_be_on_record(small_council: Council) -> None:
    rows = ["Elm,Early Help", "Elm,Early Help", "Oak,Early Help", "elm,Early Help"]

    def teams(**how: Any) -> Outcome:
        return send(small_council, rows, kind="teams", headings="Team,Service", **how)

    shown = teams(dry_run=True)
    assert [row.state for row in shown.rows] == ["new", "nothing", "new", "nothing"]
    assert counts(teams()) == (2, 0, 0, 0)
    shown = teams(dry_run=True)
    assert [row.state for row in shown.rows] == ["there", "nothing", "there", "nothing"]


def test_words_of_a_file_are_on_record_and_corrected_and_taken_back(
    small_council: Council,
) -> None:
    headings = f"{HEADINGS},Notes,Planning evidence"

    def texts() -> list[tuple[str, str]]:
        view = judged(small_council, "G-1")
        return [(one["part"], one["text"]) for one in (view.imported or {})["texts"]]

    send(small_council, [f"{FIRST[0]},A first note,Seen"], headings=headings)
    assert texts() == [("notes", "A first note"), ("evidence:planning", "Seen")]
    # A file without the columns says nothing of the words.
    assert counts(send(small_council, FIRST[:1])) == (0, 1, 0, 0)
    later = [f"{FIRST[0]},A second note,"]
    (changed,) = send(small_council, later, headings=headings, dry_run=True).rows
    assert [tuple(cell) for cell in changed.cells] == [
        ("notes", "A first note", "A second note"),
        ("evidence:planning", "Seen", ""),
    ]
    done = send(small_council, later, headings=headings, answers=CORRECT)
    assert texts() == [("notes", "A second note")]
    assert done.result is not None
    undo = ReverseImport(batch=done.result["batch"], reason="The wrong month was sent.")
    reverse_import(small_council.services.desk, undo, by=small_council.actor("lead"))
    assert texts() == [("notes", "A first note"), ("evidence:planning", "Seen")]


def test_a_return_of_results_is_counted_and_opened_and_says_that_it_names_no_child(
    small_council: Council,
) -> None:
    headings, rows = "Ref,Date of audit,Auditor,Grade,Notes", ["R-1,2025-07-01,Pat,Good,Clear"]
    with pytest.raises(Refused) as refused:
        send(small_council, rows, headings=headings)
    assert "--set child=none" in refused.value.faults[0].sentence
    said = ImportAnswers(constants={"child": "none"})
    assert counts(send(small_council, rows, headings=headings, answers=said)) == (1, 0, 0, 0)
    assert counts(send(small_council, rows, headings=headings, answers=said)) == (0, 1, 0, 0)
    lead = small_council.browser("lead")
    view = judged(small_council, "R-1")
    page = words_of(lead.get(f"/audits/{view.row.audit}").text)
    assert "Child Not stated" in page
    assert "It is a result without a child" in page
    assert "Notes Clear" in page
    question = "/reports/agreement?from=2025-07-01&to=2025-07-31"
    assert "1 audit is a result without a child, from a return." in words_of(
        lead.get(question).text
    )
    assert lead.get("/children/").status_code == 404
    headings = "Audit ref,Moderation date,Moderator,Moderated grade"
    moderated = ["R-1,2025-07-09,Sam,Good"]
    assert counts(send(small_council, moderated, kind="moderations", headings=headings))[0] == 1


def test_nothing_is_recorded_while_a_question_is_open(
    small_council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = ImportQuestion("values", "Status", "What does “Draft” mean?", (), written="Draft")
    kind = importers()["audits"]

    def check(sent: SentFile) -> CheckedFile:
        checked = kind.check(sent)
        return replace(checked, outcome=replace(checked.outcome, questions=(question,)))

    monkeypatch.setattr(of_run, "importers", lambda: {"audits": replace(kind, check=check)})
    assert send(small_council, FIRST, dry_run=True).plan.questions == (question,)
    with pytest.raises(Refused) as refused:
        send(small_council, FIRST)
    assert [fault.code for fault in refused.value.faults] == ["question-open"]


def test_a_value_that_a_later_file_restates_is_as_before_when_that_is_undone(
    small_council: Council,
) -> None:
    def indicators(kind: str, headings: str, row: str, **how: Any) -> Outcome:
        about = AboutPlan(since=date(2024, 4, 1))
        return send(small_council, [row], kind=kind, headings=headings, about=about, **how)

    defined = "Indicator,Name,Unit,Given by,Which way is better"
    visits = "visits,Visits,count,month,higher"
    assert counts(indicators("indicators", defined, visits)) == (1, 0, 0, 0)
    renamed = visits.replace("Visits", "Visits made")
    shown = indicators("indicators", defined, renamed, dry_run=True)
    assert [c.field for row in shown.rows for c in row.cells] == ["name"]

    def value(number: str, **how: Any) -> Outcome:
        row = f"visits,May 2024,{number}"
        return indicators("observations", "Indicator,Period,Value", row, **how)

    assert counts(value("12")) == (1, 0, 0, 0)
    wide = "Indicator,May 2024,June 2024"
    shown = indicators("observations", wide, "visits,12,14", dry_run=True)
    assert [event["period"] for event in shown.events] == ["June 2024"]
    restated = value("15", answers=CORRECT)
    assert counts(restated) == (0, 0, 1, 0)
    undoing = ReverseImport(
        batch=str(restated.result and restated.result["batch"]), reason="The wrong tracker."
    )
    reverse_import(small_council.services.desk, undoing, by=small_council.actor("lead"))
    assert counts(value("12")) == (0, 1, 0, 0)


def test_what_was_said_is_kept_by_name_in_versions_and_used_again(small_council: Council) -> None:
    headings = "Case,When,Grade"
    said = ImportAnswers(
        columns={"Case": "child", "When": "audit_date"},
        constants={"auditor": "Pat Sample"},
        values={"Grade": {"Splendid": "Good"}},
        date_orders={"When": "day-first"},
        reference_from=("Case",),
    )
    rows = ["8001,01/07/2025,Good"]
    send(small_council, rows, headings=headings, answers=said, keep_as="Tracker of the North")
    with small_council.services.store.reading() as connection:
        (kept,) = queries.mappings(connection, "audits")
        assert of_kept(kept) == said
        assert fitting(connection, "audits", ["Case", "When", "Grade", "More"]) == kept
        for other in (["Case", "When"], ["Case", "When", "Grade", "Team", "Notes"]):
            assert fitting(connection, "audits", other) is None
    again = send(small_council, rows, headings=headings, use="tracker of the north")
    assert counts(again) == (0, 1, 0, 0)
    with pytest.raises(Refused) as unknown:
        send(small_council, rows, headings=headings, use="Other")
    assert unknown.value.faults[0].code == "mapping-unknown"
    more = ImportAnswers(constants={"team": "North"})
    name = {"use": kept.name, "keep_as": kept.name}
    changed = send(small_council, ["8002,02/07/2025,Good"], headings=headings, answers=more, **name)
    assert counts(changed) == (1, 0, 0, 0)
    with small_council.services.store.reading() as connection:
        (second,) = queries.mappings(connection, "audits")
    assert (second.version, of_kept(second).constants) == (
        2,
        {"auditor": "Pat Sample", "team": "North"},
    )
    more_headings = f"{headings},More"
    said_more = {"headings": more_headings, "use": kept.name, "keep_as": kept.name}
    send(small_council, ["8002,02/07/2025,Good,x"], **said_more)
    with small_council.services.store.reading() as connection:
        (third,) = queries.mappings(connection, "audits")
        assert (third.version, json.loads(third.headings)) == (3, more_headings.split(","))


@pytest.mark.parametrize(
    ("name", "code"),
    [("North tracker 2024", "mapping-name-alike"), ("N" * 101, "name-long")],
)
def test_a_name_that_is_none_is_refused_where_it_was_typed_before_anything_is_recorded(
    small_council: Council, name: str, code: str
) -> None:
    send(small_council, FIRST[:1], keep_as="North tracker (2024)")
    head = small_council.services.store.head()
    with pytest.raises(Refused) as refused:
        send(small_council, FIRST[1:], keep_as=name)
    assert [(f.field, f.code) for f in refused.value.faults] == [("keep_as", code)]
    assert small_council.services.store.head() == head
    send(small_council, FIRST[1:], keep_as="NORTH tracker (2024)")


ROW = st.tuples(
    st.sampled_from(["P-1", "P-2", "P-3", "P-4"]),
    st.sampled_from(["01/07/2025", "02/07/2025"]),
    st.sampled_from(["Good", "Inadequate", "Splendid"]),
    st.sampled_from(["", "Good", "N/A"]),
)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    rows=st.lists(ROW, min_size=1, max_size=4),
    changed=st.sampled_from(["", LEAVE_OUT, "correct"]),
    refused=st.sampled_from(["", LEAVE_OUT]),
)
def test_a_preview_equals_what_is_then_recorded(
    council: Council, rows: list[tuple[str, ...]], changed: Any, refused: Any
) -> None:
    lines = [f"{ref},9{ref},{day},Pat,North,{grade},{other}" for ref, day, grade, other in rows]
    answers = ImportAnswers(changed=changed, refused=refused, reason=CORRECT.reason)
    shown = send(council, lines, answers=answers, dry_run=True)
    head = council.services.store.head()
    left_out = [r for r in shown.rows if r.state == "changed" and not r.recorded]
    blocked = shown.counted("refused") and not refused
    if blocked or (left_out and not answers.leaves_changed_out):
        with pytest.raises(Refused):
            send(council, lines, answers=answers)
        assert council.services.store.head() == head
        return
    done = send(council, lines, answers=answers)
    corrected = sum(row.state == "changed" and row.recorded for row in shown.rows)
    assert counts(done) == (
        shown.counted("new"),
        shown.counted("there"),
        corrected,
        shown.counted("refused") + len(left_out),
    )
    there = [row for row in done.events if row["row"] not in {r["row"] for r in shown.events}]
    assert len(there) == shown.counted("there")
    again = send(council, lines, dry_run=True)
    assert (again.counted("new"), again.counted("changed")) == (0, len(left_out))
