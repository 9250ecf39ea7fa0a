"""The rules that a status is computed by, beside the one that was declared: versioned data."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from qa.core.frozen import Frozen

Computed = Literal["embedded", "delivered", "on-track", "slipping", "off-track", "not-computable"]
"""What dates, evidence, measures and indicators say of an action, in words of no council's scale.

- `embedded`: claimed complete, with evidence of impact and every measurable success measure met.
- `delivered`: claimed complete with evidence of delivery, impact not (yet) shown.
- `on-track`: not late, and reviewed recently enough.
- `slipping`: late by its first date only, or not reviewed for too long.
- `off-track`: late by its current date, or declared complete with no evidence at all.
- `not-computable`: its date is unknown and nothing else decides.
"""


class StatusRules(Frozen):
    """One version of the rules. Days are civil days.

    `complete_percent` is the entered percentage from which an action counts as claimed complete.
    """

    version: int = Field(ge=1)
    review_every_days: int = Field(default=45, ge=1, le=400)
    slip_tolerance_days: int = Field(default=0, ge=0, le=365)
    complete_percent: int = Field(default=100, ge=1, le=100)
    impact_needs_measures: bool = True
