"""What the records of improvement plans are called."""

from __future__ import annotations

from sqlalchemy.engine import Connection

from projections.plans import queries
from qa.core.event_words import code_in_words


def plan_named(connection: Connection, kind: str, key: str, *, position: int | None) -> str | None:
    """The name of a plan, an action of one or a scale; None for what goes by its key."""
    if kind == "plan":
        plan = queries.plan(connection, key, position=position)
        return None if plan is None else f"Improvement plan “{plan.title}”"
    if kind == "plan-action":
        action = queries.action(connection, key, position=position)
        return None if action is None else f"Action {action.reference} of an improvement plan"
    return f"RAG scale {code_in_words(key)}" if kind == "rag-scale" else None
