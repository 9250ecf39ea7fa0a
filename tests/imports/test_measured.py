"""What a cell of measured values says, and what it refuses to guess."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.imports.files.tables import Cell
from api.imports.measured import parse_measured
from qa.core.errors import Refused


@pytest.mark.parametrize(
    ("cell", "value", "numerator", "denominator", "note"),
    [
        ("39%", "39", None, None, ""),
        ("17.70%", "17.70", None, None, ""),
        ("27% exc Dec", "27", None, None, "exc Dec"),
        ("27% (exc Dec)", "27", None, None, "exc Dec"),
        ("27%, December left out", "27", None, None, "December left out"),
        ("10% (22/214)", "10", 22, 214, ""),
        ("82% (41/50 places)", "82", 41, 50, "places"),
        ("82% (41 of 50) attended", "82", 41, 50, "attended"),
        ("44% (n=207)", "44", None, 207, ""),
        ("22/214", None, 22, 214, ""),
        ("22/214 (10%)", "10", 22, 214, ""),
        ("41 out of 50 = 82%", "82", 41, 50, ""),
        ("22/214 in June", None, 22, 214, "in June"),
        ("£1,200.50", "1200.50", None, None, ""),
        ("1,234", "1234", None, None, ""),
        ("−20%", "-20", None, None, ""),
        ("86 children", "86", None, None, "children"),
        ("12 per cent", "12", None, None, ""),
        (0, "0", None, None, ""),
        (17.7, "17.7", None, None, ""),
        (64, "64", None, None, ""),
        # No whole number out of 35 rounds to 85, so 35 is the part.
        ("85% (35)", "85", 35, None, ""),
        # No part of 3 can be told from 33% out of 3, but 33 = 1/3 makes 3 the base.
        ("33% (3)", "33", None, None, "(3)"),
        # 43 fits either way (43/60, 31/43), so nothing is read from it.
        ("72% (43)", "72", None, None, "(43)"),
    ],
)
def test_a_value_keeps_its_precision_its_parts_and_its_note(
    cell: Cell, value: str | None, numerator: int | None, denominator: int | None, note: str
) -> None:
    read = parse_measured(cell)
    assert read is not None
    assert read.state == "value"
    assert (None if read.value is None else str(read.value)) == value
    assert (read.numerator, read.denominator, read.note) == (numerator, denominator, note)


@pytest.mark.parametrize("cell", [None, "", "   "])
def test_blank_is_nothing_and_never_zero(cell: Cell) -> None:
    assert parse_measured(cell) is None


@pytest.mark.parametrize("cell", ["N/A", "n/a", "NA", "n.a.", "Not applicable"])
def test_not_applicable_is_a_state_of_its_own(cell: Cell) -> None:
    read = parse_measured(cell)
    assert read is not None
    assert (read.state, read.value) == ("not-applicable", None)


@pytest.mark.parametrize(
    "cell", ["Survey under way", "tbc", "–", "* (small number)", "survey 2 check with a colleague"]
)
def test_words_without_a_value_keep_the_words(cell: str) -> None:
    read = parse_measured(cell)
    assert read is not None
    assert (read.state, read.value, read.note) == ("no-value", None, cell)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("57% 12%", "several-values"),
        ("22/214 10% 11%", "several-values"),
        ("1/12/2021", "not-a-number"),
        ("12-89", "not-a-number"),
        ("4O%", "not-a-number"),
        ("ninety per cent", "not-a-number"),
        ("1,2345", "not-a-number"),
        ("1_204", "not-a-number"),
        (".5", "not-a-number"),
        ("(1,204)", "not-a-number"),
        ("–5", "not-a-number"),
        ("½", "not-a-number"),
        ("1½", "not-a-number"),
        ("1.2 million", "not-a-number"),
        ("5+", "not-exact"),
        ("5 or more", "not-exact"),
        ("<5", "not-exact"),
        (">90%", "not-exact"),
        ("about 40%", "not-exact"),
        (date(2021, 4, 30), "date-for-value"),
        (True, "not-a-number"),
    ],
)
def test_what_is_not_one_exact_value_is_refused_as_it_stood(cell: Cell, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        parse_measured(cell)
    assert refusal.value.faults[0].code == code
    assert "“" in refusal.value.sentence


@pytest.mark.parametrize(
    ("cell", "unit", "code"),
    [
        ("12%", "count", "other-unit"),
        ("12 per cent", "days", "other-unit"),
        ("£12", "count", "other-unit"),
        ("2 weeks", "days", "not-a-number"),
    ],
)
def test_a_value_in_another_unit_than_the_indicators_is_refused(
    cell: str, unit: str, code: str
) -> None:
    with pytest.raises(Refused) as refusal:
        parse_measured(cell, unit=unit)
    assert refusal.value.faults[0].code == code


@given(st.text(alphabet="0123456789.,%()/n= ≤<£-−abc", max_size=14))
def test_any_cell_is_read_or_refused_and_never_breaks(cell: str) -> None:
    try:
        read = parse_measured(cell, unit="percent")
    except Refused:
        return
    assert read is None or (read.state == "value") == (
        read.value is not None or read.denominator is not None
    )


def test_a_number_below_one_may_be_a_fraction_where_per_cent_is_asked() -> None:
    with pytest.raises(Refused, match=r"Write 27% or 0\.27%"):
        parse_measured(0.27, unit="percent")
    signed = parse_measured("0.27%", unit="percent")
    assert signed is not None
    assert signed.value == Decimal("0.27")
    rate = parse_measured(0.27, unit="rate-per-10000")
    assert rate is not None
    assert rate.value == Decimal("0.27")
