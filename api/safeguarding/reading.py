"""Safeguarding concerns as one reader may see them: the one place that pages and API ask.

A concern is open to whoever raised it and to everybody who was told of it, whatever else they may
not see of the audit; beside them to the managers and QA leads of its part of the council. From
somebody who moderates the audit blind it is sealed unless they raised it or were told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.engine import Connection

from api.gate.current_actor import acting
from api.records.names import WithNames
from api.web import purposes
from api.web.access_notes import Look, ServedLook
from projections.audits import kept_queries
from projections.audits import queries as audit_queries
from projections.core.base import present
from projections.people import queries as people_queries
from projections.safeguarding import queries as safeguarding_queries
from projections.safeguarding.tables import ConcernRow, ConcernStepRow
from qa.authorisation.policy import can, reach, scopes_for
from qa.core.clock import civil_day, from_microseconds
from qa.core.dates_in_words import day, moment
from qa.core.errors import NotFound
from qa.core.naming import reference_key
from qa.core.words import Actor, Resource, Role

NONE_SUCH = "There is no such concern."


@dataclass(frozen=True, slots=True)
class OpenedConcern(WithNames):
    """A concern with its timeline. `resource` is the concern as the policy sees it now, and
    `audit_open` says whether its audit is open to the reader."""

    row: ConcernRow
    steps: Sequence[ConcernStepRow]
    resource: Resource
    audit_open: bool
    role: str


def resource_of(connection: Connection, row: ConcernRow, actor: Actor) -> Resource:
    """A concern as the policy table sees it for this reader."""
    part = row.part_of
    sealed = row.audit in audit_queries.sealed_for(present(connection), actor)
    return Resource(
        service=row.service,
        team=row.team,
        person=row.raised_by,
        contributors=frozenset(row.told_people),
        blind_for=frozenset({actor.person}) if sealed and actor.person not in part else frozenset(),
        submitted=True,
        child=reference_key(row.child),
        audit=row.audit,
        tool=kept_queries.tool_asked(connection, actor, row.audit),
    )


def open_concern(look: ServedLook, audit: str, concern: str) -> OpenedConcern:
    """One concern for one reader, as known at `at`.

    Raises:
        NotFound: no such concern then, or none that this reader may know of.
    """
    connection, actor, at = look.connection, look.actor, look.at
    now = safeguarding_queries.one(present(connection), audit, concern)
    if now is None:
        raise NotFound(NONE_SUCH)
    resource = resource_of(connection, now, actor)
    allowed = can(actor, "read-concern", resource)
    if not allowed.allowed:
        raise NotFound(NONE_SUCH)
    part = now.part_of
    about = Resource(service=now.service, team=now.team, moderators=part)
    kinds = purposes.kinds_of(connection, actor, now.child, [about])
    purposes.ask(look.services, connection, kinds, f"safeguarding:{audit}")
    row = now
    if at.is_past:
        then = safeguarding_queries.one(connection, audit, concern, position=at.position)
        if then is None:
            raise NotFound(NONE_SUCH)
        row = then
    steps = safeguarding_queries.steps(connection, audit, concern, position=at.position)
    mentioned = {*row.part_of, *(step.by for step in steps)}
    return OpenedConcern(
        row=row,
        steps=steps,
        resource=resource,
        audit_open=audit in audit_queries.open_to(connection, reach(actor), {audit}),
        role=allowed.role.value if allowed.role else "",
        names=people_queries.names(connection, mentioned, position=at.position),
    )


def note(look: ServedLook, opened: OpenedConcern) -> None:
    """Write down that this reader opened the concern; who may be asked to moderate its audit has
    now seen something of what was found there, and is never called blind."""
    actor = look.actor
    audit = opened.row.audit
    look.note(f"safeguarding:{audit}", role=opened.role)
    if actor.has(Role.MODERATOR) and actor.person != opened.row.raised_by:
        look.note(f"judgement:{audit}", "safeguarding concern")


def shown_time(row: ConcernRow, time: int) -> str:
    """A time of a concern; of one from a file the day, which is all that it states."""
    at = from_microseconds(time)
    return day(civil_day(at)) if row.imported else moment(at)


def state_of(row: ConcernRow) -> str:
    """Where a concern stands, in words."""
    if row.withdrawn:
        return "Withdrawn: its import was undone"
    if row.acknowledged_us is not None:
        return "Acknowledged"
    if row.imported:
        return "Not acknowledged, as a file states"
    return "To be acknowledged" if row.told_people else "No manager told"


def listed(look: Look, *, waiting: bool = False) -> list[ConcernRow]:
    """The concerns that the reader may see, those that wait first, then the newest."""
    connection, actor = look.connection, look.actor
    found = safeguarding_queries.listed(
        connection,
        actor.person,
        scopes_for(actor, "read-concern"),
        sealed=audit_queries.hidden_for(connection, reach(actor)),
        waiting=waiting,
        position=look.at.position,
    )
    kept = kept_queries.kept_of(connection, actor, {row.audit for row in found})
    return [
        row for row in found if row.audit in kept and reference_key(row.child) not in actor.closed
    ]


def of_audit(look: Look, audit: str) -> list[ConcernRow]:
    """The concerns of one audit that the reader may see."""
    concerns = safeguarding_queries.of_audit(look.connection, audit, position=look.at.position)
    return [
        row
        for row in concerns
        if can(look.actor, "read-concern", resource_of(look.connection, row, look.actor)).allowed
    ]


def managers(
    connection: Connection, *, service: str, team: str, child: str, day: date, but: str
) -> list[tuple[str, str]]:
    """Who can be told of a concern in this part of the council, as (person, name)."""
    now = present(connection)
    where = Resource(service=service, team=team, child=reference_key(child))
    found: dict[str, str] = {}
    for role in (Role.TEAM_MANAGER, Role.MODERATOR, Role.QA_LEAD):
        for row in people_queries.holding(now, role, day):
            manager = acting(now, row.person, day)
            if manager is not None and can(manager, "answer-concern", where).allowed:
                found[row.person] = row.name
    found.pop(but, None)
    return sorted(found.items(), key=lambda one: one[1])
