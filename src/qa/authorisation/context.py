"""What every command works with: the store, a few look-ups, and one unit of work at a time."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import wraps
from typing import ParamSpec, Protocol

from sqlalchemy.engine import Connection

from qa.audit_tools import decisions as tool_decisions
from qa.audit_tools.decisions import AuditTool
from qa.audit_tools.definition import ToolDefinition
from qa.audit_tools.events import tool_stream
from qa.audits import state as audit_state
from qa.audits.events import case_audit_stream
from qa.audits.independence import Member
from qa.audits.state import CaseAudit
from qa.authorisation.policy import can, require
from qa.core.clock import today
from qa.core.errors import NotFound, Refused, Unavailable
from qa.core.event import Event, Source
from qa.core.words import Actor, AuditStatus, ModerationStatus, Resource, Role
from qa.moderation import selection
from qa.moderation.events import POLICY_STREAM, ModerationPolicySet
from qa.people import decisions as people_decisions
from qa.people.decisions import Organisation, Person, Team
from qa.people.events import ORGANISATION, person_stream
from qa.security.vault import Vault
from qa.store.store import Store
from qa.store.unit import Receipt, Stamp, Unit


class Lookups(Protocol):
    """Questions across streams that only the read side can answer.

    They are asked on the command's own connection, so the answer belongs to the same instant.
    """

    def audits_submitted_by(self, connection: Connection, auditor: str, at_most: int) -> int:
        """How many audits this auditor has submitted (voided ones left out), up to `at_most`."""

    def recent_audit_of(self, connection: Connection, child: str, since: date) -> str | None:
        """The reference of an audit of this child dated on or after `since`, if there is one."""

    def audit_with_reference(self, connection: Connection, reference: str) -> str | None:
        """The id of the audit with this reference."""

    def person_with_handle(self, connection: Connection, handle: str) -> str | None:
        """The id of the person who signs in with `handle`."""

    def has_seen_judgement(self, connection: Connection, person: str, audit: str) -> bool:
        """Whether this person has opened the judgement of this audit."""

    def has_inspector_room(self, connection: Connection, person: str, day: date) -> bool:
        """Whether an inspector's room of this person is open on `day` or will be."""

    def plan_action_with_reference(
        self, connection: Connection, plan: str, reference: str
    ) -> str | None:
        """The id of the action of this plan that has this reference and goes on."""

    def plan_actions_open(self, connection: Connection, plan: str, part: str | None = None) -> int:
        """How many actions of the plan, or of one part, go on."""

    def actions_of_audit(self, connection: Connection, audit: str) -> Sequence[str]:
        """The actions of this audit that were not said to apply no longer."""

    def loop_last_closed(
        self, connection: Connection, *, team: str, tool: str, domain: str, but_of: str, again: str
    ) -> str | None:
        """The action that last closed a loop on this domain of the tool in the team, other than
        those of the audit `but_of`; None where a loop was reopened for the action `again` before.
        """

    def discussed_in_supervision(
        self, connection: Connection, action: str, practitioner: str
    ) -> bool:
        """Whether a session of this person's supervision talked the action over."""

    def supervises(self, connection: Connection, supervisor: str, practitioner: str) -> bool:
        """Whether the one supervises the other now."""

    def leads_of(self, connection: Connection, team: str, day: date) -> Sequence[str]:
        """Who leads quality assurance for this team on `day`."""

    def names_of_everybody(self, connection: Connection) -> Sequence[str]:
        """The name of everybody who is or was on record."""

    def children_in_use(
        self, connection: Connection, references: Collection[str]
    ) -> Collection[str]:
        """Those of the references that a child of an audit has, as typed or in capitals."""

    def records_of_batch(
        self, connection: Connection, batch: str
    ) -> Sequence[tuple[str, str | None]]:
        """The streams an import batch wrote to, each with the moderation it brought, if it did."""


@dataclass(frozen=True, slots=True)
class Once:
    """Makes a command safe to repeat: the caller's key, and what they asked for under it."""

    key: str
    request: str


class Replayed(Exception):
    """Leaves a command early, because its key was used for the same request before."""

    def __init__(self, receipt: Receipt) -> None:
        super().__init__("already done")
        self.receipt = receipt


P = ParamSpec("P")


def command(function: Callable[P, Receipt]) -> Callable[P, Receipt]:
    """Give a repeated command the receipt of its first time instead of doing it again."""

    @wraps(function)
    def once_only(*args: P.args, **kwargs: P.kwargs) -> Receipt:
        try:
            return function(*args, **kwargs)
        except Replayed as replayed:
            return replayed.receipt

    return once_only


@dataclass
class Desk:
    """The store and the look-ups that commands are called with."""

    store: Store
    lookups: Lookups
    _tools: dict[tuple[str, int], ToolDefinition] = field(default_factory=dict)

    def today(self) -> date:
        return today(self.store.clock)

    @property
    def vault(self) -> Vault:
        """The keys that seal personal text.

        Raises:
            Unavailable: the service was started without its master key.
        """
        if self.store.vault is None:
            raise Unavailable("The master key is missing, so personal text cannot be sealed.")
        return self.store.vault

    @contextmanager
    def work(
        self,
        by: Actor,
        *,
        once: Once | None = None,
        reason: str | None = None,
        source: Source | None = None,
    ) -> Iterator[Work]:
        """Open one unit of work for `by`.

        Raises:
            Replayed: `once` was used before for the same request (`command` turns it into the
                earlier receipt).   KeyReused: it was used for another request.
        """
        stamp = Stamp(by.person, "", by.team)
        key, request = (None, None) if once is None else (once.key, once.request)
        with self.store.unit(stamp, key=key, request=request, source=source) as unit:
            if unit.replayed is not None:
                raise Replayed(unit.replayed)
            yield Work(self, unit, by, reason)

    def remember_tool(self, tool: str, number: int, definition: ToolDefinition) -> None:
        """Published versions never change, so a process may keep them."""
        if len(self._tools) > 200:
            self._tools.clear()
        self._tools[tool, number] = definition

    def tool_version(self, tool: str, number: int) -> ToolDefinition | None:
        return self._tools.get((tool, number))


class Work:
    """One unit of work: loads what a decision needs and stamps what it decides."""

    def __init__(self, desk: Desk, unit: Unit, by: Actor, reason: str | None) -> None:
        self.desk = desk
        self.unit = unit
        self.by = by
        self.reason = reason
        self._role: Role | None = None

    @property
    def today(self) -> date:
        return self.desk.today()

    @property
    def receipt(self) -> Receipt:
        return self.unit.receipt

    def new_id(self) -> str:
        return self.desk.store.new_id()

    def require(self, verb: str, resource: Resource | None = None) -> Role:
        """Ask the policy table; the role it answers with is the one the events are made in."""
        decision = require(self.by, verb, resource)
        self._role = decision.role
        return decision.role or Role.SYSTEM

    def act_as(self, role: Role) -> None:
        """Record in `role` what the table need not allow, because it is the actor's own affair."""
        self._role = role

    def append(
        self,
        stream: str,
        *events: Event,
        about: str | None = None,
        effective_on: date | None = None,
        reason: str | None = None,
        source: Source | None = None,
    ) -> None:
        if not events:
            return
        if self._role is None:
            raise RuntimeError("a command asks the policy table before it records anything")
        self.unit.append(
            stream,
            *events,
            about=about,
            effective_on=effective_on,
            reason=reason or self.reason,
            source=source,
            stamp=Stamp(self.by.person, self._role.value, self.by.team),
        )

    def audit(self, audit: str, verb: str, seen: int | None = None) -> CaseAudit:
        """Load an audit on which the policy allows `verb`.

        `seen` is the version of the stream that the user was looking at.

        Raises:
            NotFound: no such audit.   Forbidden: the policy says no.   MovedOn: stale version.
        """
        stream = case_audit_stream(audit)
        state = self.unit.load(stream, audit_state.evolve, CaseAudit())
        audit_state.known(state)
        resource = resource_of(state)
        if (
            not can(self.by, verb, resource).allowed
            and not can(self.by, "read-audit", resource).allowed
        ):
            # Whoever may not know of the audit is not told that it is there.
            raise NotFound("There is no such audit.")
        self.require(verb, resource)
        if seen is not None:
            self.unit.expect(stream, seen)
        return state

    def save_audit(
        self, audit: CaseAudit, events: list[Event], *, effective_on: date | None = None
    ) -> None:
        self.append(
            case_audit_stream(audit.id), *events, about=audit.about, effective_on=effective_on
        )

    def person(self, person: str) -> Person:
        return self.unit.load(person_stream(person), people_decisions.evolve, Person())

    def present(self, person: str, *, field: str, role: Role | None = None) -> Person:
        """A person who is here today (and holds `role`, if one is asked).

        Raises:
            Refused: unknown, departed, or without the role.
        """
        found = self.person(person) if person else Person()
        if not found.exists:
            raise Refused("Choose somebody from the list.", field=field, code="person-unknown")
        if not found.here_on(self.today):
            raise Refused(f"{found.name} has left.", field=field, code="person-departed")
        if role is not None and not any(g.role is role for g in found.grants_on(self.today)):
            raise Refused(
                f"{found.name} does not hold the role {role.label}.",
                field=field,
                code="role-missing",
            )
        return found

    def person_exists(self, person: str) -> bool:
        return self.person(person).here_on(self.today)

    def member(self, person: str) -> Member:
        found = self.person(person)
        return Member(person, found.name or person, found.team, found.service, found.manager)

    def organisation(self) -> Organisation:
        return self.unit.load(ORGANISATION, people_decisions.evolve_organisation, Organisation())

    def team(self, code: str, *, field: str = "team") -> Team:
        found = self.organisation().teams.get(code)
        if found is None or found.closed:
            raise Refused("Choose a team from the list.", field=field, code="team-unknown")
        return found

    def tool(self, tool: str) -> AuditTool:
        return self.unit.load(tool_stream(tool), tool_decisions.evolve, AuditTool())

    def tool_version(self, tool: str, number: int) -> ToolDefinition:
        """A published version of a tool, read from its stream once a process."""
        kept = self.desk.tool_version(tool, number)
        if kept is None:
            kept = self.tool(tool).version(number)
            self.desk.remember_tool(tool, number, kept)
        return kept

    def moderation_policy(self) -> ModerationPolicySet:
        return self.unit.load(
            POLICY_STREAM,
            selection.evolve_policy,
            selection.DEFAULT_POLICY,
        )


def resource_of(audit: CaseAudit) -> Resource:
    """The audit as the policy table sees it."""
    live = [
        moderation
        for moderation in audit.moderations.values()
        if moderation.status is not ModerationStatus.CANCELLED
    ]
    return Resource(
        service=audit.service,
        team=audit.team,
        auditor=audit.auditor,
        began_by=audit.began_by,
        moderators=frozenset(m.moderator for m in live if m.moderator is not None),
        deciders=frozenset(m.decider for m in live if m.decider is not None),
        blind_for=frozenset(m.moderator for m in live if m.sealed and m.moderator is not None),
        submitted=audit.submitted,
        case_holder=audit.case_holder,
        released=audit.status is AuditStatus.FINALISED,
    )
