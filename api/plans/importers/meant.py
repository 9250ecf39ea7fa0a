"""The plan that a file is meant to be of."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy.engine import Connection

from api.imports.about import AboutPlan
from projections.plans import queries
from projections.plans.record import PlanRecord
from qa.core.errors import Refused


def find_plan(connection: Connection, named: str) -> PlanRecord | None:
    """The plan of this id, or the open one of this title."""
    wanted = named.strip().casefold()
    for one in queries.plans(connection):
        if one.id == named or (one.closed_on is None and one.title.casefold() == wanted):
            return queries.read(connection, one.id)
    return None


def going(connection: Connection) -> list[str]:
    """The titles of the plans that are open."""
    return [one.title for one in queries.plans(connection) if one.closed_on is None]


def meant_plan(connection: Connection, named: str) -> PlanRecord:
    """The plan that is named, or the only one that is open.

    Raises:
        Refused: none is named and there are several, or there is none of that name.
    """
    if not named.strip():
        there = going(connection)
        if len(there) != 1:
            titles = ", ".join(f"“{one}”" for one in there) or "none yet"
            sentence = f"Say which plan is meant. There are: {titles}."
            raise Refused(sentence, field="plan", code="plan-missing")
        (named,) = there
    record = find_plan(connection, named)
    if record is None:
        sentence = f"There is no improvement plan “{named}”."
        raise Refused(sentence, field="plan", code="plan-unknown")
    return record


def held_actions(connection: Connection, about: AboutPlan) -> Collection[str]:
    """The references of all actions of the plan."""
    there = [about.plan] if about.plan.strip() else going(connection)
    plans = [find_plan(connection, one) for one in there]
    return {one.reference for plan in plans if plan is not None for one in plan.actions.values()}
