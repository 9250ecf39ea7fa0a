"""What an action refuses about its texts and its owner."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from qa.actions import decisions, events
from qa.actions.commands import (
    ChallengeAction,
    DropAction,
    EffectCheck,
    ReopenAction,
    TransferAction,
)
from qa.actions.events import LONGEST, LONGEST_REFERENCE
from tests.actions.support import (
    ACCEPTED,
    CLAIMED,
    FOLLOWING,
    POLICY,
    RAISED,
    RECORD,
    SEEN,
    claim,
    standing,
)
from tests.support.given import TODAY, codes_of

LONG = "x" * (LONGEST + 1)
LONG_REFERENCE = "x" * (LONGEST_REFERENCE + 1)


def test_a_source_is_named_briefly() -> None:
    longest = RAISED.model_copy(update={"source": LONG_REFERENCE[1:]})
    assert codes_of(lambda: decisions.raise_one(longest, today=TODAY)) == []
    over = RAISED.model_copy(update={"source": LONG_REFERENCE})
    assert codes_of(lambda: decisions.raise_one(over, today=TODAY)) == ["source-long"]


def test_evidence_says_what_and_where_briefly() -> None:
    accepted = standing(events.ActionAccepted())
    where = RECORD.model_copy(update={"where": LONG_REFERENCE})
    accepted.when(lambda a: claim(a, where)).refused("where-long")
    what = RECORD.model_copy(update={"what": LONG})
    accepted.when(lambda a: claim(a, what)).refused("what-long")
    whole = RECORD.model_copy(update={"what": LONG[1:], "where": LONG_REFERENCE[1:]})
    accepted.when(lambda a: claim(a, whole)).then(events.ActionClaimedDone)


@pytest.mark.parametrize("size", [LONGEST, LONGEST + 1])
def test_a_challenge_and_a_reason_have_a_length(size: int) -> None:
    text = ("They moved away: " + "x" * size)[:size]
    over = size > LONGEST
    found = standing().when(
        lambda a: decisions.challenge(a, ChallengeAction(action="a1", why=text))
    )
    found.refused("why-long") if over else found.then(events.ActionChallenged)
    found = standing().when(lambda a: decisions.drop(a, DropAction(action="a1", reason=text)))
    found.refused("reason-long") if over else found.then(events.ActionNoLongerApplicable)


def test_proof_is_named_briefly() -> None:
    at_check = standing(events.ActionAccepted(), CLAIMED, ACCEPTED)

    def confirm(checked: EffectCheck) -> list[str]:
        return codes_of(
            lambda: decisions.confirm_impact(
                at_check.state, checked, by="p-lead", line=(), today=TODAY
            )
        )

    assert confirm(SEEN.model_copy(update={"reference": LONG_REFERENCE[1:]})) == []
    assert confirm(SEEN.model_copy(update={"reference": LONG_REFERENCE})) == ["proof-long"]


def test_an_action_is_handed_to_somebody_else() -> None:
    def transfer(owner: str, team: str = "east") -> list[str]:
        return codes_of(
            lambda: decisions.transfer(
                standing().state,
                TransferAction(action="a1", owner=owner, reason="A new post."),
                team=team,
                service="safeguarding",
                policy=POLICY,
                today=TODAY,
            )
        )

    assert transfer("p-owner") == ["owner-same"]
    assert transfer("p-owner", "west") == []
    assert transfer("p-other") == []


def test_a_loop_is_opened_again_by_a_finding() -> None:
    closed = standing(
        events.ActionAccepted(),
        CLAIMED,
        ACCEPTED,
        events.ImpactConfirmed(proof="dip-sample", reference="June sample", note="Up to date."),
    ).state

    def reopen(finding: str) -> list[str]:
        return codes_of(
            lambda: decisions.reopen(
                closed,
                ReopenAction(
                    action="a1", next=FOLLOWING, finding=finding, reason="The same was seen again."
                ),
                next_action="a2",
                policy=POLICY,
                today=TODAY + timedelta(days=1),
            )
        )

    assert reopen(" ") == ["finding-missing"]
    assert reopen(LONG) == ["finding-long"]
    assert reopen("Seen again in June.") == []


def test_an_action_is_due_from_today_within_two_years() -> None:
    def raised(day: date) -> list[str]:
        due = RAISED.model_copy(update={"due_on": day})
        return codes_of(lambda: decisions.raise_one(due, today=TODAY))

    last = TODAY.replace(year=TODAY.year + 2)
    assert raised(TODAY) == raised(last) == []
    assert raised(TODAY - timedelta(days=1)) == ["date-past"]
    assert raised(last + timedelta(days=1)) == ["date-far"]
