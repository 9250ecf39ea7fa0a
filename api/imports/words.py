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


def row_words(event: Mapping[str, Any]) -> str:
    """One record that a row would become, in a line."""
    reference = event.get("reference", "")
    match event["fact"]:
        case "CaseAuditImported":
            graded = len(event["judgements"])
            return (
                f"audit {reference} of child {event['child']}, {event['audit_date']}, by "
                f"{event['auditor']}: {_plain(event['overall'])}, {graded} "
                f"{'domain' if graded == 1 else 'domains'} graded"
            )
        case "ModerationImported":
            return (
                f"moderation {reference} of audit {event['audit']}, {event['moderated_on']}, by "
                f"{event['moderator']}: {_plain(event['overall'])}"
            )
        case "RagScalePublished":
            level = event["level"]
            return f"level {level['label']}, rank {level.get('rank', 'none')}: {level['meaning']}"
        case "PlanPartAdded":
            return " ".join(("part", *event["part"]))
        case "PlanActionAgreed":
            return f"action {reference}: {event.get('title') or 'known only from a count'}"
        case "PlanActionAssessed":
            percent = event.get("percent_complete")
            said = [
                _plain(event.get("level", "")),
                "" if percent is None else f"{percent}% complete",
                event.get("commentary", ""),
            ]
            return f"action {reference} as at {event['as_at']}: {', '.join(filter(None, said))}"
        case "IndicatorDefined":
            target = event.get("target") or {}
            aim = f", target {_plain(target['comparator'])}" if target else ""
            return f"indicator {reference}: {event['definition']['name']}{aim}"
        case "IndicatorObserved":
            value = event.get("value") or _plain(event["state"])
            note = f" ({event['note']})" if event.get("note") else ""
            return f"{reference}, {event['period']}: {value}{note}"
        case "SuccessMeasureSet":
            return f"action {reference}: {event['text']}"
        case _:
            return f"action {reference}: {event['said'] or 'nothing is said'}"


def _plain(code: str) -> str:
    return code.replace("-", " ")
