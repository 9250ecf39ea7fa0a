"""Concerns by their commands: the interlock, who can be told, the clock, the rows they leave."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from projections.core.rebuild import rebuild
from projections.core.verify import verify
from projections.safeguarding import queries, tables
from projections.safeguarding.tables import ConcernRow
from qa.audits import handlers as audit_handlers
from qa.audits.commands import SubmitAudit, VoidAudit
from qa.core.errors import Conflict, Forbidden, MovedOn, NotFound, NotNow, Refused
from qa.core.words import Role
from qa.people import handlers as people
from qa.people.commands import OPERATOR, RecordDeparture
from qa.safeguarding import handlers
from qa.safeguarding.commands import AcknowledgeConcern, EscalateConcerns, RaiseConcern, TellManager
from qa.store.tables import event
from tests.support.council import Council, content

WHAT = "The child is alone at night."


def raised(council: Council) -> tuple[str, str]:
    audit = council.allocated()
    done = handlers.raise_concern(
        council.services.desk, RaiseConcern(audit=audit, what=WHAT), by=council.actor("auditor")
    )
    return audit, str(done.response["concern"])


def row(council: Council, audit: str, concern: str, position: int | None = None) -> ConcernRow:
    with council.services.store.reading() as connection:
        found = queries.one(connection, audit, concern, position=position)
    assert found is not None
    return found


def submit(council: Council, audit: str) -> None:
    audit_handlers.submit(
        council.services.desk,
        SubmitAudit(audit=audit, content=content(council.tool, council.today)),
        by=council.actor("auditor"),
    )


def run_clock(council: Council) -> list[str]:
    with council.services.store.reading() as connection:
        due = queries.due(connection, council.clock.now())
    for audit in due:
        handlers.escalate(council.services.desk, EscalateConcerns(audit=audit), by=OPERATOR)
    return due


def test_from_a_draft_to_an_acknowledgement_and_the_rows_made_anew_are_the_same(
    council: Council,
) -> None:
    desk, ids = council.services.desk, council.ids
    audit, concern = raised(council)
    assert row(council, audit, concern).told_people == ()
    with pytest.raises(Conflict) as refusal:
        submit(council, audit)
    assert refusal.value.code == "concern-untold"

    handlers.tell_manager(
        desk,
        TellManager(audit=audit, concern=concern, manager=ids["moderator"], how="telephone"),
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
    assert set(row(council, audit, concern).told_people) == {
        ids["moderator"], ids["lead"], ids["lead2"],
    }  # fmt: skip
    council.clock.advance(timedelta(minutes=30))
    handlers.acknowledge(
        desk,
        AcknowledgeConcern(audit=audit, concern=concern, doing="A visit today."),
        by=council.actor("lead"),
    )
    council.clock.advance(timedelta(days=1))
    assert run_clock(council) == []
    now = row(council, audit, concern)
    assert (now.acknowledged_by, now.rungs) == (ids["lead"], 1)
    assert queries.minutes_to_acknowledge(now) == 150
    assert row(council, audit, concern, told).acknowledged_by is None
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
    tell: dict[str, Any] = {"audit": audit, "what": WHAT, "how": "telephone"}
    for who, code in (("worker", "not-a-manager"), ("auditor2", "not-a-manager")):
        with pytest.raises(Refused) as refusal:
            handlers.raise_concern(desk, RaiseConcern(manager=ids[who], **tell), by=auditor)
        assert [f.code for f in refusal.value.faults] == [code]
    with pytest.raises(Refused) as refusal:
        handlers.raise_concern(desk, RaiseConcern(audit=audit, what=" "), by=auditor)
    assert refusal.value.faults[0].field == "what"
    for who in ("auditor2", "worker", "admin", "reader"):
        with pytest.raises((NotFound, Forbidden)):
            handlers.raise_concern(
                desk, RaiseConcern(audit=audit, what=WHAT), by=council.actor(who)
            )
    people.depart(
        desk, RecordDeparture(person=ids["moderator2"], reason="They have left us."), by=OPERATOR
    )
    council.clock.advance(timedelta(days=1))
    with pytest.raises(Refused) as refusal:
        handlers.raise_concern(desk, RaiseConcern(manager=ids["moderator2"], **tell), by=auditor)
    assert refusal.value.faults[0].code == "person-departed"

    council.grant("auditor2", Role.TEAM_MANAGER)
    done = handlers.raise_concern(desk, RaiseConcern(manager=ids["auditor2"], **tell), by=auditor)
    concern = str(done.response["concern"])
    acknowledge = AcknowledgeConcern(audit=audit, concern=concern, doing="A visit.")
    with pytest.raises((Forbidden, NotFound)):
        handlers.acknowledge(desk, acknowledge, by=auditor)
    with pytest.raises(NotFound):
        handlers.acknowledge(desk, acknowledge, by=council.actor("worker"))
    with pytest.raises(MovedOn):
        handlers.acknowledge(desk, acknowledge, seen=1, by=council.actor("auditor2"))
    handlers.acknowledge(desk, acknowledge, by=council.actor("auditor2"))
    with pytest.raises(NotNow):
        handlers.acknowledge(desk, acknowledge, by=council.actor("auditor2"))
    with pytest.raises(NotFound):
        handlers.acknowledge(
            desk, AcknowledgeConcern(audit=audit, concern="0" * 32, doing="A visit."), by=auditor
        )


def test_a_blind_moderator_learns_of_a_concern_only_by_being_told(small_council: Council) -> None:
    council = small_council
    desk, moderator = council.services.desk, council.actor("moderator")
    audit, _ = council.assigned("inadequate")
    done = handlers.raise_concern(
        desk, RaiseConcern(audit=audit, what=WHAT), by=council.actor("auditor")
    )
    concern = str(done.response["concern"])
    told: dict[str, Any] = {"audit": audit, "concern": concern, "how": "in-person"}
    with pytest.raises(NotFound):
        handlers.tell_manager(desk, TellManager(manager=council.ids["lead"], **told), by=moderator)
    assert council.view(audit).moderations[0]["unblinded"] == 0
    handlers.tell_manager(
        desk, TellManager(manager=council.ids["moderator"], **told), by=council.actor("lead")
    )
    assert council.view(audit).moderations[0]["unblinded"] == 1, "the figure calls it open"
    handlers.acknowledge(
        desk, AcknowledgeConcern(audit=audit, concern=concern, doing="A visit."), by=moderator
    )


def test_by_whatever_way_a_moderator_is_told_they_are_never_called_blind(
    small_council: Council,
) -> None:
    council = small_council
    desk, moderator = council.services.desk, council.ids["moderator"]
    # At once when it is raised.
    first, _ = council.assigned()
    told: dict[str, Any] = {"what": WHAT, "how": "telephone"}
    by = council.actor("auditor")
    handlers.raise_concern(desk, RaiseConcern(audit=first, manager=moderator, **told), by=by)
    # By the clock.
    council.grant("lead2", Role.MODERATOR)
    second, _ = council.assigned("inadequate", moderator="lead2")
    handlers.raise_concern(
        desk, RaiseConcern(audit=second, manager=council.ids["moderator2"], **told), by=by
    )
    assert council.view(second).moderations[0]["unblinded"] == 0
    council.clock.advance(timedelta(hours=2))
    assert second in run_clock(council)
    # Before they are named.
    third = council.submitted("inadequate")
    handlers.raise_concern(desk, RaiseConcern(audit=third, manager=moderator, **told), by=by)
    council.seal(third)
    row = council.view(third).moderations[0]
    assert (row["blind"], row["already_seen"]) == (0, 1)
    for audit in (first, second):
        assert council.view(audit).moderations[0]["unblinded"] == 1
        assert not council.view(audit).resource.blind_for


def test_an_audit_that_no_longer_stands_raises_nothing(small_council: Council) -> None:
    council = small_council
    audit = council.allocated()
    audit_handlers.void(
        council.services.desk,
        VoidAudit(audit=audit, reason="Wrong child."),
        by=council.actor("lead"),
    )
    with pytest.raises(Conflict):
        handlers.raise_concern(
            council.services.desk, RaiseConcern(audit=audit, what=WHAT), by=council.actor("lead")
        )
