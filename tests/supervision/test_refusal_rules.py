"""What supervision and its checks refuse, by name, at the edge of each bound."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from qa.core.event import Event
from qa.supervision import check_decisions, decisions, open_cases
from qa.supervision.check_decisions import LONGEST, SupervisionCheck
from qa.supervision.check_events import SupervisionCheckSubmitted, SupervisionModerationAssigned
from qa.supervision.events import OpenCase, OpenCasesListed, SupervisionEnded, SupervisionHeld
from qa.supervision.open_cases import MOST_CASES
from tests.supervision.support import ABOVE, ASKED, BEGAN, QUALITY, TODAY, after, judged, own_grades
from tests.support.given import codes_of, recorded

SUBMITTED = SupervisionCheckSubmitted(content=judged(QUALITY, TODAY))
NAMED = SupervisionModerationAssigned(moderator="moderator", due_on=TODAY)


def check(*past: Event) -> SupervisionCheck:
    state = SupervisionCheck()
    for version, event in enumerate((ASKED, *past), start=1):
        state = check_decisions.evolve(state, recorded(event, version, "supervision-check:c"))
    return state


def test_a_moderator_of_a_check_is_asked_once() -> None:
    def assign(moderator: str, *past: Event) -> list[str]:
        return codes_of(
            lambda: check_decisions.assign_moderator(
                check(SUBMITTED, *past), moderator=moderator, line=ABOVE, due_on=TODAY, today=TODAY
            )
        )

    assert assign("moderator") == []
    assert assign("moderator", NAMED) == ["moderator-same"]
    assert assign("other", NAMED) == []
    assert assign("checker") == ["own-check"]


def test_a_check_is_moderated_when_somebody_was_asked() -> None:
    def moderate(*past: Event, comment: str = "") -> list[str]:
        return codes_of(
            lambda: check_decisions.moderate(
                check(SUBMITTED, *past), judgements=own_grades(QUALITY, "requires-improvement"),
                overall="requires-improvement", comment=comment, by="moderator", line=ABOVE,
                tool=QUALITY,
            )
        )  # fmt: skip

    assert moderate() == ["moderation-none"]
    assert moderate(NAMED) == ["comment-missing"]
    assert moderate(NAMED, comment="x" * LONGEST) == []
    assert moderate(NAMED, comment="x" * (LONGEST + 1)) == ["comment-long"]


@pytest.mark.parametrize(("days", "refused"), [(-1, True), (0, False), (1, False), (2, True)])
def test_feedback_is_of_a_day_from_the_check_to_today(days: int, refused: bool) -> None:
    found = codes_of(
        lambda: check_decisions.give_feedback(
            check(SUBMITTED), given_on=TODAY + timedelta(days=days), note="Told both.",
            today=TODAY + timedelta(days=1),
        )
    )  # fmt: skip
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
    content = judged(QUALITY, TODAY, **values)
    assert codes_of(lambda: check_decisions.submit(check(), content, QUALITY, today=TODAY)) == codes


def test_a_prompt_is_set_aside_where_there_is_one() -> None:
    def aside(audits: list[str]) -> list[str]:
        return codes_of(
            lambda: decisions.set_aside(practitioner="p", audits=audits, reason="Seen already.")
        )

    assert aside([]) == ["prompt-none"]
    assert aside(["a1"]) == []


def test_a_session_lies_within_the_supervision() -> None:
    ended = after((BEGAN, date(2026, 1, 5)), (SupervisionEnded(), date(2026, 2, 2)))

    def held(day: date) -> list[str]:
        return codes_of(
            lambda: decisions.hold(
                ended, SupervisionHeld(session="s", held_on=day, cases=(), note=""), today=TODAY
            )
        )

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
