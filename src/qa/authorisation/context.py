"""What every command works with: the store, a few look-ups, and one unit of work at a time."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import cache, wraps
from typing import TYPE_CHECKING, Any, ClassVar, ParamSpec, Protocol, TypedDict, TypeVar, Unpack

from qa.authorisation.policy import require
from qa.core.asking import Wanted
from qa.core.capabilities import declared
from qa.core.clock import today
from qa.core.command import Command
from qa.core.errors import Unavailable, refuse_any
from qa.core.event import Event, Source
from qa.core.reasons import owe_reason
from qa.core.texts import lengths
from qa.core.words import Actor, Resource, Role
from qa.security.vault import Vault
from qa.store.ahead import TurnTaken
from qa.store.rehearsal import Rehearsal, Rehearsed
from qa.store.store import Store
from qa.store.unit import Envelope, Receipt, Stamp, Unit

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


class Lookups(Protocol):
    """Questions across streams that only the read side can answer.

    They are asked on the command's own connection, so the answer belongs to the same instant.
    """

    def audits_submitted_by(self, connection: Connection, auditor: str, at_most: int) -> int:
        """How many audits this auditor has submitted (voided ones left out), up to `at_most`."""

    def recent_audit_of(self, connection: Connection, child: str, since: date) -> str | None:
        """The reference of an audit of this child dated on or after `since`, if there is one."""

    def child_as_typed(self, connection: Connection, child: str) -> str:
        """The child's reference as it was first typed: letters may be large or small."""

    def children_as_typed(
        self, connection: Connection, children: Collection[str]
    ) -> dict[str, str]: ...

    def same_child(self, connection: Connection, child: str) -> Collection[str]:
        """The keys of this reference of a child and of all that are joined to it."""

    def audit_with_reference(self, connection: Connection, reference: str) -> str | None:
        """The id of the audit with this reference."""

    def audits_with_references(
        self, connection: Connection, references: Collection[str]
    ) -> dict[str, str]:
        """The same of several at once, by reference."""

    def people_with_handles(
        self, connection: Connection, handles: Collection[str]
    ) -> dict[str, str]:
        """The ids of those who sign in with one of these, by sign-in name."""

    def manages(self, connection: Connection, person: str, day: date) -> bool:
        """Whether anybody’s line manager on `day` is this person."""

    def people_from_files(self, connection: Connection) -> Sequence[str]:
        """Whoever is known only from files."""

    def has_seen_judgement(self, connection: Connection, person: str, audit: str) -> bool:
        """Whether this person has opened the judgement of this audit, or was told of a concern."""

    def has_inspector_room(self, connection: Connection, inspector: str, day: date) -> bool:
        """Whether a room of this inspector is open on `day` or will be."""

    def cases_called(
        self, connection: Connection, named: Collection[str]
    ) -> Sequence[tuple[str, str, str, str, str, str]]:
        """The audits with one of these references, or of the file of a child with one: the id, the
        reference, the child as it is typed and its key, the service and the team of each."""

    def plan_action_with_reference(
        self, connection: Connection, plan_id: str, reference: str
    ) -> str | None:
        """The id of the action of this plan that has this reference and goes on."""

    def rag_scale_in_use(self, connection: Connection, key: str) -> bool:
        """Whether a plan is or was rated on this version of a scale, or its levels are mapped."""

    def plan_actions_open(
        self, connection: Connection, plan_id: str, part: str | None = None
    ) -> int:
        """How many actions of the plan, or of one part, go on."""

    def actions_of_audit(self, connection: Connection, audit: str) -> Sequence[str]:
        """The actions of this audit that were not said to apply no longer."""

    def loop_last_closed(
        self,
        connection: Connection,
        *,
        team: str,
        domain: str,
        but_of: str,
        again: str,
        finding: str,
    ) -> str | None:
        """The action that last closed a loop on this domain in the team, other than those of the
        audit `but_of`; None where a loop on it was reopened before, for the action `again` or by
        the same `finding`."""

    def indicator_has_values(self, connection: Connection, named: str, since: date) -> bool:
        """Whether the indicator with this id or name has a value of a period that ends after the
        day `since`."""

    def supervision_checked(
        self, connection: Connection, named: str, *, team: str, practitioner: str, since: date
    ) -> bool:
        """Whether the check of supervision so named was made after the day `since`, in the team or
        of the practitioner."""

    def discussed_in_supervision(
        self, connection: Connection, action: str, practitioner: str
    ) -> bool:
        """Whether a session of this person's supervision talked the action over."""

    def supervises(self, connection: Connection, supervisor: str, practitioner: str) -> bool:
        """Whether the one supervises the other now."""

    def people_placed_in(self, connection: Connection, team: str) -> Sequence[str]:
        """Whoever works in this team, did once or is to."""

    def unsubmitted_audits_of(self, connection: Connection, team: str) -> Sequence[str]:
        """The audits of this team that are allocated and were never submitted."""

    def open_actions_of(self, connection: Connection, team: str) -> Sequence[str]:
        """The actions of this team that go on."""

    def owns_open_action(self, connection: Connection, person: str) -> bool:
        """Whether an action that goes on is this person's."""

    def running_follow_ups_of(self, connection: Connection, team: str) -> Sequence[str]:
        """The audits whose follow-up is seen through by this team and goes on."""

    def running_supervision_of(self, connection: Connection, team: str) -> Sequence[str]:
        """The pairs of this team that have not ended."""

    def checks_to_make_of(self, connection: Connection, team: str) -> Sequence[str]:
        """The checks of supervision in this team that were never submitted."""

    def unanswered_concerns_of(
        self, connection: Connection, team: str
    ) -> Sequence[tuple[str, str]]:
        """The concerns of this team that nobody acknowledged, each with its audit before it."""

    def audits_of_concerns(
        self, connection: Connection, concerns: Collection[str]
    ) -> dict[str, str]:
        """The audit of each of these concerns that stands."""

    def leads_of(self, connection: Connection, team: str, day: date) -> Sequence[str]:
        """Who leads quality assurance for this team on `day`."""

    def names_of_everybody(self, connection: Connection) -> Sequence[str]:
        """The name of everybody who is or was on record."""

    def restrictions_of(self, connection: Connection, child: str) -> Sequence[str]:
        """The ids of the restrictions that stand on the records of this child."""

    def list_view_named(
        self, connection: Connection, person: str, path: str, name: str
    ) -> str | None:
        """The id of the person's own view of a list by this name."""

    def parts_of_child(self, connection: Connection, child: str) -> Sequence[tuple[str, str]]:
        """The service and team of every audit of this child's file, each pair once."""

    def children_in_use(
        self, connection: Connection, references: Collection[str]
    ) -> Collection[str]:
        """Those of the references that a child of an audit has, in large or small letters."""

    def records_of_batch(
        self, connection: Connection, batch: str
    ) -> Sequence[tuple[str, str | None]]:
        """The streams an import batch wrote to, each with the moderation it brought, if it did."""


@dataclass(frozen=True, slots=True)
class Once:
    """Makes a command safe to repeat: the caller's key, and what they asked for under it."""

    key: str
    request: str


class WorkOptions(TypedDict, total=False):
    """How a unit of work is opened: safe to repeat, for a reason, from a file."""

    once: Once | None
    reason: str | None
    source: Source | None


class Replayed(Exception):
    """Leaves a command early, because its key was used for the same request before."""

    def __init__(self, receipt: Receipt) -> None:
        super().__init__("already done")
        self.receipt = receipt


P = ParamSpec("P")
T = TypeVar("T")


def command(function: Callable[P, Receipt]) -> Callable[P, Receipt]:
    """Refuse texts that are far too long before any work is begun, and give a repeated command the
    receipt of its first time instead of doing it again."""

    @wraps(function)
    def once_only(*args: P.args, **kwargs: P.kwargs) -> Receipt:
        refuse_any(lengths(kwargs))
        try:
            return function(*args, **kwargs)
        except Replayed as replayed:
            return replayed.receipt

    return once_only


@dataclass
class Desk:
    """The store and the look-ups that commands are called with. What is `beside` is carried out
    with whatever a command saves, and not at all where it saves nothing. `progress` is told how
    many rows of how many a command has met. With `ahead`, units of work are made ready before their
    turn, which may be in vain (`qa.store.ahead`)."""

    store: Store
    lookups: Lookups
    _lasting: dict[Hashable, Any] = field(default_factory=dict)
    beside: tuple[Wanted[None], ...] = ()
    progress: Callable[[int, int], object] | None = None
    ahead: TurnTaken | None = None

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
    def work(self, by: Actor, **options: Unpack[WorkOptions]) -> Iterator[Work]:
        """Open one unit of work for `by`.

        Raises:
            Replayed: `once` was used before for the same request (`command` turns it into the
                earlier receipt).   KeyReused: it was used for another request.
        """
        stamp = Stamp(by.person, "", by.team)
        once = options.get("once")
        key, request = (None, None) if once is None else (once.key, once.request)
        source = options.get("source")
        with (
            self.store.unit(stamp, key=key, request=request, source=source)
            if self.ahead is None
            else self.store.unit_ahead(stamp, self.ahead, key=key, request=request, source=source)
        ) as unit:
            if unit.replayed is not None:
                raise Replayed(unit.replayed)
            for wanted in self.beside:
                unit.beside(wanted)
            yield Work(self, unit, by, options.get("reason"))

    def lasting(self, key: Hashable, make: Callable[[], T]) -> T:
        """What never changes once it is recorded, made once a process."""
        found: T | None = self._lasting.get(key)
        if found is None:
            found = make()
            if len(self._lasting) > 200:
                self._lasting.clear()
            self._lasting[key] = found
        return found


class Work:
    """One unit of work: loads what a decision needs and stamps what it decides."""

    def __init__(self, desk: Desk, unit: Unit, by: Actor, reason: str | None) -> None:
        self.desk = desk
        self.unit = unit
        self.by = by
        self.reason = reason
        self._role: Role | None = None
        self._command: Command | None = None
        self._seen: int | None = None

    def attend(self, command: Command, seen: int | None) -> None:
        """Remember what is carried out, and which version of its record the asker looked at."""
        self._command, self._seen = command, seen

    def attended(self) -> None:
        """See at the end that the version was compared, and that every limit of the command was
        kept even where its decision asked for none.

        Raises:
            Refused: a limit is broken.   MovedOn: somebody else changed the record since.
        """
        self.expect_seen()
        if self._command is not None:
            self._command.refuse_faults()

    def each(self, rows: Sequence[T]) -> Iterator[T]:
        """The rows of a file, one by one, telling whoever follows it how many there were."""
        tell = self.desk.progress
        for done, row in enumerate(rows):
            if tell is not None:
                tell(done, len(rows))
            yield row
        if tell is not None:
            tell(len(rows), len(rows))

    def parts(self, reason: str | None) -> PartDesk:
        """The desk of commands that are carried out as parts of this work, for one reason."""
        self.reason = reason
        return PartDesk(self.desk.store, self.desk.lookups, whole=self)

    def authorise(self, verb: str, resource: Resource | None = None) -> Role:
        """Ask the policy table, then whether the record still stands where the asker saw it: in
        this order, so that nobody without the right learns that a record moved.

        Raises:
            Forbidden: the policy says no.   MovedOn: somebody else changed the record since.
        """
        role = self.require(verb, resource)
        self.expect_seen()
        return role

    def expect_seen(self) -> None:
        """Raise `MovedOn` unless the command's record stands where the asker saw it."""
        seen = self.take_seen()
        if seen is not None and self._command is not None and self._command.stream:
            self.unit.expect(self._command.stream, seen)

    def take_seen(self) -> int | None:
        """The version that the asker saw, for a decision that compares it itself: of a record that
        is a part of its stream."""
        seen, self._seen = self._seen, None
        return seen

    @property
    def today(self) -> date:
        return self.desk.today()

    @property
    def receipt(self) -> Receipt:
        return self.unit.receipt

    def new_id(self) -> str:
        return self.desk.store.new_id()

    def require(self, verb: str, resource: Resource | None = None) -> Role:
        """Ask the policy table; the role it answers with is the one the events are made in.

        What names no record is done to the council as a whole.
        """
        decision = require(self.by, verb, resource or Resource())
        self._role = decision.role
        return decision.role or Role.SYSTEM

    def append(self, stream: str, *events: Event, **beside: Unpack[Envelope]) -> None:
        if not events:
            return
        if self._role is None:
            raise RuntimeError("a command asks the policy table before it records anything")
        if self.reason:
            owe_reason(self.reason, "Say why.")
        beside["reason"] = beside.get("reason") or self.reason
        beside["stamp"] = Stamp(self.by.person, self._role.value, self.by.team)
        self.unit.append(stream, *events, **beside)


@dataclass
class PartDesk(Desk):
    """A desk whose commands are parts of one unit of work that is under way: saved together, with
    one cause and, where a command asks for none, with the reason of the whole."""

    whole: Work = field(kw_only=True)

    @contextmanager
    def work(self, by: Actor, **options: Unpack[WorkOptions]) -> Iterator[Work]:
        yield Work(self, self.whole.unit.part(), by, options.get("reason") or self.whole.reason)


@dataclass
class RehearsalDesk(Desk):
    """A desk whose commands save nothing; `rehearsed` holds what they would have appended."""

    rehearsed: list[Rehearsed] = field(default_factory=list)

    @contextmanager
    def work(self, by: Actor, **options: Unpack[WorkOptions]) -> Iterator[Work]:
        with Rehearsal(self.store, Stamp(by.person, "", by.team)) as unit:
            yield Work(self, unit, by, options.get("reason"))
        self.rehearsed += unit.rehearsed


class Reaction:
    """What a capability does in the unit of work of another, which knows nothing of it.

    Those of one kind act in their `order`, and by the names of their folders within it.
    """

    order: ClassVar[int] = 1


R = TypeVar("R", bound=Reaction)


@cache
def reactions(kind: type[R]) -> tuple[R, ...]:
    """Every capability's reactions of a kind: `REACTIONS` of its module `reactions`."""
    found = declared("qa", "reactions", "REACTIONS", Reaction)
    ours = [reaction for reaction in found if isinstance(reaction, kind)]
    return tuple(sorted(ours, key=lambda reaction: reaction.order))
