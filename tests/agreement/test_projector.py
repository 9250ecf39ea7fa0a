"""What counts as an audit, as moderated and as agreed, and what was known of it when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select

from projections.agreement.behind import rows
from projections.agreement.model import AgreementReport
from projections.agreement.profile import report as grade_profile
from projections.agreement.projector import ModerationAgreement
from projections.agreement.question import AgreementQuestion
from projections.agreement.report import report
from projections.agreement.tables import agreement_audit
from projections.figures.figure import Figure, code_of_caveat
from qa.audits import events as audit_events
from qa.audits.judgements import ImportedJudgement
from qa.audits.moderation_events import (
    DisputeDecided,
    GradeDisputed,
    ModerationCancelled,
    ModerationUnblinded,
)
from qa.core import event
from qa.core.errors import CaseloopError, NotFound, Refused
from qa.core.periods import PeriodKind
from qa.core.words import Reach
from tests.agreement.events import (
    DAY,
    EVERYTHING,
    SCALES,
    Council,
    allocated,
    assigned,
    corrected,
    judged,
    keeping,
    resubmitted,
    submitted,
    superseded,
)

Q1 = AgreementQuestion(start=date(2021, 4, 1), end=date(2021, 6, 30))
HALF_YEAR = AgreementQuestion(start=date(2021, 4, 1), end=date(2021, 9, 30))


@pytest.fixture
def council(store_url: str) -> Iterator[Council]:
    with keeping(store_url, ModerationAgreement()) as council:
        yield council


def asked(council: Council, question: AgreementQuestion = Q1, **seen: Any) -> AgreementReport:
    with council.store.reading() as connection:
        return report(connection, question, scales=SCALES, **seen)


def figures(council: Council, question: AgreementQuestion = Q1, **seen: Any) -> dict[str, Figure]:
    return dict(asked(council, question, **seen).rows[0].figures)


def base(figure: Figure) -> tuple[int | None, int | None]:
    return figure.numerator, figure.denominator


def coverage(council: Council, question: AgreementQuestion = Q1, **seen: Any) -> tuple[Any, Any]:
    return base(figures(council, question, **seen)["moderation_coverage_rate"])


def agreed(council: Council, question: AgreementQuestion = Q1, **seen: Any) -> tuple[Any, Any]:
    return base(figures(council, question, **seen)["moderation_agreement_rate"])


# -- which audits count


def test_an_audit_counts_from_its_submission(council: Council) -> None:
    before = council.say("a", allocated("a"))
    after = council.say("a", submitted("good"))
    assert coverage(council, position=before) == (0, 0)
    assert coverage(council, position=after) == (0, 1)
    assert coverage(council) == (0, 1)


def test_a_returned_audit_counts_again_once_it_is_resubmitted(council: Council) -> None:
    council.audited("a", "good")
    returned = council.say("a", audit_events.CaseAuditReturned(comments="Say more."))
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


def test_an_import_that_was_undone_and_brought_in_again_counts_once(council: Council) -> None:
    imported = audit_events.CaseAuditImported(
        reference="R-1",
        child="C-1",
        tool="whole",
        tool_version=1,
        auditor="written-a",
        auditor_as_written="A",
        team="north",
        team_name="North",
        service="help",
        service_name="Help",
        audit_date=DAY,
        judgements=(ImportedJudgement(domain="plan", grade="good"),),
        overall="good",
    )
    council.say("a", imported)
    council.say("a", audit_events.CaseAuditVoided())
    assert coverage(council) == (0, 0)
    council.say("a", imported.model_copy(update={"overall": "inadequate", "judgements": ()}))
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


# -- what is compared


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


# -- how a report is cut


def test_a_period_without_audits_is_there_with_its_noughts(council: Council) -> None:
    year = AgreementQuestion(start=date(2021, 4, 1), end=date(2022, 3, 31))
    found = asked(council, year)
    assert [row.group["quarter"] for row in found.rows] == [
        "2021/22 Q1",
        "2021/22 Q2",
        "2021/22 Q3",
        "2021/22 Q4",
    ]
    empty = found.rows[0].figures
    assert empty["audits_submitted"].value == 0
    assert {empty[n].value for n in ("moderation_coverage_rate", "kappa", "mean_shift")} == {None}
    assert found.rows[0].reading == "No completed moderation to compare."


def test_a_moderator_is_measured_against_the_audits_of_everybody(council: Council) -> None:
    for name, moderator in (("a", "p-m1"), ("b", "p-m2"), ("c", "")):
        council.audited(name, "good")
        if moderator:
            council.moderated(name, "good", DAY, moderator)
    question = AgreementQuestion(start=Q1.start, end=Q1.end, dimensions=("moderator",))
    found = asked(council, question)
    assert {
        row.group["moderator"]: base(row.figures["moderation_coverage_rate"]) for row in found.rows
    } == {"p-m1": (1, 3), "p-m2": (1, 3)}
    assert base(found.totals[0].figures["moderation_coverage_rate"]) == (2, 3)
    one = AgreementQuestion(start=Q1.start, end=Q1.end, filters={"moderator": ("p-m2",)})
    assert coverage(council, one) == (1, 3)


def test_grades_of_two_scales_are_never_added_together(council: Council) -> None:
    council.audited("a", "good")
    council.audited("b", "good", tool="short")
    found = asked(council)
    assert [(r.group["scale"], base(r.figures["auditor_good"])) for r in found.rows] == [
        ("four@1", (1, 1)),
        ("three@1", (1, 1)),
    ]
    assert [row.group["scale"] for row in found.totals] == ["four@1", "three@1"]


def test_a_new_version_of_the_tool_is_named_as_a_break(council: Council) -> None:
    council.audited("a", "good")
    council.audited("b", "good", date(2021, 7, 1), tool_version=2)
    found = asked(council, HALF_YEAR)
    assert [code_of_caveat(text) for text in found.caveats] == ["series-break"]
    assert "2021/22 Q1 (whole@1) and 2021/22 Q2 (whole@2)" in found.caveats[0]
    half_year = AgreementQuestion(
        start=HALF_YEAR.start, end=HALF_YEAR.end, by=PeriodKind.FINANCIAL_YEAR
    )
    codes = [code_of_caveat(text) for text in asked(council, half_year).rows[0].caveats]
    assert codes == ["partial-period", "series-break"]


def test_a_team_keeps_its_code_when_it_is_renamed(council: Council) -> None:
    council.audited("a", "good")
    council.audited("b", "good", team_name="North and west")
    by_team = AgreementQuestion(start=Q1.start, end=Q1.end, dimensions=("team",))
    (row,) = asked(council, by_team).rows
    assert (row.group["team"], row.figures["audits_submitted"].numerator) == ("north", 2)


def test_filters_narrow_the_report(council: Council) -> None:
    council.audited("a", "good")
    council.audited("b", "good", team="south", tool_version=2)
    by = {"start": Q1.start, "end": Q1.end}
    assert coverage(council, AgreementQuestion(**by, filters={"team": ("south",)})) == (0, 1)
    assert coverage(council, AgreementQuestion(**by, filters={"tool-version": ("whole@1",)})) == (
        0,
        1,
    )
    assert coverage(council, AgreementQuestion(**by, filters={"auditor": ("nobody",)})) == (0, 0)


def test_audits_without_the_date_that_decides_are_counted_in_a_caveat(council: Council) -> None:
    council.audited("a", "good")
    imported = audit_events.CaseAuditImported(
        reference="R",
        child="C-1",
        tool="whole",
        tool_version=1,
        auditor="x",
        auditor_as_written="X",
        team="north",
        team_name="North",
        service="help",
        service_name="Help",
        audit_date=DAY,
        overall="good",
    )
    council.say("b", imported)
    question = AgreementQuestion(start=Q1.start, end=Q1.end, cohort="submitted")
    found = asked(council, question)
    assert base(found.rows[0].figures["audits_submitted"]) == (1, 1)
    assert found.caveats == ("no-date: 1 audit has no submitted date and can be in no period.",)


def test_everything_wrong_with_a_question_is_named_at_once() -> None:
    with pytest.raises(Refused) as refusal:
        AgreementQuestion(
            start=date(2022, 1, 1),
            end=date(2021, 1, 1),
            dimensions=("colour",),
            cohort="whim",  # type: ignore[arg-type]
            filters={"tool-version": ("two",)},
        )
    assert [fault.code for fault in refusal.value.faults] == [
        "period-backwards",
        "unknown-dimension",
        "unknown-cohort",
        "unknown-tool-version",
    ]


def test_a_profile_of_grades_is_not_cut_by_moderation(council: Council) -> None:
    question = AgreementQuestion(start=Q1.start, end=Q1.end, dimensions=("moderator",))
    with council.store.reading() as connection, pytest.raises(Refused):
        grade_profile(connection, question, scales=SCALES)


def test_an_unknown_tool_is_an_error_and_not_a_guess(council: Council) -> None:
    council.audited("a", "good", tool="lost")
    with pytest.raises(CaseloopError, match="lost"):
        asked(council)


# -- who sees what


def test_sealed_audits_are_left_out_and_their_number_said(council: Council) -> None:
    council.audited("a", "good")
    council.audited("b", "inadequate")
    found = asked(council, exclude=frozenset({"b"}))
    assert base(found.rows[0].figures["audits_submitted"]) == (1, 1)
    assert found.caveats == (
        "sealed: 1 audit is left out, because you are still to moderate them blind.",
    )
    with council.store.reading() as connection:
        behind = rows(
            connection,
            Q1,
            figure="audits_submitted",
            group=found.rows[0].group,
            scales=SCALES,
            reach=EVERYTHING,
            exclude=frozenset({"b"}),
        )
    assert [audit.audit for audit in behind.audits] == ["a"]


@pytest.mark.parametrize(
    ("reach", "seen"),
    [
        (Reach("p-0"), []),
        (Reach("p-0", everything_submitted=True), ["a", "b"]),
        (Reach("p-0", teams_submitted=frozenset({"south"})), ["b"]),
        (Reach("p-0", services=frozenset({"help"})), ["a", "b"]),
        (Reach("p-m1"), ["a"]),
        (Reach("p-a1"), ["a", "b"]),
    ],
)
def test_the_audits_behind_a_figure_are_those_the_reader_may_open(
    council: Council, reach: Reach, seen: list[str]
) -> None:
    council.audited("a", "good")
    council.moderated("a", "good", DAY)
    council.audited("b", "good", team="south")
    group = asked(council).rows[0].group
    with council.store.reading() as connection:
        behind = rows(
            connection,
            Q1,
            figure="moderation_coverage_rate",
            group=group,
            scales=SCALES,
            reach=reach,
        )
    assert [audit.audit for audit in behind.audits] == seen
    assert behind.hidden == 2 - len(seen)


def test_what_a_figure_leaves_out_is_listed_with_the_reason(council: Council) -> None:
    for name in ("a", "b", "c"):
        council.audited(name, "good")
    council.moderated("a", "good", DAY)
    council.say("c", audit_events.CaseAuditWithdrawn())
    group = asked(council).rows[0].group
    with council.store.reading() as connection:
        behind = rows(
            connection,
            Q1,
            figure="moderation_agreement_rate",
            group=group,
            scales=SCALES,
            reach=EVERYTHING,
        )
        with pytest.raises(NotFound):
            rows(connection, Q1, figure="luck", group=group, scales=SCALES, reach=EVERYTHING)
    assert {audit.audit: audit.left_out for audit in behind.audits} == {
        "a": "",
        "b": "No completed moderation stands.",
        "c": "The audit is withdrawn.",
    }


def test_small_bases_give_counts_inside_and_nothing_outside(council: Council) -> None:
    council.audited("a", "good")
    council.moderated("a", "good", DAY)
    inside = figures(council, small_number=5)["moderation_agreement_rate"]
    assert (base(inside), inside.value) == ((1, 1), None)
    outside = asked(council).for_outside(6)
    hidden = outside.rows[0].figures["moderation_agreement_rate"]
    assert (base(hidden), hidden.value) == ((None, None), None)
    assert (outside.rows[0].matrix, outside.totals) == ((), ())


def test_a_group_may_come_back_as_the_text_of_a_query(council: Council) -> None:
    council.audited("a", "good", tool_version=2)
    question = AgreementQuestion(start=Q1.start, end=Q1.end, dimensions=("tool-version",))
    group = {key: str(value) for key, value in asked(council, question).rows[0].group.items()}
    assert group["tool_version"] == "2"
    with council.store.reading() as connection:

        def opened(**other: str) -> list[str]:
            found = rows(
                connection,
                question,
                figure="audits_submitted",
                group={**group, **other},
                scales=SCALES,
                reach=EVERYTHING,
            )
            return [audit.audit for audit in found.audits]

        assert opened() == ["a"]
        assert opened(tool_version="1") == []
        with pytest.raises(Refused):
            opened(tool_version="two")
        with pytest.raises(Refused):
            opened(to="the end")
