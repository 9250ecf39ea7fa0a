"""The read tables of indicators: one row an indicator, one a value, one for everything beside.

Numbers are kept as text, with the precision they were given in.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

from sqlalchemy import BigInteger

from projections.core.typed_rows import JsonText, ReadTable

Long = Annotated[int, BigInteger]


class IndicatorRegisterRow(NamedTuple):
    """One line of the register of indicators."""

    indicator: str
    stream_version: int
    name: str
    retired_after: str | None = None
    retired_because: str | None = None


class IndicatorValueRow(NamedTuple):
    """What one source says of one period: `period` is the label, and `restated` says how often the
    value was replaced."""

    indicator: str
    period: str
    source: str
    state: str
    value: str | None
    numerator: Long | None
    denominator: Long | None
    definition_version: int
    said: str
    note: str
    excluded: str
    restated: int
    by: str
    recorded_us: Long


class IndicatorBesideRow(NamedTuple):
    """What stands beside the values, by `kind`, with its event's own fields in `content`:
    ``definition`` (by version), ``target`` (by first day), ``polarity`` (by the event's place in
    the stream), ``comparator`` (by name and period), ``break`` and ``rebase`` (by period),
    ``claim``, and ``restatement`` (by the event's place in the stream)."""

    indicator: str
    kind: str
    which: str
    content: JsonText
    reason: str | None
    by: str
    recorded_us: Long


INDICATORS = ReadTable(
    IndicatorRegisterRow, "indicator_row", key=("indicator",), indexes=(("name",),)
)
VALUES = ReadTable(IndicatorValueRow, "indicator_value", key=("indicator", "period", "source"))
BESIDE = ReadTable(IndicatorBesideRow, "indicator_beside", key=("indicator", "kind", "which"))
indicator_row, indicator_value, indicator_beside = INDICATORS.table, VALUES.table, BESIDE.table
