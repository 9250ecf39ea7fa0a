"""The agreement report: how it is asked for and cut, and what it leaves out and says so."""

from __future__ import annotations

from datetime import date

import pytest

from projections.agreement.behind import AuditsBehind
from projections.agreement.profile import report as grade_profile
from projections.agreement.question import AgreementQuestion, FigureLimits
from projections.figures.figure import code_of_caveat
from qa.audits import events as audit_events
from qa.core.errors import CaseloopError, NotFound, Refused
from qa.core.periods import PeriodKind
from qa.core.words import Reach
from tests.agreement.support import (
    DAY,
    EVERYTHING,
    HALF_YEAR,
    IMPORTED,
    Q1,
    SCALES,
    Council,
    asked,
    base,
    coverage,
    figures,
)

pytestmark = pytest.mark.one_database


@pytest.mark.both_databases
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


@pytest.mark.both_databases
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
    council.say("b", IMPORTED)
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


def test_sealed_audits_are_left_out_and_their_number_said(council: Council) -> None:
    council.audited("a", "good")
    council.audited("b", "inadequate")
    found = asked(council, limits=FigureLimits(frozenset({"b"})))
    assert base(found.rows[0].figures["audits_submitted"]) == (1, 1)
    assert found.caveats == (
        "sealed: 1 audit is left out, because you are still to moderate them blind.",
    )
    with council.store.reading() as connection:
        behind = AuditsBehind(
            connection=connection,
            question=Q1,
            scales=SCALES,
            reach=EVERYTHING,
            limits=FigureLimits(frozenset({"b"})),
        ).rows("audits_submitted", found.rows[0].group)
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
        behind = AuditsBehind(connection=connection, question=Q1, scales=SCALES, reach=reach).rows(
            "moderation_coverage_rate", group
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
        behind = AuditsBehind(
            connection=connection, question=Q1, scales=SCALES, reach=EVERYTHING
        ).rows("moderation_agreement_rate", group)
        with pytest.raises(NotFound):
            AuditsBehind(connection=connection, question=Q1, scales=SCALES, reach=EVERYTHING).rows(
                "luck", group
            )
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
            found = AuditsBehind(
                connection=connection, question=question, scales=SCALES, reach=EVERYTHING
            ).rows("audits_submitted", {**group, **other})
            return [audit.audit for audit in found.audits]

        assert opened() == ["a"]
        assert opened(tool_version="1") == []
        with pytest.raises(Refused):
            opened(tool_version="two")
        with pytest.raises(Refused):
            opened(to="the end")
