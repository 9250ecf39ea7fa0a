"""Sheets of moderations: tied to their audits, and everything that can be wrong."""

from __future__ import annotations

from datetime import date

import pytest

from api.audits.named_audits import KnownAudit
from api.imports.outcome import SheetOutcome
from api.imports.reading import read_sheet
from api.moderation.importer import ModerationFileRow, plan_moderations
from qa.core.errors import Refused
from tests.imports.support import KNOWN, TODAY, TOOL, codes, moderations

MODERATION = "M-1,A-1,2021-05-20,moderator-01,Good,yes"


def test_a_moderation_is_tied_to_its_audit_and_keeps_what_the_file_claims() -> None:
    (row,) = moderations(MODERATION).accept()
    assert row == ModerationFileRow(
        row=2,
        line=2,
        reference="M-1",
        audit="A-1",
        moderated_on=date(2021, 5, 20),
        moderator="moderator-01",
        overall="good",
        judgements={},
        stated_agreed=True,
    )
    (silent,) = moderations(MODERATION.replace("yes", "")).accept()
    assert silent.stated_agreed is None


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        (MODERATION.replace("A-1", "A-9"), "audit_id", "unknown-audit"),
        (MODERATION.replace("A-1", ""), "audit_id", "missing"),
        (MODERATION.replace("2021-05-20", "2021-04-30"), "date", "before-the-audit"),
        (MODERATION.replace("2021-05-20", "2022-08-01"), "date", "in-the-future"),
        (MODERATION.replace("moderator-01", ""), "moderator", "missing"),
        (MODERATION.replace("Good", "Fine"), "moderated_overall", "not-a-grade"),
        (MODERATION.replace("yes", "maybe"), "agreed", "not-yes-or-no"),
        (MODERATION.replace("yes", "no"), "agreed", "agreement-contradicted"),
        (MODERATION.replace("A-1", "A-2"), "agreed", "agreement-contradicted"),
    ],
)
def test_every_kind_of_bad_moderation_is_named(row: str, column: str, code: str) -> None:
    plan = moderations(row)
    assert codes(plan) == [(2, column, code)]
    with pytest.raises(Refused):
        plan.accept()


def test_a_contradicted_claim_shows_both_grades_and_can_be_kept_beside_the_computed_one() -> None:
    plan = moderations(MODERATION.replace("A-1", "A-2"))
    assert plan.faults[0].sentence == (
        "The file says agreed, but the auditor gave Inadequate and the moderator Good."
    )
    (kept,) = plan.accept(keep_contradicted=True)
    assert (kept.overall, kept.stated_agreed) == ("good", True)
    assert plan.rejected(keep_contradicted=True) == ()


def test_moderated_grades_of_domains_are_read_under_their_domains() -> None:
    headings = (
        "moderation_id,audit_id,date,moderator,moderated_overall,"
        "moderated_assessment,Moderated planning and review"
    )
    plan = moderations("M-1,A-1,2021-05-20,m,Good,Good,RI", headings=headings)
    (row,) = plan.accept()
    assert row.judgements == {"assessment": "good", "planning": "requires-improvement"}


CHILDREN = {
    "C-1": [KnownAudit("A-1", date(2021, 5, 1), "good")],
    "C-2": [
        KnownAudit("A-2", date(2021, 5, 1), "inadequate"),
        KnownAudit("A-3", date(2021, 4, 1), "good"),
    ],
}


OF_CHILDREN = "Child ref,Audit date,Moderation date,Moderator,Moderated grade"


def of_children(*rows: str, headings: str = OF_CHILDREN) -> SheetOutcome[ModerationFileRow]:
    sheet = read_sheet("moderations.csv", "\n".join([headings, *rows]).encode())
    return plan_moderations(
        sheet,
        tool=TOOL,
        today=TODAY,
        audits_of=lambda _: KNOWN,
        of_children=lambda children: {one: CHILDREN.get(one, []) for one in children},
    )


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ("A-1,C-1,2021-05-01", []),
        ("A-1,,", []),
        ("A-1,C-1,31/02/2021", [(2, "Audit date", "not-a-date")]),
        ("A-1,C-1,2021-05-02", [(2, "Audit date", "other-audit-day")]),
        ("A-1,C-2,2021-05-01", [(2, "Child ref", "other-child")]),
        ("A-1,A Name,", [(2, "Child ref", "not-a-child-reference")]),
    ],
)
def test_what_a_row_says_of_its_audit_beside_the_reference_must_be_so(
    row: str, found: list[tuple[int, str, str]]
) -> None:
    plan = of_children(f"{row},2021-05-20,m,Good", headings=f"Audit ID,{OF_CHILDREN}")
    assert codes(plan) == found


def test_a_moderation_that_names_no_audit_is_of_the_childs_audit_of_that_day() -> None:
    (row,) = of_children("C-2,2021-05-01,2021-05-20,moderator-01,Good").accept()
    assert (row.reference, row.audit) == ("A-2/M", "A-2")


@pytest.mark.parametrize("day", ["", "2021-04-30"])
def test_which_audit_it_is_of_is_asked_where_the_day_does_not_say(day: str) -> None:
    plan = of_children(f"C-2,{day},2021-05-20,moderator-01,Good")
    assert codes(plan) == [(2, "Child ref", "audit-doubtful")]
    (asked,) = plan.questions
    assert (asked.about, asked.heading, asked.written, asked.rows) == (
        "values", "Child ref", "C-2", (2,),
    )  # fmt: skip
    assert [one.value for one in asked.options] == ["record:A-2", "record:A-3", "leave-out"]
    (row,) = of_children("record:A-2,,2021-05-20,moderator-01,Good").accept()
    assert row.audit == "A-2"


def test_a_child_without_an_audit_and_two_moderations_of_one_are_refused() -> None:
    plan = of_children(
        "C-9,2021-05-01,2021-05-20,moderator-01,Good",
        ",2021-05-01,2021-05-20,moderator-01,Good",
        "C-1,2021-05-01,2021-05-20,moderator-01,Good",
        "C-1,2021-05-01,2021-05-21,moderator-02,Good",
    )
    found = [(fault.row, fault.code) for fault in plan.faults]
    assert found == [
        (2, "unknown-audit"),
        (3, "missing"),
        (4, "duplicate-reference"),
        (5, "duplicate-reference"),
    ]


def test_a_file_without_audits_and_children_is_no_file_of_moderations() -> None:
    with pytest.raises(Refused) as refused:
        moderations("2021-05-20,moderator-01,Good", headings="date,moderator,moderated_overall")
    assert [fault.field for fault in refused.value.faults] == ["audit"]
