"""What an audit refuses, by name: twice the same thing, what the tool does not ask, too early."""

from __future__ import annotations

from qa.audits import decisions
from qa.audits.events import CaseAuditVoided
from qa.audits.judgements import Answer, Strength
from tests.audits.support import (
    ALLOCATED,
    STARTED,
    audit,
    changed,
    content_of,
    corrected,
    planned,
    submitted,
    when_submitted,
)
from tests.support.given import TODAY

ADDED = content_of().judgements


def test_an_audit_is_allocated_once() -> None:
    audit(ALLOCATED).when(lambda a: decisions.allocate(a, ALLOCATED, today=TODAY)).refused(
        "already-allocated"
    )


def test_a_domain_is_judged_once_and_a_question_is_one_that_is_asked() -> None:
    twice = content_of(judgements=(*ADDED, ADDED[0]))
    assert when_submitted(twice).faults() == {f"judgements.{ADDED[0].domain}": "domain-twice"}
    planning = next(one for one in ADDED if one.domain == "planning")
    answers = (*planning.answers, Answer(question="no-such", point="yes"))
    assert when_submitted(changed("planning", answers=answers)).faults() == {
        "judgements.planning.answers.no-such": "question-unknown"
    }


def test_an_action_is_listed_once_and_a_strength_says_something() -> None:
    twice = content_of(no_action_reason="", actions=(planned(), planned()))
    assert when_submitted(twice).faults() == {"actions.1": "action-twice"}
    silent = content_of(strengths=(Strength(text=" "),))
    assert when_submitted(silent).faults() == {"strengths.0.text": "strength-empty"}


def test_only_what_was_submitted_is_corrected() -> None:
    audit(ALLOCATED, STARTED).when(corrected).refused("not-submitted")
    audit(ALLOCATED, submitted()).when(corrected)
    audit(ALLOCATED, submitted(), CaseAuditVoided()).when(corrected).refused("audit-ended")
