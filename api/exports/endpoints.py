"""Exports for Excel and BI tools: the list of audits as CSV, XLSX or JSON."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import Query, Response

from api.actions.listing import action_listing
from api.actions.schemas import ActionQuery
from api.audits.listing import audit_listing
from api.audits.schemas import AuditQuery
from api.documents.listing import Listing
from api.evidence_packs.making import make
from api.evidence_packs.scope_request import ScopeRequest
from api.imports.about import AboutPlan
from api.imports.own_records import OwnFileEnding, own_listing
from api.imports.run import DEFAULT_TOOL, Kind
from api.json.deps import ExportCall, Exports, Moment, Present, ReadCall, Served
from api.json.routing import ApiRouter
from api.lists.files import ListFileKind, download, render_listing
from api.records.narrowing import require_known_in
from api.web import access_notes
from api.web.moments import as_at
from qa.authorisation.policy import reach, require
from qa.core.access import What

router = ApiRouter(prefix="/exports", tags=["exports"])
Raw = Annotated[bool, Query(description="CSV without the guard against formulas.")]


@router.file("/pack.zip", ("zip",), operation_id="exportPack")
def export_pack(
    services: Served,
    actor: Exports,
    at: Moment,
    child: Annotated[list[str] | None, Query(description="A child's reference.")] = None,
    audit: Annotated[list[str] | None, Query(description="An audit's reference or id.")] = None,
    audited_from: date | None = None,
    audited_to: date | None = None,
    plan: Annotated[
        list[str] | None, Query(description="An improvement plan's id or title.")
    ] = None,
    everything: Annotated[
        bool, Query(description="Every audit and plan that the caller may see.")
    ] = False,
) -> Response:
    """An evidence pack: whole records with their events and proof, for people outside."""
    scope = ScopeRequest(
        tuple(child or ()),
        tuple(audit or ()),
        audited_from,
        audited_to,
        tuple(plan or ()),
        everything,
    )
    made = make(services, actor, scope, at)
    return download(made.content, made.file_name)


@router.file(
    "/records/{kind}.{ending}",
    (
        "csv",
        "xlsx",
    ),
    operation_id="exportRecords",
)
def export_records(
    services: Served,
    actor: Exports,
    connection: Present,
    kind: Kind,
    ending: OwnFileEnding,
    tool: str = DEFAULT_TOOL,
    plan: Annotated[str, Query(description="The plan, by its title or id.")] = "",
    scale: Annotated[str, Query(description="The RAG scale, by its key.")] = "",
    cycle: Annotated[str, Query(description="The cycle of the sampling frame.")] = "",
) -> Response:
    """What is on record now, as a file that the import of this kind reads again."""
    require(actor, "export")
    at = as_at(services.store, connection)
    about = AboutPlan(plan=plan, scale=scale, cycle=cycle)
    listing = own_listing(
        services, connection, actor, reach(actor), at, kind, tool=tool, about=about
    )
    access_notes.note(services, actor, What.EXPORT, f"records-{kind}.{ending}", at=at)
    return download(render_listing(listing, ending), f"{kind}-{at.file_stamp}.{ending}", at)


@router.file(
    "/audits.{kind}",
    (
        "csv",
        "xlsx",
        "json",
    ),
    operation_id="exportCaseAudits",
)
def export_case_audits(
    call: ExportCall,
    kind: ListFileKind,
    query: Annotated[AuditQuery, Query()],
    raw: Raw = False,
) -> Response:
    """The audits the caller may see. HTTP Basic with the token as password works too."""
    require(call.actor, "export")
    wanted = query.filter
    require_known_in(call.connection, wanted)
    by, within = call.actor.display_name, reach(call.actor)
    listing = audit_listing(call.services, call.connection, within, call.at, wanted, by=by)
    return _file(call, "audits", listing, kind, raw)


@router.file(
    "/actions.{kind}",
    (
        "csv",
        "xlsx",
        "json",
    ),
    operation_id="exportActions",
)
def export_actions(
    call: ExportCall,
    kind: ListFileKind,
    query: Annotated[ActionQuery, Query()],
    raw: Raw = False,
) -> Response:
    """The actions the caller may see, each with the days of its steps."""
    require(call.actor, "export")
    wanted = query.filter(call.at.on)
    listing = action_listing(call.services, call.connection, call.actor, call.at, wanted)
    return _file(call, "actions", listing, kind, raw)


def _file(call: ReadCall, name: str, listing: Listing, kind: str, raw: bool) -> Response:
    call.note(f"{name}.{kind}", what=What.EXPORT)
    body = render_listing(listing, kind, raw=raw)
    return download(body, f"{name}-{call.at.file_stamp}.{kind}", call.at)
