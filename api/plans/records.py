"""Improvement plans, their actions and RAG scales as records that have a history."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy.engine import Connection

from api.plans.telling import stages_words
from api.records.compared_kinds import (
    ComparedColumn,
    ComparedKind,
    ComparedTable,
    code,
    person,
    said_as,
    yes_or_no,
)
from api.records.kinds import KindOfRecord, SubjectNames, by_verb, of_council
from api.records.search_kinds import FoundHeading, SearchedKind, with_verb
from api.web.moments import AsAt
from projections.plans import queries, ratings, tables
from projections.plans.rows import stages_of

_VERB = "read-plan"


def _plan(connection: Connection, key: str, position: int | None) -> str | None:
    plan = queries.plan(connection, key, position=position)
    return None if plan is None else f"Improvement plan “{plan.title}”"


def _action(connection: Connection, key: str, position: int | None) -> str | None:
    action = queries.action(connection, key, position=position)
    return None if action is None else f"Action {action.reference} of an improvement plan"


NAMED = (SubjectNames("plan", _plan), SubjectNames("plan-action", _action))
RECORDS = (
    KindOfRecord(
        "plan", of_council("plan", _VERB, named=_plan), events=("plans.events",), packed=True
    ),
    KindOfRecord(
        "plan-action",
        of_council("plan-action", _VERB, named=_action),
        events=("plans.action_events",),
    ),
    KindOfRecord(
        "rag-scale", of_council("rag-scale", _VERB, title="RAG scale"), events=("plans.events",)
    ),
)
STREAMS = tuple(by_verb(kind.name, _VERB) for kind in RECORDS)


def _plans(connection: Connection, plans: Collection[str], at: AsAt) -> Mapping[str, FoundHeading]:
    return {
        one.id: FoundHeading(one.title, f"/plans/{one.id}", f"Improvement plan, {one.board}")
        for one in queries.plans(connection, position=at.position)
        if one.id in plans
    }


def _actions(
    connection: Connection, actions: Collection[str], at: AsAt
) -> Mapping[str, FoundHeading]:
    found = {}
    for key in sorted(actions):
        one = queries.action(connection, key, position=at.position)
        if one is not None:
            title = f"{one.reference} {one.title}"
            found[key] = FoundHeading(
                title, f"/plan-actions/{key}", "Action of an improvement plan"
            )
    return found


SEARCHED = (
    SearchedKind("plan", "Plans", 30, with_verb(_VERB), _plans),
    SearchedKind("plan-action", "Actions of plans", 40, with_verb(_VERB), _actions),
)


def _stages(stored: str) -> str:
    return stages_words(stages_of(stored))


def _ratings(
    connection: Connection, at: AsAt, actions: Collection[str]
) -> Mapping[str, Mapping[str, str]]:
    """The rating of each of these actions on the day of a moment."""
    wanted, found = {*actions}, dict[str, Mapping[str, str]]()
    for plan in queries.plans_of(connection, wanted, position=at.position):
        record = queries.read(connection, plan, position=at.position)
        for action in wanted & (record.actions.keys() if record else set()):
            assert record is not None
            rating = ratings.rating(record, action, at.on)
            found[action] = {"Rating": "Not rated" if rating is None else rating.level.label}
    return found


_ENDED: Mapping[str, str | ComparedColumn] = {
    "ended": code("ended"),
    "ended_on": "ended on",
    "ended_because": "why it ended",
}
COMPARED = (
    ComparedKind(
        "plan",
        "Improvement plans",
        "Improvement plan",
        32,
        (
            ComparedTable(
                tables.PLANS.table,
                {
                    "title": "Name",
                    "board": "Board",
                    "tiers": "Tiers",
                    "since": "Begins",
                    "closed_on": "Closed",
                    "closed_because": "Why it was closed",
                },
            ),
            ComparedTable(
                tables.PARTS.table,
                {"title": "name", "leads": "leads", **_ENDED, "board": "went to the board"},
                each="Part {reference}",
                left_out=("part", "number", "tier", "first_title", "under", "sources"),
            ),
            ComparedTable(
                tables.MEETINGS.table,
                {
                    "title": "name",
                    "state": code("state"),
                    "decisions": "decisions",
                    "cancelled_because": "why it was cancelled",
                },
                each="Meeting on {held_on}",
                left_out=("meeting", "position"),
            ),
            ComparedTable(
                tables.GROUPS.table,
                {"lead": "lead", "purpose": "purpose", "dissolved_on": "dissolved"},
                each="Group {name}",
                left_out=("group", "formed_on"),
            ),
            ComparedTable(
                tables.SCALES_ADOPTED.table, {"scale": ""}, each="Scale of ratings from {since}"
            ),
            ComparedTable(
                tables.RULES.table,
                {"rules": ""},
                each="Rules from {since}",
                left_out=("version",),
            ),
            ComparedTable(
                tables.CLAIMS.table,
                {"claimed": "", "source": "source"},
                each="What a document says for {as_at}",
                left_out=("claim", "part"),
            ),
        ),
        named=("title",),
        href="/plans/{}",
        weighs=(
            "plan_row.closed_on",
            "plan_meeting.decisions",
            "plan_meeting.state",
            "plan_part.ended",
        ),
    ),
    ComparedKind(
        "plan-action",
        "Actions of improvement plans",
        "Action",
        34,
        (
            ComparedTable(
                tables.ACTIONS.table,
                {
                    "title": "Name",
                    "reference": "Reference",
                    "stages": said_as("Due", _stages),
                    "reschedulings": "Times the date was moved",
                    "leads": "Leads",
                    "responsible": "Responsible",
                    "ended": code("Ended"),
                    "ended_on": "Ended on",
                    "ended_because": "Why it ended",
                },
                left_out=(
                    "plan",
                    "part",
                    "first_title",
                    "since",
                    "group",
                    "first_stages",
                    "sources",
                    "lineage",
                    "implied",
                    "ended_into",
                ),
            ),
            ComparedTable(
                tables.RESCHEDULES.table,
                {
                    "state": code("state"),
                    "new": said_as("new date", _stages),
                    "because": "why",
                    "decided_by": person("decided by"),
                    "decided_because": "why it was decided so",
                },
                each="Another date, asked on {asked_on}",
                left_out=("request", "number", "old", "asked_by", "decided_on"),
            ),
            ComparedTable(
                tables.ASSESSMENTS.table,
                {
                    "level": code("level"),
                    "percent_complete": "per cent complete",
                    "difference": "difference made",
                    "commentary": "commentary",
                    "withdrawn_because": "why it was taken back",
                    "board": code("the board"),
                    "board_because": "the board’s reason",
                },
                each="Review as on {as_at}",
                left_out=(
                    "assessment",
                    "number",
                    "scale",
                    "evidence",
                    "assessed_by",
                    "said",
                    "by",
                    "recorded_us",
                    "board_meeting",
                ),
            ),
            ComparedTable(
                tables.MEASURES.table,
                {
                    "text": "",
                    "comparator": code("compares"),
                    "target": "target",
                    "withdrawn_on": "taken back on",
                    "withdrawn_because": "why it was taken back",
                },
                each="Measure of success",
                left_out=("measure", "number", "unit", "indicator", "set_on"),
            ),
            ComparedTable(
                tables.REPORTS.table,
                {"content": yes_or_no("")},
                each="Measure reported on {on}",
                left_out=("report", "number", "by"),
            ),
            ComparedTable(
                tables.EVIDENCE.table,
                {"what": "", "where": "where it is"},
                each="Evidence from {on}",
                left_out=("evidence", "number", "of", "by"),
            ),
            ComparedTable(
                tables.WORDINGS.table,
                {"new": "", "because": "why"},
                each="Worded anew on {on}",
                left_out=("number", "old", "by"),
            ),
            ComparedTable(
                tables.LINKS.table, {"action": yes_or_no("")}, each="Tied to {kind} {to}"
            ),
            ComparedTable(tables.VERSIONS.table, {}),
        ),
        named=("reference", "title"),
        href="/plan-actions/{}",
        more=_ratings,
        weighs=(
            "Rating",
            "plan_action_row.ended",
            "plan_action_row.stages",
            "plan_assessment.board",
        ),
    ),
    ComparedKind(
        "rag-scale",
        "Scales of ratings",
        "Scale of ratings",
        152,
        (
            ComparedTable(
                tables.SCALES.table,
                {"content": "levels", "published_on": "published"},
                each="Version {version}",
            ),
            ComparedTable(
                tables.MAPPINGS.table, {"levels": ""}, each="{old} read as {new} from {since}"
            ),
        ),
    ),
)
