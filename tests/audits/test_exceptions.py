"""Rules that were set aside: counted by quarter and team, with the list behind each count."""

from __future__ import annotations

from datetime import date, timedelta
from urllib.parse import urlencode

import pytest

from qa.audits import handlers as audit_handlers
from qa.audits.commands import CorrectAudit, ReassignAudit, WithdrawAudit
from qa.audits.judgements import RuleOverride
from qa.people import handlers as people
from qa.people.commands import OPERATOR, MovePerson
from tests.support.council import Council, content, words_of
from tests.support.forms import read
from tests.support.told_codes import ToldCodes

pytestmark = pytest.mark.one_database

HERE = "/api/v1/rule-exceptions"
ASIDE = RuleOverride(rule="inadequate-anywhere", reason="One lapse, put right the day after.")


def _set_aside(council: Council) -> str:
    """An audit of the east team with a rule set aside, and its planning short of an action."""
    good = content(council.tool, council.today)
    judgements = tuple(
        one.model_copy(update={"grade": "inadequate"}) if one.domain == "planning" else one
        for one in good.judgements
    )
    return council.submitted(judgements=judgements, overrides=(ASIDE,))


@pytest.mark.both_databases
def test_what_was_set_aside_is_counted_and_opens_to_its_list(council: Council) -> None:
    audit = _set_aside(council)
    lead = council.program("lead")
    found = lead.get(HERE).json()
    [count] = found["counts"]
    assert (count["quarter"], count["team"]) == ("2025/26 Q4", "east")
    assert count["counts"] == {"rule": 1, "independence": 0, "no-action": 1}
    assert {(one["kind"], one["rule"]) for one in found["exceptions"]} == {
        ("rule", "inadequate-anywhere"),
        ("no-action", "planning"),
    }
    page = council.browser("lead").get("/rule-exceptions")
    address = "/rule-exceptions?since=2026-01-01&amp;until=2026-03-31&amp;team=east&amp;kind=rule"
    assert address in page.text
    told = words_of(council.browser("lead").get(address.replace("&amp;", "&")).text)
    assert "1 rule set aside" in told
    assert "Kind: Rule of the tool set aside" in told
    assert ASIDE.reason in told
    audit_handlers.withdraw(
        council.services.desk,
        WithdrawAudit(audit=audit, reason="Drawn by mistake."),
        by=council.actor("lead"),
    )
    assert lead.get(HERE).json()["exceptions"] == []
    assert "No rule was set aside" in read(council, "lead", "/rule-exceptions")


def test_independence_set_aside_is_counted_until_it_is_handed_on(council: Council) -> None:
    desk, lead = council.services.desk, council.actor("lead")
    people.move_person(
        desk,
        MovePerson(person=council.ids["auditor"], team="east", manager=None, job_title=""),
        by=OPERATOR,
    )
    council.submitted(auditor="auditor2", child="C-00100")
    audit = council.allocated(child="C-00100", exception="A complaint asks for her.")
    program = council.program("lead")
    found = program.get(HERE, params={"kind": "independence"}).json()["exceptions"]
    assert [(one["audit"], one["rule"], one["approved_by"]) for one in found] == [
        (audit, "own-team", council.ids["lead"]),
        (audit, "audited-recently", council.ids["lead"]),
    ]
    audit_handlers.reassign(
        desk,
        ReassignAudit(
            audit=audit, auditor=council.ids["auditor2"], reason="She is on leave until May."
        ),
        by=lead,
    )
    assert [one["rule"] for one in program.get(HERE).json()["exceptions"]] == ["audited-recently"]


def test_a_correction_of_the_reason_is_shown_and_a_past_moment_keeps_the_old(
    council: Council,
) -> None:
    audit = _set_aside(council)
    head = council.services.store.head()
    council.clock.advance(timedelta(days=1))
    new = "One lapse, put right within a day."
    audit_handlers.correct(
        council.services.desk,
        CorrectAudit(
            audit=audit,
            field="overrides.inadequate-anywhere",
            new=new,
            kind="fact",
            reason="It was the same day.",
        ),
        by=council.actor("lead"),
    )
    rule = {"kind": "rule"}
    lead = council.program("lead")
    assert [one["why"] for one in lead.get(HERE, params=rule).json()["exceptions"]] == [new]
    then = lead.get(HERE, params={**rule, "position": head}).json()["exceptions"]
    assert [one["why"] for one in then] == [ASIDE.reason]


def test_who_moderates_blind_learns_nothing_of_what_was_set_aside(council: Council) -> None:
    _set_aside(council)
    assert council.program("moderator").get(HERE).json()["exceptions"] == []
    assert council.program("admin").get(HERE).status_code == 403
    assert council.browser("admin").get("/rule-exceptions").status_code == 403


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"since": "2026-02-01", "until": "2026-01-01"}, "dates-reversed"),
        ({"kind": "nonsense"}, "literal_error"),
    ],
)
def test_what_is_asked_for_is_checked(
    small_council: Council, query: dict[str, str], code: str
) -> None:
    refused = small_council.program("lead").get(HERE, params=query)
    assert refused.status_code == 422
    assert code in refused.text
    page = small_council.browser("lead").get(f"/rule-exceptions?{urlencode(query)}")
    assert page.status_code == 422


def test_a_kind_of_exception_that_there_is_not_is_named(
    small_council: Council, told_codes: ToldCodes
) -> None:
    assert small_council.browser("lead").get("/rule-exceptions?kind=nonsense").status_code == 422
    assert "kind-unknown" in told_codes


def test_days_outside_are_left_out(council: Council) -> None:
    _set_aside(council)
    early = {"until": (council.today - timedelta(days=1)).isoformat()}
    assert council.program("lead").get(HERE, params=early).json()["counts"] == []
    assert council.today == date(2026, 3, 2)
