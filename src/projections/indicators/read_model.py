"""Indicators: definitions, values by period and source, and how they stand to their targets."""

from projections.indicators.projector import Indicators
from projections.indicators.queries import Held, every, one
from projections.indicators.rows import HeldValue
from projections.indicators.tables import indicator_beside, indicator_row, indicator_value

__all__ = [
    "Held",
    "HeldValue",
    "Indicators",
    "every",
    "indicator_beside",
    "indicator_row",
    "indicator_value",
    "one",
]
