"""The list of safeguarding concerns, with how long each took to be acknowledged."""

from __future__ import annotations

from datetime import date, datetime

from api.documents.listing import ColumnKind
from api.lists.declaration import ListCell, ListColumn, ListFilter, RecordList, late_column
from api.safeguarding import reading
from api.safeguarding.reading import shown_time, state_of
from api.web.access_notes import Look
from projections.people import queries as people_queries
from projections.safeguarding import queries
from projections.safeguarding.tables import ConcernRow
from qa.core.clock import civil_day, from_microseconds

IN_TIME = {True: "yes", False: "no", None: "neither"}
IN_TIME_WORDS = {
    "yes": "Acknowledged by it",
    "no": "Not acknowledged by it",
    "neither": "In neither number",
}


def concern_list(look: Look, now: datetime) -> RecordList[ConcernRow]:
    """Every concern that the reader may see, the latest first."""
    at = look.at
    rows = reading.listed(look)
    people = {one for row in rows for one in row.part_of}
    names = people_queries.names(look.connection, people, position=at.position)
    named = people_queries.team_names(look.connection, position=at.position)

    def late(row: ConcernRow) -> bool:
        by = row.next_by_us
        return row.acknowledged_us is None and by is not None and from_microseconds(by) < now

    def opened(row: ConcernRow) -> ListCell:
        there = f"/audits/{row.audit}/concerns/{row.concern}"
        return ListCell(row.reference, there, beneath=row.child, unbroken=True)

    def state(row: ConcernRow) -> ListCell:
        times = f"escalated {row.rungs} {'time' if row.rungs == 1 else 'times'}"
        return ListCell(
            state_of(row), tag="Overdue" if late(row) else "", beneath=times if row.rungs else ""
        )

    def raised(row: ConcernRow) -> ListCell:
        who = names.get(row.raised_by, row.raised_by)
        return ListCell(shown_time(row, row.raised_us), beneath=who)

    def minutes(row: ConcernRow) -> ListCell:
        taken = queries.minutes_to_acknowledge(row)
        unknown = "Not known: from a file" if row.imported else "Not yet"
        return ListCell(unknown if taken is None else f"{taken:,}")

    def at_of(time: int, *, day: bool) -> date | datetime:
        at = from_microseconds(time)
        return civil_day(at) if day else at

    return RecordList(
        path="/safeguarding",
        title="Safeguarding concerns",
        noun=("concern", "concerns"),
        rows=rows,
        key=lambda row: row.concern,
        columns=(
            ListColumn("reference", "Audit", lambda row: row.reference, drawn=opened),
            ListColumn("child", "Child reference", lambda row: row.child, on_page=False),
            ListColumn("state", "State", state_of, drawn=state),
            late_column(late),
            ListColumn(
                "raised",
                "Raised",
                lambda row: at_of(row.raised_us, day=bool(row.imported)),
                ColumnKind.MOMENT,
                drawn=raised,
                by=lambda row: row.raised_us,
            ),
            ListColumn(
                "raised_by",
                "Raised by",
                lambda row: names.get(row.raised_by, row.raised_by),
                on_page=False,
            ),
            ListColumn(
                "told",
                "Managers informed",
                lambda row: ", ".join(names.get(one, one) for one in row.told_people),
                none="Nobody",
            ),
            ListColumn(
                "minutes",
                "Minutes to acknowledge",
                queries.minutes_to_acknowledge,
                ColumnKind.NUMBER,
                drawn=minutes,
            ),
            ListColumn(
                "from_file",
                "From a file",
                lambda row: "yes" if row.imported else "no",
                on_page=False,
            ),
        ),
        filters=(
            ListFilter(
                "in_time",
                "By the first deadline",
                lambda row: (code := IN_TIME[queries.in_time(row, now)], IN_TIME_WORDS[code]),
                IN_TIME_WORDS,
            ),
            ListFilter("state", "State", lambda row: (state_of(row), state_of(row))),
            ListFilter(
                "team", "Team", lambda row: (row.team, named.get(row.team, row.team)), named
            ),
        ),
        order="the latest first",
        empty=(
            "There are no concerns",
            "A concern is raised from an audit, at any moment, also while it is a draft.",
        ),
        file_name="safeguarding-concerns",
    )
