"""What concerns the caller: who they are, what waits for them, what they can find."""

from __future__ import annotations

from api.json.deps import Call, Limit, Reads
from api.json.routing import ApiRouter
from api.tasks import worklist
from api.tasks.schemas import (
    MeOut,
    WaitingOut,
    WorklistOut,
)
from qa.core.carry import carry

router = ApiRouter(tags=["work"])


@router.get("/me", operation_id="readMe")
def read_me(actor: Reads) -> MeOut:
    """Who the token belongs to, and the roles that hold today."""
    return MeOut(person=actor.person, team=actor.team, grants=list(actor.grants))


@router.get("/worklist", operation_id="readWorklist", response_model_exclude_unset=True)
def read_worklist(call: Call, limit: Limit = 50) -> WorklistOut:
    """What waits for the caller, by due date: at most `limit` of each kind.

    `whose` is ``own``, ``shared`` (whoever comes first), ``leads`` (waits for a QA lead) or
    ``left`` (who had it has left: `href` is where it is handed over). What waits for somebody
    whose deputy the caller is, or who has left, names them in `for_person` and `for_name`.
    """
    return WorklistOut(
        **call.moment,
        items=[
            carry(
                WaitingOut,
                one,
                for_person=one.person or None,
                for_name=one.person_name or None,
                thing=one.thing or None,
                href=one.href or None,
                reference=one.reference or None,
                audit=one.audit or None,
                child=one.child or None,
                overdue=one.overdue(call.at.on),
                **one.details,
            )
            for one in worklist.whole_queue(call, limit=limit)
        ],
    )
