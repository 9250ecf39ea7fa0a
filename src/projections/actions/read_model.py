"""Actions, from the finding that raised them to their effect: where each stands, and its steps."""

from projections.actions.projector import Actions
from projections.actions.queries import (
    Filter,
    Step,
    actions,
    chain,
    count,
    is_late,
    loops_closed,
    of_audit,
    one,
    policy,
    steps,
    visible,
    with_ids,
)
from projections.actions.tables import action_contributor, action_row, action_step
from projections.actions.worklist import Item, Who, worklist

__all__ = [
    "Actions",
    "Filter",
    "Item",
    "Step",
    "Who",
    "action_contributor",
    "action_row",
    "action_step",
    "actions",
    "chain",
    "count",
    "is_late",
    "loops_closed",
    "of_audit",
    "one",
    "policy",
    "steps",
    "visible",
    "with_ids",
    "worklist",
]
