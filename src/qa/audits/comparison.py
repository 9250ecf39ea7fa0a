"""Two versions of an audit side by side: every field as text by its path, and what changed."""

from __future__ import annotations

from qa.audits.judgements import AnswerChange, AuditContent
from qa.core.errors import Fault


def texts(content: AuditContent) -> dict[str, str]:
    """Every field of an audit as text by its path: what corrections and comparisons work on."""
    found: dict[str, str] = {
        "audit_date": content.audit_date.isoformat(),
        "practice_from": content.practice_from.isoformat(),
        "practice_to": content.practice_to.isoformat(),
        "child_status": content.child_status.value,
        "overall": content.overall,
        "rationale": content.rationale,
        "no_action_reason": content.no_action_reason,
    }
    for judgement in content.judgements:
        at = f"judgements.{judgement.domain}"
        found[f"{at}.grade"] = judgement.grade or ""
        found[f"{at}.evidence"] = judgement.evidence
        found[f"{at}.not_applicable_reason"] = judgement.not_applicable_reason
        for answer in judgement.answers:
            found[f"{at}.answers.{answer.question}"] = answer.point
            found[f"{at}.answers.{answer.question}.comment"] = answer.comment
    for index, strength in enumerate(content.strengths):
        found[f"strengths.{index}.text"] = strength.text
        found[f"strengths.{index}.domain"] = strength.domain or ""
    if content.involvement is not None:
        found["involvement.status"] = content.involvement.status
        found["involvement.note"] = content.involvement.note
    if content.feedback is not None:
        feedback = content.feedback
        found["feedback.status"] = feedback.status
        found["feedback.who"] = feedback.who
        found["feedback.how"] = feedback.how
        found["feedback.on"] = "" if feedback.on is None else feedback.on.isoformat()
        found["feedback.consent"] = "yes" if feedback.consent else "no"
        found["feedback.said"] = feedback.said
        found["feedback.note"] = feedback.note
    for index, action in enumerate(content.actions):
        found[f"actions.{index}.text"] = action.text
        found[f"actions.{index}.kind"] = action.kind
        found[f"actions.{index}.domain"] = action.domain or ""
        found[f"actions.{index}.owner"] = action.owner
        found[f"actions.{index}.due_on"] = action.due_on.isoformat()
    for override in content.overrides:
        found[f"overrides.{override.rule}"] = override.reason
    return found


def changed_fields(old: AuditContent, new: AuditContent) -> list[tuple[str, str, str]]:
    """Each field that differs, with its old and new text, in the order of the new audit."""
    before, after = texts(old), texts(new)
    ordered = [*after, *(field for field in before if field not in after)]
    return [
        (field, before.get(field, ""), after.get(field, ""))
        for field in ordered
        if before.get(field, "") != after.get(field, "")
    ]


def explain_changes(
    old: AuditContent, new: AuditContent, why: dict[str, str]
) -> tuple[tuple[AnswerChange, ...], list[Fault]]:
    """Pair each changed field with its coded reason (`why`, or its entry ``*``); name the rest."""
    allowed = {"oversight", "new-evidence", "moderator-comment", "wording", "other"}
    changes: list[AnswerChange] = []
    faults: list[Fault] = []
    for field, was, now in changed_fields(old, new):
        code = why.get(field, why.get("*", ""))
        if code not in allowed:
            faults.append(
                Fault(f"why.{field}", "reason-missing", f"Say why “{field}” was changed.")
            )
            continue
        changes.append(
            AnswerChange.model_validate({"field": field, "old": was, "new": now, "why": code})
        )
    return tuple(changes), faults
