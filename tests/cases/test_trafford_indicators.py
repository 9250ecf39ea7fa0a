"""The indicators of two published plans: every value, direction and target status comes out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path

import pytest

from api.imports.answers import ImportAnswers
from api.imports.reading import read_file
from api.imports.run import ImportChoices, Kind, Outcome, run
from projections.indicators import queries
from projections.indicators.series import SeriesPoint
from qa.core.clock import SetClock
from qa.core.errors import NotNow, Refused
from qa.core.words import rounded
from qa.imports.reversal_commands import ReverseImport
from qa.imports.reversal_handlers import reverse_import
from tests.cases.support import brought, caseloop
from tests.indicators.support import Keeper
from tests.support.council import Council

HERE = Path(__file__).parent
REPORT, PLAN = HERE / "trafford-2021-01", HERE / "trafford-2020-09"


def bring_in(council: Council, kind: Kind, file: Path, *, skip_bad: bool = False) -> Outcome:
    choices = ImportChoices(answers=ImportAnswers(refused="leave-out" if skip_bad else ""))
    return run(council.services, kind, read_file(file), choices, by=council.actor("lead"))


@contextmanager
def opened(folder: Path) -> Iterator[Keeper]:
    """A council on the day of the report."""
    clock = SetClock(datetime(2021, 1, 19, 9, tzinfo=UTC))
    council = Council.open(f"sqlite:///{folder / 'council.db'}", clock, folder)
    yield Keeper(council)
    council.services.store.close()


@pytest.fixture(scope="module")
def reported(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Keeper]:
    """The board report of January 2021: 20 series."""
    with opened(tmp_path_factory.mktemp("report")) as keep:
        bring_in(keep.council, "indicators", REPORT / "indicators.csv")
        bring_in(keep.council, "observations", REPORT / "indicators.csv")
        yield keep


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Keeper]:
    """The plan of September 2020: 48 lines, with the values that came later."""
    with opened(tmp_path_factory.mktemp("plan")) as keep:
        bring_in(keep.council, "indicators", PLAN / "indicators.csv", skip_bad=True)
        bring_in(keep.council, "observations", PLAN / "values.csv")
        yield keep


def ids(keep: Keeper) -> list[str]:
    with keep.council.services.store.reading() as connection:
        return [held.id for held in queries.every(connection)]


def at_q3(keep: Keeper, id: str) -> SeriesPoint:
    [point] = keep.series(id, first=date(2020, 4, 1), last=date(2020, 12, 31)).points[-1:]
    assert point.period.label == "2020/21 Q3"
    return point


def test_twenty_series_with_three_quarters_and_a_fourth_that_is_missing(reported: Keeper) -> None:
    assert len(ids(reported)) == 20
    for id in ids(reported):
        points = reported.series(id, last=date(2021, 3, 31)).points
        assert [point.state for point in points] == ["value"] * 3 + ["missing"]
        assert points[-1].figure is None


def test_direction_by_polarity(reported: Keeper) -> None:
    words = Counter(at_q3(reported, id).movement.word for id in ids(reported))
    assert words == {"better": 7, "worse": 5, "unknown": 8}


def test_a_value_keeps_its_note_and_its_precision(reported: Keeper) -> None:
    point = at_q3(reported, "case-files-moderated")
    assert point.figure is not None
    assert (point.figure.display, point.notes) == ("27%", ("exc Dec",))
    [held] = [v for v in reported.held("rereferrals-12m").values if v.period == "2020/21 Q3"]
    assert (str(held.value), held.said) == ("17.70", "17.70%")


def test_points_are_called_points(reported: Keeper) -> None:
    change = at_q3(reported, "rereferrals-12m").movement.change
    assert change is not None
    assert (change.kind, change.display) == ("percentage points", "+1.8 points")
    assert reported.series("rereferrals-12m").year.figure is None


def test_a_claim_stands_beside_what_the_values_say(reported: Keeper) -> None:
    reported.do(
        "record_claim",
        "rereferrals-12m",
        period="2020/21 Q3",
        text="The increase equates to 7 families.",
        source="Board report, January 2021",
        claimed="7",
    )
    shown = reported.series("rereferrals-12m")
    [claim] = shown.indicator.claims
    before, after = (p.figure for p in shown.points[-2:])
    assert before is not None
    assert after is not None
    assert before.exact is not None
    assert after.exact is not None
    # 542 referrals in the third quarter, 484 in the second.
    families = [
        rounded(Fraction(figure.exact or 0) * referrals / 100)
        for figure, referrals in ((before, 484), (after, 542))
    ]
    assert (claim.claimed, families[1] - families[0]) == (7, 19)


def test_a_break_takes_back_what_was_said_of_direction(tmp_path: Path) -> None:
    with opened(tmp_path) as keep:
        bring_in(keep.council, "indicators", REPORT / "indicators.csv")
        bring_in(keep.council, "observations", REPORT / "indicators.csv")
        keep.do("break_series", "case-files-good", period="2020/21 Q3", reason="New audit tool.")
        assert at_q3(keep, "case-files-good").movement.word == "unknown"


def test_the_plan_holds_every_line_but_the_placeholder(tmp_path: Path) -> None:
    with opened(tmp_path) as keep:
        with pytest.raises(Refused) as refusal:
            bring_in(keep.council, "indicators", PLAN / "indicators.csv")
        assert [(f.row, f.column, f.code) for f in refusal.value.faults] == [
            (46, "unit", "missing")
        ]
        done = bring_in(keep.council, "indicators", PLAN / "indicators.csv", skip_bad=True)
        assert (len(done.plan.sheet.rows), len(ids(keep))) == (48, 47)
        targets = [t for id in ids(keep) for t, _ in keep.held(id).targets]
        assert sum(target.of is not None for target in targets) == 13


NOT_MET = {
    "audits-completed": "60% against at least 100%.",
    "case-files-moderated": "27% against at least 100%.",
    "strength-based-assessment": "40% against at least 70%.",
    "management-oversight": "61.2% against at least 100%.",
}


def test_targets_are_not_met_or_named_as_not_evaluable(planned: Keeper) -> None:
    for id, sentence in NOT_MET.items():
        status = at_q3(planned, id).target
        assert (status.code, status.sentence) == ("not-met", sentence)
    placed = at_q3(planned, "placed-with-parents").target
    assert placed.code == "not-met"
    assert placed.sentence.startswith(
        "70 to 86 is +22.9% since 2020/21 Q1, against a reduction of 20% a year."
    )
    for id, why in (
        ("case-files-ri-or-better", "2020/21 Q3 has no value."),
        ("cp-rate", "2020/21 Q3 has no value."),
        ("cla-rate", "2020/21 Q3 has no value."),
    ):
        status = at_q3(planned, id).target
        assert (status.code, status.sentence) == ("not-evaluable", why)
    for id in ("neglect-households", "cp-neglect-12m", "missing-12m"):
        assert at_q3(planned, id).target.code == "none"
    assert at_q3(planned, "cp-neglect-12m").target.sentence.startswith("Only monitored")


def test_a_value_of_neighbours_is_needed_to_be_aligned(planned: Keeper) -> None:
    planned.observe("cla-rate", "2020/21 Q3", "98.2")
    status = at_q3(planned, "cla-rate").target
    assert (status.code, status.sentence) == (
        "not-evaluable",
        "There is no value of a comparator for 2020/21 Q3.",
    )


def test_a_file_twice_adds_nothing_and_a_batch_is_undone_and_brought_in_again(
    tmp_path: Path,
) -> None:
    with opened(tmp_path) as keep:
        council, by = keep.council, keep.council.actor("lead")
        first = bring_in(council, "indicators", REPORT / "indicators.csv").result
        second = bring_in(council, "observations", REPORT / "indicators.csv").result
        assert first is not None
        assert second is not None
        assert (first["imported"], second["imported"]) == (20, 60)
        again = bring_in(council, "observations", REPORT / "indicators.csv").result
        assert again is not None
        assert (again["imported"], again["already_there"], again["batch"]) == (0, 60, None)
        desk = council.services.desk
        with pytest.raises(NotNow, match="has values"):
            reverse_import(desk, ReverseImport(batch=first["batch"], reason="A mistake."), by=by)
        undone = reverse_import(
            desk, ReverseImport(batch=second["batch"], reason="A mistake."), by=by
        )
        assert undone.response["records"] == 60
        assert keep.held("audits-completed").values == ()
        reverse_import(desk, ReverseImport(batch=first["batch"], reason="A mistake."), by=by)
        assert ids(keep) == []
        bring_in(council, "indicators", REPORT / "indicators.csv")
        bring_in(council, "observations", REPORT / "indicators.csv")
        assert len(keep.held("audits-completed").values) == 3


def test_one_command_brings_the_plan_in_and_one_reports_it(tmp_path: Path) -> None:
    with brought("trafford-2020-09", tmp_path) as case:
        assert [answer["result"]["imported"] for answer in case.answers] == [47, 15]
        asked = ("--indicator", "management-oversight", "--to", "2020-12-31", "--json")
        found = caseloop("report", "indicators", *asked)
        every = caseloop("report", "indicators", "--to", "2020-09-30", "--json")
    assert {row["group"]["to"] for row in every["rows"]} >= {"2020-09-30"}
    assert max(row["group"]["to"] for row in every["rows"]) == "2020-09-30"
    assert set(found) >= {"report", "title", "as_at", "caveats", "rows"}
    row = found["rows"][-1]
    assert row["group"]["period"] == "2020/21 Q3"
    assert row["figures"]["value"]["value"] == "61.2"
    assert row["target"]["status"] == "not-met"
    assert found["indicator"]["control_chart"]["variation"]["code"] == "too-few"


def test_a_value_on_record_otherwise_is_refused_by_row(reported: Keeper, tmp_path: Path) -> None:
    file = tmp_path / "other.csv"
    file.write_text("indicator,period,value\naudits_completed,2020/21 Q2,50%\n", "utf-8")
    with pytest.raises(Refused) as refusal:
        bring_in(reported.council, "observations", file)
    [fault] = refusal.value.faults
    assert (fault.row, fault.code) == (2, "already-imported-otherwise")
