"""Supervision: who supervises whom, the sessions that were held, and the checks of them."""

from projections.supervision.projector import Supervision
from projections.supervision.queries import (
    Policies,
    Who,
    all_checks,
    all_pairs,
    asked_of,
    check,
    checks,
    discussed,
    known,
    pair,
    pairs,
    pairs_of,
    policies,
    prompts_answered,
    sessions,
    supervises,
)
from projections.supervision.worklists import Item, worklist

__all__ = [
    "Item",
    "Policies",
    "Supervision",
    "Who",
    "all_checks",
    "all_pairs",
    "asked_of",
    "check",
    "checks",
    "discussed",
    "known",
    "pair",
    "pairs",
    "pairs_of",
    "policies",
    "prompts_answered",
    "sessions",
    "supervises",
    "worklist",
]
