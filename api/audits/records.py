"""Audits, and all that is known of a child from them, as records that have a history."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy.engine import Connection

from api.audits import reading
from api.records.compared_kinds import ComparedKind, ComparedTable, code, person
from api.records.kinds import KindOfRecord, KindOfStream, Record, streams_of
from api.records.search_kinds import FoundHeading, SearchedKind
from api.web import purposes
from api.web.access_notes import ServedLook
from api.web.moments import AsAt
from projections.audit_tools import queries as tool_queries
from projections.audits import child_queries, search_queries, visible_queries
from projections.audits import queries as audit_queries
from projections.audits.tables import (
    AUDITS,
    CONTENTS,
    CORRECTIONS,
    TYPING,
    audit_exception,
    audit_row,
    moderation_row,
)
from projections.core.base import present
from projections.core.full_text import RowCondition
from projections.history.question import HistoryScope
from projections.search.queries import ROW
from qa.authorisation.policy import reach, require
from qa.children.events import child_joining_stream
from qa.core.errors import NotFound
from qa.core.one_of import one_of
from qa.core.words import Actor, Resource


def _open_audit(look: ServedLook, audit: str) -> Record:
    opened = reading.open_audit(look, audit)
    require(look.actor, "read-history", opened.resource)
    title = f"Audit {opened.row.reference}"
    scope = HistoryScope(streams_of(look.connection, [audit]))
    return Record("audit", audit, title, reading.subject_of(opened), scope)


def _open_child(look: ServedLook, child: str) -> Record:
    connection, actor = look.connection, look.actor
    require(actor, "read-report")
    rows = (
        child_queries.of_child(connection, reach(actor), child, position=look.at.position)
        if child
        else []
    )
    if not rows:
        raise NotFound("There is no audit of this child’s file that you may see.")
    resources = [
        Resource(
            team=row.team,
            auditor=row.auditor or None,
            moderators=frozenset(filter(None, (row.moderator,))),
            deciders=frozenset(filter(None, (row.decider,))),
        )
        for row in rows
    ]
    kinds = {"child", *purposes.kinds_of(connection, actor, child, resources)}
    purposes.ask(look.services, connection, kinds, f"child:{child}")
    opened = [row.audit for row in rows if not row.judgement_sealed]
    sealed = len(rows) - len(opened)
    notes = (
        [f"{sealed} {'audit is' if sealed == 1 else 'audits are'} sealed from you and left out."]
        if sealed
        else []
    )
    joinings = visible_queries.joinings_open_to(
        present(connection), reach(actor), of=child, ever=True
    )
    streams = dict.fromkeys(child_joining_stream(row.joining) for row in joinings)
    scope = HistoryScope((*streams_of(connection, opened), *streams))
    return Record("child", child, f"Child {child}", f"child:{child}", scope, notes=notes)


_EVENTS = (
    "audits.events",
    "audits.moderation_events",
    "moderation.events",
    "actions.events",
)
RECORDS = (
    KindOfRecord("audit", _open_audit, events=_EVENTS, judged=True, packed=True),
    KindOfRecord(
        "child",
        _open_child,
        events=(*_EVENTS, "children.events"),
        judged=True,
        packed=True,
        several=True,
    ),
)
STREAMS = (KindOfStream("case-audit"),)


def _visible(connection: Connection, actor: Actor, at: AsAt) -> RowCondition:
    within = reach(actor)
    hidden = audit_queries.hidden_for(connection, within)
    return search_queries.findable(ROW, within, hidden, at.position)


def _headings(
    connection: Connection, audits: Collection[str], at: AsAt
) -> Mapping[str, FoundHeading]:
    query = AUDITS.select(one_of(audit_row.c.audit, audits), position=at.position)
    tools = tool_queries.definitions(connection, position=at.position)
    return {
        row.audit: FoundHeading(
            f"Audit {row.reference}",
            f"/audits/{row.audit}",
            f"Child {row.child}, {row.team_name}" if row.child else row.team_name,
            tools.get((row.tool, row.tool_version)),
        )
        for row in AUDITS.rows(connection, query)
    }


SEARCHED = SearchedKind("case-audit", "Audits", 10, _visible, _headings)

COMPARED = (
    ComparedKind(
        "case-audit",
        "Audits",
        "Audit",
        10,
        (
            ComparedTable(
                audit_row,
                {},
                left_out={column.name for column in audit_row.columns},
            ),
            ComparedTable(
                moderation_row,
                {
                    "status": code("State of the moderation"),
                    "reasons": code("Why it was chosen"),
                    "moderator": person("Moderator asked"),
                    "due_on": "Moderation due",
                    "settle_by": "Agree by",
                    "moderated_on": "Moderated",
                    "audit_quality": "Quality of the audit",
                    "conversation": "Conversation",
                    "consensus": "Grade agreed",
                    "dispute": code("Dispute"),
                    "dispute_due_on": "Dispute to be decided by",
                    "decider": person("Decides the dispute"),
                    "decision": "Decision of the dispute",
                    "ended_because": "Why the moderation ended",
                },
                left_out=(
                    "moderation",
                    "selected",
                    "policy_version",
                    "draw",
                    "blind",
                    "already_seen",
                    "unblinded",
                    "overall",
                    "judgement",
                    "imported",
                ),
            ),
            ComparedTable(CORRECTIONS.table, {"new": "corrected to"}, each="{field}"),
            ComparedTable(
                TYPING.table,
                {"new": "put right to"},
                each="{field}",
                left_out=("old", "by", "on"),
            ),
            ComparedTable(
                audit_exception,
                {"why": "reason given", "approved_by": person("approved by")},
                each="Exception for {rule}",
                left_out=("kind", "place", "on"),
            ),
            ComparedTable(CONTENTS.table, {}, left_out=("content",), spread="content"),
        ),
        href="/audits/{}",
        team="team",
        weighs=("final_grade", "overall", "status", "moderated_overall"),
    ),
)
