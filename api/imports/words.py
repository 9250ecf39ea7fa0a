"""What the import pages say of a kind of file, of a row, and of undoing a batch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.imports.run import KINDS, Kind

UNDOING: Mapping[str, str] = {
    **dict.fromkeys(
        ("audits", "moderations"),
        "Its audits become void and its moderations cancelled. They stay readable but leave every "
        "figure.",
    ),
    "plan": "Its actions leave the plan, and its parts where nothing else stands under them. They "
    "stay readable.",
    "assessments": "Its ratings are withdrawn. They stay readable but count no more.",
    "measures": "Its success measures are withdrawn. They stay readable.",
}
"""What undoing does, by kind."""

STAYS: Mapping[str, str] = {
    "rag-scale": "A published scale stays. Publish its next version where it has to change.",
    "measure-reports": "What was said of a measure stays. Say it again where it was wrong.",
}


def kind_words(kind: str) -> str:
    """What the rows of a batch are."""
    known: Mapping[Any, str] = KINDS
    return known.get(kind, kind)


def known_kind(kind: str) -> Kind | None:
    """The kind of this name, if there is one."""
    return next((known for known in KINDS if known == kind), None)


def row_words(fact: Mapping[str, Any]) -> str:
    """One record that a row would become, in a line."""
    reference = fact.get("reference", "")
    match fact["fact"]:
        case "CaseAuditImported":
            graded = len(fact["judgements"])
            return (
                f"audit {reference} of child {fact['child']}, {fact['audit_date']}, by "
                f"{fact['auditor']}: {_plain(fact['overall'])}, {graded} "
                f"{'domain' if graded == 1 else 'domains'} graded"
            )
        case "ModerationImported":
            return (
                f"moderation {reference} of audit {fact['audit']}, {fact['moderated_on']}, by "
                f"{fact['moderator']}: {_plain(fact['overall'])}"
            )
        case "RagScalePublished":
            level = fact["level"]
            return f"level {level['label']}, rank {level.get('rank', 'none')}: {level['meaning']}"
        case "PlanPartAdded":
            return " ".join(("part", *fact["part"]))
        case "PlanActionAgreed":
            return f"action {reference}: {fact.get('title') or 'known only from a count'}"
        case "PlanActionAssessed":
            percent = fact.get("percent_complete")
            said = [
                _plain(fact.get("level", "")),
                "" if percent is None else f"{percent}% complete",
                fact.get("commentary", ""),
            ]
            return f"action {reference} as at {fact['as_at']}: {', '.join(filter(None, said))}"
        case "IndicatorDefined":
            target = fact.get("target") or {}
            aim = f", target {_plain(target['comparator'])}" if target else ""
            return f"indicator {reference}: {fact['definition']['name']}{aim}"
        case "IndicatorObserved":
            value = fact.get("value") or _plain(fact["state"])
            note = f" ({fact['note']})" if fact.get("note") else ""
            return f"{reference}, {fact['period']}: {value}{note}"
        case "SuccessMeasureSet":
            return f"action {reference}: {fact['text']}"
        case _:
            return f"action {reference}: {fact['said'] or 'nothing is said'}"


def _plain(code: str) -> str:
    return code.replace("-", " ")
