"""A policy of the council as a resource: what is in force, and setting the next version."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from fastapi import Response
from pydantic import BaseModel
from sqlalchemy.engine import Connection

from api.json.command_endpoint import command_endpoint
from api.json.deps import Moment, Reads, Snapshot, tag
from api.json.routing import ApiRouter
from api.web.moments import AsAt
from qa.authorisation.handling import CommandHandler
from qa.authorisation.policy import require

P = TypeVar("P", bound=BaseModel)


def policy_endpoints(
    router: ApiRouter,
    handler: CommandHandler[Any],
    policy: type[P],
    in_force: Callable[[Connection, AsAt], tuple[P, int] | None],
    *,
    named: str,
    says: str,
    starts_with: P | None = None,
) -> None:
    """Declare ``read<named>`` and ``set<named>``. `in_force` answers the policy and its version;
    where none was ever set, the policy is what Caseloop `starts_with`."""

    def read_policy(
        actor: Reads, connection: Snapshot, at: Moment, response: Response
    ) -> BaseModel:
        require(actor, "read-tool")
        found, version = in_force(connection, at) or (starts_with, 0)
        assert found is not None
        tag(response, at, version)
        return found

    read_policy.__doc__ = says
    read_policy.__annotations__["return"] = policy
    router.record("", operation_id=f"read{named}")(read_policy)
    command_endpoint(router, "PUT", "", handler)
