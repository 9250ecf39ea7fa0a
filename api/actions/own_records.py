"""Actions of audits and teams as files that come in again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from api.imports.own_records import (
    GivenRecords,
    OwnRecords,
    RecordsRequest,
    counted,
    sign_in_names,
)
from projections.actions import queries
from projections.actions.tables import ActionRow, ActionStepRow
from projections.audits import queries as audit_queries
from projections.audits import stated_queries
from projections.core.paging import RowPage
from projections.people import queries as people
from qa.actions.events import LONGEST, ActionClaimedDone
from qa.actions.rows import STATED
from qa.actions.states import ActionState
from qa.core.frozen import ERASED

_STATES: Mapping[str, str] = {
    ActionState.RAISED.value: "raised",
    ActionState.CHALLENGED.value: "raised",
    ActionState.ACCEPTED.value: "accepted",
    ActionState.IN_PROGRESS.value: "accepted",
    ActionState.RETURNED.value: "accepted",
    ActionState.CLAIMED.value: "claimed done",
    ActionState.VERIFICATION_DUE.value: "evidence accepted",
    ActionState.EFFECTIVE.value: "impact confirmed",
    ActionState.NO_LONGER_APPLICABLE.value: "no longer applicable",
}
"""How a file says where an action stands; of others it has no word."""
_DAYS = ("accepted_on", "claimed_on", "evidenced_on", "verified_on")
_REACHED = {"raised": 0, "accepted": 1, "claimed done": 2, "evidence accepted": 3}
"""Of how many steps a file says the day; of every one that was taken, unless named here."""


def _actions(request: RecordsRequest) -> GivenRecords:
    connection = request.connection
    hidden = audit_queries.hidden_for(connection, request.reach)
    every = queries.actions(connection, request.reach, hidden=hidden, page=RowPage(1_000_000))
    audits = stated_queries.standing(connection)
    those = [one for one in every if not one.audit or one.audit in audits]
    actions = [one for one in those if one.state in _STATES and ERASED not in one.text]
    handles = sign_in_names(connection)
    places = people.places(connection)
    claims = queries.steps(connection, [one.action for one in actions], ActionClaimedDone)
    rows = [
        {
            "reference": one.action,
            "audit": audits.get(one.audit, ""),
            "team": "" if one.audit else places.get(one.team, (one.team, ""))[0],
            "text": " ".join(one.text.split()),
            "kind": one.kind.replace("-", " "),
            "owner": handles.get(one.owner, one.owner),
            "raised_on": one.raised_on,
            "due_on": one.due_on,
            **_stand(one, claims.get(one.action, ())),
        }
        for one in reversed(actions)
    ]
    gone = counted(
        len(every) - len(those),
        "action of an audit that was withdrawn, voided or not submitted.",
        "actions of audits that were withdrawn, voided or not submitted.",
    )
    left = counted(
        len(those) - len(actions),
        "action that did not have its effect, was reopened or was erased.",
        "actions that did not have their effect, were reopened or were erased.",
    )
    moved = sum(one.moved > 0 for one in actions)
    dates = counted(moved, "first due date that was moved.", "first due dates that were moved.")
    return GivenRecords(rows, [*gone, *left, *dates])


def _stand(row: ActionRow, claims: Sequence[ActionStepRow]) -> dict[str, str]:
    state = _STATES[row.state]
    days = [getattr(row, name) or "" for name in _DAYS][: _REACHED.get(state)]
    ended = row.ended_on or "" if row.state == ActionState.NO_LONGER_APPLICABLE.value else ""
    shown = _evidence(claims[-1].fields["evidence"]) if claims and any(days[1:]) else ""
    dates = dict(zip(_DAYS, days, strict=False))
    return {"state": state, "ended_on": ended, "evidence": shown, **dates}


def _evidence(shown: Sequence[Mapping[str, str]]) -> str:
    whats = [" ".join(one["what"].split()) for one in shown]
    return "; ".join(one for one in whats if one != STATED and ERASED not in one)[:LONGEST]


OWN_RECORDS = OwnRecords(
    "actions",
    _actions,
    "Who helps, which finding an action answers, what was said on the way and the actions that "
    "follow it are in no such file. One that was returned or challenged stands as it did before.",
)
