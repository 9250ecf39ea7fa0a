"""The follow-up of inadequate audits as one reader may see it: what pages and API ask.

A follow-up tells the grade, so it opens to those to whom the judgement of its audit is open, and
lists leave out what `projections.audits.queries.open_to` leaves out. Whether its actions are done
is asked of the actions each time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.engine import Connection

from api.audits import reading
from api.audits.reading import OpenedAudit
from api.gate.current_actor import acting
from api.records.names import WithNames
from api.web.access_notes import Look, ServedLook
from api.web.moments import AsAt
from projections.actions import queries as action_queries
from projections.actions.tables import ActionRow
from projections.audits import kept_queries
from projections.audits import queries as audit_queries
from projections.core.base import present
from projections.follow_ups import queries as follow_up_queries
from projections.follow_ups.tables import FollowUpRow
from projections.people import queries as people_queries
from qa.actions.states import ActionState
from qa.authorisation.policy import can, reach
from qa.core.errors import Forbidden, NotFound
from qa.core.naming import reference_key
from qa.core.words import Resource, Role

NONE_SUCH = "This audit has no follow-up."
_DONE = frozenset(
    {
        ActionState.VERIFICATION_DUE.value,
        ActionState.EFFECTIVE.value,
        ActionState.NOT_EFFECTIVE.value,
        ActionState.NO_LONGER_APPLICABLE.value,
    }
)
"""States of an action whose evidence was accepted, or that fell away."""


@dataclass(frozen=True, slots=True)
class OpenedFollowUp(WithNames):
    """A follow-up with the actions of its plan, and those of its audit that a plan can take.

    `resource` is its audit in the part of the council that sees the follow-up through.
    """

    audit: OpenedAudit
    resource: Resource
    row: FollowUpRow
    planned: Sequence[ActionRow]
    offered: Sequence[ActionRow]
    owed: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class ListedFollowUp:
    """A follow-up in a list: what is owed next by when (ISO), and whether that is late."""

    row: FollowUpRow
    owed: tuple[str, str] | None
    late: bool


def _done(row: FollowUpRow, states: Mapping[str, str]) -> bool:
    planned = row.planned_actions
    return bool(planned) and all(states.get(one) in _DONE for one in planned)


def open_follow_up(look: ServedLook, audit: str) -> OpenedFollowUp:
    """One follow-up for one reader, as known at `at`; the reading is written down.

    Raises:
        NotFound: no such audit then, none that this reader may know of, or no follow-up.
        Forbidden: the judgement is sealed from the reader.
    """
    connection, at = look.connection, look.at
    now = follow_up_queries.one(present(connection), audit)
    also = None if now is None else (now.service, now.team)
    opened = reading.open_audit(look, audit, also=also)
    if not opened.judgement_open:
        raise Forbidden(can(look.actor, "read-judgement", opened.resource).rule)
    reading.note_view(look.services, look.actor, opened, at)
    row = follow_up_queries.one(connection, audit, position=at.position)
    if row is None:
        raise NotFound(NONE_SUCH)
    actions = action_queries.of_audit(connection, audit, position=at.position)
    states = {one.action: one.state for one in actions}
    chosen = row.planned_actions
    planned = [one for one in actions if one.action in chosen]
    mentioned = {one.owner for one in actions} | {row.owner or ""}
    seen_through = opened.resource
    if now is not None:
        seen_through = replace(seen_through, service=now.service, team=now.team)
    return OpenedFollowUp(
        audit=opened,
        resource=seen_through,
        row=row,
        planned=planned,
        offered=[one for one in actions if one.state != ActionState.NO_LONGER_APPLICABLE.value],
        owed=follow_up_queries.owed(row, actions_done=_done(row, states)),
        names=people_queries.names(connection, mentioned - {""}, position=at.position),
    )


def listed(look: Look, *, running: bool = False) -> list[ListedFollowUp]:
    """The follow-ups that the reader may see, the newest first, each with what is owed by when."""
    connection, at = look.connection, look.at
    rows = follow_up_queries.listed(connection, running=running, position=at.position)
    within = reach(look.actor)
    shown = audit_queries.open_to(connection, within, {row.audit for row in rows})
    handed_over = follow_up_queries.within(connection, within) - shown
    handed_over = kept_queries.kept_of(connection, within, handed_over)
    shown |= handed_over - audit_queries.hidden_for(connection, within)
    kept = [row for row in rows if row.audit in shown]
    planned = {one for row in kept for one in row.planned_actions}
    actions = action_queries.with_ids(connection, planned, position=at.position) if planned else []
    states = {one.action: one.state for one in actions}
    found = []
    for row in kept:
        owed = follow_up_queries.owed(row, actions_done=_done(row, states))
        late = owed is not None and owed[1] < at.on.isoformat()
        found.append(ListedFollowUp(row, owed, late))
    return found


def heads(
    connection: Connection, at: AsAt, *, service: str, team: str, child: str
) -> list[tuple[str, str]]:
    """Who can answer for a follow-up in this part of the council, as (person, name)."""
    now = present(connection)
    where = Resource(service=service, team=team, submitted=True, child=reference_key(child))
    found: dict[str, str] = {}
    for role in (Role.MODERATOR, Role.QA_LEAD):
        for row in people_queries.holding(now, role, at.on):
            head = acting(now, row.person, at.on)
            if head is not None and can(head, "own-follow-up", where).allowed:
                found[row.person] = row.name
    return sorted(found.items(), key=lambda one: one[1])
