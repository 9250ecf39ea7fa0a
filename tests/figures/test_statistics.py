"""Agreement statistics against worked examples in the literature, and properties that must hold."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from projections.figures import statistics
from qa.core.errors import CaseloopError

# Cohen 1960, Educ Psychol Meas 20:37-46, table 1 (200 cases): kappa .492
COHEN_1960 = [[88, 14, 18], [10, 40, 10], [2, 6, 12]]
# Altman 1991, Practical Statistics for Medical Research, p. 404 (85 xeromammograms):
# kappa 0.47, linear weighted 0.57
ALTMAN = [[21, 12, 0, 0], [4, 17, 1, 0], [3, 9, 15, 2], [0, 0, 0, 1]]
# Hout, Duncan & Sobel 1987, in Agresti 2002, table 2.12 (91 couples): kappa 0.129 with standard
# error 0.0686, linear weighted 0.237 with standard error 0.0783
COUPLES = [[7, 7, 2, 3], [2, 8, 3, 7], [1, 5, 4, 9], [2, 8, 9, 14]]
# Fleiss, Levin & Paik 2003, table 18.1 (100 diagnoses): kappa 0.68
DIAGNOSES = [[75, 1, 4], [5, 4, 1], [0, 0, 10]]
# Gwet 2014, Handbook of Inter-Rater Reliability, the abstractors' data (100 women)
ABSTRACTORS = [[13, 0, 0], [0, 20, 7], [0, 4, 56]]
# Gwet 2002, "Kappa statistic is not satisfactory", the paradox table (125 subjects):
# agreement 0.944, yet kappa -0.0234; AC1 0.9408
PARADOX = [[118, 5], [2, 0]]


def rounded(value: Fraction | Decimal | None, places: int) -> Decimal:
    assert value is not None
    exact = Fraction(value)
    return round(Decimal(exact.numerator) / Decimal(exact.denominator), places)


def interval(estimate: statistics.Estimate, places: int) -> tuple[Decimal, Decimal]:
    assert estimate.interval is not None
    return round(estimate.interval[0], places), round(estimate.interval[1], places)


def table_of(first: str, second: str) -> list[list[int]]:
    letters = sorted(set(first) | set(second))
    place = {letter: number for number, letter in enumerate(letters, 1)}
    pairs = [(place[a], place[b]) for a, b in zip(first, second, strict=True)]
    return statistics.contingency(pairs, len(letters))


# -- against the literature


@pytest.mark.parametrize(
    ("table", "weighting", "places", "expected"),
    [
        (COHEN_1960, "none", 3, "0.492"),
        (ALTMAN, "none", 2, "0.47"),
        (ALTMAN, "linear", 2, "0.57"),
        (COUPLES, "none", 3, "0.129"),
        (COUPLES, "linear", 3, "0.237"),
        (DIAGNOSES, "none", 2, "0.68"),
        (ABSTRACTORS, "none", 7, "0.7964094"),
        (PARADOX, "none", 4, "-0.0234"),
    ],
)
def test_kappa_gives_the_published_values(
    table: statistics.Table, weighting: str, places: int, expected: str
) -> None:
    assert rounded(statistics.cohens_kappa(table, weighting).value, places) == Decimal(expected)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("weighting", "kappa", "error"),
    [("none", "0.12933", "0.06860"), ("linear", "0.23738", "0.07832")],
)
def test_the_interval_of_kappa_follows_from_the_published_standard_error(
    weighting: str, kappa: str, error: str
) -> None:
    low, high = interval(statistics.cohens_kappa(COUPLES, weighting), 3)  # type: ignore[arg-type]
    reach = Decimal("1.959964") * Decimal(error)
    assert low == round(Decimal(kappa) - reach, 3)
    assert high == round(Decimal(kappa) + reach, 3)


def test_quadratic_kappa_is_the_intraclass_correlation_of_fleiss_and_cohen_1973() -> None:
    """kappa_w = 2 cov / (var a + var b + (mean a - mean b)^2), with n as the divisor."""
    n = sum(map(sum, ALTMAN))
    pairs = [(i, j, cell) for i, row in enumerate(ALTMAN) for j, cell in enumerate(row)]
    mean_a = Fraction(sum(i * c for i, _, c in pairs), n)
    mean_b = Fraction(sum(j * c for _, j, c in pairs), n)
    covariance = sum(((i - mean_a) * (j - mean_b) * c for i, j, c in pairs), Fraction()) / n
    spread = sum(((i - mean_a) ** 2 * c + (j - mean_b) ** 2 * c for i, j, c in pairs), Fraction())
    expected = 2 * covariance / (spread / n + (mean_a - mean_b) ** 2)
    assert rounded(statistics.cohens_kappa(ALTMAN, "quadratic").value, 8) == rounded(expected, 8)


@pytest.mark.parametrize(
    ("weighting", "value", "low", "high"),
    [
        ("none", "0.849", "0.764", "0.935"),
        ("linear", "0.900", "0.842", "0.958"),
        ("quadratic", "0.940", "0.905", "0.976"),
        ("ordinal", "0.925", "0.881", "0.969"),
    ],
)
def test_ac1_and_ac2_give_gwets_values_for_the_abstractors(
    weighting: str, value: str, low: str, high: str
) -> None:
    estimate = statistics.gwets_ac(ABSTRACTORS, weighting)  # type: ignore[arg-type]
    assert rounded(estimate.value, 3) == Decimal(value)
    assert interval(estimate, 3) == (Decimal(low), Decimal(high))


def test_ac1_stays_high_where_kappa_collapses() -> None:
    estimate = statistics.gwets_ac(PARADOX)
    assert isinstance(estimate.value, Fraction)
    assert rounded(estimate.value, 4) == Decimal("0.9408")


def test_alpha_gives_krippendorffs_2011_examples() -> None:
    # A: binary data, two observers, ten units: .095 (for two values ordinal equals nominal)
    binary = table_of("0100000010", "1110010000")
    assert rounded(statistics.krippendorffs_alpha(binary, "nominal").value, 3) == Decimal("0.095")
    assert rounded(statistics.krippendorffs_alpha(binary, "ordinal").value, 3) == Decimal("0.095")
    # B: nominal data, two observers, twelve units: .692
    letters = table_of("aabbdcccedda", "babbbccceddd")
    assert statistics.pairs_compared(letters) == 12
    assert rounded(statistics.krippendorffs_alpha(letters, "nominal").value, 3) == Decimal("0.692")


def test_alpha_of_the_abstractors_matches_gwets_published_value() -> None:
    value = statistics.krippendorffs_alpha(ABSTRACTORS, "nominal").value
    assert rounded(value, 7) == Decimal("0.7972585")


@pytest.mark.parametrize(
    ("numerator", "denominator", "low", "high"),
    [
        (81, 263, "0.2553", "0.3662"),
        (15, 148, "0.0624", "0.1605"),
        (0, 20, "0.0000", "0.1611"),
        (1, 29, "0.0061", "0.1718"),
    ],
)
def test_wilson_gives_newcombes_1998_intervals(
    numerator: int, denominator: int, low: str, high: str
) -> None:
    """Newcombe 1998, Stat Med 17:857-872, table I, method 3."""
    bounds = statistics.wilson(numerator, denominator)
    assert bounds is not None
    assert (round(bounds[0], 4), round(bounds[1], 4)) == (Decimal(low), Decimal(high))


# -- agreement and direction


def test_exact_and_within_one_agreement_count_pairs() -> None:
    assert statistics.agreement(ALTMAN) == (54, 85)
    assert statistics.agreement(ALTMAN, within=1) == (54 + 12 + 4 + 1 + 9 + 2, 85)


def test_a_downgrade_is_negative_and_a_better_moderated_grade_positive() -> None:
    # auditor good (2), moderator inadequate (4) twice; auditor inadequate, moderator good once
    table = statistics.contingency([(2, 4), (2, 4), (4, 2), (1, 1)], 4)
    moved = statistics.shift(table)
    assert (moved.up, moved.down, moved.same) == (1, 2, 1)
    assert moved.total_steps == -2
    assert moved.mean == Fraction(-1, 2)


def test_the_sign_test_is_exact_and_two_sided() -> None:
    # nine down and one up: 2 * (1 + 10) / 2**10
    moved = statistics.shift([[0, 9], [1, 5]])
    assert moved.sign_test == Decimal("0.0214843750")
    assert statistics.shift([[0, 4], [4, 0]]).sign_test == 1
    # forty down and none up is no nought: 2 / 2**40
    assert statistics.shift([[0, 40], [0, 0]]).sign_test == Decimal(2) / Decimal(2) ** 40


def test_the_median_of_days_is_exact() -> None:
    assert statistics.median_days([9, 1, 4]) == 4
    assert statistics.median_days([1, 4]) == Fraction(5, 2)
    assert statistics.median_days([]) is None


# -- what cannot be calculated says so

COEFFICIENTS = [
    lambda t: statistics.cohens_kappa(t, "none"),
    lambda t: statistics.cohens_kappa(t, "linear"),
    lambda t: statistics.cohens_kappa(t, "quadratic"),
    lambda t: statistics.gwets_ac(t),
    lambda t: statistics.gwets_ac(t, "quadratic"),
    lambda t: statistics.gwets_ac(t, "ordinal"),
    lambda t: statistics.krippendorffs_alpha(t),
]


KAPPAS_AND_ALPHA = [*COEFFICIENTS[:3], COEFFICIENTS[-1]]
ACS = COEFFICIENTS[3:6]


@pytest.mark.parametrize("coefficient", COEFFICIENTS)
@pytest.mark.parametrize(
    ("table", "reason"),
    [
        ([[0, 0], [0, 0]], "no pairs"),
        ([[5]], "only one grade"),
        ([[1, 0], [0, 0]], "only one pair"),
    ],
)
def test_a_coefficient_that_cannot_be_calculated_is_unknown_with_a_reason(
    coefficient: object, table: statistics.Table, reason: str
) -> None:
    estimate = coefficient(table)  # type: ignore[operator]
    assert estimate.value is None
    assert estimate.interval is None
    assert reason in estimate.note


ALL_ONE_GRADE = [[0, 0], [0, 7]]


@pytest.mark.parametrize("coefficient", KAPPAS_AND_ALPHA)
def test_kappa_and_alpha_are_unknown_where_every_grade_is_the_same(coefficient: object) -> None:
    """Agreement by chance is certain then, and 0 / 0 is no number."""
    estimate = coefficient(ALL_ONE_GRADE)  # type: ignore[operator]
    assert estimate.value is None
    assert "same single grade" in estimate.note


@pytest.mark.parametrize("coefficient", ACS)
def test_ac1_and_ac2_are_one_where_all_agree_even_on_one_grade(coefficient: object) -> None:
    """Gwet's agreement by chance is nought there."""
    estimate = coefficient(ALL_ONE_GRADE)  # type: ignore[operator]
    assert (estimate.value, estimate.interval) == (1, None)
    assert estimate.note == statistics.NO_SPREAD


@pytest.mark.parametrize(
    ("coefficient", "value"),
    [
        *((one, Fraction(0)) for one in COEFFICIENTS[:3]),
        *((one, Fraction(-1)) for one in ACS),
        # 1 - (2n - 1) 2n / (2 n n), of seven pairs
        (COEFFICIENTS[-1], Fraction(-6, 7)),
    ],
)
def test_one_way_total_disagreement_has_its_coefficients(
    coefficient: object, value: Fraction
) -> None:
    estimate = coefficient([[0, 7], [0, 0]])  # type: ignore[operator]
    assert estimate.value == value
    assert estimate.interval is None
    assert estimate.note


@pytest.mark.parametrize("weighting", ["none", "linear", "quadratic"])
@pytest.mark.parametrize(
    "table",
    [
        [[5, 3], [0, 0]],
        [[0, 0, 4, 0], [0, 0, 19, 0], [0, 0, 9, 0], [0, 0, 1, 0]],
        [[0] * 4, [0] * 4, [0] * 4, [3, 4, 6, 4]],
        [[22, 0, 0, 0], [20, 0, 0, 0], [6, 0, 0, 0], [20, 0, 0, 0]],
    ],
)
def test_kappa_is_nought_without_an_interval_where_one_reader_never_varies(
    weighting: str, table: statistics.Table
) -> None:
    """In binary numbers some of these gave an interval from 0.0000 to 0.0000."""
    estimate = statistics.cohens_kappa(table, weighting)  # type: ignore[arg-type]
    assert estimate.value == 0
    assert estimate.interval is None
    assert estimate.note == statistics.NO_SPREAD


def test_nothing_moved_gives_no_sign_test_and_no_pairs_gives_no_mean() -> None:
    assert statistics.shift([[3, 0], [0, 2]]).sign_test is None
    assert statistics.shift([[3, 0], [0, 2]]).mean == 0
    assert statistics.shift([[0, 0], [0, 0]]).mean is None


def test_a_rate_without_a_base_has_no_interval() -> None:
    assert statistics.wilson(0, 0) is None


@pytest.mark.parametrize("table", [[], [[1, 2]], [[1, -1], [0, 0]]])
def test_what_is_not_a_table_is_refused(table: statistics.Table) -> None:
    with pytest.raises(CaseloopError):
        statistics.pairs_compared(table)


def test_a_grade_outside_the_scale_is_refused() -> None:
    with pytest.raises(CaseloopError):
        statistics.contingency([(0, 1)], 4)
    with pytest.raises(CaseloopError):
        statistics.wilson(3, 2)


# -- properties

tables = st.integers(2, 5).flatmap(
    lambda q: st.lists(st.lists(st.integers(0, 30), min_size=q, max_size=q), min_size=q, max_size=q)
)
weightings = st.sampled_from(["none", "linear", "quadratic"])


def near(a: Fraction | Decimal | None, b: Fraction | Decimal | None) -> bool:
    if a is None or b is None:
        return a is b
    return abs(Fraction(a) - Fraction(b)) < Fraction(1, 10**8)


@settings(max_examples=40)
@given(tables, weightings)
def test_swapping_the_readers_changes_no_coefficient_and_turns_the_shift(
    table: list[list[int]], weighting: statistics.Weighting
) -> None:
    turned = [list(column) for column in zip(*table, strict=True)]
    kappas = [statistics.cohens_kappa(t, weighting).value for t in (table, turned)]  # type: ignore[arg-type]
    assert near(*kappas)
    assert (
        statistics.gwets_ac(table, weighting).value == statistics.gwets_ac(turned, weighting).value
    )
    assert near(
        statistics.krippendorffs_alpha(table).value, statistics.krippendorffs_alpha(turned).value
    )
    there, back = statistics.shift(table), statistics.shift(turned)
    assert (there.up, there.down, there.total_steps) == (back.down, back.up, -back.total_steps)
    assert there.sign_test == back.sign_test


@settings(max_examples=40)
@given(tables, weightings)
def test_reading_the_scale_from_the_other_end_changes_no_coefficient(
    table: list[list[int]], weighting: statistics.Weighting
) -> None:
    other_end = [row[::-1] for row in table[::-1]]
    kappas = [statistics.cohens_kappa(t, weighting).value for t in (table, other_end)]  # type: ignore[arg-type]
    assert near(*kappas)
    assert (
        statistics.gwets_ac(table, weighting).value
        == statistics.gwets_ac(other_end, weighting).value
    )
    assert near(
        statistics.krippendorffs_alpha(table).value, statistics.krippendorffs_alpha(other_end).value
    )


@settings(max_examples=40)
@given(tables, weightings)
def test_coefficients_and_intervals_stay_within_their_bounds(
    table: list[list[int]], weighting: statistics.Weighting
) -> None:
    for estimate in (
        statistics.cohens_kappa(table, weighting),  # type: ignore[arg-type]
        statistics.gwets_ac(table, weighting),
        statistics.krippendorffs_alpha(table),
    ):
        if estimate.value is None:
            assert estimate.note
            continue
        assert Fraction(estimate.value) <= 1
        if estimate.interval is not None:
            low, high = (Fraction(bound) for bound in estimate.interval)
            assert -1 <= low <= high <= 1


@settings(max_examples=25)
@given(st.lists(st.integers(0, 30), min_size=2, max_size=5).filter(lambda d: sum(map(bool, d)) > 1))
def test_perfect_agreement_is_one(diagonal: list[int]) -> None:
    table = [[n if i == j else 0 for j in range(len(diagonal))] for i, n in enumerate(diagonal)]
    for coefficient in COEFFICIENTS:
        assert near(coefficient(table).value, Decimal(1))  # type: ignore[no-untyped-call]
    assert statistics.agreement(table) == (sum(diagonal), sum(diagonal))


@settings(max_examples=60)
@given(st.integers(0, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_holds_the_rate_and_mirrors_with_its_complement(share: tuple[int, int]) -> None:
    numerator, denominator = share
    bounds = statistics.wilson(numerator, denominator)
    mirrored = statistics.wilson(denominator - numerator, denominator)
    if denominator == 0:
        assert bounds is None
        return
    assert bounds is not None
    assert mirrored is not None
    slack = Fraction(1, 10**9)
    assert Fraction(bounds[0]) - slack <= Fraction(numerator, denominator)
    assert Fraction(numerator, denominator) <= Fraction(bounds[1]) + slack
    assert near(bounds[0], 1 - mirrored[1])


@given(st.integers(2, 9), st.sampled_from(["none", "linear", "quadratic", "ordinal"]))
def test_weights_run_from_one_on_the_diagonal_to_nought_from_end_to_end(
    size: int, weighting: statistics.Weighting
) -> None:
    weights = statistics.weight_matrix(size, weighting)
    assert all(weights[k][k] == 1 for k in range(size))
    assert weights[0][size - 1] == weights[size - 1][0] == 0
    assert all(weights[0][k] >= weights[0][k + 1] for k in range(size - 1))
