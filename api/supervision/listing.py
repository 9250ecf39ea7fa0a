"""The lists of supervision: pairs with what is owed, and checks."""

from __future__ import annotations

from datetime import date

from api.documents.listing import ColumnKind
from api.lists.declaration import (
    ListCell,
    ListColumn,
    ListFilter,
    RecordList,
    day_cell,
    late_column,
)
from api.supervision import reading
from api.supervision.reading import OpenedPair, SupervisionPair, SupervisionSession
from api.web.access_notes import Look
from projections.people import queries as people_queries
from projections.supervision.tables import SupervisionCheckRow
from qa.core.dates_in_words import day
from qa.supervision.states import BEFORE_JUDGEMENT, CheckState
from qa.supervision.words import NOT_HELD_LABELS, STANDARD_LABELS


def session_list(found: OpenedPair) -> RecordList[SupervisionSession]:
    """The sessions of a pair with the days between them, newest first."""

    def held_words(one: SupervisionSession) -> str:
        if one.row.held:
            return "Took place"
        return f"Did not take place: {NOT_HELD_LABELS.get(one.row.why or '', '')}"

    def held_cell(one: SupervisionSession) -> ListCell:
        return ListCell(held_words(one), beneath=f"Recorded by {found.name(one.row.by)}")

    def gap(one: SupervisionSession) -> ListCell:
        over = f"Over {one.owed_days}" if one.over else ""
        return ListCell("–" if one.gap is None else str(one.gap), tag=over, tag_colour="yellow")

    def cases(one: SupervisionSession) -> str:
        named = ", ".join(one.row.cases_supervised)
        return f"Cases {named}" if named else ""

    def talked(one: SupervisionSession) -> ListCell:
        seen = [action for action in one.row.actions_talked_over if action in found.actions]
        others = len(one.row.actions_talked_over) - len(seen)
        of = f" of {day(date.fromisoformat(one.row.on))}"
        return ListCell(
            cases(one),
            lines=True,
            more=[ListCell(f"Action {number}", f"/actions/{action}", of)
                  for number, action in enumerate(seen, 1)],
            beneath=f"{others} {'action' if others == 1 else 'actions'} not open to you"
            if others else "",
        )  # fmt: skip

    return RecordList(
        path=f"/supervision/{found.row.pair}",
        title="Sessions",
        noun=("session", "sessions"),
        rows=found.sessions,
        key=lambda one: one.row.on,
        columns=(
            ListColumn("on", "Day", lambda one: one.row.on, ColumnKind.DAY),
            ListColumn("held", "Held", held_words, drawn=held_cell),
            ListColumn(
                "gap",
                "Days since the one before",
                lambda one: one.gap,
                ColumnKind.NUMBER,
                drawn=gap,
            ),
            ListColumn("talked", "Discussed", cases, drawn=talked),
            ListColumn(
                "note",
                "Note",
                lambda one: one.row.note,
                drawn=lambda one: ListCell(one.row.note, lines=True),
            ),
        ),
        order="newest first",
        empty=("No session is on record yet", "Record one when it was held."),
    )


def pair_list(look: Look) -> RecordList[SupervisionPair]:
    """The pairs that the reader may know of, those owed longest first."""
    at = look.at
    rows = reading.listed(look)
    mentioned = {who for one in rows for who in (one.row.supervisor, one.row.practitioner)}
    names = people_queries.names(look.connection, mentioned, position=at.position)
    named = people_queries.places(look.connection, position=at.position)

    def team(one: SupervisionPair) -> str:
        return named.get(one.row.team, (one.row.team, ""))[0]

    def supervisor(one: SupervisionPair) -> str:
        return names.get(one.row.supervisor, one.row.supervisor)

    def practitioner(one: SupervisionPair) -> str:
        return names.get(one.row.practitioner, one.row.practitioner)

    def opened(one: SupervisionPair) -> ListCell:
        hidden = f" with {supervisor(one)}"
        return ListCell(practitioner(one), f"/supervision/{one.row.pair}", hidden)

    return RecordList(
        path="/supervision",
        title="Supervision",
        noun=("pair", "pairs"),
        rows=rows,
        key=lambda one: one.row.pair,
        columns=(
            ListColumn("pair", "Supervision (id)", lambda one: one.row.pair, on_page=False),
            ListColumn(
                "service_name",
                "Service",
                lambda one: named.get(one.row.team, ("", one.row.service))[1],
                on_page=False,
            ),
            ListColumn("team_name", "Team", team),
            ListColumn("supervisor_name", "Supervisor", supervisor),
            ListColumn("practitioner_name", "Practitioner", practitioner, drawn=opened),
            ListColumn("standard", "Standard", lambda one: STANDARD_LABELS[one.row.standard]),
            ListColumn(
                "last_on", "Last session", lambda one: one.last_on, ColumnKind.DAY, none="None yet"
            ),
            ListColumn(
                "due_on",
                "Next session due",
                lambda one: one.due_on,
                ColumnKind.DAY,
                drawn=lambda one: day_cell(one.due_on, late=one.late(at.on)),
            ),
            late_column(lambda one: one.late(at.on)),
            ListColumn(
                "checked_on",
                "Last checked",
                lambda one: one.checked_on,
                ColumnKind.DAY,
                none="Never",
            ),
        ),
        filters=(
            ListFilter(
                "team",
                "Team",
                lambda one: (one.row.team, team(one)),
                {code: name for code, (name, _) in named.items()},
            ),
            ListFilter(
                "standard",
                "Standard",
                lambda one: (one.row.standard, STANDARD_LABELS[one.row.standard]),
            ),
            ListFilter(
                "owed",
                "Owed",
                lambda one: ("late", "Overdue") if one.late(at.on) else ("later", "Not yet due"),
            ),
        ),
        order="most overdue first",
        empty=(
            "There is no supervision here",
            "A QA lead, or a manager for those whom they supervise, says who supervises whom.",
        ),
        page_order=(
            "practitioner_name",
            "supervisor_name",
            "team_name",
            "standard",
            "last_on",
            "due_on",
            "checked_on",
        ),
        file_name="supervision",
    )


def check_list(look: Look) -> RecordList[SupervisionCheckRow]:
    """The checks that the reader may know of, newest first."""
    connection, at = look.connection, look.at
    rows = reading.checks(connection, look.actor, at)
    mentioned = {who for row in rows for who in (row.supervisor, row.practitioner, row.checker)}
    names = people_queries.names(connection, mentioned, position=at.position)
    named = people_queries.team_names(connection, position=at.position)
    today = at.on.isoformat()

    def team(row: SupervisionCheckRow) -> str:
        return named.get(row.team, row.team)

    def late(row: SupervisionCheckRow) -> bool:
        return CheckState(row.state) in BEFORE_JUDGEMENT and row.due_on < today

    return RecordList(
        path="/supervision-checks",
        title="Supervision checks",
        noun=("check", "checks"),
        rows=rows,
        key=lambda row: row.check,
        columns=(
            ListColumn("check", "Check (id)", lambda row: row.check, on_page=False),
            ListColumn(
                "practitioner_name",
                "Practitioner",
                lambda row: names.get(row.practitioner, ""),
                drawn=lambda row: ListCell(
                    names.get(row.practitioner, ""),
                    f"/supervision-checks/{row.check}",
                    f", due {day(date.fromisoformat(row.due_on))}",
                ),
            ),
            ListColumn("supervisor_name", "Supervisor", lambda row: names.get(row.supervisor, "")),
            ListColumn("team_name", "Team", team),
            ListColumn("checker_name", "Checker", lambda row: names.get(row.checker, "")),
            ListColumn("state", "State", lambda row: CheckState(row.state).label),
            ListColumn(
                "due_on",
                "Due",
                lambda row: row.due_on,
                ColumnKind.DAY,
                drawn=lambda row: day_cell(row.due_on, late=late(row)),
            ),
            late_column(late),
        ),
        filters=(
            ListFilter("team", "Team", lambda row: (row.team, team(row)), named),
            ListFilter(
                "state",
                "State",
                lambda row: (row.state, CheckState(row.state).label),
                {one.value: one.label for one in CheckState},
            ),
            ListFilter("checker", "Checker", lambda row: (row.checker, names.get(row.checker, ""))),
        ),
        order="newest first",
        empty=(
            "There are no checks here",
            "You see checks of your own supervision, of your line, and those given to you.",
        ),
        file_name="supervision-checks",
    )
