"""The list of follow-ups: what is owed next, by when, and who answers for it."""

from __future__ import annotations

from api.documents.listing import ColumnKind
from api.follow_ups import reading
from api.follow_ups.reading import ListedFollowUp
from api.lists.declaration import (
    ListCell,
    ListColumn,
    ListFilter,
    RecordList,
    day_cell,
    late_column,
    whether,
)
from api.web.access_notes import Look
from projections.people import queries as people_queries
from qa.follow_ups.events import FollowUpStage
from qa.follow_ups.words import OWED, STAGE_LABELS

NOBODY = "Not chosen"
PLANS = {"none": "No plan yet", "planned": "Planned, or over"}


def _stands(one: ListedFollowUp) -> str:
    return OWED[one.owed[0]] if one.owed else STAGE_LABELS[FollowUpStage(one.row.stage)]


def without_plan(one: ListedFollowUp) -> bool:
    """Whether nobody has agreed yet what is done about this audit."""
    return FollowUpStage(one.row.stage) in (FollowUpStage.RECORDED, FollowUpStage.ESCALATED)


def _day(one: ListedFollowUp) -> str | None:
    return one.owed[1] if one.owed else one.row.over_on


def follow_up_list(look: Look) -> RecordList[ListedFollowUp]:
    """The follow-ups that the reader may see: those that run first, each part newest first."""
    rows = reading.listed(look)
    named = people_queries.team_names(look.connection, position=look.at.position)
    owners = {one.row.owner for one in rows if one.row.owner}
    names = people_queries.names(look.connection, owners, position=look.at.position)

    def team(one: ListedFollowUp) -> str:
        return named.get(one.row.team, one.row.team)

    def owner(one: ListedFollowUp) -> str:
        return names.get(one.row.owner or "", NOBODY)

    def plan(one: ListedFollowUp) -> tuple[str, str]:
        code = "none" if without_plan(one) else "planned"
        return code, PLANS[code]

    def opened(one: ListedFollowUp) -> ListCell:
        there = f"/audits/{one.row.audit}/follow-up"
        return ListCell(one.row.reference, there, beneath=one.row.child, unbroken=True)

    return RecordList(
        path="/follow-ups",
        title="Inadequate audits followed up",
        noun=("follow-up", "follow-ups"),
        rows=sorted(rows, key=lambda one: one.owed is None),
        key=lambda one: one.row.audit,
        columns=(
            ListColumn("reference", "Audit", lambda one: one.row.reference, drawn=opened),
            ListColumn("child", "Child reference", lambda one: one.row.child, on_page=False),
            ListColumn("team_name", "Team", team),
            ListColumn("stands", "Stage", _stands),
            ListColumn(
                "day",
                "Day",
                _day,
                ColumnKind.DAY,
                drawn=lambda one: day_cell(_day(one), late=one.late),
            ),
            late_column(lambda one: one.late),
            ListColumn("owner_name", "Head of service", owner),
            ListColumn("round", "Round", lambda one: one.row.round, ColumnKind.NUMBER),
        ),
        filters=(
            whether("running", "Running or ended", lambda one: one.owed, "Running", "Ended"),
            ListFilter("plan", "Plan", plan, PLANS),
            ListFilter("stands", "Stage", lambda one: (_stands(one), _stands(one))),
            ListFilter("team", "Team", lambda one: (one.row.team, team(one)), named),
            ListFilter(
                "owner", "Head of service", lambda one: (one.row.owner or "none", owner(one))
            ),
        ),
        order="those that run first, the newest first",
        empty=(
            "Nothing is being followed up",
            "A follow-up begins when an audit is submitted in the lowest grade.",
        ),
        file_name="follow-ups",
    )
