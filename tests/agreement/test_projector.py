"""What counts as an audit, as moderated and as agreed, and what was known of it when."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select

from api.agreement.charts import funnels, tool_breaks
from api.agreement.report import team_parts
from projections.agreement.behind import AuditsBehind
from projections.agreement.counting import VersionScales
from projections.agreement.profile import report as grade_profile
from projections.agreement.question import AgreementQuestion
from projections.agreement.tables import agreement_audit
from projections.figures.figure import Basis, code_of_caveat
from projections.figures.funnels import FunnelPart
from qa.audits import events as audit_events
from qa.audits.judgements import AgreedGrade, ImportedJudgement
from qa.audits.moderation_events import (
    DisputeDecided,
    GradeDisputed,
    ModerationCancelled,
    ModerationUnblinded,
)
from qa.core import event
from qa.core.periods import PeriodKind
from qa.core.words import NO_OVERALL_GRADE
from tests.agreement.support import (
    DAY,
    EVERYTHING,
    FOUR,
    HALF_YEAR,
    IMPORTED,
    Q1,
    SCALES,
    Council,
    allocated,
    asked,
    assigned,
    base,
    corrected,
    coverage,
    figures,
    judged,
    resubmitted,
    submitted,
    superseded,
)

pytestmark = pytest.mark.one_database


def agreed(council: Council, question: AgreementQuestion = Q1, **seen: Any) -> tuple[Any, Any]:
    return base(figures(council, question, **seen)["moderation_agreement_rate"])


def test_an_audit_counts_from_its_submission(council: Council) -> None:
    before = council.say("a", allocated("a"))
    after = council.say("a", submitted("good"))
    assert coverage(council, position=before) == (0, 0)
    assert coverage(council, position=after) == (0, 1)
    assert coverage(council) == (0, 1)


def test_a_returned_audit_counts_again_once_it_is_resubmitted(council: Council) -> None:
    council.audited("a", "good")
    returned = council.say("a", audit_events.CaseAuditReturned(comments="Say more of the plan."))
    assert coverage(council, position=returned) == (0, 0)
    council.say("a", resubmitted("inadequate"))
    assert coverage(council) == (0, 1)
    assert figures(council)["auditor_inadequate"].numerator == 1


@pytest.mark.parametrize(
    "ending", [audit_events.CaseAuditWithdrawn(), audit_events.CaseAuditVoided()]
)
def test_an_audit_taken_out_still_counts_as_at_the_day_before(
    council: Council, ending: event.Event
) -> None:
    council.audited("a", "good")
    stood = council.moderated("a", "good", DAY)
    cancelled = ModerationCancelled(moderation="m-a")
    council.say("a", cancelled, ending)
    assert coverage(council, position=stood) == (1, 1)
    assert coverage(council) == (0, 0)


@pytest.mark.both_databases
def test_an_import_that_was_undone_and_brought_in_again_counts_once(council: Council) -> None:
    judged = (ImportedJudgement(domain="plan", grade="good"),)
    council.say("a", IMPORTED.model_copy(update={"judgements": judged}))
    council.say("a", audit_events.CaseAuditVoided())
    assert coverage(council) == (0, 0)
    council.say("a", IMPORTED.model_copy(update={"overall": "inadequate"}))
    assert coverage(council) == (0, 1)
    with council.store.reading() as connection:
        profile = grade_profile(connection, Q1, scales=SCALES)
    assert base(profile.rows[0].figures["inadequate_rate"]) == (1, 1)
    assert "domain_good_rate.plan" not in profile.rows[0].figures


def test_a_corrected_audit_date_moves_the_audit_to_its_period(council: Council) -> None:
    before = council.audited("a", "good")
    council.say("a", corrected("audit_date", "2021-05-10", "2021-07-02"))
    numbers = [row.figures["audits_submitted"].numerator for row in asked(council, HALF_YEAR).rows]
    assert numbers == [0, 1]
    assert coverage(council, position=before) == (0, 1)


def test_a_corrected_text_makes_no_new_version_of_the_row(council: Council) -> None:
    council.audited("a", "good")

    def versions() -> int:
        with council.store.reading() as connection:
            return connection.execute(
                select(func.count()).select_from(agreement_audit)
            ).scalar_one()

    before = versions()
    council.say("a", corrected("rationale", "seen", "read"))
    assert versions() == before


def test_the_auditors_own_grade_is_compared_and_never_the_final_one(council: Council) -> None:
    council.audited("a", "good")
    council.moderated("a", "requires-improvement", DAY)
    council.say(
        "a",
        audit_events.CaseAuditFinalised(
            grade="requires-improvement", source="moderator", rule="moderator", cites=("f",)
        ),
    )
    found = figures(council)
    assert base(found["moderation_agreement_rate"]) == (0, 1)
    assert base(found["within_one_rate"]) == (1, 1)
    assert base(found["mean_shift"]) == (-1, 1)
    assert base(found["moderated_down"]) == (1, 1)
    with council.store.reading() as connection:
        final = grade_profile(connection, Q1, scales=SCALES, grade="final")
        own = grade_profile(connection, Q1, scales=SCALES)
    assert base(final.rows[0].figures["good_or_better_rate"]) == (0, 1)
    assert base(own.rows[0].figures["good_or_better_rate"]) == (1, 1)
    assert "final" in final.caveats[0]


def test_a_superseded_moderation_leaves_the_rates_from_then_on(council: Council) -> None:
    council.audited("a", "good")
    stood = council.moderated("a", "good", DAY)
    council.say("a", corrected("rationale", "seen", "read"), superseded("a"))
    assert agreed(council, position=stood) == (1, 1)
    assert agreed(council) == (0, 0)
    assert coverage(council) == (0, 1)


def test_an_assigned_moderation_is_not_yet_a_completed_one(council: Council) -> None:
    council.audited("a", "good")
    council.say("a", assigned("a"))
    assert coverage(council) == (0, 1)


def test_a_moderation_counts_in_the_quarter_of_its_audit(council: Council) -> None:
    council.audited("a", "good")
    council.moderated("a", "good", date(2021, 7, 5))
    by_audit = [base(r.figures["moderated"]) for r in asked(council, HALF_YEAR).rows]
    question = AgreementQuestion(start=HALF_YEAR.start, end=HALF_YEAR.end, cohort="moderation")
    by_moderation = asked(council, question).rows
    assert by_audit == [(1, 1), (0, 0)]
    assert [base(r.figures["moderated"]) for r in by_moderation] == [(0, 0), (1, 1)]
    beyond = by_moderation[1].figures["moderation_coverage_rate"]
    assert (base(beyond), beyond.exact) == ((1, 0), None)


def test_blind_and_open_moderations_are_told_apart(council: Council) -> None:
    for name in ("a", "b", "c"):
        council.audited(name, "good")
    council.moderated("a", "good", DAY)
    council.moderated("b", "inadequate", DAY, blind=False)
    council.say(
        "c",
        assigned("c"),
        ModerationUnblinded(moderation="m-c"),
        judged("c", "good", DAY),
    )
    found = figures(council)
    assert base(found["blind_agreement_rate"]) == (1, 1)
    assert base(found["open_agreement_rate"]) == (1, 2)
    only_blind = AgreementQuestion(start=Q1.start, end=Q1.end, blind=True)
    assert agreed(council, only_blind) == (1, 1)
    assert coverage(council, only_blind) == (1, 3)


def test_domains_are_compared_where_both_graded_them(council: Council) -> None:
    council.say(
        "a",
        allocated("a"),
        submitted("good", DAY, {"plan": "good", "voice": "inadequate", "health": None}),
        assigned("a"),
        judged("a", "good", DAY, domains={"plan": "good", "health": "good"}),
    )
    by_domain = AgreementQuestion(start=Q1.start, end=Q1.end, dimensions=("domain",))
    found = asked(council, by_domain)
    assert {
        row.group["domain"]: (
            base(row.figures["moderation_coverage_rate"]),
            base(row.figures["moderation_agreement_rate"]),
        )
        for row in found.rows
    } == {"plan": ((1, 1), (1, 1)), "voice": ((0, 1), (0, 0))}
    assert found.totals == ()
    council.say("a", superseded("a"))
    assert {base(r.figures["moderated"]) for r in asked(council, by_domain).rows} == {(0, 0)}


def test_a_grade_without_a_rank_is_moderated_but_not_compared(council: Council) -> None:
    council.audited("a", "not-graded")
    council.moderated("a", "good", DAY)
    row = asked(council).rows[0]
    assert base(row.figures["moderated"]) == (1, 1)
    assert base(row.figures["moderation_agreement_rate"]) == (0, 0)
    assert "ungraded" in [code_of_caveat(text) for text in row.caveats]


def test_disputes_and_days_are_counted_from_their_own_events(council: Council) -> None:
    for name, outcome in (("a", "upheld"), ("b", "partly-upheld"), ("c", None)):
        council.audited(name, "good")
        council.moderated(name, "inadequate", date(2021, 5, 14))
        if outcome is not None:
            council.say(
                name,
                GradeDisputed(
                    moderation=f"m-{name}",
                    dispute="d",
                    about=("overall",),
                    grounds="no",
                    due_on=DAY,
                ),
                DisputeDecided(
                    moderation=f"m-{name}",
                    dispute="d",
                    outcome=outcome,
                    overall="good",
                    reason_code="other",
                    reasons="so",
                ),
            )
    found = figures(council)
    assert base(found["dispute_upheld_rate"]) == (1, 2)
    assert "partly-upheld: 1 more was upheld in part." in found["dispute_upheld_rate"].caveats
    assert (base(found["days_to_moderation"]), found["days_to_moderation"].exact) == ((12, 3), 4)


def disputed(audit: str, *about: str) -> tuple[event.Event, ...]:
    return (
        GradeDisputed(moderation=f"m-{audit}", dispute="d", about=about, grounds="no", due_on=DAY),
        DisputeDecided(
            moderation=f"m-{audit}",
            dispute="d",
            outcome="upheld",
            overall="good",
            reason_code="other",
            reasons="so",
        ),
    )


def test_a_dispute_counts_in_the_domains_that_it_names(council: Council) -> None:
    """One of the overall grade alone counts in no domain, and in the overall figure as ever."""
    for name, about in (("a", ("overall",)), ("b", ("overall", "voice"))):
        grades = {"plan": "good", "voice": "good"}
        council.say(
            name,
            allocated(name),
            submitted("good", DAY, grades),
            assigned(name),
            judged(name, "inadequate", DAY, domains=grades),
            *disputed(name, *about),
        )
    by_domain = AgreementQuestion(start=Q1.start, end=Q1.end, dimensions=("domain",))

    def upheld(**seen: Any) -> dict[str, tuple[int | None, int | None]]:
        return {
            row.group["domain"]: base(row.figures["dispute_upheld_rate"])
            for row in asked(council, by_domain, **seen).rows
        }

    assert base(figures(council)["dispute_upheld_rate"]) == (2, 2)
    assert upheld() == {"plan": (0, 0), "voice": (1, 1)}
    # Reports published by the first formulas stay what they were.
    assert upheld(basis=Basis(formulas=1)) == {"plan": (2, 2), "voice": (2, 2)}
    with council.store.reading() as connection:
        found = AuditsBehind(
            connection=connection, question=by_domain, scales=SCALES, reach=EVERYTHING
        ).rows("dispute_upheld_rate", {"domain": "voice", "from": str(Q1.start), "to": str(Q1.end)})
    assert [(one.audit, one.in_denominator) for one in found.audits] == [("a", False), ("b", True)]


# -- periods that are not over


def test_a_period_that_is_not_over_is_marked_and_compared_with_none(council: Council) -> None:
    council.audited("a", "good")
    council.audited("b", "good", date(2021, 7, 2))
    found = asked(council, HALF_YEAR, today=date(2021, 7, 10))
    assert [row.running for row in found.rows] == [False, True]
    assert "not-over: 2021/22 Q2 is not over yet" in found.rows[1].caveats[0]
    assert found.changes("moderation_coverage_rate") == []
    over = asked(council, HALF_YEAR, today=date(2021, 9, 30))
    assert [row.running for row in over.rows] == [False, False]
    assert len(over.changes("moderation_coverage_rate")) == 1
    early = asked(council, HALF_YEAR, basis=Basis(formulas=1), today=DAY)
    assert not any(row.running for row in early.rows)


def test_a_reopened_audit_has_no_final_grade_until_it_is_final_again(council: Council) -> None:
    council.audited("a", "good")
    final = audit_events.CaseAuditFinalised(
        grade="good", source="auditor", rule="not-selected-for-moderation", cites=("f",)
    )
    council.say("a", final)
    reopened = council.say("a", audit_events.CaseAuditReopened(was="good"))
    again = council.say("a", final)

    def graded(position: int | None) -> tuple[Any, Any]:
        with council.store.reading() as connection:
            found = grade_profile(connection, Q1, scales=SCALES, grade="final", position=position)
        return base(found.rows[0].figures["good_or_better_rate"])

    assert graded(reopened - 1) == graded(again) == graded(None) == (1, 1)
    assert graded(reopened) == (0, 0)


def test_a_domain_that_only_the_moderator_graded_is_among_the_final_grades(
    council: Council,
) -> None:
    scales = VersionScales(
        {("areas", 1): NO_OVERALL_GRADE},
        {("areas", 1, name): FOUR for name in ("plan", "voice")},
    )
    final = audit_events.CaseAuditFinalised(
        grade="",
        source="moderator",
        rule="moderator-is-final",
        cites=("f",),
        judgements=(
            AgreedGrade(domain="plan", grade="good"),
            AgreedGrade(domain="voice", grade="inadequate"),
        ),
    )
    council.say(
        "a",
        allocated("a", tool="areas"),
        submitted("", DAY, {"plan": "good", "voice": None}),
        assigned("a"),
        judged("a", "", DAY, domains={"plan": "good", "voice": "inadequate"}),
    )
    settled = council.say("a", final)
    by_domain = AgreementQuestion(start=Q1.start, end=Q1.end, dimensions=("domain",))

    def graded(whose: Any, position: int | None = None) -> dict[Any, tuple[Any, Any]]:
        with council.store.reading() as connection:
            found = grade_profile(
                connection, by_domain, scales=scales, grade=whose, position=position
            )
            listed = AuditsBehind(
                connection=connection,
                question=by_domain,
                scales=scales,
                reach=EVERYTHING,
                grade=whose,
                position=position,
            ).rows("good_or_better_rate", {"from": str(Q1.start), "to": str(Q1.end)})
        held = {row.group["domain"]: base(row.figures["good_or_better_rate"]) for row in found.rows}
        assert {one.domain for one in listed.audits} == {name for name in held if name}
        return held

    assert graded("final") == {"plan": (1, 1), "voice": (0, 1)}
    with council.store.reading() as connection:
        before = grade_profile(
            connection, by_domain, scales=scales, grade="final", basis=Basis(formulas=2)
        )
    assert {row.group["domain"] for row in before.rows} == {"plan"}, "as it was published"
    assert graded("auditor") == {"plan": (1, 1)}
    assert graded("final", settled - 1) == {"plan": (0, 0)}
    council.say("a", audit_events.CaseAuditReopened(was=""))
    assert graded("final") == {"plan": (0, 0)}


def test_teams_are_compared_over_the_whole_range_and_where_the_tool_changed_is_told(
    council: Council,
) -> None:
    days = {"north": 2, "south": 3, "west": 4}
    names = {"north": "Duty", "south": "Duty", "west": "West"}
    for team, number in days.items():
        for at in range(number):
            labels = {"team": team, "team_name": names[team], "tool_version": 1 + at % 2}
            day = date(2021, 5 if at % 2 == 0 else 8, 3)
            council.audited(f"{team}-{at}", "good" if at else "inadequate", day, **labels)
    by_team = AgreementQuestion(
        start=HALF_YEAR.start, end=HALF_YEAR.end, by=PeriodKind.FINANCIAL_YEAR, dimensions=("team",)
    )
    with council.store.reading() as connection:
        made = grade_profile(connection, by_team, scales=SCALES)
        whole = grade_profile(connection, HALF_YEAR, scales=SCALES)
    assert team_parts(made) == {
        ("", ""): [
            FunnelPart("Duty (north)", 1, 2),
            FunnelPart("Duty (south)", 2, 3),
            FunnelPart("West", 3, 4),
        ]
    }  # fmt: skip
    assert [one.rows[-1][3] for one in funnels({"": team_parts(made)["", ""]}, 1)] == ["75%"]
    assert tool_breaks(whole, whole.rows) == {"2021/22 Q2": "audited with whole@2."}
