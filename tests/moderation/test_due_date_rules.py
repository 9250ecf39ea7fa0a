"""What waits about a difference or a dispute is due on its own day, wherever it is shown."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from projections.audits import worklist
from qa.audits.moderation_events import ModerationRecorded
from qa.authorisation.policy import reach
from qa.core.clock import add_working_days
from qa.moderation import handlers
from qa.moderation.commands import AssignDispute, DisputeGrade
from tests.audits.support import (
    ALLOCATED,
    POLICY,
    SELECTED,
    STARTED,
    assigned,
    audit,
    judged,
    submitted,
)
from tests.moderation.support import record
from tests.support.council import Council, words_of
from tests.support.given import TODAY

PAST = (ALLOCATED, STARTED, submitted(), SELECTED)


def due(council: Council, handle: str) -> dict[str, str | None]:
    with council.services.store.reading() as connection:
        found = worklist.worklist(connection, reach(council.actor(handle)))
    return {item.kind: item.due_on for item in found}


def test_a_difference_and_a_dispute_are_due_on_days_of_their_own(small_council: Council) -> None:
    council = small_council
    made, moderation = council.assigned("good")
    council.services.clock.advance(timedelta(days=30))
    council.record(made, moderation, "inadequate")
    settle_by = add_working_days(council.today, 10).isoformat()
    for party in ("auditor", "moderator"):
        assert due(council, party)["difference"] == settle_by
    page = words_of(council.browser("moderator").get(f"/audits/{made}/moderation").text)
    assert "To be settled by" in page
    assert "overdue" not in page
    council.services.clock.advance(timedelta(days=20))
    handlers.dispute(
        council.services.desk,
        DisputeGrade(
            audit=made,
            moderation=moderation,
            about=("overall",),
            grounds="The plan was overlooked.",
            evidence="",
        ),
        by=council.actor("auditor"),
    )
    decide_by = add_working_days(council.today, 10).isoformat()
    assert due(council, "lead")["assign-dispute"] == decide_by
    handlers.assign_dispute(
        council.services.desk,
        AssignDispute(audit=made, moderation=moderation, decider=council.ids["lead2"]),
        by=council.actor("lead"),
    )
    assert due(council, "lead2")["dispute"] == decide_by
    told = council.program("lead2", "read").get("/api/v1/worklist").json()["items"]
    assert [one["due_on"] for one in told if one["kind"] == "dispute"] == [decide_by]


def test_a_difference_has_a_due_date_of_its_own_unless_the_moderator_is_final() -> None:
    def settle_by(overall: str, **values: Any) -> Any:
        policy = POLICY.model_copy(
            update={"settle_difference_within_working_days": 4, "moderator_is_final": False}
            | values
        )
        asked = audit(*PAST, assigned()).when(lambda s: record(s, judged(overall), policy))
        first = asked.events[0]
        assert isinstance(first, ModerationRecorded)
        return first.settle_by

    assert settle_by("requires-improvement") == add_working_days(TODAY, 4)
    assert settle_by("good") is None
    assert settle_by("requires-improvement", moderator_is_final=True) is None
