"""What documents say of the ratings of a plan, beside what its rows give. Nothing is put right."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from projections.figures.figure import Figure
from projections.figures.rounding import rounded_off
from projections.plans.counting import counted, on_the_board
from projections.plans.ratings import rating
from projections.plans.record import PartRecord, PlanClaim, PlanRecord

_NUMBER = re.compile(r"\d+(?:\.\d+)?")


class ClaimBeside(NamedTuple):
    """A claim, the part it is of (None: the plan) and the means that the ratings of its day give:
    of the part, or the mean of the parts' means and that of all actions. `agrees` is whether one of
    them is the number that is claimed, rounded as that is; None where there is nothing to compare.
    """

    claim: PlanClaim
    part: PartRecord | None
    means: tuple[Figure, ...]
    agrees: bool | None


def claims_beside(record: PlanRecord) -> list[ClaimBeside]:
    """Every claim of a plan, the earliest day first."""
    found = []
    for claim in record.claims:
        part = None if claim.part is None else record.parts[claim.part]
        means = _means(record, claim, part)
        found.append(ClaimBeside(claim, part, means, _agrees(claim.claimed, means)))
    return found


def _means(record: PlanRecord, claim: PlanClaim, part: PartRecord | None) -> tuple[Figure, ...]:
    if part is None:
        whole = on_the_board(record, claim.as_at)
        return whole.mean_of_themes, whole.mean_of_actions
    ratings = [
        (action, rating(record, action.id, claim.as_at))
        for action in record.actions_on(claim.as_at)
        if part.id in (action.part, record.theme_of(action))
    ]
    return (counted(record, ratings, claim.as_at, part).of_the_day.mean,)


def _agrees(claimed: str, means: Sequence[Figure]) -> bool | None:
    known = [mean.exact for mean in means if mean.exact is not None]
    if not known or not _NUMBER.fullmatch(claimed):
        return None
    number = Decimal(claimed)
    places = len(claimed.partition(".")[2])
    return any(rounded_off(exact, places) == number for exact in known)
