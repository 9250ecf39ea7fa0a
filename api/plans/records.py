"""Improvement plans, their actions and RAG scales as records that have a history."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy.engine import Connection

from api.records.kinds import KindOfRecord, by_verb, of_council
from api.records.search_kinds import FoundHeading, SearchedKind, with_verb
from api.web.moments import AsAt
from projections.plans import queries

_VERB = "read-plan"


def _plan(connection: Connection, key: str, position: int | None) -> str | None:
    plan = queries.plan(connection, key, position=position)
    return None if plan is None else f"Improvement plan “{plan.title}”"


def _action(connection: Connection, key: str, position: int | None) -> str | None:
    action = queries.action(connection, key, position=position)
    return None if action is None else f"Action {action.reference} of an improvement plan"


NAMED = {"plan": _plan, "plan-action": _action}
"""What a plan or an action of one is called, for whoever has only its id."""
RECORDS = (
    KindOfRecord(
        "plan", of_council("plan", _VERB, named=_plan), events=("plans.events",), packed=True
    ),
    KindOfRecord(
        "plan-action",
        of_council("plan-action", _VERB, named=_action),
        events=("plans.action_events",),
    ),
    KindOfRecord(
        "rag-scale", of_council("rag-scale", _VERB, title="RAG scale"), events=("plans.events",)
    ),
)
STREAMS = tuple(by_verb(kind.name, _VERB) for kind in RECORDS)


def _plans(connection: Connection, plans: Collection[str], at: AsAt) -> Mapping[str, FoundHeading]:
    return {
        one.id: FoundHeading(one.title, f"/plans/{one.id}", f"Improvement plan, {one.board}")
        for one in queries.plans(connection, position=at.position)
        if one.id in plans
    }


def _actions(
    connection: Connection, actions: Collection[str], at: AsAt
) -> Mapping[str, FoundHeading]:
    found = {}
    for key in sorted(actions):
        one = queries.action(connection, key, position=at.position)
        if one is not None:
            title = f"{one.reference} {one.title}"
            found[key] = FoundHeading(
                title, f"/plan-actions/{key}", "Action of an improvement plan"
            )
    return found


SEARCHED = (
    SearchedKind("plan", "Plans", 30, with_verb(_VERB), _plans),
    SearchedKind("plan-action", "Actions of plans", 40, with_verb(_VERB), _actions),
)
