"""Inadequate audits by their commands: from the grade to another auditor's better one."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from projections.core.rebuild import rebuild
from projections.core.verify import verify
from projections.follow_ups import queries, tables
from projections.follow_ups.tables import FollowUpRow
from qa.audits import handlers as audit_handlers
from qa.audits.commands import WithdrawAudit
from qa.core.errors import Forbidden, NotFound, NotNow, Refused
from qa.follow_ups import handlers
from qa.follow_ups.commands import AgreeFollowUpPlan, EscalateFollowUp
from tests.follow_ups.support import inadequate, re_audit
from tests.support.council import Council


def row(council: Council, audit: str) -> FollowUpRow | None:
    with council.services.store.reading() as connection:
        return queries.one(connection, audit)


def stage(council: Council, audit: str) -> str:
    found = row(council, audit)
    assert found is not None
    return str(found.stage)


def test_from_inadequate_to_a_better_judgement_by_another_and_the_rows_made_anew_are_the_same(
    council: Council,
) -> None:
    desk, lead = council.services.desk, council.actor("lead")
    audit, action = inadequate(council)
    begun = row(council, audit)
    assert begun is not None
    assert (begun.stage, begun.round, begun.escalate_by) == ("recorded", 1, "2026-03-03")
    with pytest.raises(NotNow):
        handlers.agree_plan(
            desk, AgreeFollowUpPlan(audit=audit, actions=(action,), plan="Visit."), by=lead
        )
    for who, code in (("worker", "not-a-head"), ("auditor2", "not-a-head")):
        with pytest.raises(Refused) as refusal:
            handlers.escalate(desk, EscalateFollowUp(audit=audit, owner=council.ids[who]), by=lead)
        assert refusal.value.faults[0].code == code
    handlers.escalate(
        desk, EscalateFollowUp(audit=audit, owner=council.ids["moderator"]), seen=1, by=lead
    )
    with pytest.raises(Refused):
        handlers.agree_plan(
            desk, AgreeFollowUpPlan(audit=audit, actions=("0" * 32,), plan="Visit."), by=lead
        )
    handlers.agree_plan(
        desk, AgreeFollowUpPlan(audit=audit, actions=(action,), plan="Visit weekly."), by=lead
    )

    with pytest.raises(Refused) as refusal:
        council.allocated("auditor", child=begun.child, re_audit_of=audit)
    assert refusal.value.faults[0].code == "same-auditor"
    council.clock.advance(timedelta(days=84))
    worse = re_audit(council, audit, "inadequate")
    again = row(council, audit)
    assert again is not None
    assert (again.stage, again.round, again.owner) == ("recorded", 2, None)
    assert row(council, worse) is None, "the first follow-up goes on; there is no second"
    assert again.re_audit_by == (date(2026, 3, 2) + timedelta(days=168)).isoformat()

    better = re_audit(council, audit, "good", "auditor2")
    resolved = row(council, audit)
    assert resolved is not None
    assert (resolved.stage, resolved.re_audit) == ("resolved", better)
    with pytest.raises(NotNow):
        handlers.escalate(desk, EscalateFollowUp(audit=audit, owner=council.ids["lead"]), by=lead)

    table = tables.follow_up_row
    with council.services.store.reading() as connection:
        before = [tuple(r) for r in connection.execute(select(table))]
    rebuild(council.services.store, council.services.registry)
    with council.services.store.reading() as connection:
        after = [tuple(r) for r in connection.execute(select(table))]
    assert sorted(before, key=str) == sorted(after, key=str)
    assert verify(council.services.store, council.services.registry) == []


def test_a_grade_that_changes_ends_or_begins_it(small_council: Council) -> None:
    council = small_council
    audit, _ = council.moderated("inadequate", theirs="inadequate")
    assert stage(council, audit) == "recorded"
    withdrawn, _ = inadequate(council)
    audit_handlers.withdraw(
        council.services.desk,
        WithdrawAudit(audit=withdrawn, reason="Wrong sample."),
        by=council.actor("lead"),
    )
    ended = row(council, withdrawn)
    assert ended is not None
    assert (ended.stage, ended.cause) == ("ended", "audit-withdrawn")
    good, _ = council.moderated("good", theirs="good")
    assert row(council, good) is None


def test_a_blind_moderator_learns_nothing_of_it(small_council: Council) -> None:
    council = small_council
    audit, _ = council.assigned("inadequate")
    moderator = council.actor("moderator")
    desk = council.services.desk
    with pytest.raises((Forbidden, NotFound)):
        handlers.escalate(
            desk, EscalateFollowUp(audit=audit, owner=council.ids["lead"]), by=moderator
        )
    with pytest.raises(Refused) as refusal:
        handlers.escalate(
            desk,
            EscalateFollowUp(audit=audit, owner=council.ids["moderator"]),
            by=council.actor("lead"),
        )
    assert refusal.value.faults[0].code == "owner-blind"
    browser = council.browser("moderator")
    assert browser.get(f"/audits/{audit}/follow-up").status_code == 403
    assert "Nothing is being followed up" in browser.get("/follow-ups").text
    assert "Follow-up</dt>" not in browser.get(f"/audits/{audit}").text
    with pytest.raises((Forbidden, NotFound)):
        handlers.escalate(
            desk,
            EscalateFollowUp(audit=audit, owner=council.ids["lead"]),
            by=council.actor("worker"),
        )
