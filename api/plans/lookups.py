"""What commands ask across streams about improvement plans, answered from the read models.

`qa.authorisation.context.Lookups` says what each answers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlalchemy.engine import Connection

from projections.plans import queries
from qa.core.errors import Refused

LOOKUPS: Mapping[str, Callable[..., object]] = {
    "plan_action_with_reference": queries.action_with_reference,
    "plan_actions_open": queries.actions_open,
    "rag_scale_in_use": queries.scale_in_use,
}


def plan_called(connection: Connection, plan: str) -> str:
    """The id of the plan with this id or title.

    Raises:
        Refused: no plan is called so, or several are.
    """
    plans = queries.plans(connection)
    called = [one.id for one in plans if plan == one.id or plan.casefold() == one.title.casefold()]
    if len(called) != 1:
        sentence = "Several plans are called so: give the id." if called else "No such plan."
        raise Refused(sentence, field="--plan", code="plan-unknown")
    return called[0]


def meeting_called(connection: Connection, plan: str, meeting: str) -> str:
    """The id of the meeting of a plan with this id or on this day.

    Raises:
        Refused: there is none.
    """
    record = queries.read(connection, plan)
    for one in () if record is None else record.meetings:
        if meeting in (one.id, one.on.isoformat()) and one.state != "cancelled":
            return one.id
    raise Refused("There is no such meeting.", field="--meeting", code="meeting-unknown")
