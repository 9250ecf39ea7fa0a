"""A policy of the council as a resource: what is in force, and setting the next version."""

from __future__ import annotations

from typing import Any, TypeVar

from fastapi import Response
from pydantic import BaseModel

from api.json.command_endpoint import command_endpoint
from api.json.deps import Call, tag
from api.json.routing import ApiRouter
from api.web.policies import InForce
from qa.authorisation.handling import CommandHandler
from qa.authorisation.policy import require

P = TypeVar("P", bound=BaseModel)


def policy_endpoints(
    router: ApiRouter,
    handler: CommandHandler[Any],
    policy: type[P],
    in_force: InForce[P],
    *,
    named: str,
    says: str,
) -> None:
    """Declare ``read<named>`` and ``set<named>``."""

    def read_policy(call: Call, response: Response) -> BaseModel:
        require(call.actor, "read-tool")
        found, version = in_force(call)
        tag(response, call.at, version)
        return found

    read_policy.__doc__ = says
    read_policy.__annotations__["return"] = policy
    router.record("", operation_id=f"read{named}")(read_policy)
    command_endpoint(router, "PUT", "", handler)
