"""Actions as one reader may see them: the one place that pages, API, files and histories ask.

An action is open to its owner and contributors, to whoever raised it, to the owner's managers and
to those whose part of the council it belongs to. An action of an audit that the reader moderates
blind is closed to them whatever else they hold, and lists leave out the actions of audits that
they may yet be asked to moderate. Seals are always looked up in the present.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TypedDict

from sqlalchemy.engine import Connection

from api.lists.page import Tally
from api.people.reading import below
from api.records.names import WithNames
from api.web import purposes
from api.web.access_notes import Look, ServedLook
from api.web.moments import AsAt
from projections.actions import queries as action_queries
from projections.actions import worklist as action_worklist
from projections.actions.queries import ActionFilter
from projections.actions.tables import ActionRow, ActionStepRow
from projections.actions.worklist import ActionItem, ActionWorklistReader
from projections.audits import kept_queries
from projections.audits import queries as audit_queries
from projections.core.base import present
from projections.core.paging import FIRST, RowPage
from projections.people import deputy_queries
from projections.people import queries as people_queries
from qa.authorisation.policy import can, reach, scopes_for
from qa.core.errors import NotFound
from qa.core.naming import reference_key
from qa.core.words import Actor, Resource, Role

NONE_SUCH = "There is no such action."


@dataclass(frozen=True, slots=True)
class OpenedAction(WithNames):
    """An action with its whole chain, each link with its steps; `closed` counts the links that the
    reader may not see.

    `findings` are the further audits it answers that are open to the reader, as (audit, reference,
    domain); `audit_open` says whether its own audit is. `resource` is the action as it stands now,
    and `outside` whether the reader is outside the owner's line.
    """

    row: ActionRow
    contributors: tuple[str, ...]
    chain: Sequence[ActionRow]
    steps: Mapping[str, Sequence[ActionStepRow]]
    closed: int
    findings: Sequence[tuple[str, str, str | None]]
    audit_reference: str
    audit_open: bool
    resource: Resource
    outside: bool
    role: str


def resource_of(
    connection: Connection, row: ActionRow, actor: Actor, contributors: Collection[str] = ()
) -> Resource:
    """An action as the policy table sees it for this reader."""
    now = present(connection)
    sealed = bool(row.audit) and row.audit in audit_queries.sealed_for(now, actor)
    resource = _resource(row, actor, people_queries.managers(now, row.owner), contributors, sealed)
    return replace(resource, tool=kept_queries.tool_asked(now, actor, row.audit))


def _resource(
    row: ActionRow, actor: Actor, line: Sequence[str], contributors: Collection[str], sealed: bool
) -> Resource:
    return Resource(
        child=reference_key(row.child) or None,
        audit=row.audit or None,
        service=row.service,
        team=row.team,
        auditor=row.raised_person,
        blind_for=frozenset({actor.person}) if sealed else frozenset(),
        submitted=True,
        person=row.owner,
        line=frozenset(line),
        contributors=frozenset(contributors),
    )


def readable(
    connection: Connection, row: ActionRow, actor: Actor, contributors: Collection[str] = ()
) -> bool:
    """Also open to the part of the council that raised it, wherever it was handed to."""
    return _readable(actor, resource_of(connection, row, actor, contributors), row)


def _readable(actor: Actor, resource: Resource, row: ActionRow) -> bool:
    raised = replace(resource, team=row.raised_team, service=row.raised_service)
    return can(actor, "read-action", resource).allowed or can(actor, "read-action", raised).allowed


def open_action(look: ServedLook, action: str) -> OpenedAction:
    """One action for one reader, as known at `at`.

    Raises:
        NotFound: no such action then, or none that this reader may know of.
    """
    connection, actor, at = look.connection, look.actor, look.at
    now = action_queries.one(present(connection), action)
    helping = action_queries.contributors(present(connection), action)
    if now is None or not readable(connection, now, actor, helping):
        raise NotFound(NONE_SUCH)
    resource = resource_of(connection, now, actor, helping)
    if now.child:
        part = frozenset({now.owner, *helping})
        about = replace(resource, moderators=part)
        kinds = purposes.kinds_of(connection, actor, now.child, [about])
        purposes.ask(look.services, connection, kinds, f"action:{action}")
    row = action_queries.one(connection, action, position=at.position) if at.is_past else now
    if row is None:
        raise NotFound(NONE_SUCH)
    if at.is_past:
        helping = action_queries.contributors(connection, action, position=at.position)
    whole = action_queries.chain(connection, action, position=at.position)
    links = [one for one in whole if one.action == action or readable(connection, one, actor)]
    steps = action_queries.steps(connection, [one.action for one in links], position=at.position)
    linked = row.findings_linked
    of_audits = {row.audit, *(audit for audit, _ in linked)} - {""}
    shown = audit_queries.open_to(connection, reach(actor), of_audits)
    references = audit_queries.references(connection, of_audits)
    return OpenedAction(
        row=row,
        contributors=helping,
        chain=links,
        steps=steps,
        # What lies outside their room is not told to an inspector, by its number neither.
        closed=0 if actor.kept_to else len(whole) - len(links),
        findings=[(audit, references[audit], domain) for audit, domain in linked if audit in shown],
        audit_reference=references.get(row.audit, ""),
        audit_open=row.audit in shown,
        resource=resource,
        outside=actor.person not in _kept_out(connection, now, actor),
        role=_role(actor, resource),
        names=people_queries.names(
            connection, {*helping, *_mentioned(links, steps)}, position=at.position
        ),
    )


def _role(actor: Actor, resource: Resource) -> str:
    role = can(actor, "read-action", resource).role
    return role.value if role else ""


def _mentioned(
    links: Sequence[ActionRow], steps: Mapping[str, Sequence[ActionStepRow]]
) -> set[str]:
    found = {one.owner for one in links}
    for story in steps.values():
        for step in story:
            found.add(step.by)
            if step.type == "ActionTransferred":
                found |= {step.fields["old"], step.fields["new"]}
            if step.type == "ActionCorrected":
                found |= {step.fields["old_owner"], step.fields["new_owner"]}
            if step.type == "ActionContributorsNamed":
                found |= {*step.fields["old"], *step.fields["new"]}
    return found


def line_of(connection: Connection, owner: str, actor: Actor) -> set[str]:
    """The people above the owner, and the reader where the owner is above them."""
    now = present(connection)
    below = {actor.person} if owner in people_queries.managers(now, actor.person) else set()
    return {*people_queries.managers(now, owner), *below}


def _kept_out(connection: Connection, row: ActionRow, actor: Actor) -> set[str]:
    """The owner, their line, and whoever stood in for them: nobody of these checks the action."""
    raised_on = date.fromisoformat(row.raised_on)
    stood_in = deputy_queries.stood_in(present(connection), row.owner, raised_on)
    return {row.owner, *stood_in, *line_of(connection, row.owner, actor)}


def note(look: ServedLook, opened: OpenedAction) -> None:
    """Write down that this reader opened the action.

    Whoever may be asked to moderate its audit has now seen something of its judgement, and is
    never called blind.
    """
    actor = look.actor
    action, audit = opened.row.action, opened.row.audit
    look.note(f"action:{action}", role=opened.role)
    if audit and actor.has(Role.MODERATOR):
        look.note(f"judgement:{audit}", f"action:{action}")


class Closed(TypedDict):
    """The audits whose actions a list leaves out, and those of them sealed altogether."""

    hidden: frozenset[str]
    sealed: frozenset[str]


def hidden(connection: Connection, actor: Actor) -> Closed:
    """The audits whose actions this reader's lists leave out."""
    return {
        "hidden": audit_queries.hidden_for(connection, reach(actor)),
        "sealed": audit_queries.sealed_for(connection, actor),
    }


def listed(
    connection: Connection,
    actor: Actor,
    wanted: ActionFilter,
    at: AsAt,
    page: RowPage = FIRST,
) -> list[ActionRow]:
    """A page of the actions that the reader may see.

    Of their own action whose audit they may yet be asked to moderate, the text is left out: it
    opens on its page, where that is written down.
    """
    closed = hidden(connection, actor)
    rows = action_queries.actions(
        connection,
        reach(actor),
        wanted,
        **closed,
        position=at.position,
        page=page,
    )
    return [masked(row, closed["hidden"]) for row in rows]


def masked(row: ActionRow, closed: Collection[str]) -> ActionRow:
    """A row without its text where its audit is not shown to the reader in passing."""
    return row._replace(text="", domain=None) if row.audit in closed else row


def counted(look: Look, wanted: ActionFilter) -> int:
    """How many actions the list holds in all."""
    closed = hidden(look.connection, look.actor)
    return action_queries.count(
        look.connection, reach(look.actor), wanted, **closed, position=look.at.position
    )


def tallied(look: Look, wanted: ActionFilter) -> Tally | None:
    """How many actions the list holds of each value of its filters; None where it is too long."""
    closed = hidden(look.connection, look.actor)
    cells = action_queries.tallied(
        look.connection, reach(look.actor), wanted, **closed, position=look.at.position
    )
    return None if cells is None else Tally(action_queries.TALLIED, cells)


def worklist(look: Look, day: date, *, limit: int = 50) -> list[ActionItem]:
    """What waits for the reader: their own actions, evidence to check, impact to look for."""
    connection, actor = look.connection, look.actor
    now = present(connection)
    closed = hidden(connection, actor)
    who = ActionWorklistReader(
        actor.person,
        scopes_for(actor, "check-evidence"),
        actor.has(Role.AUDITOR),
        (*people_queries.managers(now, actor.person), *below(now, actor.person), *actor.stands_for),
    )
    found = action_worklist.worklist(
        connection, who, day, **closed, position=look.at.position, limit=limit
    )
    return [replace(item, row=masked(item.row, closed["hidden"])) for item in found]


def open_to(connection: Connection, actor: Actor, wanted: Collection[str]) -> frozenset[str]:
    """Of these actions, those that the reader may see just now, whole and in passing."""
    now = present(connection)
    closed = audit_queries.hidden_for(connection, reach(actor))
    found = action_queries.with_ids(now, wanted) if wanted else []
    rows = [row for row in found if row.audit not in closed]
    lines = {one: people_queries.managers(now, one) for one in {row.owner for row in rows}}
    kept = kept_queries.kept_of(now, actor, {row.audit for row in rows})
    whole = replace(actor, kept_to=None)
    return frozenset(
        row.action
        for row in rows
        if row.audit in kept
        and _readable(whole, _resource(row, actor, lines[row.owner], (), sealed=False), row)
    )
