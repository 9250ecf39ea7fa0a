"""What commands ask across streams about improvement plans, answered from the read models.

`qa.authorisation.context.Lookups` says what each answers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from projections.plans import queries

LOOKUPS: Mapping[str, Callable[..., object]] = {
    "plan_action_with_reference": queries.action_with_reference,
    "plan_actions_open": queries.actions_open,
    "rag_scale_in_use": queries.scale_in_use,
}
