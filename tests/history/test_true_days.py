"""The true day of every event, case by case: when what it says was so, as we know it now."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

from qa.audits import events as audit_events
from qa.audits.moderation_events import ModerationCancelled, ModerationImported, ModerationSelected
from qa.core.event import Event, Meta, RecordedEvent
from qa.core.words import Grant, Role
from qa.history.true_days import true_days
from qa.imports import events as import_events
from qa.people import events as people_events
from qa.plans import action_events
from tests.agreement.support import allocated, assigned, content, corrected, judged, superseded

MAY = {day: date(2026, 5, day) for day in range(1, 32)}


def told(day: int, event: Event, so: int | None = None, stream: str = "case-audit:a") -> Any:
    """An event told on a day of May, true of the same or of another one."""
    return day, event, so or day, stream


def days(*given: Any) -> list[int]:
    """The true days, as days of May, of events in the order of the log."""
    stream = [
        RecordedEvent(
            position=at,
            stream=name,
            version=at,
            recorded_at=datetime.combine(MAY[day], time(12), tzinfo=UTC),
            meta=Meta(
                fact_id=f"f{at}",
                effective_on=MAY[so],
                by="p",
                in_role="auditor",
                correlation_id="c",
            ),
            event=event,
        )
        for at, (day, event, so, name) in enumerate(given, start=1)
    ]
    return [day.day for day in true_days(stream)]


def sent(on: int) -> Event:
    return audit_events.CaseAuditSubmitted(auditor="p-a1", content=content("good", MAY[on], {}))


def sent_again(on: int) -> Event:
    return audit_events.CaseAuditResubmitted(
        auditor="p-a1", content=content("good", MAY[on], {}), changes=()
    )


ALLOCATED = allocated("a")
RETURNED = audit_events.CaseAuditReturned(comments="Say more of it.")
SELECTED = ModerationSelected(
    moderation="m-a", policy_version=1, reasons=("lottery",), due_on=MAY[31]
)


def test_an_audit_told_late_was_made_on_its_day_and_allocated_by_then() -> None:
    assert days(told(20, ALLOCATED), told(20, sent(3), so=3)) == [3, 3]
    assert days(told(1, ALLOCATED), told(20, sent(3), so=3)) == [1, 3]


def test_a_late_moderation_was_assigned_by_then_and_follows_the_audit() -> None:
    told_late = (
        told(1, ALLOCATED),
        told(5, sent(3), so=3),
        told(6, SELECTED),
        told(25, assigned("a")),
        told(28, judged("a", "good", MAY[20]), so=20),
    )
    assert days(*told_late) == [1, 3, 6, 20, 20]
    before_the_audit = (*told_late[:2], told(28, judged("a", "good", MAY[2]), so=2))
    assert days(*before_the_audit) == [1, 3, 3]


def test_a_correction_was_so_from_the_day_of_what_it_corrects() -> None:
    course = (
        told(1, ALLOCATED),
        told(5, sent(3), so=3),
        told(10, judged("a", "good", MAY[10]), so=10),
        told(20, corrected("rationale", "old", "new")),
        told(20, superseded("a")),
    )
    assert days(*course) == [1, 3, 10, 3, 20]


def test_a_corrected_audit_date_moves_the_audit_itself() -> None:
    assert days(
        told(1, ALLOCATED),
        told(10, sent(3), so=3),
        told(20, corrected("audit_date", "2026-05-03", "2026-05-08")),
    ) == [1, 8, 8]


def test_a_returned_audit_was_with_its_author_until_it_was_sent_again() -> None:
    assert days(
        told(1, ALLOCATED),
        told(5, sent(3), so=3),
        told(12, RETURNED),
        told(20, sent_again(3), so=3),
        told(22, corrected("rationale", "old", "new")),
    ) == [1, 3, 12, 20, 20]


def test_a_withdrawal_holds_from_its_day_and_a_void_from_the_first() -> None:
    course = (told(1, ALLOCATED), told(5, sent(3), so=3))
    assert days(*course, told(20, audit_events.CaseAuditWithdrawn())) == [1, 3, 20]
    assert days(*course, told(20, audit_events.CaseAuditVoided())) == [1, 3, 1]


def test_an_import_undone_never_was_and_what_is_brought_in_anew_follows_nothing() -> None:
    def brought(on: int) -> Event:
        labels = allocated("a").model_dump()
        kept = {name: labels[name] for name in ("reference", "child", "tool", "tool_version")}
        return audit_events.CaseAuditImported(
            **kept,
            auditor="p-a1",
            auditor_as_written="A",
            team="north",
            team_name="North",
            service="help",
            service_name="Help",
            audit_date=MAY[on],
            overall="good",
        )

    moderated = ModerationImported(
        moderation="m-a",
        reference="M1",
        moderator="p-m",
        moderator_as_written="M",
        moderated_on=MAY[9],
        overall="good",
    )
    assert days(
        told(20, brought(4), so=4),
        told(21, moderated, so=9),
        told(22, ModerationCancelled(moderation="m-a")),
        told(22, audit_events.CaseAuditVoided()),
        told(25, brought(2), so=2),
    ) == [4, 9, 9, 4, 2]
    plain = ModerationCancelled(moderation="m-b")
    assert days(told(20, brought(4), so=4), told(22, plain)) == [4, 22]


def test_a_role_is_held_from_its_first_day_by_somebody_who_was_there() -> None:
    def grant(on: int) -> Grant:
        return Grant(role=Role.READER, since=MAY[on])

    def of(day: int, event: Event, so: int | None = None) -> Any:
        return told(day, event, so, "person:p")

    added = people_events.PersonAdded(person="p", handle="p", name="P")
    moved = people_events.PersonMoved(team="east", service="s", manager=None, job_title="")
    assert days(
        of(10, added),
        of(10, people_events.RoleGranted(grant=grant(2)), so=2),
        of(11, people_events.RoleGranted(grant=grant(20)), so=20),
        of(12, people_events.RoleEnded(grant=grant(20))),
        of(13, moved, so=16),
    ) == [2, 2, 20, 20, 16]


def test_on_any_other_stream_what_a_late_event_follows_was_so_by_then() -> None:
    batch = import_events.ImportBatchReversed(batch="b", records=1)
    told_of = [told(10, batch, None, "import:b"), told(20, batch, 4, "import:b")]
    assert days(*told_of) == [4, 4]


def test_a_review_of_an_earlier_day_moves_nothing_that_was_told_before_it() -> None:
    """A rating as at the 2nd, told on the 20th, says nothing of a date that moved on the 10th."""
    dates = {"request": "r", "old": (), "new": ()}
    agreed = action_events.PlanActionAgreed(
        action="a", plan="p", part="1", reference="1.1", title="Do it", since=MAY[5]
    )
    rated = action_events.PlanActionAssessed(assessment="x", as_at=MAY[2], scale="s@1", level="red")
    found = days(
        told(5, agreed, stream="plan-action:a"),
        told(9, action_events.PlanActionRescheduleAsked(**dates), stream="plan-action:a"),
        told(10, action_events.PlanActionRescheduled(**dates), 8, stream="plan-action:a"),
        told(20, rated, 2, stream="plan-action:a"),
        told(
            21,
            action_events.PlanActionAssessmentAccepted(assessment="x", meeting="m"),
            1,
            stream="plan-action:a",
        ),
        told(
            22, action_events.PlanActionAssessmentWithdrawn(assessment="x"), stream="plan-action:a"
        ),
    )
    assert found == [2, 9, 9, 2, 2, 2]
