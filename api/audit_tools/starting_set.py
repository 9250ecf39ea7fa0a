"""What every new council starts with: the shipped scales and tools, published."""

from __future__ import annotations

from contextlib import suppress

from api.services import Services
from qa.audit_tools import commands
from qa.audit_tools.files import shipped_checks, shipped_scales, shipped_tools
from qa.core.errors import MovedOn, NotNow
from qa.people.commands import OPERATOR


def ship(services: Services) -> None:
    """Publish the shipped scales and tools that the store does not have yet.

    Safe beside another process doing the same: of two that make one version, one is refused.
    """
    desk = services.desk
    for scale in shipped_scales():
        with suppress(MovedOn):
            commands.publish_scale(desk, scale=scale, by=OPERATOR)
    for tool in (*shipped_tools(), *shipped_checks()):
        with suppress(MovedOn):
            commands.revise_tool(desk, definition=tool, seen=0, by=OPERATOR)
        with suppress(MovedOn, NotNow):
            commands.publish_tool(desk, tool=tool.id, by=OPERATOR)


STARTS = ship
