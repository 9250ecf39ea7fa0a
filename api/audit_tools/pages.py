"""Audit tools: the list, one tool with its versions, a version as an auditor sees it, what
changed between two, publishing, retiring, and YAML out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.engine import Connection
from starlette.responses import Response

from api.audit_tools.listing import KINDS, tool_list
from api.lists.files import download, list_files
from api.lists.page import list_page
from api.navigation import NavigationItem, NavigationSection
from api.web.changes import Changing, FormVisit, Happened, Visiting, attempt, since
from api.web.context import Reader, Reading
from api.web.forms import Errors
from api.web.late_routes import PageRouter
from projections.audit_tools import queries as tool_queries
from projections.audit_tools.tables import AuditToolRow, AuditToolVersionRow
from projections.people import queries as people_queries
from qa.audit_tools import handlers
from qa.audit_tools.commands import PublishAuditTool, RetireAuditTool
from qa.audit_tools.definition import ToolDefinition, differences, faults_of
from qa.audit_tools.events import tool_stream
from qa.audit_tools.files import write_tool
from qa.authorisation.policy import can, require
from qa.core.clock import from_microseconds
from qa.core.errors import NotFound

router = PageRouter(include_in_schema=False)
NAVIGATION = NavigationItem("Tools", "/tools", 170, NavigationSection.SET_UP, "read-tool")
PUBLISH, RETIRE = "Publish {}", "Retire {}"
DONE = {
    "saved": "The working copy is saved.",
    "published": "The tool is published. New audits use this version.",
    "retired": "The tool is retired. Audits under way finish on it.",
    "imported": "The file is now the working copy.",
}


def tool_row(connection: Connection, tool: str, *, position: int | None = None) -> AuditToolRow:
    """A tool's row, or `NotFound`."""
    row = tool_queries.tool(connection, tool, position=position)
    if row is None:
        raise NotFound("There is no such tool.")
    return row


def version_now(tool: str) -> Any:
    """Asks for the version that a tool's record has now."""
    return lambda connection: tool_row(connection, tool).stream_version


def happened(tool: str, seen: int) -> Happened:
    return since(tool_stream(tool), seen)


@router.get("/tools")
def tools(reading: Reader) -> Response:
    edits = can(reading.actor, "edit-tool").allowed and not reading.at.is_past
    return list_page(
        reading,
        tool_list(reading),
        links=[
            *([("Start a tool", "/tools/new")] if edits else []),
            ("Scales", reading.link("/scales")),
            ("Judgement areas", reading.link("/judgement-areas")),
        ],
    )


list_files(router, "/tools", tool_list)


@router.get("/tools/{tool}")
def one_tool(reading: Reader, tool: str, done: str = "") -> Response:
    """A tool: its working copy, its published versions and what each changed."""
    require(reading.actor, "read-tool")
    connection, position = reading.connection, reading.at.position
    row = tool_row(connection, tool, position=position)
    versions = tool_queries.versions(connection, tool, position=position)
    by = [version.published_by for version in versions]
    acting = not reading.at.is_past
    return reading.page(
        "audit_tools/tool.html",
        title=row.title,
        row=row,
        tool=tool,
        kinds=KINDS,
        versions=versions,
        names=people_queries.names(connection, by, position=position),
        moment_of=from_microseconds,
        changes=_pending(row, versions),
        faults=faults_of(row.working_copy),
        may_edit=acting and can(reading.actor, "edit-tool").allowed,
        may_publish=acting and can(reading.actor, "publish-tool").allowed,
        said=DONE.get(done),
        back=reading.link("/tools"),
    )


def _pending(row: AuditToolRow, versions: Sequence[AuditToolVersionRow]) -> list[str]:
    """What the working copy changes against the latest version."""
    if not versions:
        return ["First version."]
    latest, working = versions[0].frozen, row.working_copy
    if latest == working:
        return []
    return differences(latest, working) or ["The wording was edited."]


def _named(reading: Reading, tool: str, which: str) -> ToolDefinition:
    """The working copy, or a published version by its number, as at the reader's moment."""
    connection, position = reading.connection, reading.at.position
    if which == "working":
        return tool_row(connection, tool, position=position).working_copy
    number = int(which) if which.isdecimal() and len(which) < 6 else 0
    found = tool_queries.definition(connection, tool, number, position=position)
    if found is None:
        raise NotFound("There is no such version of this tool.")
    return found


@router.get("/tools/{tool}/compare")
def compare(reading: Reader, tool: str, old: str = "", new: str = "working") -> Response:
    """What changed between any two versions, in plain words and line by line."""
    require(reading.actor, "read-tool")
    connection, position = reading.connection, reading.at.position
    row = tool_row(connection, tool, position=position)
    versions = tool_queries.versions(connection, tool, position=position)
    numbers = [str(version.tool_version) for version in versions]
    before = _named(reading, tool, old or (numbers[0] if numbers else "working"))
    after = _named(reading, tool, new)
    return reading.page(
        "audit_tools/compare.html",
        title=f"What changed in {row.title}",
        tool=tool,
        old=old or (numbers[0] if numbers else "working"),
        new=new,
        choices=[("working", "Working copy"), *((n, f"Version {n}") for n in numbers)],
        changes=differences(before, after),
        wordings=_wordings(before, after),
        back=reading.link(f"/tools/{tool}"),
    )


def _wordings(old: ToolDefinition, new: ToolDefinition) -> list[tuple[str, str, str]]:
    """Every text that both versions have and word differently: (where, old, new)."""
    found = [("Guidance", old.guidance, new.guidance)]
    for domain in new.domains:
        was = old.domain(domain.id)
        if was is None:
            continue
        found.append((f"{domain.title}: title", was.title, domain.title))
        at = f"{domain.title}: what good looks like"
        found.append((at, was.good_looks_like, domain.good_looks_like))
        scale = new.scale_of(domain.scale)
        for descriptor in domain.descriptors:
            grade = descriptor.grade if scale is None else scale.label(descriptor.grade)
            found.append(
                (f"{domain.title}: {grade}", was.descriptor(descriptor.grade), descriptor.text)
            )
        texts = {question.id: question.text for question in was.questions}
        found += [
            (f"{domain.title}: question", texts[q.id], q.text)
            for q in domain.questions
            if q.id in texts
        ]
    return [(where, a, b) for where, a, b in found if a != b]


@router.get("/tools/{tool}/versions/{which}")
def preview(reading: Reader, tool: str, which: str) -> Response:
    """The working copy or a version as an auditor sees it."""
    require(reading.actor, "read-tool")
    definition = _named(reading, tool, which)
    return reading.page(
        "audit_tools/preview.html",
        title=definition.title,
        definition=definition,
        which="Working copy" if which == "working" else f"Version {which}",
        kinds=KINDS,
        back=reading.link(f"/tools/{tool}"),
    )


@router.get("/tools/{tool}/versions/{which}/yaml")
def as_yaml(reading: Reader, tool: str, which: str) -> Response:
    require(reading.actor, "read-tool")
    text = write_tool(_named(reading, tool, which))
    return download(text, f"{tool}-{which}.yaml", reading.at)


def tool_form(
    visit: FormVisit,
    tool: str,
    page: str,
    title: str,
    errors: Errors | None = None,
    given: Mapping[str, str] | None = None,
) -> Response:
    """The form of what is done to a tool; `title` has a place for the tool's own."""
    with visit.services.store.reading() as connection:
        row = tool_row(connection, tool)
        versions = tool_queries.versions(connection, tool)
    return visit.draw(
        f"audit_tools/{page}.html",
        errors,
        title=title.format(row.title),
        row=row,
        tool=tool,
        given=given or {},
        changes=_pending(row, versions),
        faults=faults_of(row.working_copy),
        back=f"/tools/{tool}",
    )


@router.get("/tools/{tool}/publish")
def publish_form(visit: Visiting, tool: str) -> Response:
    require(visit.actor, "publish-tool")
    return tool_form(visit, tool, "publish", PUBLISH)


@router.post("/tools/{tool}/publish")
def publish(change: Changing, tool: str) -> Response:
    require(change.actor, "publish-tool")
    return attempt(
        change,
        lambda: change.carry_out(handlers.publish_tool, PublishAuditTool(tool=tool)),
        again=lambda errors: tool_form(change, tool, "publish", PUBLISH, errors),
        onward=f"/tools/{tool}?done=published",
        back=f"/tools/{tool}",
        happened=happened(tool, change.seen),
        current=version_now(tool),
    )


@router.get("/tools/{tool}/retire")
def retire_form(visit: Visiting, tool: str) -> Response:
    require(visit.actor, "publish-tool")
    return tool_form(visit, tool, "retire", RETIRE)


@router.post("/tools/{tool}/retire")
def retire(change: Changing, tool: str) -> Response:
    require(change.actor, "publish-tool")
    reason = change.text("reason")
    return attempt(
        change,
        lambda: change.carry_out(handlers.retire_tool, RetireAuditTool(tool=tool, reason=reason)),
        again=lambda errors: tool_form(change, tool, "retire", RETIRE, errors, {"reason": reason}),
        onward=f"/tools/{tool}?done=retired",
        back=f"/tools/{tool}",
        happened=happened(tool, change.seen),
        current=version_now(tool),
    )
