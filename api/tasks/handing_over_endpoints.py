"""What somebody answers for, and handing it over to others at once."""

from __future__ import annotations

from api.json.command_endpoint import command_endpoint
from api.json.deps import Call
from api.json.routing import ApiRouter
from api.people.endpoints import PersonId
from api.tasks.handing_over_schemas import HeldOut, WorkOut
from api.tasks.reading import held_by
from qa.core.carry import carry
from qa.tasks import handlers

router = ApiRouter(prefix="/people/{person}", tags=["work"])


@router.get("/work", operation_id="readWorkOfPerson")
def read_work(call: Call, person: PersonId) -> WorkOut:
    """What waits for somebody whose work the caller oversees."""
    row, waiting = held_by(call, person)
    return WorkOut(
        **call.moment,
        person=person,
        name=row.name,
        items=[
            carry(
                HeldOut,
                one,
                thing=one.thing or None,
                reference=one.reference or None,
                child=one.child or None,
                overdue=one.overdue(call.at.on),
                in_bulk=one.in_bulk and bool(one.thing),
            )
            for one in waiting
        ],
    )


command_endpoint(router, "POST", "/hand-over", handlers.hand_over, status=200)
