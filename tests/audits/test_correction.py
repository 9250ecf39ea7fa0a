"""What may be corrected in a submitted audit, and what a correction never touches."""

from __future__ import annotations

from typing import Any

import pytest

from qa.audits import events as audit_events
from qa.audits.correction import correct, correctable
from qa.audits.moderation_events import (
    ModerationSuperseded,
)
from qa.audits.state import CaseAudit
from tests.audits.support import (
    ALLOCATED,
    SELECTED,
    assigned,
    audit,
    content_of,
    finalised,
    judged,
    submitted,
)
from tests.support.given import TODAY


def corrected(state: CaseAudit, **values: Any) -> Any:
    return correct(
        state,
        **{
            "field": "judgements.planning.evidence",
            "new": "The plan names six steps and their owners.",
            "kind": "typo",
            "reason": "Wrong number.",
            "today": TODAY,
            **values,
        },
    )


def test_a_correction_keeps_old_and_new() -> None:
    said = audit(ALLOCATED, submitted()).when(corrected).then(audit_events.CaseAuditCorrected)
    assert isinstance(said[0], audit_events.CaseAuditCorrected)
    assert said[0].old == "Evidence for Planning and review seen on the file."


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"field": "overall"}, "field-not-correctable"),
        ({"field": "judgements.planning.grade"}, "field-not-correctable"),
        ({"field": "judgements.planning.answers.timescales"}, "field-not-correctable"),
        ({"field": "involvement.status"}, "field-not-correctable"),
        ({"field": "no-such-field"}, "field-not-correctable"),
        ({"new": "Evidence for Planning and review seen on the file."}, "no-change"),
        ({"new": " "}, "text-missing"),
        ({"reason": " "}, "reason-missing"),
        ({"field": "audit_date", "new": "2026-02-30", "kind": "fact"}, "date-impossible"),
        ({"field": "audit_date", "new": "2026-03-03", "kind": "fact"}, "date-future"),
        ({"field": "audit_date", "new": "2025-01-01", "kind": "fact"}, "dates-reversed"),
        ({"field": "practice_to", "new": "2026-03-01", "kind": "typo"}, "date-is-fact"),
    ],
)
def test_a_correction_never_touches_a_judgement(values: dict[str, Any], code: str) -> None:
    audit(ALLOCATED, submitted()).when(lambda s: corrected(s, **values)).refused(code)


def test_no_correctable_field_is_a_grade() -> None:
    fields = correctable(content_of())
    assert fields
    assert not any(f.endswith((".grade", "overall", ".status")) for f in fields)


def test_a_corrected_event_supersedes_the_moderation_a_typing_error_does_not() -> None:
    past = (ALLOCATED, submitted(), SELECTED, assigned(), judged(), finalised())
    audit(*past).when(lambda s: corrected(s, kind="fact")).then(
        audit_events.CaseAuditCorrected,
        ModerationSuperseded(moderation="m1", cause="corrected"),
        audit_events.CaseAuditReopened(was="good"),
    )
    audit(*past).when(lambda s: corrected(s, kind="typo")).then(audit_events.CaseAuditCorrected)
