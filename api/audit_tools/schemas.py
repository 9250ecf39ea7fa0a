"""What the API answers about audit tools."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel

from api.json.moment_out import OfMomentOut
from projections.audit_tools.tables import AuditToolRow
from qa.audit_tools.definition import AreaOfDomain, ToolDefinition
from qa.core.carry import carry


class AuditToolOut(BaseModel):
    """A tool as lists show it. `latest` is the number of its newest version, 0 where none is
    published; `version` is what a change of it is made from."""

    tool: str
    title: str
    latest: int
    retired: bool
    working_differs: bool
    version: int


class AuditToolsOut(OfMomentOut):
    """Every tool, with its latest published version."""

    tools: list[AuditToolOut]


class AuditToolVersionOut(BaseModel):
    """A published version, with what it changed and who published it."""

    version: int
    changes: list[str]
    by: str


class JudgementAreasOut(BaseModel):
    """A mapping of domains to judgement areas, in force from the first day of a month on."""

    mapping_version: int
    from_on: date
    areas: list[AreaOfDomain]
    by: str


class OpenedAuditToolOut(OfMomentOut):
    """A tool's working copy and the list of its versions with what each changed."""

    tool: str
    title: str
    latest: int
    retired: bool
    working_copy: ToolDefinition
    versions: list[AuditToolVersionOut]


def listed(row: AuditToolRow) -> AuditToolOut:
    return carry(
        AuditToolOut,
        row,
        retired=bool(row.retired),
        working_differs=bool(row.working_differs),
        version=row.stream_version,
    )
