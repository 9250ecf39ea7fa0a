"""Which formulas a figure is made by.

A published report keeps the version it was made by, because it is made again from the log and must
be the same for ever; everything else is made by the newest. What each version changed is told in
docs/explanation/figures.md.
"""

from __future__ import annotations

from types import ModuleType

from projections.figures import first_formulas, statistics

NEWEST = 3


def coefficients(version: int) -> ModuleType:
    """The module that holds the coefficients of a version, all by the same names."""
    return first_formulas if version < 2 else statistics
