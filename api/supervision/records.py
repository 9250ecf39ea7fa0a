"""Supervision and its checks as records that have a history."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy.engine import Connection

from api.records.compared_kinds import (
    ComparedKind,
    ComparedTable,
    code,
    how_many,
    person,
    place,
    policy_kind,
    said_as,
)
from api.records.kinds import READ_TOOL, KindOfRecord, KindOfStream, Record, by_verb
from api.records.search_kinds import FoundHeading, SearchedKind
from api.supervision import reading
from api.web.access_notes import ServedLook
from api.web.moments import AsAt
from projections.audit_tools import queries as tool_queries
from projections.core.full_text import RowCondition
from projections.history.question import HistoryScope
from projections.people import queries as people_queries
from projections.search.queries import ROW
from projections.supervision import queries
from projections.supervision.tables import (
    CHECKS,
    PAIRS,
    supervision_check,
    supervision_pair,
    supervision_pair_team,
    supervision_policy,
    supervision_session,
    supervision_standard,
)
from qa.core.one_of import one_of
from qa.core.words import Actor
from qa.supervision.events import OPEN_CASES_STREAM


def _open_pair(look: ServedLook, key: str) -> Record:
    pair = reading.open_pair(look, key)
    title = f"Supervision of {pair.name(pair.row.practitioner)}"
    stream = f"supervision:{key}"
    return Record("supervision", key, title, stream, HistoryScope((stream,)))


def _open_check(look: ServedLook, key: str) -> Record:
    check = reading.open_check(look, key)
    title = f"Check of the supervision of {check.name(check.row.practitioner)}"
    stream = f"supervision-check:{key}"
    return Record("supervision-check", key, title, stream, HistoryScope((stream,)))


RECORDS = (KindOfRecord("supervision", _open_pair), KindOfRecord("supervision-check", _open_check))
STREAMS = (
    *(KindOfStream(kind, reading.open_streams) for kind in sorted(reading.KINDS)),
    by_verb("supervision-policy", READ_TOOL),
    KindOfStream(OPEN_CASES_STREAM, reading.open_lists),
)


def _visible_pairs(connection: Connection, actor: Actor, at: AsAt) -> RowCondition:
    return queries.findable_pairs(ROW, reading.who(connection, actor), at.position)


def _visible_checks(connection: Connection, actor: Actor, at: AsAt) -> RowCondition:
    return queries.findable_checks(ROW, reading.who(connection, actor), at.position)


def _pairs(connection: Connection, pairs: Collection[str], at: AsAt) -> Mapping[str, FoundHeading]:
    query = PAIRS.select(one_of(supervision_pair.c.pair, pairs), position=at.position)
    rows = PAIRS.rows(connection, query)
    people = {one for row in rows for one in (row.practitioner, row.supervisor)}
    names = people_queries.names(connection, people, position=at.position)
    return {
        row.pair: FoundHeading(
            f"Supervision of {names.get(row.practitioner, row.practitioner)}",
            f"/supervision/{row.pair}",
            f"By {names.get(row.supervisor, row.supervisor)}",
        )
        for row in rows
    }


def _checks(
    connection: Connection, checks: Collection[str], at: AsAt
) -> Mapping[str, FoundHeading]:
    query = CHECKS.select(one_of(supervision_check.c.check, checks), position=at.position)
    rows = CHECKS.rows(connection, query)
    names = people_queries.names(
        connection, {row.practitioner for row in rows}, position=at.position
    )
    tools = tool_queries.definitions(connection, position=at.position)
    return {
        row.check: FoundHeading(
            f"Check of the supervision of {names.get(row.practitioner, row.practitioner)}",
            f"/supervision-checks/{row.check}",
            "Supervision check",
            tools.get((row.tool, row.tool_version)),
        )
        for row in rows
    }


SEARCHED = (
    SearchedKind("supervision", "Supervision", 60, _visible_pairs, _pairs),
    SearchedKind("supervision-check", "Supervision checks", 70, _visible_checks, _checks),
)

HELD = {True: "Took place", False: "Did not take place"}
COMPARED = (
    ComparedKind(
        "supervision",
        "Supervision",
        "Supervision of",
        52,
        (
            ComparedTable(
                supervision_pair,
                {
                    "practitioner": person("Practitioner"),
                    "supervisor": person("Supervisor"),
                    "team": place("Team"),
                    "service": place("Service"),
                    "standard": code("Standard"),
                    "began_on": "Began",
                    "ended_on": "Ended",
                },
            ),
            ComparedTable(
                supervision_session,
                {
                    "held": said_as("", lambda value: HELD[bool(value)]),
                    "why": code("why not"),
                    "cases": how_many("cases talked about"),
                    "actions": how_many("actions agreed"),
                    "by": person("recorded by"),
                },
                each="Session on {on}",
                left_out=("session", "recorded", "note"),
            ),
            ComparedTable(
                supervision_standard, {"standard": code("")}, each="Standard from {since}"
            ),
            ComparedTable(
                supervision_pair_team,
                {"team": place("")},
                each="Team from {since}",
                left_out=("service",),
            ),
        ),
        named=("practitioner",),
        href="/supervision/{}",
        team="team",
        weighs=("supervision_session.held", "supervision_pair.ended_on"),
    ),
    ComparedKind(
        "supervision-check",
        "Checks of supervision",
        "Check of the supervision of",
        54,
        (
            ComparedTable(
                supervision_check,
                {
                    "state": code("State"),
                    "checker": person("Checked by"),
                    "due_on": "Due",
                    "checked_on": "Checked",
                    "moderator": person("Moderator"),
                    "moderation_due_on": "Moderation due",
                    "feedback_on": "Feedback given",
                    "feedback_by": person("Feedback by"),
                    "closed_on": "Closed",
                    "practitioner": person("Practitioner"),
                    "supervisor": person("Supervisor"),
                },
                left_out=(
                    "pair",
                    "tool",
                    "tool_version",
                    "team",
                    "service",
                    "audits",
                    "waiting",
                    # what was judged is for whoever may open the check
                    "overall",
                    "content",
                    "moderated_overall",
                    "moderated",
                    "feedback",
                ),
            ),
        ),
        named=("practitioner",),
        href="/supervision-checks/{}",
        team="team",
        weighs=("supervision_check.state", "supervision_check.closed_on"),
    ),
    policy_kind("supervision-policy", "Policy of supervision", 225, supervision_policy, ""),
)
