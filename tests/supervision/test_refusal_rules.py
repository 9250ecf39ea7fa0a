"""What supervision and its checks refuse, by name, at the edge of each bound."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from qa.core.event import Event
from qa.core.reasons import LONGEST
from qa.supervision import check_decisions, decisions, open_cases
from qa.supervision.check_events import SupervisionCheckSubmitted, SupervisionModerationAssigned
from qa.supervision.commands import (
    AssignSupervisionModerator,
    GiveSupervisionFeedback,
    ModerateSupervisionCheck,
    RecordSession,
    SetSupervisionPromptAside,
    SubmitSupervisionCheck,
)
from qa.supervision.events import OpenCase, OpenCasesListed, SupervisionEnded
from qa.supervision.open_cases import MOST_CASES
from qa.supervision.state import SupervisionCheck, evolve_check
from tests.supervision.support import ABOVE, ASKED, BEGAN, QUALITY, TODAY, after, judged, own_grades
from tests.support.given import codes_of, recorded

SUBMITTED = SupervisionCheckSubmitted(content=judged(QUALITY, TODAY))
NAMED = SupervisionModerationAssigned(moderator="moderator", due_on=TODAY)


def check(*past: Event) -> SupervisionCheck:
    state = SupervisionCheck()
    for version, event in enumerate((ASKED, *past), start=1):
        state = evolve_check(state, recorded(event, version, "supervision-check:c"))
    return state


def test_a_moderator_of_a_check_is_asked_once() -> None:
    def assign(moderator: str, *past: Event) -> list[str]:
        command = AssignSupervisionModerator(check="c", moderator=moderator, due_on=TODAY)
        return codes_of(
            lambda: check_decisions.assign_moderator(
                check(SUBMITTED, *past), command, line=ABOVE, today=TODAY
            )
        )

    assert assign("moderator") == []
    assert assign("moderator", NAMED) == ["moderator-same"]
    assert assign("other", NAMED) == []
    assert assign("checker") == ["own-check"]


def test_a_check_is_moderated_when_somebody_was_asked() -> None:
    def moderate(*past: Event, comment: str = "") -> list[str]:
        grade = "requires-improvement"
        command = ModerateSupervisionCheck(
            check="c", judgements=own_grades(QUALITY, grade), overall=grade, comment=comment
        )
        return codes_of(
            lambda: check_decisions.moderate(
                check(SUBMITTED, *past), command, by="moderator", line=ABOVE, tool=QUALITY
            )
        )

    assert moderate() == ["moderation-none"]
    assert moderate(NAMED) == ["comment-missing"]
    words = "word " * (LONGEST // 5)
    assert moderate(NAMED, comment=words) == []
    assert moderate(NAMED, comment=f"{words}x") == ["comment-long"]


@pytest.mark.parametrize(("days", "refused"), [(-1, True), (0, False), (1, False), (2, True)])
def test_feedback_is_of_a_day_from_the_check_to_today(days: int, refused: bool) -> None:
    given_on, today = TODAY + timedelta(days=days), TODAY + timedelta(days=1)
    command = GiveSupervisionFeedback(check="c", given_on=given_on, note="Told both.")
    found = codes_of(lambda: check_decisions.give_feedback(check(SUBMITTED), command, today=today))
    assert found == (["date-outside"] if refused else [])


@pytest.mark.parametrize(
    ("values", "codes"),
    [
        ({"period_to": TODAY}, []),
        ({"checked_on": TODAY - timedelta(days=1), "period_to": TODAY}, ["period-after-check"]),
        ({"period_from": date(2024, 3, 1)}, []),
        ({"period_from": date(2024, 2, 29)}, ["period-long"]),
        ({"checked_on": TODAY + timedelta(days=1)}, ["date-future"]),
    ],
)
def test_a_check_looks_at_two_years_before_it(values: dict[str, Any], codes: list[str]) -> None:
    command = SubmitSupervisionCheck(check="c", content=judged(QUALITY, TODAY, **values))
    assert codes_of(lambda: check_decisions.submit(check(), command, QUALITY, today=TODAY)) == codes


def test_a_prompt_is_set_aside_where_there_is_one() -> None:
    def aside(*audits: str) -> list[str]:
        command = SetSupervisionPromptAside(practitioner="p", audits=audits, reason="Seen already.")
        return codes_of(lambda: decisions.set_aside(command))

    assert aside() == ["prompt-none"]
    assert aside("a1") == []


def test_a_session_lies_within_the_supervision() -> None:
    ended = after((BEGAN, date(2026, 1, 5)), (SupervisionEnded(), date(2026, 2, 2)))

    def held(day: date) -> list[str]:
        command = RecordSession(pair="p", held_on=day)
        return codes_of(lambda: decisions.hold(ended, command, session="s", today=TODAY))

    assert held(date(2026, 1, 4)) == ["date-before"]
    assert held(date(2026, 2, 2)) == []
    assert held(date(2026, 2, 3)) == ["date-after"]


def test_a_list_of_open_cases_names_each_once() -> None:
    def listed(*cases: OpenCase) -> list[str]:
        found = OpenCasesListed(counted_on=TODAY, source="The case system.", cases=cases)
        return codes_of(lambda: open_cases.list_cases(found, today=TODAY))

    one = OpenCase(case="C-1", team="east", service="s", supervised_on=TODAY)
    assert listed(one) == []
    assert listed() == ["cases-missing"]
    assert listed(one, one) == ["case-twice"]
    assert listed(
        OpenCase(case="C-1", team="east", service="s", supervised_on=TODAY + timedelta(days=1))
    ) == ["date-after"]
    many = tuple(
        OpenCase(case=f"C-{number}", team="east", service="s") for number in range(MOST_CASES + 1)
    )
    assert listed(*many[1:]) == []
    assert listed(*many) == ["cases-missing"]
