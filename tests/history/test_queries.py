"""A record's history: whole, narrowed, paged both ways, and never dearer than what it shows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Connection

from projections.history import queries
from projections.history.question import HistoryFilter, HistoryScope
from qa.audits import handlers as audit_handlers
from qa.audits.commands import ExtendAudit
from qa.core.clock import SetClock
from qa.moderation import handlers
from qa.moderation.commands import AssignModeration
from qa.people import handlers as people
from qa.people.commands import OPERATOR, MovePerson
from tests.support.council import Council


@pytest.fixture
def lived(council: Council) -> tuple[Council, str]:
    """An audit with a life of 44 events, some of them late, by two people."""
    council.submitted(actions=(council.action(),), no_action_reason="")
    other = council.allocated()
    assert isinstance(council.clock, SetClock)
    for day in range(29, 69):
        council.clock.advance(timedelta(hours=7))
        audit_handlers.extend(
            council.services.desk,
            ExtendAudit(
                audit=other,
                due_on=council.today + timedelta(days=day),
                reason=f"Illness for {day} days.",
            ),
            by=council.actor("lead2" if day % 3 else "lead"),
        )
    return council, f"case-audit:{other}"


def walked(
    connection: Connection, scope: HistoryScope, wanted: HistoryFilter, limit: int
) -> Iterator[Any]:
    after: int | None = 0
    while after is not None:
        found = queries.page(connection, scope, wanted, after=after, limit=limit)
        assert len(found.entries) <= limit
        yield from found.entries
        assert found.next is None or found.next > after
        after = found.next


def test_pages_forwards_and_backwards_hold_every_entry_once(lived: tuple[Council, str]) -> None:
    council, stream = lived
    scope = HistoryScope((stream,))
    with council.services.store.reading() as connection:
        whole = [e["position"] for e in walked(connection, scope, HistoryFilter(), 500)]
        assert len(whole) == queries.length(connection, [stream]) == 41
        assert [e["position"] for e in walked(connection, scope, HistoryFilter(), 7)] == whole
        back: list[int] = []
        before: int | None = whole[-1] + 1
        while before is not None:
            found = queries.page(connection, scope, before=before, limit=7)
            back = [e["position"] for e in found.entries] + back
            before = found.previous
        assert back == whole
        middle = queries.page(connection, scope, after=whole[9], limit=7)
        assert middle.previous == whole[10]
        returned = queries.page(connection, scope, before=middle.previous, limit=7)
        assert [e["position"] for e in returned.entries] == whole[3:10]
        assert returned.next == whole[9] or returned.next == whole[10] - 1


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("wanted", "fits"),
    [
        (HistoryFilter(text="illness for 4"), lambda e: "Illness for 4" in (e["reason"] or "")),
        (
            HistoryFilter(types=frozenset({"CaseAuditAllocated"})),
            lambda e: e["stream_version"] == 1,
        ),
        (HistoryFilter(field="due_on"), lambda e: True),
        (HistoryFilter(field="overall"), lambda e: False),
        (HistoryFilter(effective_from="2026-03-05"), lambda e: e["effective_on"] >= "2026-03-05"),
        (HistoryFilter(effective_to="2026-03-04"), lambda e: e["effective_on"] <= "2026-03-04"),
    ],
)
@pytest.mark.parametrize("looked_through", [10, 2000])
def test_a_narrowed_history_is_the_whole_one_sifted(
    lived: tuple[Council, str],
    wanted: HistoryFilter,
    fits: Any,
    looked_through: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(queries, "LOOKED_THROUGH", looked_through)
    monkeypatch.setattr(queries, "BATCH", 5)
    council, stream = lived
    with council.services.store.reading() as connection:
        scope = HistoryScope((stream,))
        whole = list(walked(connection, scope, HistoryFilter(), 500))
        kept = [e["position"] for e in walked(connection, scope, wanted, 6)]
        assert kept == [e["position"] for e in whole if fits(e)]
        behind = queries.page(connection, scope, wanted, after=whole[-1]["position"], limit=6)
        if looked_through > len(whole):  # no way back to a page that shows nothing
            assert (behind.previous is None) is (not kept)


def test_a_page_that_stopped_looking_says_so_and_goes_on(
    lived: tuple[Council, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "LOOKED_THROUGH", 10)
    monkeypatch.setattr(queries, "BATCH", 10)
    council, stream = lived
    with council.services.store.reading() as connection:
        found = queries.page(connection, HistoryScope((stream,)), HistoryFilter(text="reason 68"))
        assert found.stopped
        assert found.entries == []
        assert found.next is not None


def test_a_person_and_a_past_position_bound_the_history(lived: tuple[Council, str]) -> None:
    council, stream = lived
    lead = council.ids["lead"]
    with council.services.store.reading() as connection:
        whole = list(walked(connection, HistoryScope((stream,)), HistoryFilter(), 500))
        theirs = list(
            walked(connection, HistoryScope((stream,)), HistoryFilter(by=frozenset({lead})), 500)
        )
        assert theirs == [e for e in whole if e["by"] == lead]
        assert 5 < len(theirs) < len(whole)
        then = whole[20]["position"]
        past = queries.page(connection, HistoryScope((stream,)), position=then, limit=500)
        assert past.entries == whole[:21]
        assert past.next is None


def test_an_audit_s_history_holds_its_actions(lived: tuple[Council, str]) -> None:
    council, _ = lived
    with council.services.store.reading() as connection:
        (audit,) = {
            e["stream"].partition(":")[2]
            for e in walked(
                connection,
                HistoryScope(by=council.ids["auditor"]),
                HistoryFilter(field="overall"),
                50,
            )
        }
        things = queries.parts(connection, [audit])[audit]
        actions = [thing for thing in things if thing.startswith("action:")]
        assert len(actions) == 1
        assert queries.belongs_to(connection, actions) == {actions[0]: audit}
        scope = HistoryScope((f"case-audit:{audit}", *actions))
        found = queries.page(connection, scope, limit=3)
        rest = queries.page(connection, scope, after=found.next or 0, limit=50)
        whole = [*found.entries, *rest.entries]
        assert "ActionRaised" in {e["type"] for e in whole}
        assert [e["position"] for e in whole] == sorted(e["position"] for e in whole)


def test_what_stood_before_a_restatement_is_its_old_value(council: Council) -> None:
    desk, person = council.services.desk, council.ids["auditor"]
    people.move_person(
        desk,
        MovePerson(person=person, team="west", job_title="Senior auditor", manager=None),
        by=OPERATOR,
    )
    audit, moderation = council.assigned()
    handlers.assign(
        desk,
        AssignModeration(
            audit=audit, moderation=moderation, moderator=council.ids["moderator2"], blind=True
        ),
        by=council.actor("lead"),
    )
    with council.services.store.reading() as connection:
        moved = list(walked(connection, HistoryScope((f"person:{person}",)), HistoryFilter(), 50))[
            -1
        ]
        said = {c["field"]: (c["old"], c["new"]) for c in moved["changes"]}
        assert said["team"] == ("quality", "west")
        assert said["job_title"] == ("", "Senior auditor")
        assigned = HistoryFilter(types=frozenset({"ModerationAssigned"}))
        first, again = walked(connection, HistoryScope((f"case-audit:{audit}",)), assigned, 50)
        who = {c["field"]: (c["old"], c["new"]) for c in again["changes"]}["moderator"]
        assert who == (council.ids["moderator"], council.ids["moderator2"])
        assert ("", council.ids["moderator"]) in [(c["old"], c["new"]) for c in first["changes"]]


def test_ten_thousand_entries_are_opened_with_as_many_rows_as_ten(
    small_council: Council,
) -> None:
    """The cost is counted in rows that the database hands over, so that no clock decides."""
    council = small_council
    short, long = council.allocated(), council.allocated()
    due = council.today + timedelta(days=29)
    for number in range(60):
        audit_handlers.extend(
            council.services.desk,
            ExtendAudit(
                audit=long, due_on=due + timedelta(days=number), reason="Wrong once again."
            ),
            by=council.actor("lead"),
        )
    asked: list[str] = []

    def seen(conn: Any, cursor: Any, statement: str, *_: Any) -> None:
        asked.append(statement)

    with council.services.store.reading() as connection:
        event.listen(connection, "before_cursor_execute", seen)
        counts = {}
        for audit in (short, long):
            asked.clear()
            found = queries.page(connection, HistoryScope((f"case-audit:{audit}",)), limit=10)
            counts[audit] = len(asked)
            plan = connection.exec_driver_sql(
                "EXPLAIN QUERY PLAN SELECT * FROM history_entry WHERE stream = 'x'"
                " AND position > 1 AND position <= 9 ORDER BY position LIMIT 11"
            ).all()
            assert len(found.entries) <= 10
        assert "USING INDEX" in str(plan)
        assert "TEMP B-TREE" not in str(plan)
    assert counts[long] == counts[short]
