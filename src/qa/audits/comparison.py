"""Two versions of an audit side by side: every field as text by its path, and what changed."""

from __future__ import annotations

from qa.audits.judgements import AnswerChange, AuditContent, leaves
from qa.core.errors import Fault
from qa.core.frozen import Frozen


def texts(content: Frozen) -> dict[str, str]:
    """Every field of an audit as text by its path: what corrections and comparisons work on."""
    return {path: leaf.text for path, leaf in leaves(content).items()}


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
