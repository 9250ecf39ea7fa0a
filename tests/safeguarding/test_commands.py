"""Concerns by their commands: the interlock, who can be told, the clock, the rows they leave."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from projections.core.rebuild import rebuild
from projections.core.verify import verify
from projections.safeguarding import queries, tables
from qa.audits.commands import case_audits, endings
from qa.core.errors import Conflict, Forbidden, MovedOn, NotFound, NotNow, Refused
from qa.core.words import Role
from qa.people.commands import people
from qa.people.commands.people import OPERATOR
from qa.safeguarding import commands
from qa.store.tables import event
from tests.support.council import Council, content

WHAT = "The child is alone at night."


def raised(council: Council, **values: Any) -> tuple[str, str]:
    audit = council.allocated()
    done = commands.raise_concern(
        council.services.desk,
        **{"audit": audit, "what": WHAT, "by": council.actor("auditor"), **values},
    )
    return audit, str(done.response["concern"])


def row(council: Council, audit: str, concern: str, position: int | None = None) -> dict[str, Any]:
    with council.services.store.reading() as connection:
        found = queries.one(connection, audit, concern, position=position)
    assert found is not None
    return found


def submit(council: Council, audit: str) -> None:
    case_audits.submit(
        council.services.desk,
        audit=audit,
        content=content(council.tool, council.today),
        by=council.actor("auditor"),
    )


def run_clock(council: Council) -> list[str]:
    with council.services.store.reading() as connection:
        due = queries.due(connection, council.clock.now())
    for audit in due:
        commands.escalate(council.services.desk, audit=audit, by=OPERATOR)
    return due


def test_from_a_draft_to_an_acknowledgement_and_the_rows_made_anew_are_the_same(
    council: Council,
) -> None:
    desk, ids = council.services.desk, council.ids
    audit, concern = raised(council)
    assert row(council, audit, concern)["told"] == []
    with pytest.raises(Conflict) as refusal:
        submit(council, audit)
    assert refusal.value.code == "concern-untold"

    commands.tell_manager(
        desk,
        audit=audit,
        concern=concern,
        manager=ids["moderator"],
        how="telephone",
        seen=1,
        by=council.actor("auditor"),
    )
    submit(council, audit)
    told = council.services.store.head()
    assert run_clock(council) == []
    council.clock.advance(timedelta(hours=2))
    assert run_clock(council) == [audit]
    assert run_clock(council) == [], "the same moment tells nobody twice"
    # Nobody is above the moderator, so the leads are told next.
    assert set(row(council, audit, concern)["told"]) == {
        ids["moderator"], ids["lead"], ids["lead2"],
    }  # fmt: skip
    council.clock.advance(timedelta(minutes=30))
    commands.acknowledge(
        desk, audit=audit, concern=concern, doing="A visit today.", by=council.actor("lead")
    )
    council.clock.advance(timedelta(days=1))
    assert run_clock(council) == []
    now = row(council, audit, concern)
    assert (now["acknowledged_by"], now["rungs"]) == (ids["lead"], 1)
    assert queries.minutes_to_acknowledge(now) == 150
    assert row(council, audit, concern, told)["acknowledged_by"] is None
    with council.services.store.reading() as connection:
        rows = queries.listed(connection, ids["auditor"], ())
        figure = queries.acknowledged_in_time(rows, council.clock.now())
        kept = connection.execute(select(event.c.state).where(event.c.stream.like("safeg%")))
        assert all(b"alone at night" not in state for (state,) in kept)
        before = [tuple(r) for r in connection.execute(select(tables.concern_row))]
    assert (figure.numerator, figure.denominator) == (0, 1)
    rebuild(council.services.store, council.services.registry)
    with council.services.store.reading() as connection:
        after = [tuple(r) for r in connection.execute(select(tables.concern_row))]
    assert sorted(before, key=str) == sorted(after, key=str)
    assert verify(council.services.store, council.services.registry) == []


def test_who_can_raise_be_told_and_acknowledge(small_council: Council) -> None:
    council = small_council
    desk, ids, auditor = council.services.desk, council.ids, council.actor("auditor")
    audit = council.allocated()
    tell = {"audit": audit, "what": WHAT, "how": "telephone", "by": auditor}
    for who, code in (("worker", "not-a-manager"), ("auditor2", "not-a-manager")):
        with pytest.raises(Refused) as refusal:
            commands.raise_concern(desk, manager=ids[who], **tell)
        assert [f.code for f in refusal.value.faults] == [code]
    with pytest.raises(Refused) as refusal:
        commands.raise_concern(desk, audit=audit, what=" ", by=auditor)
    assert refusal.value.faults[0].field == "what"
    for who in ("auditor2", "worker", "admin", "reader"):
        with pytest.raises((NotFound, Forbidden)):
            commands.raise_concern(desk, audit=audit, what=WHAT, by=council.actor(who))
    people.depart(desk, person=ids["moderator2"], reason="They have left us.", by=OPERATOR)
    council.clock.advance(timedelta(days=1))
    with pytest.raises(Refused) as refusal:
        commands.raise_concern(desk, manager=ids["moderator2"], **tell)
    assert refusal.value.faults[0].code == "person-departed"

    council.grant("auditor2", Role.TEAM_MANAGER)
    done = commands.raise_concern(desk, manager=ids["auditor2"], **tell)
    concern = str(done.response["concern"])
    acknowledge = {"audit": audit, "concern": concern, "doing": "A visit."}
    with pytest.raises((Forbidden, NotFound)):
        commands.acknowledge(desk, by=auditor, **acknowledge)
    with pytest.raises(NotFound):
        commands.acknowledge(desk, by=council.actor("worker"), **acknowledge)
    with pytest.raises(MovedOn):
        commands.acknowledge(desk, seen=1, by=council.actor("auditor2"), **acknowledge)
    commands.acknowledge(desk, by=council.actor("auditor2"), **acknowledge)
    with pytest.raises(NotNow):
        commands.acknowledge(desk, by=council.actor("auditor2"), **acknowledge)
    with pytest.raises(NotFound):
        commands.acknowledge(desk, by=auditor, audit=audit, concern="0" * 32, doing="A visit.")


def test_a_blind_moderator_learns_of_a_concern_only_by_being_told(small_council: Council) -> None:
    council = small_council
    desk, moderator = council.services.desk, council.actor("moderator")
    audit, _ = council.assigned("inadequate")
    done = commands.raise_concern(desk, audit=audit, what=WHAT, by=council.actor("auditor"))
    concern = str(done.response["concern"])
    told = {"audit": audit, "concern": concern, "how": "in-person"}
    with pytest.raises(NotFound):
        commands.tell_manager(desk, manager=council.ids["lead"], by=moderator, **told)
    assert council.view(audit).moderations[0]["unblinded"] == 0
    commands.tell_manager(desk, manager=council.ids["moderator"], by=council.actor("lead"), **told)
    assert council.view(audit).moderations[0]["unblinded"] == 1, "the figure calls it open"
    commands.acknowledge(desk, audit=audit, concern=concern, doing="A visit.", by=moderator)


def test_by_whatever_way_a_moderator_is_told_they_are_never_called_blind(
    small_council: Council,
) -> None:
    council = small_council
    desk, moderator = council.services.desk, council.ids["moderator"]
    # At once when it is raised.
    first, _ = council.assigned()
    told = {"what": WHAT, "how": "telephone", "by": council.actor("auditor")}
    commands.raise_concern(desk, audit=first, manager=moderator, **told)
    # By the clock.
    council.grant("lead2", Role.MODERATOR)
    second, _ = council.assigned("inadequate", moderator="lead2")
    commands.raise_concern(desk, audit=second, manager=council.ids["moderator2"], **told)
    assert council.view(second).moderations[0]["unblinded"] == 0
    council.clock.advance(timedelta(hours=2))
    assert second in run_clock(council)
    # Before they are named.
    third = council.submitted("inadequate")
    commands.raise_concern(desk, audit=third, manager=moderator, **told)
    council.seal(third)
    row = council.view(third).moderations[0]
    assert (row["blind"], row["already_seen"]) == (0, 1)
    for audit in (first, second):
        assert council.view(audit).moderations[0]["unblinded"] == 1
        assert not council.view(audit).resource.blind_for


def test_an_audit_that_no_longer_stands_raises_nothing(small_council: Council) -> None:
    council = small_council
    audit = council.allocated()
    endings.void(
        council.services.desk, audit=audit, reason="Wrong child.", by=council.actor("lead")
    )
    with pytest.raises(Conflict):
        commands.raise_concern(
            council.services.desk, audit=audit, what=WHAT, by=council.actor("lead")
        )
