"""What a reader may see of an audit: the one place that pages, API and exports ask.

A reader who may not know of an audit gets `NotFound`. A moderator who judges blind gets the audit
without its judgement and without its author, whatever date they ask for: the seal is always
looked up in the present.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.engine import Connection

from api.audits.sections import told_beside
from api.audits.words import field_label
from api.records.names import WithNames
from api.services import Services
from api.web import access_notes, purposes
from api.web.access_notes import ServedLook
from api.web.moments import AsAt
from projections.audit_tools import queries as tool_queries
from projections.audits import queries as audit_queries
from projections.audits.queries import AuditView
from projections.audits.tables import AuditRow
from projections.core.base import present
from projections.history import queries as history_queries
from projections.people import queries as people_queries
from qa.audit_tools.definition import ChildStatus, ToolDefinition
from qa.authorisation.policy import can
from qa.core.access import What
from qa.core.errors import Forbidden, NotFound
from qa.core.words import Actor, Resource


@dataclass(frozen=True, slots=True)
class OpenedAudit(WithNames):
    """An audit as one reader may see it. `judgement_open` is False where it is sealed from them.

    `resource` describes the audit as it stands now, for asking what the reader may do.
    `child_status` is what the child was when judged: no judgement, so it is never sealed.
    """

    view: AuditView
    tool: ToolDefinition
    resource: Resource
    judgement_open: bool
    why: str
    role: str = ""
    child_status: ChildStatus | None = None

    @property
    def row(self) -> AuditRow:
        return self.view.row

    @property
    def beside(self) -> list[tuple[str, str]]:
        """What was written in fields that no page has a place for, by their labels."""
        content = self.view.content
        texts = {} if content is None else told_beside(content)
        return [(field_label(path, self.tool), text) for path, text in texts.items()]


def _sealed(view: AuditView, reader: str) -> AuditView:
    """The audit without its judgement, its author, and what other moderators said of it."""
    own = [m for m in view.moderations if m["moderator"] == reader and m["overall"] is None]
    return replace(
        view,
        row=audit_queries.without_judgement(view.row)._replace(submitted_on=None),
        content=None,
        imported=None,
        corrected=frozenset(),
        typing=(),
        # The place drawn says whether the lottery picked it, and so whether its grade did.
        moderations=[{**m, "reasons": [], "draw": None, "policy_version": None} for m in own],
    )


def open_audit(look: ServedLook, audit: str, *, also: tuple[str, str] | None = None) -> OpenedAudit:
    """One audit for one reader, as known at `at`; `also` to the people of another service and team,
    who see through what follows from it.

    Raises:
        NotFound: no such audit then, or none that this reader may know of.
    """
    connection, actor, at = look.connection, look.actor, look.at
    now = audit_queries.audit(present(connection), audit)
    if now is None:
        raise NotFound("There is no such audit.")
    resource = now.resource
    allowed = can(actor, "read-audit", resource)
    if not allowed.allowed and also is not None:
        resource = replace(resource, service=also[0], team=also[1])
        allowed = can(actor, "read-audit", resource)
    if not allowed.allowed:
        raise NotFound("There is no such audit.")
    child = now.row.child
    kinds = purposes.kinds_of(connection, actor, child, [resource])
    purposes.ask(look.services, connection, kinds, f"case-audit:{audit}")
    view = now
    if at.is_past:
        then = audit_queries.audit(connection, audit, position=at.position)
        if then is None and actor.pin is not None:
            raise NotFound("There is no such audit.")
        if then is None:
            raise NotFound("This audit was not yet known on that date.")
        view = then
    tool = tool_queries.definition(
        connection, view.row.tool, view.row.tool_version, position=at.position
    )
    if tool is None:
        raise NotFound("The tool of this audit is not on record.")
    child_status = None if view.content is None else view.content.child_status
    open_to = can(actor, "read-judgement", resource)
    if not open_to.allowed:
        view = _sealed(view, actor.person)
    elif not can(actor, "read-history", resource).allowed:
        # The holder of the case reads what was judged, not how the judges came to agree.
        view = replace(view, moderations=())
    mentioned = [view.row.auditor, view.row.case_holder, view.row.decider]
    mentioned += [one.by for one in view.typing]
    for moderation in view.moderations:
        mentioned += [moderation["moderator"], moderation["decider"]]
    if view.content is not None:
        mentioned += [action.owner for action in view.content.actions]
    return OpenedAudit(
        view=view,
        tool=tool,
        resource=resource,
        judgement_open=open_to.allowed,
        why=allowed.rule,
        role=allowed.role.value if allowed.role else "",
        child_status=child_status,
        names=people_queries.names(connection, [p for p in mentioned if p], position=at.position),
    )


def note_view(services: Services, actor: Actor, opened: OpenedAudit, at: AsAt) -> None:
    """Write down that this reader opened the audit, and whether its judgement was shown."""
    access_notes.note(services, actor, What.VIEW, subject_of(opened), at=at, role=opened.role)


def subject_of(opened: OpenedAudit) -> str:
    """The audit as the access log names it: with its judgement, where that was shown."""
    shown = opened.judgement_open and opened.resource.submitted
    return f"{'judgement' if shown else 'case-audit'}:{opened.row.audit}"


def history(
    connection: Connection,
    actor: Actor,
    opened: OpenedAudit,
    at: AsAt,
    *,
    limit: int = 50,
) -> list[dict[str, Any]]:
    """The beginning of the audit's history with the names people had then.

    Raises:
        Forbidden: the judgement is sealed from this reader.
    """
    if not opened.judgement_open:
        raise Forbidden(can(actor, "read-history", opened.resource).rule)
    audit = opened.row.audit
    entries = history_queries.entries(
        connection,
        streams=[f"case-audit:{audit}"],
        position=at.position,
        limit=limit,
    )
    return people_queries.with_names(connection, entries)
