"""Concerns, follow-ups, releases and disputed facts in queues, notices and the clock of run-due."""

from __future__ import annotations

from datetime import timedelta

from api.jobs.run_due import run_due
from api.notifications.announcing import announce
from qa.follow_ups import commands as follow_up_commands
from qa.practitioners import commands as practitioner_commands
from qa.safeguarding import commands as safeguarding_commands
from tests.actions.test_pages import read
from tests.follow_ups.test_commands import inadequate
from tests.notifications.test_outbox import told
from tests.practitioners.test_pages import released
from tests.support.council import Council


def counts(council: Council) -> dict[str, int]:
    done = run_due(council.services)
    assert [one.trouble for one in done if one.trouble] == []
    return {one.name: one.count for one in done}


def test_a_concern_waits_is_told_and_goes_up_by_the_clock(council: Council) -> None:
    desk, ids = council.services.desk, council.ids
    announce(council.services)
    audit = council.allocated()
    done = safeguarding_commands.raise_concern(
        desk, audit=audit, what="Alone at night.", by=council.actor("auditor")
    )
    concern = str(done.response["concern"])
    assert "Manager to tell of a concern" in read(council, "auditor", "/")
    safeguarding_commands.tell_manager(
        desk,
        audit=audit,
        concern=concern,
        manager=ids["moderator"],
        how="telephone",
        by=council.actor("auditor"),
    )
    assert "Concern to acknowledge" in read(council, "moderator", "/")
    assert counts(council)["escalate"] == 0
    assert any("waits for your acknowledgement" in text for text in told(council, "moderator"))
    assert "night" not in " ".join(told(council, "moderator"))
    council.clock.advance(timedelta(minutes=121))
    assert counts(council)["escalate"] == 1
    assert counts(council)["escalate"] == 0
    assert any("Nobody has acknowledged" in text for text in told(council, "lead"))
    assert "Concern to acknowledge" in read(council, "lead", "/")
    safeguarding_commands.acknowledge(
        desk, audit=audit, concern=concern, doing="A visit.", by=council.actor("lead")
    )
    council.clock.advance(timedelta(days=2))
    assert counts(council)["escalate"] == 0
    assert "Concern to acknowledge" not in read(council, "moderator", "/")


def test_follow_ups_releases_and_disputed_facts_wait_for_whom_they_concern(
    small_council: Council,
) -> None:
    council = small_council
    desk = council.services.desk
    announce(council.services)
    audit, _ = inadequate(council)
    assert "Inadequate audit: to be escalated" in read(council, "lead", "/")
    follow_up_commands.escalate(
        desk, audit=audit, owner=council.ids["lead2"], by=council.actor("lead")
    )
    assert "Inadequate audit: plan to be agreed" in read(council, "lead2", "/")
    assert "Inadequate audit" not in read(council, "lead", "/")
    assert "Inadequate audit" not in read(council, "auditor", "/")

    case = released(council)
    practitioner_commands.dispute_fact(
        desk, audit=case, stated="Two visits.", should_be="Four.", by=council.actor("worker")
    )
    assert "Disputed fact to answer" in read(council, "auditor", "/")
    assert "Disputed fact to answer" in read(council, "lead", "/")
    assert "Disputed fact to answer" not in read(council, "auditor2", "/")
    announce(council.services)
    assert any("You answer for the follow-up" in text for text in told(council, "lead2"))
    assert any("of your case is open to you" in text for text in told(council, "worker"))
    assert any("is disputed" in text for text in told(council, "auditor"))
    dispute = council.program("worker").get(f"/api/v1/case-audits/{case}/response").json()
    practitioner_commands.answer(
        desk,
        audit=case,
        dispute=dispute["entries"][0]["entry"],
        outcome="stands",
        text="It does.",
        by=council.actor("auditor"),
    )
    announce(council.services)
    assert any("was answered" in text for text in told(council, "worker"))
    assert "Disputed fact" not in read(council, "auditor", "/")
