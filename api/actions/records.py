"""Actions as records that have a history."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from sqlalchemy.engine import Connection

from api.actions import reading
from api.records.compared_kinds import (
    ComparedKind,
    ComparedTable,
    code,
    how_many,
    person,
    place,
    policy_kind,
    said_as,
    yes_or_no,
)
from api.records.kinds import READ_TOOL, KindOfRecord, KindOfStream, Record, by_verb
from api.records.search_kinds import FoundHeading, SearchedKind
from api.web.access_notes import ServedLook
from api.web.moments import AsAt
from projections.actions import queries as action_queries
from projections.actions.tables import action_contributor, action_finding, action_policy, action_row
from projections.audits import queries as audit_queries
from projections.core.full_text import RowCondition
from projections.history.question import HistoryScope
from projections.search.queries import ROW
from qa.actions.states import ActionState
from qa.actions.words import RAISED_BY_LABELS
from qa.authorisation.policy import reach
from qa.core.dates_in_words import day
from qa.core.words import Actor, Role


def _open(look: ServedLook, action: str) -> Record:
    opened = reading.open_action(look, action)
    stream = f"action:{action}"
    reference = opened.audit_reference
    title = f"Action of audit {reference}" if reference else "Action raised beside the audits"
    audit = opened.row.audit
    # Whoever moderates has now seen something of the judgement.
    subject = f"judgement:{audit}" if audit and look.actor.has(Role.MODERATOR) else stream
    return Record("action", action, title, subject, HistoryScope((stream,)))


def _open_to(connection: Connection, actor: Actor, streams: Collection[str]) -> list[str]:
    raised = {stream.partition(":")[2] for stream in streams}
    return [f"action:{one}" for one in reading.open_to(connection, actor, raised)]


RECORDS = (KindOfRecord("action", _open, events=("actions.events",)),)
STREAMS = (KindOfStream("action", _open_to, of_audit=True), by_verb("action-policy", READ_TOOL))


def _visible(connection: Connection, actor: Actor, at: AsAt) -> RowCondition:
    within = reach(actor)
    hidden = audit_queries.hidden_for(connection, within)
    return action_queries.findable(ROW, within, hidden, at.position)


def _headings(
    connection: Connection, actions: Collection[str], at: AsAt
) -> Mapping[str, FoundHeading]:
    rows = action_queries.with_ids(connection, actions, position=at.position)
    references = audit_queries.references(connection, {row.audit for row in rows} - {""})
    return {
        row.action: FoundHeading(
            row.text,
            f"/actions/{row.action}",
            ", ".join(
                filter(
                    None,
                    (
                        "Action",
                        f"audit {references[row.audit]}" if row.audit in references else "",
                        ActionState(row.state).label.lower(),
                        f"due {day(date.fromisoformat(row.due_on))}",
                    ),
                )
            ),
        )
        for row in rows
    }


SEARCHED = SearchedKind("action", "Actions", 20, _visible, _headings)

COMPARED = (
    ComparedKind(
        "action",
        "Actions",
        "Action",
        20,
        (
            ComparedTable(
                action_row,
                {
                    "state": said_as("State", lambda state: ActionState(state).label),
                    "text": "What is to be done",
                    "kind": code("Kind"),
                    "owner": person("Owner"),
                    "team": place("Team"),
                    "first_due_on": "First due date",
                    "due_on": "Due",
                    "moved": "Times the date was moved",
                    "accept_by": "Accept by",
                    "check_by": "Check the evidence by",
                    "verify_from": "Check the effect from",
                    "verify_by": "Check the effect by",
                    "accepted_on": "Accepted",
                    "claimed_on": "Reported done",
                    "evidenced_on": "Evidence accepted",
                    "verified_on": "Effect checked",
                    "ended_on": "Ended",
                    "evidence_asked": "Evidence that is wanted",
                    "evidence_kinds": code("Kinds of evidence"),
                    "raised_by": said_as("Raised by", lambda by: RAISED_BY_LABELS.get(by, by)),
                    "raised_on": "Raised",
                    "discuss": yes_or_no("For the next supervision"),
                    "linked": how_many("Actions that belong with it"),
                },
                left_out=(
                    "audit",
                    "child",
                    "source",
                    "raised_person",
                    "raised_team",
                    "raised_service",
                    "service",
                    "domain",
                    "follows",
                    "next",
                    "slipped",
                    "days_to_accept",
                    "days_to_claim",
                    "days_to_evidence",
                    "days_to_verify",
                    "days_to_end",
                ),
            ),
            ComparedTable(action_contributor, {"person": person("")}, each="Helps with it"),
            ComparedTable(action_finding, {"audit": yes_or_no("")}, each="Answers {domain}"),
        ),
        named=("text",),
        href="/actions/{}",
        team="team",
        weighs=("action_row.state", "action_row.due_on", "action_row.moved"),
    ),
    policy_kind("action-policy", "Policy of actions", 200, action_policy, "/actions/policy"),
)
