"""The counts that the database groups are those of going through the rows one by one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert

from projections.agreement.behind import AuditsBehind
from projections.agreement.model import AgreementReport
from projections.agreement.profile import report as grade_profile
from projections.agreement.projector import ModerationAgreement
from projections.agreement.question import DIMENSIONS, AgreementQuestion
from projections.agreement.report import report
from projections.agreement.tables import agreement_audit, agreement_domain
from projections.core.base import OPEN
from qa.core.periods import PeriodKind, period_of
from tests.agreement.support import EVERYTHING, FOUR, GRADES, SCALES, Council, keeping

FIRST = date(2021, 1, 1)
HERE = 100
"""The position the reports are read at; rows are open before, at and after it."""

days = st.integers(0, 400).map(lambda n: FIRST + timedelta(days=n))
grades = st.sampled_from([*GRADES, "not-graded"])


@st.composite
def lines(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Versions of a few audits, of which at most one stands at `HERE`."""
    found = []
    for number in range(draw(st.integers(0, 25))):
        submitted = draw(days)
        moderated = draw(st.none() | st.integers(0, 90))
        on = None if moderated is None else submitted + timedelta(days=moderated)
        since, until = draw(
            st.sampled_from([(1, OPEN), (1, HERE), (HERE, HERE + 1), (50, 200), (HERE + 1, OPEN)])
        )
        team = draw(st.sampled_from(["north", "south"]))
        found.append(
            {
                "audit": f"a{number}",
                "reference": f"R{number}",
                "child_key": f"c-{number}",
                "team": team,
                "team_name": team.title(),
                "service": "help",
                "service_name": "Help",
                "tool": "whole",
                "tool_version": draw(st.integers(1, 2)),
                "auditor": draw(st.sampled_from(["p-a1", "p-a2"])),
                "imported": 0,
                "counted": draw(st.sampled_from([1, 1, 1, 0])),
                "state": "standing",
                "allocated_on": FIRST.isoformat(),
                "audit_date": draw(days).isoformat(),
                "submitted_on": submitted.isoformat(),
                "submitted_day": submitted.toordinal(),
                "overall": draw(grades),
                "final_grade": draw(st.none() | grades),
                "moderation": None if on is None else f"m{number}",
                "moderator": None if on is None else draw(st.sampled_from(["p-m1", "p-m2"])),
                "decider": None,
                "blind": None if on is None else draw(st.sampled_from([0, 1, None])),
                "moderated_on": None if on is None else on.isoformat(),
                "moderated_day": None if on is None else on.toordinal(),
                "moderated_overall": None if on is None else draw(grades),
                "dispute": None if on is None else draw(st.sampled_from([None, "open", "upheld"])),
                "valid_from": since,
                "valid_to": until,
            }
        )
    return found


questions = st.builds(
    AgreementQuestion,
    start=st.sampled_from([FIRST, date(2021, 2, 17)]),
    end=st.sampled_from([date(2021, 12, 31), date(2022, 1, 30)]),
    by=st.sampled_from(list(PeriodKind)),
    dimensions=st.lists(
        st.sampled_from(sorted(DIMENSIONS.keys() - {"domain", "area"})), max_size=2, unique=True
    ).map(tuple),
    cohort=st.sampled_from(["audit", "moderation", "submitted", "allocated"]),
    blind=st.sampled_from([None, True, False]),
)


@pytest.fixture(scope="module")
def council(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Council]:
    url = f"sqlite:///{tmp_path_factory.mktemp('counts') / 'council.db'}"
    with keeping(url, ModerationAgreement()) as council:
        yield council


def hold(council: Council, given: list[dict[str, Any]]) -> None:
    with council.store.writing() as connection:
        connection.execute(delete(agreement_audit))
        connection.execute(delete(agreement_domain))
        if given:
            connection.execute(insert(agreement_audit), given)


def by_hand(
    given: list[dict[str, Any]], question: AgreementQuestion
) -> dict[tuple[Any, ...], dict[str, tuple[int, int]]]:
    """period and group → figure → (numerator, denominator), one row at a time."""
    keys = [key for key in question.keys if key != "moderator"]
    base: Counter[tuple[Any, ...]] = Counter()
    found: dict[tuple[Any, ...], Counter[str]] = {}
    for line in given:
        if not (line["counted"] and line["valid_from"] <= HERE < line["valid_to"]):
            continue
        own = tuple(line[key] for key in keys)
        day = line[question.rule.audits_by]
        if question.start.isoformat() <= day <= question.end.isoformat():
            base[(period_of(date.fromisoformat(day), question.by).label, *own)] += 1
        day = line[question.rule.moderations_by]
        if line["moderated_overall"] is None or day is None:
            continue
        if not question.start.isoformat() <= day <= question.end.isoformat():
            continue
        if question.blind is not None and line["blind"] != int(question.blind):
            continue
        label = period_of(date.fromisoformat(day), question.by).label
        place = (label, *(line[key] for key in question.keys))
        counts = found.setdefault(place, Counter())
        counts["moderated"] += 1
        ours, theirs = FOUR.rank(line["overall"]), FOUR.rank(line["moderated_overall"])
        if ours is None or theirs is None:
            continue
        counts["compared"] += 1
        counts["same"] += ours == theirs
        counts["near"] += abs(ours - theirs) <= 1
        counts["steps"] += ours - theirs
        counts["up"] += ours > theirs
    places = set(found)
    if "moderator" not in question.keys:
        places |= set(base)
    return {
        place: {
            "audits_submitted": (base[_without(place, question)],) * 2,
            "moderation_coverage_rate": (
                found.get(place, Counter())["moderated"],
                base[_without(place, question)],
            ),
            **{
                name: (found.get(place, Counter())[count], found.get(place, Counter())["compared"])
                for name, count in (
                    ("moderation_agreement_rate", "same"),
                    ("within_one_rate", "near"),
                    ("mean_shift", "steps"),
                    ("moderated_up", "up"),
                )
            },
        }
        for place in places
    }


def _without(place: tuple[Any, ...], question: AgreementQuestion) -> tuple[Any, ...]:
    """The place of a moderator's audits, which are everybody's."""
    label, *values = place
    pairs = zip(question.keys, values, strict=True)
    return (label, *(value for key, value in pairs if key != "moderator"))


def counted(
    found: AgreementReport,
) -> dict[tuple[Any, ...], dict[str, tuple[int | None, int | None]]]:
    names = (
        "audits_submitted",
        "moderation_coverage_rate",
        "moderation_agreement_rate",
        "within_one_rate",
        "mean_shift",
        "moderated_up",
    )
    question = found.question
    return {
        (row.group[question.period_key], *(row.group[key] for key in question.keys)): {
            name: (row.figures[name].numerator, row.figures[name].denominator) for name in names
        }
        for row in found.rows
    }


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(given_lines=lines(), question=questions)
def test_a_report_is_the_sum_of_its_rows(
    council: Council, given_lines: list[dict[str, Any]], question: AgreementQuestion
) -> None:
    hold(council, given_lines)
    expected = by_hand(given_lines, question)
    with council.store.reading() as connection:
        found = report(connection, question, scales=SCALES, position=HERE)
        got = counted(found)
        assert {place: got[place] for place in expected} == expected
        for place in got.keys() - expected.keys():
            # Rows only laid out: nobody moderated, or nothing was audited.
            assert {got[place][n][1] for n in ("moderation_agreement_rate", "mean_shift")} == {0}
        # A few rows are opened; which ones changes from example to example.
        busy = [row for row in found.rows if row.figures["audits_submitted"].numerator]
        for row in [*found.rows[:1], *busy[:1], *found.totals]:
            for name, figure in row.figures.items():
                if name in ("mean_shift", "days_to_moderation"):
                    continue
                behind = (
                    AuditsBehind(
                        connection=connection,
                        question=question,
                        scales=SCALES,
                        reach=EVERYTHING,
                        position=HERE,
                    )
                    .rows(name, row.group)
                    .audits
                )
                assert sum(audit.in_numerator for audit in behind) == figure.numerator, name
                if name != "moderated":
                    assert sum(audit.in_denominator for audit in behind) == figure.denominator, name


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(given_lines=lines(), data=st.data())
def test_a_profile_is_the_sum_of_its_rows(
    council: Council, given_lines: list[dict[str, Any]], data: st.DataObject
) -> None:
    dimension = data.draw(st.sampled_from([(), ("team",), ("tool-version", "auditor")]))
    grade = data.draw(st.sampled_from(["auditor", "final"]))
    question = AgreementQuestion(start=FIRST, end=date(2021, 12, 31), dimensions=dimension)
    column = "overall" if grade == "auditor" else "final_grade"
    hold(council, given_lines)
    expected: dict[tuple[Any, ...], Counter[str]] = {}
    for line in given_lines:
        standing = line["counted"] and line["valid_from"] <= HERE < line["valid_to"]
        if not standing or not line["audit_date"] <= question.end.isoformat():
            continue
        label = period_of(date.fromisoformat(line["audit_date"]), question.by).label
        place = (label, *(line[key] for key in question.keys))
        counts = expected.setdefault(place, Counter())
        counts["audits_submitted"] += 1
        rank = FOUR.rank(line[column]) if line[column] else None
        if rank is not None:
            counts["graded"] += 1
            counts["good_or_better_rate"] += rank <= 2
            counts["ri_or_better_rate"] += rank <= 3
            counts["inadequate_rate"] += rank == 4
    with council.store.reading() as connection:
        found = grade_profile(connection, question, scales=SCALES, grade=grade, position=HERE)
    for row in found.rows:
        place = (row.group[question.period_key], *(row.group[key] for key in question.keys))
        counts = expected.pop(place, Counter())
        for name in (
            "audits_submitted",
            "graded",
            "good_or_better_rate",
            "ri_or_better_rate",
            "inadequate_rate",
        ):
            assert row.figures[name].numerator == counts[name], name
        assert row.figures["inadequate_rate"].denominator == counts["graded"]
    assert expected == {}
