"""The lists of moderations and of disputes, the most overdue first."""

from __future__ import annotations

from collections.abc import Sequence

from api.documents.listing import ColumnKind
from api.lists.declaration import (
    ListColumn,
    ListFilter,
    RecordList,
    day_cell,
    late_column,
    record_column,
)
from api.web.context import Reader, Reading
from projections.audits import moderation_lists
from projections.audits.moderation_lists import DISPUTE_STATES, STATES, ListedModeration
from projections.people import queries
from qa.authorisation.policy import require

NOBODY = "Not assigned"
SEALED = "Sealed from you"


class _Columns:
    """The columns and filters that both lists have."""

    def __init__(self, reading: Reading, rows: Sequence[ListedModeration]) -> None:
        people = {p for one in rows for p in (one.row.moderator, one.row.decider, one.row.auditor)}
        self.teams = queries.team_names(reading.connection, position=reading.at.position)
        self.names = queries.names(reading.connection, people, position=reading.at.position)
        self.today = reading.at.on.isoformat()

    def late(self, one: ListedModeration) -> bool:
        over = one.waits_until is not None and one.waits_until < self.today
        return over and "settled" not in one.states

    def moderator(self, one: ListedModeration) -> str:
        return self.names.get(one.row.moderator or "", NOBODY)

    def audit(self) -> ListColumn[ListedModeration]:
        return record_column(
            "reference",
            "Audit",
            lambda one: one.row.reference,
            lambda one: f"/audits/{one.row.audit}/moderation",
            unbroken=True,
        )

    def due(self, heading: str) -> ListColumn[ListedModeration]:
        return ListColumn(
            "due_on",
            heading,
            lambda one: one.waits_until,
            ColumnKind.DAY,
            drawn=lambda one: day_cell(one.waits_until, late=self.late(one), none="No date"),
        )

    def team(self) -> ListFilter[ListedModeration]:
        return ListFilter("team", "Team", lambda one: (one.row.team, one.row.team_name), self.teams)


def _team_name(one: ListedModeration) -> str:
    return one.row.team_name


def _how(one: ListedModeration) -> str | None:
    if not one.row.moderator:
        return None
    return "Blind" if one.blind and not one.unblinded else "Open"


def moderation_list(reading: Reader) -> RecordList[ListedModeration]:
    """Moderations to assign, assigned and differing."""
    require(reading.actor, "assign-moderation")
    rows = moderation_lists.moderations(
        reading.connection, reading.reach, reading.at.on, position=reading.at.position
    )
    made = _Columns(reading, rows)

    def stands(one: ListedModeration) -> str | None:
        return next((STATES[state] for state in one.states if state != "overdue"), None)

    return RecordList(
        path="/moderations",
        title="Moderations",
        noun=("moderation", "moderations"),
        rows=rows,
        key=lambda one: one.row.audit,
        columns=(
            made.audit(),
            ListColumn("state", "State", stands),
            ListColumn("team_name", "Team", _team_name),
            ListColumn("moderator_name", "Moderator", made.moderator),
            ListColumn("how", "How", _how, none="–"),
            made.due("Due"),
            late_column(made.late),
        ),
        filters=(
            ListFilter(
                "state", "State", lambda one: [(code, STATES[code]) for code in one.states], STATES
            ),
            made.team(),
            ListFilter(
                "moderator",
                "Moderator",
                lambda one: (one.row.moderator or "none", made.moderator(one)),
            ),
        ),
        order="the most overdue first",
        empty=(
            "No moderation waits",
            "A moderation is listed when a submitted audit is selected for one.",
        ),
        file_name="moderations",
    )


def dispute_list(reading: Reader) -> RecordList[ListedModeration]:
    """Disputes that are open, and those that are settled."""
    require(reading.actor, "assign-dispute")
    rows = moderation_lists.disputes(
        reading.connection, reading.reach, position=reading.at.position
    )
    made = _Columns(reading, rows)

    def decider(one: ListedModeration) -> str:
        return made.names.get(one.row.decider or "", NOBODY)

    def auditor(one: ListedModeration) -> str | None:
        return None if one.row.judgement_sealed else made.names.get(one.row.auditor)

    def state(one: ListedModeration) -> tuple[str, str]:
        return one.states[0], DISPUTE_STATES[one.states[0]]

    return RecordList(
        path="/disputes",
        title="Disputes",
        noun=("dispute", "disputes"),
        rows=rows,
        key=lambda one: one.row.audit,
        columns=(
            made.audit(),
            ListColumn("state", "State", lambda one: state(one)[1]),
            ListColumn("team_name", "Team", _team_name, on_page=False),
            ListColumn("auditor_name", "Auditor", auditor, none=SEALED),
            ListColumn("moderator_name", "Moderator", made.moderator),
            ListColumn("decider_name", "Who decides", decider),
            made.due("Decision due"),
            late_column(made.late),
        ),
        filters=(
            ListFilter("state", "State", state, DISPUTE_STATES, default="open"),
            made.team(),
            ListFilter(
                "decider", "Who decides", lambda one: (one.row.decider or "none", decider(one))
            ),
        ),
        order="the most overdue first",
        empty=(
            "No grade was disputed",
            "An auditor disputes a grade on the page of its moderation.",
        ),
        file_name="disputes",
    )
