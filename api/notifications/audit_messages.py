"""What people are told of events that follow an audit: concerns, follow-ups, responses, release.

References and links only. A concern is told to those who were named for it, whatever else they do.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy.engine import Connection

from projections.audits import queries
from qa.audits import events as audit_events
from qa.core.event import Event, RecordedEvent
from qa.follow_ups import events as follow_up_events
from qa.outbox.notices import NewNotice
from qa.practitioners import events as practitioner_events
from qa.safeguarding import events as safeguarding_events

AFTER: tuple[type[Event], ...] = (
    safeguarding_events.SafeguardingManagerTold,
    safeguarding_events.SafeguardingConcernEscalated,
    safeguarding_events.SafeguardingConcernAcknowledged,
    follow_up_events.FollowUpEscalated,
    practitioner_events.FactDisputed,
    practitioner_events.FactDisputeAnswered,
    audit_events.CaseAuditFinalised,
)


def told_after(connection: Connection, recorded: RecordedEvent[Any]) -> Iterator[NewNotice]:
    """Everything that is to be told of one such event."""
    audit, event = recorded.stream.partition(":")[2], recorded.event
    view = queries.audit(connection, audit)
    if view is None:
        return
    reference = view.row["reference"]
    href, sealed = f"/audits/{audit}", audit
    hearing: set[str | None] = set()
    match event:
        case safeguarding_events.SafeguardingManagerTold():
            hearing = {event.manager}
            text = f"A safeguarding concern from audit {reference} waits for your acknowledgement."
        case safeguarding_events.SafeguardingConcernEscalated():
            hearing = set(event.to)
            text = f"Nobody has acknowledged a safeguarding concern from audit {reference}."
        case safeguarding_events.SafeguardingConcernAcknowledged():
            hearing = {view.row["auditor"]}
            text = f"The safeguarding concern from audit {reference} was acknowledged."
        case follow_up_events.FollowUpEscalated():
            hearing, href = {event.owner}, f"/audits/{audit}/follow-up"
            text = f"You answer for the follow-up of audit {reference}."
        case practitioner_events.FactDisputed():
            hearing = {view.row["auditor"]}
            text = f"A fact of audit {reference} is disputed."
        case practitioner_events.FactDisputeAnswered():
            hearing = {view.row["case_holder"]}
            text = f"The fact that you disputed in audit {reference} was answered."
        case _:
            hearing = {view.row["case_holder"]}
            text = f"Audit {reference} of your case is open to you."
    if recorded.stream.startswith("safeguarding:"):
        href, sealed = f"{href}/concerns/{event.concern}", ""
    for person in sorted(one for one in hearing if one):
        yield NewNotice(
            person=person,
            key=f"fact:{recorded.meta.fact_id}",
            kind="work",
            thing=recorded.stream,
            href=href,
            text=text,
            audit=sealed,
            due_on=None,
        )
