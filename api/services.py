"""What every way in works with, put together once from the settings."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.engine import Connection

from api.settings import Settings
from projections.actions import projector as action_projector
from projections.actions import queries as action_queries
from projections.agreement import projector as agreement_projector
from projections.audit_tools import projector as tool_projector
from projections.audits import projector as audit_projector
from projections.audits import queries as audit_queries
from projections.core import late_events
from projections.core.registry import Registry
from projections.follow_ups import projector as follow_up_projector
from projections.history import projector as history_projector
from projections.imports import projector as import_projector
from projections.imports import queries as import_queries
from projections.indicators import projector as indicator_projector
from projections.inspections import (
    projector as inspection_projector,
)
from projections.inspections import (
    queries as inspection_queries,
)
from projections.learning import projector as learning_projector
from projections.notifications import projector as notification_projector
from projections.people import projector as people_projector
from projections.people import queries as people_queries
from projections.plans import projector as plan_projector
from projections.plans import queries as plan_queries
from projections.practitioners import projector as practitioner_projector
from projections.publishing import projector as publishing_projector
from projections.safeguarding import projector as safeguarding_projector
from projections.search import projector as search_projector
from projections.supervision import (
    projector as supervision_projector,
)
from projections.supervision import (
    queries as supervision_queries,
)
from qa.actions.states import ActionState
from qa.authorisation.context import Desk
from qa.core.clock import Clock, SystemClock
from qa.core.errors import Unavailable
from qa.ledger.keys import KeyFile
from qa.ledger.ledger import Ledger
from qa.ledger.publishing import places
from qa.outbox import tables as outbox_tables
from qa.security import access_log, drafts, uploads
from qa.security.accounts import attempts, sessions
from qa.security.accounts import tables as account_tables
from qa.security.vault import MASTER_KEY_ENV, SqlVault, master_key
from qa.store.store import Store
from qa.store.tables import append_only


def registry() -> Registry:
    """Every read model of the product."""
    return Registry(
        [
            action_projector.Actions(),
            audit_projector.CaseAudits(),
            history_projector.CaseHistory(),
            people_projector.People(),
            people_projector.Deputies(),
            notification_projector.ReminderPolicy(),
            tool_projector.AuditTools(),
            follow_up_projector.FollowUps(),
            import_projector.Imports(),
            plan_projector.ImprovementPlans(),
            indicator_projector.Indicators(),
            inspection_projector.Inspections(),
            practitioner_projector.PractitionerResponses(),
            publishing_projector.Published(),
            safeguarding_projector.Safeguarding(),
            search_projector.Search(),
            learning_projector.Learning(),
            supervision_projector.SupervisionProjector(),
            late_events.LearntLater(),
            agreement_projector.ModerationAgreement(),
        ]
    )


class ReadModelLookups:
    """Answers the commands' questions across streams from the read models."""

    def audits_submitted_by(self, connection: Connection, auditor: str, at_most: int) -> int:
        return audit_queries.submitted_by(connection, auditor, at_most)

    def recent_audit_of(self, connection: Connection, child: str, since: date) -> str | None:
        return audit_queries.recent_of_child(connection, child, since)

    def audit_with_reference(self, connection: Connection, reference: str) -> str | None:
        return audit_queries.by_reference(connection, reference)

    def person_with_handle(self, connection: Connection, handle: str) -> str | None:
        return people_queries.with_handle(connection, handle)

    def has_seen_judgement(self, connection: Connection, person: str, audit: str) -> bool:
        return access_log.seen(connection, person, f"judgement:{audit}")

    def has_inspector_room(self, connection: Connection, person: str, day: date) -> bool:
        return inspection_queries.has_room(connection, person, day)

    def plan_action_with_reference(
        self, connection: Connection, plan: str, reference: str
    ) -> str | None:
        return plan_queries.action_with_reference(connection, plan, reference)

    def plan_actions_open(self, connection: Connection, plan: str, part: str | None = None) -> int:
        return plan_queries.actions_open(connection, plan, part)

    def actions_of_audit(self, connection: Connection, audit: str) -> Sequence[str]:
        gone = ActionState.NO_LONGER_APPLICABLE.value
        held = action_queries.of_audit(connection, audit)
        return [row["action"] for row in held if row["state"] != gone]

    def loop_last_closed(
        self, connection: Connection, *, team: str, tool: str, domain: str, but_of: str, again: str
    ) -> str | None:
        if len(action_queries.chain(connection, again)) > 1:
            return None
        closed = action_queries.loops_closed(connection, team, domain, but_of=but_of)
        tools = audit_queries.headings(connection, {row["audit"] for row in closed})
        same = (row for row in closed if tools[row["audit"]]["tool"] == tool)
        return next((row["action"] for row in same), None)

    def discussed_in_supervision(
        self, connection: Connection, action: str, practitioner: str
    ) -> bool:
        return supervision_queries.discussed(connection, action, practitioner)

    def supervises(self, connection: Connection, supervisor: str, practitioner: str) -> bool:
        return supervision_queries.supervises(connection, supervisor, practitioner)

    def leads_of(self, connection: Connection, team: str, day: date) -> Sequence[str]:
        found = people_queries.leads(connection, day)
        service = next(
            (t["service"] for t in people_queries.teams(connection) if t["team"] == team), None
        )
        return [one for one, scope in found if scope.covers(service=service, team=team)]

    def names_of_everybody(self, connection: Connection) -> Sequence[str]:
        return [one["name"] for one in people_queries.everybody(connection, with_departed=True)]

    def children_in_use(
        self, connection: Connection, references: Collection[str]
    ) -> Collection[str]:
        return audit_queries.children_among(connection, references)

    def records_of_batch(
        self, connection: Connection, batch: str
    ) -> Sequence[tuple[str, str | None]]:
        return import_queries.records(connection, batch)


@dataclass(frozen=True)
class Services:
    """The settings, the store, the commands' desk and the read models of one council."""

    settings: Settings
    store: Store
    desk: Desk
    registry: Registry
    ledger: Ledger
    makes_keys: bool = False

    @property
    def clock(self) -> Clock:
        return self.store.clock

    def initialise(self) -> None:
        """Create every table that is missing, and clear away sessions and attempts long over.

        Services that may make keys make the ledger's first one here: only now can be seen that
        none was ever used.
        """
        self.store.initialise()
        with self.store.writing() as connection:
            self.ledger.create(connection)
            account_tables.create(connection)
            access_log.create(connection)
            for table in access_log.APPEND_ONLY:
                append_only(connection, table)
            drafts.metadata.create_all(connection)
            uploads.metadata.create_all(connection)
            outbox_tables.create(connection, self.store.head(connection))
            sessions.sweep(connection, self.clock)
            attempts.sweep(connection, self.clock)
        if self.makes_keys:
            self.ledger.make_key()


def _key(settings: Settings, make: bool) -> bytes:
    """The master key. A missing key is never made by the way: text sealed under the old one would
    look erased."""
    if not make and MASTER_KEY_ENV not in os.environ and not settings.key_path.exists():
        raise Unavailable(
            f"The master key {settings.key_path} is missing. Put it back, or set "
            f"{MASTER_KEY_ENV}. For a new store, run caseloop init."
        )
    try:
        return master_key(settings.key_path)
    except ValueError as wrong:
        raise Unavailable(f"The master key cannot be used: {wrong}.") from None


def build(
    settings: Settings,
    *,
    clock: Clock | None = None,
    ids: Callable[[], str] | None = None,
    make_key: bool = False,
) -> Services:
    """Put the service together. Nothing is read or created yet, but a key with `make_key`.

    Raises:
        Unavailable: the master key is missing or malformed.
        Refused: a place for checkpoints cannot be one.
    """
    time = clock or SystemClock()
    read_models = registry()
    key = _key(settings, make_key)
    store = Store(
        settings.store,
        clock=time,
        vault=SqlVault(key, clock=time),
        projector=read_models,
        **({} if ids is None else {"ids": ids}),
    )
    ledger = Ledger(
        store,
        KeyFile(settings.ledger_key_path),
        origin=settings.origin,
        every=timedelta(hours=settings.checkpoint_hours),
        places=places(
            folder=settings.checkpoint_folder,
            mail_server=settings.mail_server,
            mail_from=settings.mail_from,
            mail_to=[to.strip() for to in settings.checkpoint_mail_to.split(",") if to.strip()],
            webhook=settings.checkpoint_webhook,
        ),
    )
    return Services(
        settings, store, Desk(store, ReadModelLookups()), read_models, ledger, makes_keys=make_key
    )
