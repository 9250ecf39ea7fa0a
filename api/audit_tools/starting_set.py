"""What every new council starts with: the shipped scales and tools, published."""

from __future__ import annotations

from contextlib import suppress

from api.services import Services
from qa.audit_tools import handlers
from qa.audit_tools.commands import BeginAuditTool, PublishAuditTool, PublishScale
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
            handlers.publish_scale(desk, PublishScale(scale=scale), by=OPERATOR)
    for tool in (*shipped_tools(), *shipped_checks()):
        with suppress(MovedOn):
            handlers.begin_tool(desk, BeginAuditTool(definition=tool), by=OPERATOR)
        with suppress(MovedOn, NotNow):
            handlers.publish_tool(desk, PublishAuditTool(tool=tool.id), by=OPERATOR)


STARTS = ship
