"""What people are told of an event, and who: references and links, never a word of a case.

Nobody is told of what they did themselves.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy.engine import Connection

from api.notifications.audit_messages import AFTER, told_after
from api.people.reading import Lead, heads_of
from api.web.template_engine import day
from projections.actions import queries as action_queries
from projections.audits import queries as audit_queries
from projections.people import queries as people_queries
from qa.actions import events as action_events
from qa.audits import events as audit_events
from qa.core.event import Event, RecordedEvent
from qa.moderation import events as moderation_events
from qa.outbox.notices import NewNotice
from qa.people.events import DeputyEnded, DeputyNamed

_AUDIT: tuple[type[Event], ...] = (
    audit_events.CaseAuditAllocated,
    audit_events.CaseAuditReassigned,
    audit_events.CaseAuditReturned,
    moderation_events.ModerationAssigned,
    moderation_events.DisputeAssigned,
)
_ACTION: tuple[type[Event], ...] = (
    action_events.ActionRaised,
    action_events.ActionTransferred,
    action_events.EvidenceReturned,
    action_events.EvidenceAccepted,
    action_events.ActionReopened,
)
ANNOUNCED: tuple[type[Event], ...] = (*_AUDIT, *_ACTION, *AFTER, DeputyNamed, DeputyEnded)
"""The events that anybody is told of."""


def told_of(
    connection: Connection, recorded: RecordedEvent[Any], leads: Sequence[Lead]
) -> Iterator[NewNotice]:
    """Everything that is to be told of one event."""
    if isinstance(recorded.event, _AUDIT):
        found: Iterable[NewNotice] = _of_audit(connection, recorded)
    elif isinstance(recorded.event, _ACTION):
        found = _of_action(connection, recorded, leads)
    elif isinstance(recorded.event, AFTER):
        found = told_after(connection, recorded)
    elif isinstance(recorded.event, DeputyNamed | DeputyEnded):
        found = _of_deputy(connection, recorded)
    else:
        found = ()
    return (one for one in found if one.person != recorded.meta.by)


def _key(recorded: RecordedEvent[Any]) -> str:
    return f"fact:{recorded.meta.fact_id}"


def _of_audit(connection: Connection, recorded: RecordedEvent[Any]) -> Iterator[NewNotice]:
    audit, event = recorded.stream.partition(":")[2], recorded.event
    row = audit_queries.whose(connection, [audit]).get(audit)
    reference = audit_queries.references(connection, [audit]).get(audit)
    if row is None or reference is None:
        return
    place, due_on = "moderation", None
    match event:
        case audit_events.CaseAuditAllocated():
            person, place, due_on = event.auditor, "write", event.due_on
            text = f"Audit {reference} was allocated to you, due {day(event.due_on)}."
        case audit_events.CaseAuditReassigned():
            person, place = event.new, "write"
            text = f"Audit {reference} was handed over to you."
        case audit_events.CaseAuditReturned():
            person, place = row["auditor"], "write"
            text = f"Audit {reference} was returned to you."
        case moderation_events.ModerationAssigned():
            person, due_on = event.moderator, event.due_on
            text = f"Audit {reference} is yours to moderate, due {day(event.due_on)}."
        case _:
            person = event.decider
            text = f"The dispute over audit {reference} is yours to decide."
    # Whoever moderates blind is told of their own task; all else of that audit waits.
    own_task = isinstance(event, moderation_events.ModerationAssigned)
    yield NewNotice(
        person=person,
        key=_key(recorded),
        kind="work",
        thing=recorded.stream,
        href=f"/audits/{audit}/{place}",
        text=text,
        audit="" if own_task else audit,
        due_on=due_on,
    )


def _of_action(
    connection: Connection, recorded: RecordedEvent[Any], leads: Sequence[Lead]
) -> Iterator[NewNotice]:
    action, event = recorded.stream.partition(":")[2], recorded.event
    row = action_queries.one(connection, action)
    if row is None:
        return
    hearing: Collection[str] = [row["owner"]]
    due_on: date | None = None
    match event:
        case action_events.ActionRaised():
            hearing, due_on = [event.owner], event.due_on
            text = f"An action was given to you, due {day(event.due_on)}."
        case action_events.ActionTransferred():
            hearing, due_on = [event.new], date.fromisoformat(row["due_on"])
            text = f"An action was handed over to you, due {day(due_on)}."
        case action_events.EvidenceReturned():
            text = "The evidence of your action was returned to you."
        case action_events.EvidenceAccepted():
            text = "The evidence of your action was accepted."
        case _:
            hearing = _of_a_reopened_loop(connection, row, leads)
            text = "Loop not closed: what an action was to change was found again."
    for person in hearing:
        yield NewNotice(
            person=person,
            key=_key(recorded),
            kind="work",
            thing=recorded.stream,
            href=f"/actions/{action}",
            text=text,
            audit=row["audit"],
            due_on=due_on,
        )


def _of_a_reopened_loop(
    connection: Connection, row: dict[str, Any], leads: Sequence[Lead]
) -> list[str]:
    """The owner, whoever confirmed the impact, the line manager and the head of service."""
    steps = action_queries.steps(connection, [row["action"]]).get(row["action"], ())
    verified = {step.by for step in steps if step.type == "ImpactConfirmed"}
    line = people_queries.managers(connection, row["owner"])
    heads = heads_of(line, leads, row["service"], row["team"])
    return sorted({row["owner"], *verified, *line[:1], *heads})


def _of_deputy(connection: Connection, recorded: RecordedEvent[Any]) -> Iterator[NewNotice]:
    person, event = recorded.stream.partition(":")[2], recorded.event
    name = people_queries.names(connection, [person]).get(person, "")
    if isinstance(event, DeputyNamed):
        text = f"You stand in for {name} from {day(event.since)} to {day(event.until)}."
    else:
        text = f"You stand in for {name} no longer."
    yield NewNotice(event.deputy, _key(recorded), "work", recorded.stream, "/", text)
