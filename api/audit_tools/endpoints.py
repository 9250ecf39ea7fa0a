"""Audit tools and scales: read, edit a working copy, publish, retire; as JSON or YAML."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Body as Raw
from fastapi import Path, Response
from sqlalchemy.engine import Connection

from api.audit_tools import schemas
from api.json.command_endpoint import command_endpoint
from api.json.deps import Call, New
from api.json.routing import ApiRouter
from api.web.moments import AsAt
from projections.audit_tools import queries
from qa.audit_tools import handlers
from qa.audit_tools.definition import ToolDefinition
from qa.audit_tools.files import read_tool, write_tool
from qa.authorisation.policy import require
from qa.core.carry import carry
from qa.core.errors import NotFound
from qa.core.words import CODE, Scale

router = ApiRouter(prefix="/audit-tools", tags=["audit tools"])
scale_router = ApiRouter(prefix="/scales", tags=["audit tools"])

ToolId = Annotated[str, Path(pattern=CODE)]
Number = Annotated[int, Path(ge=1)]


@router.get("", operation_id="listAuditTools")
def list_audit_tools(call: Call) -> schemas.AuditToolsOut:
    """Every tool, with its latest published version."""
    require(call.actor, "read-tool")
    rows = queries.tools(call.connection, position=call.at.position)
    return schemas.AuditToolsOut(**call.moment, tools=[*map(schemas.listed, rows)])


@router.record("/{tool}", operation_id="readAuditTool")
def read_audit_tool(call: Call, tool: ToolId, response: Response) -> schemas.OpenedAuditToolOut:
    """A tool's working copy and the list of its versions with what each changed."""
    require(call.actor, "read-tool")
    row = queries.tool(call.connection, tool, position=call.at.position)
    if row is None:
        raise NotFound("There is no such tool.")
    response.headers["ETag"] = f'"{row.stream_version}"'
    return carry(
        schemas.OpenedAuditToolOut,
        row,
        **call.moment,
        tool=tool,
        retired=bool(row.retired),
        versions=[
            schemas.AuditToolVersionOut(
                version=one.tool_version, changes=one.sentences, by=one.published_by
            )
            for one in queries.versions(call.connection, tool, position=call.at.position)
        ],
    )


def _version(connection: Connection, at: AsAt, tool: str, number: int) -> ToolDefinition:
    found = queries.definition(connection, tool, number, position=at.position)
    if found is None:
        raise NotFound("There is no such version of this tool.")
    return found


@router.get("/{tool}/versions/{number}", operation_id="readAuditToolVersion")
def read_audit_tool_version(call: Call, tool: ToolId, number: Number) -> ToolDefinition:
    """A published version. It never changes."""
    require(call.actor, "read-tool")
    return _version(call.connection, call.at, tool, number)


@router.file("/{tool}/versions/{number}/yaml", ("yaml",), operation_id="exportAuditToolVersion")
def export_audit_tool_version(call: Call, tool: ToolId, number: Number) -> Response:
    """A published version as YAML that can be edited and brought in again."""
    require(call.actor, "read-tool")
    text = write_tool(_version(call.connection, call.at, tool, number))
    return Response(text, media_type="application/yaml", headers=call.at.headers)


def _definition(change: New, definition: ToolDefinition) -> dict[str, Any]:
    """The whole body is the tool."""
    return {"definition": definition}


def _read(
    change: New, definition: Annotated[str, Raw(media_type="application/yaml")]
) -> dict[str, Any]:
    """The tool in a file. Scales may be named (``id@version``)."""
    require(change.actor, "edit-tool")
    with change.services.store.reading() as connection:
        known = {scale.key: scale for scale in queries.scales(connection)}
    return {"definition": read_tool(definition, known)}


command_endpoint(router, "POST", "", handlers.begin_tool, located_by="tool", given=_definition)
command_endpoint(router, "PUT", "/{tool}/working-copy", handlers.revise_tool, given=_definition)
command_endpoint(
    router,
    "PUT",
    "/{tool}/working-copy/yaml",
    handlers.revise_tool,
    operation_id="importAuditTool",
    given=_read,
)
command_endpoint(router, "POST", "/{tool}/versions", handlers.publish_tool)
command_endpoint(router, "POST", "/{tool}/retirement", handlers.retire_tool)


@scale_router.get("", operation_id="listScales")
def list_scales(call: Call) -> list[Scale]:
    """Every published version of every scale."""
    require(call.actor, "read-tool")
    return queries.scales(call.connection, position=call.at.position)


def _scale(change: New, scale: Scale) -> dict[str, Any]:
    """The whole body is the scale."""
    return {"scale": scale}


command_endpoint(scale_router, "POST", "", handlers.publish_scale, given=_scale)


area_router = ApiRouter(prefix="/judgement-areas", tags=["audit tools"])


@area_router.record("", operation_id="listJudgementAreas")
def list_judgement_areas(call: Call, response: Response) -> list[schemas.JudgementAreasOut]:
    """Every mapping of domains to judgement areas, in the order they were made."""
    require(call.actor, "read-tool")
    rows = queries.area_mappings(call.connection, position=call.at.position)
    response.headers["ETag"] = f'"{len(rows)}"'
    return [
        schemas.JudgementAreasOut(
            mapping_version=row.mapping_version,
            from_on=row.mapped.from_on,
            areas=list(row.mapped.areas),
            by=row.set_by,
        )
        for row in rows
    ]


command_endpoint(area_router, "POST", "", handlers.map_areas)
