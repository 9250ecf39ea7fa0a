"""Audit tools and scales: read, edit a working copy, publish, retire; as JSON or YAML."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Body as Raw
from fastapi import Path, Response
from sqlalchemy.engine import Connection

from api.json.deps import Change, Moment, New, Reads, ReasonIn, ReceiptOut, Snapshot
from api.json.routing import ApiRouter
from api.web.moments import AsAt
from projections.audit_tools import queries
from qa.audit_tools import commands
from qa.audit_tools.definition import ToolDefinition
from qa.audit_tools.events import scale_stream, tool_stream
from qa.audit_tools.files import read_tool, write_tool
from qa.authorisation.policy import require
from qa.core.errors import Conflict, NotFound
from qa.core.words import CODE, Scale

router = ApiRouter(prefix="/audit-tools", tags=["audit tools"])
scale_router = ApiRouter(prefix="/scales", tags=["audit tools"])

ToolId = Annotated[str, Path(pattern=CODE)]
Number = Annotated[int, Path(ge=1)]


@router.get("", operation_id="listAuditTools")
def list_audit_tools(actor: Reads, connection: Snapshot, at: Moment) -> dict[str, Any]:
    """Every tool, with its latest published version."""
    require(actor, "read-tool")
    return {
        "as_at": at.day,
        "position": at.shown,
        "tools": [
            {
                "tool": row["tool"],
                "title": row["title"],
                "latest": row["latest"],
                "retired": bool(row["retired"]),
                "working_differs": bool(row["working_differs"]),
                "version": row["stream_version"],
            }
            for row in queries.tools(connection, position=at.position)
        ],
    }


@router.record("/{tool}", operation_id="readAuditTool")
def read_audit_tool(
    actor: Reads, connection: Snapshot, at: Moment, tool: ToolId, response: Response
) -> dict[str, Any]:
    """A tool's working copy and the list of its versions with what each changed."""
    require(actor, "read-tool")
    row = queries.tool(connection, tool, position=at.position)
    if row is None:
        raise NotFound("There is no such tool.")
    response.headers["ETag"] = f'"{row["stream_version"]}"'
    return {
        "as_at": at.day,
        "position": at.shown,
        "tool": tool,
        "title": row["title"],
        "latest": row["latest"],
        "retired": bool(row["retired"]),
        "working_copy": row["working"].model_dump(mode="json"),
        "versions": [
            {"version": v["tool_version"], "changes": v["changes"], "by": v["published_by"]}
            for v in queries.versions(connection, tool, position=at.position)
        ],
    }


def _version(connection: Connection, at: AsAt, tool: str, number: int) -> ToolDefinition:
    found = queries.definition(connection, tool, number, position=at.position)
    if found is None:
        raise NotFound("There is no such version of this tool.")
    return found


@router.get("/{tool}/versions/{number}", operation_id="readAuditToolVersion")
def read_audit_tool_version(
    actor: Reads, connection: Snapshot, at: Moment, tool: ToolId, number: Number
) -> ToolDefinition:
    """A published version. It never changes."""
    require(actor, "read-tool")
    return _version(connection, at, tool, number)


@router.get(
    "/{tool}/versions/{number}/yaml",
    operation_id="exportAuditToolVersion",
    response_class=Response,
    responses={200: {"content": {"application/yaml": {}}}},
)
def export_audit_tool_version(
    actor: Reads, connection: Snapshot, at: Moment, tool: ToolId, number: Number
) -> Response:
    """A published version as YAML that can be edited and brought in again."""
    require(actor, "read-tool")
    text = write_tool(_version(connection, at, tool, number))
    return Response(text, media_type="application/yaml", headers=at.headers)


@router.post("", status_code=201, operation_id="beginAuditTool")
def begin_audit_tool(new: New, body: ToolDefinition) -> ReceiptOut:
    """Begin a tool with its first working copy."""
    done = commands.revise_tool(new.desk, definition=body, seen=0, **new.made(body))
    return new.receipt(done, tool_stream(body.id), location=body.id)


@router.put("/{tool}/working-copy", operation_id="reviseAuditTool")
def revise_audit_tool(change: Change, tool: ToolId, body: ToolDefinition) -> ReceiptOut:
    """Save the working copy. It may be unfinished; publishing asks for more."""
    if body.id != tool:
        raise Conflict("A tool keeps its code.", field="id", code="tool-code-changed")
    done = commands.revise_tool(change.desk, definition=body, **change.made(body))
    return change.receipt(done, tool_stream(tool))


@router.put("/{tool}/working-copy/yaml", operation_id="importAuditTool")
def import_audit_tool(
    change: Change,
    tool: ToolId,
    body: Annotated[str, Raw(media_type="application/yaml")],
) -> ReceiptOut:
    """Save the working copy from YAML. Scales may be named (``id@version``)."""
    require(change.actor, "edit-tool")
    with change.services.store.reading() as connection:
        known = {scale.key: scale for scale in queries.scales(connection)}
    return revise_audit_tool(change, tool, read_tool(body, known))


@router.post("/{tool}/versions", status_code=201, operation_id="publishAuditTool")
def publish_audit_tool(change: Change, tool: ToolId) -> ReceiptOut:
    """Freeze the working copy as the next version."""
    done = commands.publish_tool(change.desk, tool=tool, **change.made())
    return change.receipt(done, tool_stream(tool))


@router.post("/{tool}/retirement", status_code=201, operation_id="retireAuditTool")
def retire_audit_tool(change: Change, tool: ToolId, body: ReasonIn) -> ReceiptOut:
    """Close a tool to new audits; audits under way finish on it."""
    done = commands.retire_tool(change.desk, tool=tool, reason=body.reason, **change.made(body))
    return change.receipt(done, tool_stream(tool))


@scale_router.get("", operation_id="listScales")
def list_scales(actor: Reads, connection: Snapshot, at: Moment) -> list[Scale]:
    """Every published version of every scale."""
    require(actor, "read-tool")
    return queries.scales(connection, position=at.position)


@scale_router.post("", status_code=201, operation_id="publishScale")
def publish_scale(new: New, body: Scale) -> ReceiptOut:
    """Publish the next version of a scale."""
    done = commands.publish_scale(new.desk, scale=body, **new.made(body))
    return new.receipt(done, scale_stream(body.id))
