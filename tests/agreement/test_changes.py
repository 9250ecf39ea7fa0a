"""A report on grades is made again only where one of the rows that it counts is another."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from api.agreement.cli import GradesQuery
from api.reports.declaration import Sight, report_called
from api.reports.moved import by_group, moved
from api.web.moments import as_at
from qa.core.words import Actor
from tests.support.council import Council

QUARTERS = ((date(2026, 1, 1), date(2026, 3, 31)), (date(2026, 4, 1), date(2026, 6, 30)))


def lived(council: Council) -> None:
    """Audits of two quarters, some moderated."""
    council.moderated("good", "inadequate")
    council.submitted("good")
    council.clock.advance(timedelta(days=45))
    council.moderated("good", "good")
    council.submitted("outstanding")


def test_no_figure_moved_where_it_says_that_none_can_have(small_council: Council) -> None:
    council = small_council
    store, lead = council.services.store, council.actor("lead")
    start = store.head()
    lived(council)
    told = set()
    with store.reading() as connection:
        places = [*range(start, store.head(connection), 4), store.head(connection)]
        for name in ("agreement", "grades"):
            report = report_called(name)
            for first, last in QUARTERS:
                cohort = "moderation" if name == "agreement" else "audit"
                query = GradesQuery(start=first, end=last, by="quarter", cohort=cohort)
                kept = report.kept(query, as_at(store, connection))
                ats = [as_at(store, connection, position=one) for one in places]
                rows = [_rows(report, Sight(connection, at, lead), kept) for at in ats]
                now = Sight(connection, as_at(store, connection), lead)
                for before, after in ((0, 1), (1, 3), (2, 4), (0, -1), (-2, -1), (3, -1)):
                    differ = bool(moved(name, rows[before], rows[after], str))
                    asked = report.may_differ(now, kept, places[before], places[after])
                    assert asked or not differ, (name, first, places[before], places[after])
                    told.add((differ, asked))
    assert {(True, True), (False, False)} <= told


def _rows(report: Any, sight: Sight, kept: Any) -> Any:
    return by_group(report.compared(sight, kept))


def test_an_audit_of_another_quarter_or_of_none_moves_nothing(small_council: Council) -> None:
    council = small_council
    council.moderated("good", "good")
    store, report = council.services.store, report_called("grades")
    with store.reading() as connection:
        before = store.head(connection)
        kept = report.kept(
            GradesQuery(start=QUARTERS[0][0], end=QUARTERS[0][1], by="quarter"),
            as_at(store, connection),
        )
    council.clock.advance(timedelta(days=45))
    council.submitted("inadequate")
    council.allocated()
    with store.reading() as connection:
        now = Sight(connection, as_at(store, connection), Actor("lead"))
        assert not report.may_differ(now, kept, before, store.head(connection))
        later = report.kept(
            GradesQuery(start=QUARTERS[1][0], end=QUARTERS[1][1], by="quarter"), now.at
        )
        assert report.may_differ(now, later, before, store.head(connection))
