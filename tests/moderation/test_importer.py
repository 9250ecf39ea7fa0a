"""Sheets of moderations: tied to their audits, and everything that can be wrong."""

from __future__ import annotations

from datetime import date

import pytest

from api.moderation.importer import ModerationFileRow
from qa.core.errors import Refused
from tests.imports.support import codes, moderations

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
