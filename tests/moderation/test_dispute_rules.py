"""The rules of a difference between two grades: reconciled, disputed, decided."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from qa.audit_tools.files import shipped_tools
from qa.audits import events as audit_events
from qa.audits import moderation_events
from qa.audits.state import CaseAudit
from qa.core.clock import add_working_days
from qa.core.event import Event
from qa.core.words import Role
from qa.moderation import disputes
from qa.moderation.commands import DecideDispute, RecordConversation
from tests.audits.support import (
    ALLOCATED,
    AUDITOR,
    DECIDER,
    M1,
    SELECTED,
    STARTED,
    TOOL,
    assigned,
    audit,
    finalised,
    judged,
)
from tests.moderation.support import DIFFERS, PAST, challenge, decide, reconcile
from tests.support.council import content
from tests.support.given import TODAY, codes_of

AREAS = next(tool for tool in shipped_tools() if not tool.has_overall)
DOMAIN = judged().judgements[0].domain


def test_a_conversation_about_a_difference_is_noted_once_it_was() -> None:
    def converse(state: CaseAudit, day: date = TODAY) -> Any:
        spoken = RecordConversation(audit="a1", moderation=M1, held_on=day)
        return disputes.converse(state, spoken, today=TODAY)

    audit(*DIFFERS).when(converse).then(moderation_events.ModerationConversationHeld)
    audit(*PAST, assigned()).when(converse).refused("no-difference")
    audit(*DIFFERS).when(lambda s: converse(s, TODAY + timedelta(days=1))).refused("date-future")


def test_a_domain_is_settled_with_a_grade_of_its_own_scale() -> None:
    def given(domain: str, grade: str) -> Any:
        return lambda s: reconcile(s, judgements=[{"domain": domain, "grade": grade}])

    audit(*DIFFERS).when(given(DOMAIN, "outstanding")).then(
        moderation_events.GradeReconciled, audit_events.CaseAuditFinalised
    )
    for domain, grade in ((DOMAIN, "fine"), ("no-such", "good")):
        faults = audit(*DIFFERS).when(given(domain, grade)).faults()
        assert faults == {f"judgements.{domain}.grade": "grade-unknown"}


def test_without_an_overall_grade_each_domain_that_differs_is_settled() -> None:
    judgements = content(AREAS, TODAY).judgements
    grades = [{"domain": one.domain, "grade": one.grade} for one in judgements]
    first = grades[0]["domain"]
    found = {"overall": "", "judgements": [{**grades[0], "grade": "inadequate"}, *grades[1:]]}
    sent = audit_events.CaseAuditSubmitted(auditor=AUDITOR, content=content(AREAS, TODAY))
    differs = type(judged()).model_validate({**dict(judged()), **found})
    state = audit(ALLOCATED, STARTED, sent, SELECTED, assigned(), differs)
    settle = lambda s, *given: reconcile(s, "", given, AREAS)  # noqa: E731
    assert state.when(settle).faults() == {f"judgements.{first}.grade": "grade-missing"}
    state.when(lambda s: settle(s, grades[0])).then(
        moderation_events.GradeReconciled, audit_events.CaseAuditFinalised
    )


def test_consensus_is_final_and_cites_both_judgements() -> None:
    settled = (
        audit(*DIFFERS)
        .when(reconcile)
        .then(moderation_events.GradeReconciled, audit_events.CaseAuditFinalised)
    )
    assert isinstance(settled[1], audit_events.CaseAuditFinalised)
    assert (settled[1].source, settled[1].cites) == ("consensus", ("fact-3", "fact-6"))
    audit(*PAST, assigned()).when(reconcile).refused("no-difference")
    audit(*DIFFERS).when(lambda s: reconcile(s, "fine")).refused("grade-unknown")


def test_a_difference_may_be_disputed_with_a_clock() -> None:
    opened = audit(*DIFFERS).when(challenge).then(moderation_events.GradeDisputed)
    assert isinstance(opened[0], moderation_events.GradeDisputed)
    assert opened[0].due_on == add_working_days(TODAY, 10)
    audit(*DIFFERS).when(lambda s: challenge(s, ())).refused("about-missing")
    audit(*DIFFERS).when(lambda s: challenge(s, ("no-such",))).refused("domain-unknown")
    audit(*PAST, assigned(), judged("good"), finalised()).when(challenge).refused("no-difference")


def disputed(
    *about: str, found: moderation_events.ModerationRecorded = DIFFERS[-1]
) -> tuple[Event, ...]:
    return (
        *DIFFERS[:-1],
        found,
        moderation_events.GradeDisputed(
            moderation=M1, dispute="d1", about=about, grounds="Because of it.", due_on=TODAY
        ),
        moderation_events.DisputeAssigned(moderation=M1, dispute="d1", decider=DECIDER),
    )


DISPUTED = disputed("overall")


def test_the_decision_is_final_and_all_three_grades_stay() -> None:
    done = (
        audit(*DISPUTED)
        .when(decide)
        .then(moderation_events.DisputeDecided, audit_events.CaseAuditFinalised)
    )
    assert isinstance(done[1], audit_events.CaseAuditFinalised)
    assert (done[1].grade, done[1].source) == ("good", "senior-decision")
    state = audit(*DISPUTED, *done).state
    assert (state.overall, state.moderations[M1].overall, state.final_grade) == (
        "good",
        "inadequate",
        "good",
    )


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"by": "p-other"}, "not-decider"),
        ({"overall": "inadequate"}, "outcome-contradicts"),
        ({"outcome": "not-upheld", "overall": "outstanding"}, "outcome-contradicts"),
        ({"outcome": "not-upheld", "overall": "good"}, "outcome-contradicts"),
        ({"reasons": "No"}, "reasons-missing"),
        ({"overall": "fine"}, "grade-unknown"),
    ],
)
def test_a_decision_must_hold_together(values: dict[str, Any], code: str) -> None:
    audit(*DISPUTED).when(lambda s: decide(s, **values)).refused(code)


@pytest.mark.parametrize(
    ("outcome", "overall", "grade", "codes"),
    [
        ("upheld", "inadequate", "good", ["outcome-contradicts"]),
        ("upheld", "inadequate", "outstanding", []),
        ("not-upheld", "inadequate", "outstanding", ["outcome-contradicts"]),
        ("not-upheld", "good", "good", []),
        ("not-upheld", "requires-improvement", "good", ["outcome-contradicts"]),
    ],
)
def test_a_dispute_over_domains_alone_is_decided_by_their_grades(
    outcome: str, overall: str, grade: str, codes: list[str]
) -> None:
    """The moderator graded the domain good, and overall inadequate; the auditor good."""
    state = audit(*disputed(DOMAIN)).state
    values = {"overall": overall, "judgements": [{"domain": DOMAIN, "grade": grade}]}
    assert codes_of(lambda: decide(state, outcome=outcome, **values)) == codes


@pytest.mark.parametrize(("grade", "codes"), [(None, []), ("inadequate", ["outcome-contradicts"])])
def test_a_domain_that_the_moderator_left_ungraded_keeps_the_grade_of_the_auditor(
    grade: str | None, codes: list[str]
) -> None:
    found = judged("inadequate").model_copy(update={"judgements": ()})
    state = audit(*disputed("overall", DOMAIN, found=found)).state
    assert state.grades is not None
    given = {"domain": DOMAIN, "grade": grade or state.grades.domains[DOMAIN]}
    values = {"outcome": "not-upheld", "overall": "inadequate", "judgements": [given]}
    assert codes_of(lambda: decide(state, **values)) == codes


def test_a_dispute_is_decided_by_a_moderator_or_lead_with_an_outcome_and_a_reason() -> None:
    assert codes_of(lambda: disputes.may_decide("Pat", {Role.READER})) == ["role-missing"]
    for role in (Role.MODERATOR, Role.QA_LEAD):
        assert codes_of(lambda role=role: disputes.may_decide("Pat", {role})) == []  # type: ignore[misc]

    def chosen(outcome: str, reason: str) -> list[str]:
        asked = {"outcome": outcome, "reason_code": reason, "reasons": "The minutes show it."}
        command = DecideDispute.model_construct(
            None, audit="a1", moderation=M1, overall="good", **asked
        )
        state = audit(*DISPUTED).state
        return codes_of(lambda: disputes.decide(state, TOOL, command, by=DECIDER))

    assert chosen("", "new-evidence") == ["outcome-missing"]
    assert chosen("perhaps", "new-evidence") == ["outcome-unknown"]
    assert chosen("upheld", "") == ["reason-missing"]
    assert chosen("upheld", "whim") == ["reason-code-unknown"]
    assert chosen("upheld", "new-evidence") == []
