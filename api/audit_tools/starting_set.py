"""What every new council starts with: the shipped scales and tools, published."""

from __future__ import annotations

from api.services import Services
from qa.audit_tools import commands
from qa.audit_tools.files import shipped_checks, shipped_scales, shipped_tools
from qa.people.commands.people import OPERATOR


def ship(services: Services) -> None:
    """Publish the shipped scales and tools that the store does not have yet."""
    for scale in shipped_scales():
        commands.publish_scale(services.desk, scale=scale, by=OPERATOR)
    for tool in (*shipped_tools(), *shipped_checks()):
        commands.revise_tool(services.desk, definition=tool, seen=0, by=OPERATOR)
        commands.publish_tool(services.desk, tool=tool.id, by=OPERATOR)
