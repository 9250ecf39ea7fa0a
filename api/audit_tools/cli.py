"""`caseloop import tool` and `caseloop export tool`: audit tools as YAML."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.cli import output
from api.cli.commands import CliCommand
from api.cli.store_session import open_services
from qa.core.errors import NotFound, Refused


def import_tool(
    file: Annotated[Path, typer.Argument(help="A YAML file.")],
    publish: Annotated[bool, typer.Option(help="Publish it at once.")] = False,
) -> None:
    """Import an audit tool from YAML as its working copy."""
    from projections.audit_tools import queries as tool_queries
    from qa.audit_tools import handlers
    from qa.audit_tools.commands import PublishAuditTool, ReviseAuditTool
    from qa.audit_tools.files import read_tool
    from qa.people.commands import OPERATOR

    services = open_services(make=True)
    with services.store.reading() as connection:
        known = {scale.key: scale for scale in tool_queries.scales(connection)}
    try:
        text = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        raise Refused(f"{file} cannot be read as text.", code="file-unreadable") from None
    definition = read_tool(text, known)
    command = ReviseAuditTool(tool=definition.id, definition=definition)
    handlers.revise_tool(services.desk, command, by=OPERATOR)
    output.line(f"Saved the working copy of {definition.id}.")
    if publish:
        version = PublishAuditTool(tool=definition.id)
        done = handlers.publish_tool(services.desk, version, by=OPERATOR)
        output.line(f"Published version {done.response['tool_version']}.")


def export_tool(
    tool: Annotated[str, typer.Argument(help="The tool's code, like whole-case-file.")],
    version: Annotated[int | None, typer.Option(help="A version; the latest if left out.")] = None,
    out: Annotated[Path | None, typer.Option(help="A file; the screen if left out.")] = None,
) -> None:
    """Write a published audit tool as YAML."""
    from projections.audit_tools import queries as tool_queries
    from qa.audit_tools.files import write_tool

    with open_services().store.reading() as connection:
        row = tool_queries.tool(connection, tool)
        number = version or (0 if row is None else row.latest)
        found = tool_queries.definition(connection, tool, number)
    if found is None:
        raise NotFound(f"There is no published tool {tool} of that version.")
    text = write_tool(found)
    if out is None:
        output.line(text)
    else:
        out.write_text(text, "utf-8")
        output.line(f"Wrote {tool} version {number} to {out}.")


COMMANDS = (
    CliCommand("tool", import_tool, "import"),
    CliCommand("tool", export_tool, "export"),
)
