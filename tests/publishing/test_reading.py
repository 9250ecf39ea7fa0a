"""What somebody is shown of a published report is what every record gives, or it is refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy.engine import Connection

from api.gate.current_actor import acting
from api.publishing.reading import as_json, whole
from api.reports.declaration import Sight, report_called, reports
from api.reports.query import fields_of, taken
from api.web.moments import AsAt, present
from projections.audits.queries import blind_for
from projections.learning import queries as learning_queries
from projections.people import queries as people_queries
from projections.plans import queries as plan_queries
from projections.publishing import queries
from qa.core.errors import Forbidden
from qa.core.words import Role, Scope
from qa.people.commands import OPERATOR, AddPerson
from qa.people.handlers import add_person
from qa.publishing.events import ReportAsked
from qa.restrictions.commands import BreakGlass
from qa.restrictions.handlers import break_glass
from tests.conftest import NewCouncil
from tests.inspections.support import opened
from tests.restrictions.support import restrict
from tests.support.council import Council
from tests.support.every_room import live


@pytest.fixture(scope="module")
def council(new_council: NewCouncil) -> Council:
    """Every room used, a child restricted, an inspector let in, and audits moderated blind."""
    council = new_council()
    live(council)
    council.moderate(council.submitted("inadequate", child="C-77"))
    restrict(council, "C-77", [council.ids["lead"], council.ids["lead2"]])
    added = add_person(
        council.services.desk, AddPerson(handle="ofsted", name="Ofsted Tree"), by=OPERATOR
    )
    visitor = str(added.response["person"])
    opened(council, inspector=visitor, scope=Scope(kind="team", code="east"))
    command = BreakGlass(child="C-00777", why="Nobody else is there to read it.")
    break_glass(council.services.desk, command, by=council.actor("lead2"))
    council.grant("lead", Role.MODERATOR)
    council.seal(council.submitted("outstanding"), "lead")
    return council


def _questions(connection: Connection, at: AsAt) -> Iterator[ReportAsked]:
    """A question to every report that is published, and what was published."""
    known = {
        "plan": plan_queries.plans(connection)[0].id,
        "theme": learning_queries.themes(connection)[0][0].theme,
        "start": date(2025, 4, 1),
        "end": date(2026, 12, 31),
        "by": "quarter",
    }
    for report in reports():
        if report.publishes:
            asked = [one.key for one in fields_of(report.query) if one.key in known]
            query = taken(report.query, {name: known[name] for name in asked})
            yield report.kept(query, at)
    yield from (row.question for row in queries.register(connection))


def test_whoever_is_shown_a_report_is_shown_that_of_every_record(council: Council) -> None:
    store, today = council.services.store, council.today
    shown, refused = set(), set()
    with store.reading() as connection:
        lead = council.actor("lead")
        questions = [*_questions(connection, present(store, connection, lead))]
        assert {one.report for one in questions} >= {one.name for one in reports()}
        people = [one.person for one in people_queries.everybody(connection)]
        readers = [actor for one in people if (actor := acting(connection, one, today))]
        # An inspector to whom no child is closed is kept to their room all the same.
        readers += [replace(one, closed=frozenset()) for one in readers if one.has(Role.INSPECTOR)]
        kinds = {
            (bool(blind_for(connection, one.person)), bool(one.closed), one.has(Role.INSPECTOR))
            for one in readers
        }
        assert kinds >= {
            (True, False, False), (False, True, False), (False, False, True), (False, False, False),
        }  # fmt: skip
        for asked in questions:
            report, at = report_called(asked.report), present(store, connection, lead)
            every = as_json(report, report.frozen(Sight(connection, at), asked))
            for reader in readers:
                sight = Sight(connection, at, reader)
                try:
                    own = as_json(report, report.frozen(sight, asked))
                except Forbidden:
                    continue
                if own == every:
                    shown.add(asked.report)
                    assert as_json(report, whole(sight, asked)) == every, asked.report
                else:
                    refused.add(asked.report)
                    with pytest.raises(Forbidden):
                        whole(sight, asked)
    assert shown == {one.report for one in questions}
    assert refused >= {"agreement", "grades"}
