"""What waits about a difference or a dispute is due on its own day, wherever it is shown."""

from __future__ import annotations

from datetime import timedelta

from projections.audits import worklist
from qa.authorisation.policy import reach
from qa.core.clock import add_working_days
from qa.moderation import commands
from tests.support.council import Council, words_of


def due(council: Council, handle: str) -> dict[str, str | None]:
    with council.services.store.reading() as connection:
        found = worklist.worklist(connection, reach(council.actor(handle)))
    return {item.kind: item.due_on for item in found}


def test_a_difference_and_a_dispute_are_due_on_days_of_their_own(small_council: Council) -> None:
    council = small_council
    audit, moderation = council.assigned("good")
    council.services.clock.advance(timedelta(days=30))
    council.record(audit, moderation, "inadequate")
    settle_by = add_working_days(council.today, 10).isoformat()
    for party in ("auditor", "moderator"):
        assert due(council, party)["difference"] == settle_by
    page = words_of(council.browser("moderator").get(f"/audits/{audit}/moderation").text)
    assert "To be settled by" in page
    assert "overdue" not in page
    council.services.clock.advance(timedelta(days=20))
    commands.dispute(
        council.services.desk, audit=audit, moderation_id=moderation, about=("overall",),
        grounds="The plan was overlooked.", evidence="", by=council.actor("auditor"),
    )  # fmt: skip
    decide_by = add_working_days(council.today, 10).isoformat()
    assert due(council, "lead")["assign-dispute"] == decide_by
    commands.assign_dispute(
        council.services.desk, audit=audit, moderation_id=moderation, decider=council.ids["lead2"],
        by=council.actor("lead"),
    )  # fmt: skip
    assert due(council, "lead2")["dispute"] == decide_by
    told = council.program("lead2", "read").get("/api/v1/worklist").json()["items"]
    assert [one["due_on"] for one in told if one["kind"] == "dispute"] == [decide_by]
