"""Who stands in for whom."""

from __future__ import annotations

from fastapi import Response

from api.json.command_endpoint import command_endpoint
from api.json.deps import Call, tag
from api.json.routing import ApiRouter
from api.people.endpoints import PersonId
from api.people.reading import person_as_resource
from api.people.schemas import DeputiesOut, DeputyOut
from projections.core.base import present
from projections.people import deputy_queries, queries
from qa.authorisation.policy import can
from qa.core.errors import NotFound
from qa.people import handlers

router = ApiRouter(tags=["work"])


@router.record("/people/{person}/deputies", operation_id="listDeputies")
def list_deputies(call: Call, person: PersonId, response: Response) -> DeputiesOut:
    """Who stands in for somebody on the day asked about or later."""
    row = queries.person(present(call.connection), person)
    if (
        row is None
        or not can(call.actor, "name-deputy", person_as_resource(call.connection, row)).allowed
    ):
        raise NotFound("There is no such person.")
    tag(response, call.at, row.stream_version)
    found = deputy_queries.of(call.connection, person, day=call.at.on, position=call.at.position)
    return DeputiesOut(**call.moment, deputies=[*map(DeputyOut.of, found)])


command_endpoint(router, "POST", "/people/{person}/deputies", handlers.name_deputy)
command_endpoint(router, "POST", "/people/{person}/deputies/end", handlers.end_deputy, status=200)
