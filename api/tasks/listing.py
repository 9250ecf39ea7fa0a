"""The people whose work somebody oversees, as a list, with how much waits for each."""

from __future__ import annotations

from collections.abc import Sequence

from api.documents.listing import ColumnKind
from api.lists.declaration import ListCell, ListColumn, ListFilter, ListSearch, RecordList
from api.people.reading import overseen, person_as_resource
from api.tasks import team_work
from api.tasks.team_work import Load
from api.web.context import Reader
from projections.people import queries as people_queries
from projections.people.tables import PlacedPerson
from qa.authorisation.policy import can
from qa.core.dates_in_words import day
from qa.core.errors import Forbidden, Refused

NONE = "None"


def team_work_list(reading: Reader) -> RecordList[PlacedPerson]:
    """The people by name. What waits for each is counted for those alone that are shown.

    With ``late=yes`` only those with overdue work.

    Raises:
        Forbidden: the reader oversees nobody’s work.
        Refused: `late` is something else.
    """
    connection, at = reading.connection, reading.at
    rows = overseen(reading)
    if not rows and not can(reading.actor, "read-team-work").allowed:
        raise Forbidden("You oversee nobody’s work.", rule="read-team-work")
    late = reading.request.query_params.get("late", "")
    if late not in ("", "yes"):
        raise Refused("Say yes, or nothing.", field="late", code="late-unknown")
    named = people_queries.places(connection, position=at.position)
    loads: dict[str, Load] = {}

    def count(shown: Sequence[PlacedPerson]) -> None:
        fresh = [row for row in shown if row.person not in loads]
        loads.update((one.person, one) for one in team_work.loads(connection, fresh, at))

    if late:
        count(rows)
        rows = [row for row in rows if loads[row.person].overdue]

    def overdue(row: PlacedPerson) -> int:
        count(rows)  # of all at once, where they are sorted by it
        return loads[row.person].overdue

    def team(row: PlacedPerson) -> str:
        return named.get(row.team or "", ("No team", ""))[0]

    def waiting(row: PlacedPerson) -> ListCell:
        one = loads[row.person]
        kinds = (f"{title}: {number}" for title, number in one.kinds.items())
        return ListCell(one.words, beneath="\n".join(kinds))

    def oldest(row: PlacedPerson) -> ListCell:
        overdue = loads[row.person].oldest_overdue
        return ListCell(NONE if overdue is None else day(overdue))

    def deputies(row: PlacedPerson) -> ListCell:
        text = ", ".join(loads[row.person].deputies)
        person = person_as_resource(connection, row)
        if at.is_past or not can(reading.actor, "name-deputy", person).allowed:
            return ListCell(text or NONE)
        hidden = f": change who stands in for {row.name}" if text else f" for {row.name}"
        return ListCell(text or "Name a deputy", f"/people/{row.person}/deputies", hidden=hidden)

    def hand_over(row: PlacedPerson) -> ListCell:
        one = loads[row.person]
        if not one.waiting or at.is_past:
            return ListCell("Now only" if one.waiting else NONE)
        hidden = f" the work of {row.name}"
        return ListCell("Hand over", f"/people/{row.person}/hand-over", hidden=hidden)

    return RecordList(
        path="/team-work",
        title="Work in your teams",
        noun=("person", "people"),
        rows=rows,
        key=lambda row: row.person,
        columns=(
            ListColumn("name", "Person", lambda row: row.name),
            ListColumn("team_name", "Team", team),
            ListColumn(
                "waiting", "Waiting", lambda row: loads[row.person].waiting, ColumnKind.NUMBER,
                drawn=waiting, sortable=False,
            ),
            ListColumn(
                "overdue", "Overdue", lambda row: loads[row.person].overdue, ColumnKind.NUMBER,
                by=overdue,
            ),
            ListColumn(
                "oldest", "Oldest overdue", lambda row: loads[row.person].oldest_overdue,
                ColumnKind.DAY, drawn=oldest, sortable=False,
            ),
            ListColumn(
                "deputies", "Deputy today", lambda row: ", ".join(loads[row.person].deputies),
                drawn=deputies, sortable=False,
            ),
            ListColumn(
                "hand_over", "Hand over", lambda row: None, drawn=hand_over, sortable=False,
                in_files=False,
            ),
        ),
        filters=(ListFilter("team", "Team", lambda row: (row.team or "none", team(row))),),
        searches=(ListSearch("q", "Name", lambda row: row.name),),
        order="by name",
        query={"late": late} if late else {},
        empty=(
            "Nobody has overdue work" if late else "Nobody’s work is shown here",
            "The people of your teams, and those who report to you, appear here.",
        ),
        file_name="team-work",
        prepare=count,
    )  # fmt: skip
