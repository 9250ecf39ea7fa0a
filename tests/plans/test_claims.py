"""Published figures of a plan stand beside what its ratings give: by command, by file, undone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from projections.plans.published import claims_beside
from projections.plans.record import PlanRecord
from qa.core.errors import NotFound, Refused
from qa.plans import events
from qa.plans.commands import RecordPlanClaim, WithdrawPlanClaim
from qa.plans.decisions import record_claim, withdraw_claim
from qa.plans.state import ImprovementPlan, PlanPartState
from tests.plans.support import CORRECT, PLAN, bring, record, undo
from tests.plans.support import planned as planned
from tests.support.case_audits import V1
from tests.support.council import Council, words_of
from tests.support.forms import day, send
from tests.support.given import codes_of

pytestmark = pytest.mark.one_database

DAY = date(2026, 1, 31)
RATED = "Ref,RAG,As at\n1.1,amber,31/01/2026\n1.2,red,31/01/2026\n2.1,green,31/01/2026\n"
CLAIMED = "Ambition,Mean\n1,1.5\n2,2.9\nOverall,2.3\n"
SAID = {"columns": {"Ambition": "part"}, "constants": {"source": "Report of January"}}


def beside(held: PlanRecord) -> list[tuple[str | None, str, tuple[str, ...], bool | None]]:
    return [
        (
            None if one.part is None else one.part.reference,
            one.claim.claimed,
            tuple(mean.display for mean in one.means),
            one.agrees,
        )
        for one in claims_beside(held)
    ]


def test_what_is_published_stands_beside_what_the_ratings_give(planned: Council) -> None:
    about = replace(PLAN, as_at=DAY)
    bring(planned, "assessments", RATED)
    said = CORRECT.model_copy(update=SAID)
    made = bring(planned, "plan-claims", CLAIMED, about, answers=said)
    assert made["imported"] == 3
    # Parts give 1.5 and 3; the mean of these is 2.25, and of the actions 2.
    first = [
        ("1", "1.5", ("1.5",), True),
        ("2", "2.9", ("3.0",), False),
        (None, "2.3", ("2.3", "2.0"), True),
    ]
    assert sorted(beside(record(planned)), key=str) == sorted(first, key=str)
    again = bring(planned, "plan-claims", CLAIMED, about, answers=said)
    assert (again["batch"], again["already_there"]) == (None, 3)
    out = planned.program("lead").get(f"{V1}/exports/records/plan-claims.csv")
    taken_out = bring(planned, "plan-claims", out.content.decode("utf-8-sig"))
    assert (taken_out["batch"], taken_out["already_there"]) == (None, 3)
    later = CLAIMED.replace("2.9", "3")
    corrected = bring(planned, "plan-claims", later, about, answers=said)
    assert corrected["corrected"] == 1
    assert ("2", "3", ("3.0",), True) in beside(record(planned))
    undo(planned, corrected["batch"])
    assert sorted(beside(record(planned)), key=str) == sorted(first, key=str)
    undo(planned, made["batch"])
    # What a later batch corrected is the first one's again, since that batch was undone.
    assert record(planned).claims == ()


def test_a_file_says_one_thing_of_a_part(planned: Council) -> None:
    row = "1,1.5,31/01/2026,Report\n"
    made = bring(planned, "plan-claims", f"Part,Mean,As at,Source\n{row}{row}")
    assert (made["imported"], made["already_there"]) == (1, 1)
    two = f"Part,Mean,As at,Source\n{row}{row.replace('1.5', '1.7')}".replace("Report", "Minutes")
    assert codes_of(lambda: bring(planned, "plan-claims", two)) == ["duplicate-reference"]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("7,1.5,31/01/2026,Report", "part-unknown"),
        ("1,,31/01/2026,Report", "missing"),
        ("1,1.5,,Report", "missing"),
        ("1,1.5,31/01/2026,", "missing"),
        ("1,1.5,31/01/2099,Report", "in-the-future"),
    ],
)
def test_a_row_that_says_too_little_is_refused(planned: Council, row: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        bring(planned, "plan-claims", f"Part,Mean,As at,Source\n{row}\n")
    assert [(fault.row, fault.code) for fault in refused.value.faults] == [(2, code)]


def test_a_published_figure_is_recorded_once_and_taken_back_with_a_reason() -> None:
    part = PlanPartState("Ambition", "1", "Practice", None, ())
    plan = ImprovementPlan(id="p", parts={"a": part})
    asked = RecordPlanClaim(plan="p", part="a", as_at=DAY, claimed=" 2.8 ", source="Report ")
    (made,) = record_claim(plan, asked, claim="c", today=DAY)
    assert isinstance(made, events.PlanClaimRecorded)
    assert (made.claimed, made.source) == ("2.8", "Report")
    held = replace(plan, claims={"c": made})
    for wrong, code in (
        (asked, "claim-known"),
        (asked.model_copy(update={"as_at": date(2026, 2, 1), "part": ""}), "in-the-future"),
    ):
        with pytest.raises(Refused) as refused:
            record_claim(held, wrong, claim="d", today=DAY)
        assert [fault.code for fault in refused.value.faults] == [code]
    back = WithdrawPlanClaim(plan="p", claim="c", reason="Another plan's.")
    assert withdraw_claim(held, back) == [events.PlanClaimWithdrawn(claim="c")]
    with pytest.raises(Refused):
        withdraw_claim(held, back.model_copy(update={"reason": " "}))
    with pytest.raises(NotFound):
        withdraw_claim(plan, back)


def test_a_published_figure_is_typed_shown_and_taken_back_on_the_page(planned: Council) -> None:
    lead, plan = planned.browser("lead"), record(planned).plan.id
    bring(planned, "assessments", RATED)
    typed = {**day("as_at", DAY), "claimed": "Amber", "source": "Minutes", "part": ""}
    assert send(lead, f"/plans/{plan}/record-claim", typed).status_code == 303
    shown = words_of(lead.get(f"/plans/{plan}").text)
    assert "Whole plan 31 January 2026 Amber 2.3 and 2.0 Minutes" in shown
    (claim,) = planned.program("lead").get(f"{V1}/plans/{plan}").json()["claims"]
    assert (claim["claimed"], claim["means"], claim["agrees"]) == ("Amber", ["2.25", "2.00"], None)
    back = {"claim": claim["id"], "reason": "Of another plan."}
    assert send(lead, f"/plans/{plan}/withdraw-claim", back).status_code == 303
    assert record(planned).claims == ()
