"""How events of an older schema are read today: pure functions from one schema to the next.

When the shape of an event changes, its `SCHEMA` goes up by one and a lift is registered here::

    @upcast("case-audit.submitted", from_schema=1)
    def _(data: dict[str, Any]) -> dict[str, Any]:
        return data | {"reason": "not recorded"}

A lift sees the payload as it was stored (sealed texts are still ``{"~": n}``) and returns the
payload of the next schema. It reads nothing else. The stored bytes never change.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from qa.core.words import imported_person_id

Lift = Callable[[dict[str, Any]], dict[str, Any]]

UPCASTS: dict[tuple[str, int], Lift] = {}


def upcast(event_type: str, *, from_schema: int) -> Callable[[Lift], Lift]:
    """Register the lift of `fact_type` from `from_schema` to the schema after it."""

    def register(lift: Lift) -> Lift:
        if (event_type, from_schema) in UPCASTS:
            raise TypeError(f"{event_type} is already lifted from schema {from_schema}")
        UPCASTS[event_type, from_schema] = lift
        return lift

    return register


def lifted(event_type: str, schema: int, data: dict[str, Any], to: int) -> dict[str, Any]:
    """The payload as schema `to` has it.

    Raises `KeyError` where a lift is missing, or when the stored schema is newer than `to`.
    """
    if schema > to:
        raise KeyError(f"{event_type} was stored with schema {schema}, newer than {to}")
    while schema < to:
        data = UPCASTS[event_type, schema](data)
        schema += 1
    return data


@upcast("ActionRaised", from_schema=1)
def _(data: dict[str, Any]) -> dict[str, Any]:
    """Every action came from an audit, asked for no kind of evidence and followed no other."""
    return data | {"source": "", "evidence_asked": None, "accept_by": None, "follows": None}


@upcast("ActionRaised", from_schema=2)
def _(data: dict[str, Any]) -> dict[str, Any]:
    """Any evidence did where no kind was asked for by hand."""
    return data | {"evidence_kinds": []}


@upcast("ActionPolicySet", from_schema=1)
def _(data: dict[str, Any]) -> dict[str, Any]:
    """The policy said nothing of evidence: every kind did."""
    kinds = ("evidence_of_compliance", "evidence_of_practice", "evidence_of_outcome")
    return data | {kind: [] for kind in kinds}


@upcast("CaseAuditSubmitted", from_schema=1)
@upcast("CaseAuditResubmitted", from_schema=1)
def _(data: dict[str, Any]) -> dict[str, Any]:
    """One reason for no action held for the whole audit."""
    return data | {"content": {**data["content"], "no_action_reasons": []}}


@upcast("CaseAuditFinalised", from_schema=1)
def _(data: dict[str, Any]) -> dict[str, Any]:
    """Every tool had an overall grade, and that alone became final."""
    return data | {"judgements": []}


@upcast("ModerationPolicySet", from_schema=1)
def _(data: dict[str, Any]) -> dict[str, Any]:
    """A difference had no due date of its own: two working weeks from the next one on."""
    return data | {"settle_difference_within_working_days": 10}


@upcast("ModerationRecorded", from_schema=1)
def _(data: dict[str, Any]) -> dict[str, Any]:
    return data | {"settle_by": None}


@upcast("TeamClosed", from_schema=1)
def _(data: dict[str, Any]) -> dict[str, Any]:
    return data | {"successor": None}


@upcast("ImportBatchRecorded", from_schema=1)
def _nothing_corrected(data: dict[str, Any]) -> dict[str, Any]:
    """Before, a file could correct nothing."""
    return {**data, "corrected": 0}


@upcast("CaseAuditImported", from_schema=1)
def _without_texts(data: dict[str, Any]) -> dict[str, Any]:
    """Only grades were read of a file, no words."""
    return {**data, "texts": []}


@upcast("CaseAuditImportCorrected", from_schema=1)
def _corrected_without_texts(data: dict[str, Any]) -> dict[str, Any]:
    return {side: _without_texts(data[side]) for side in ("old", "new")}


@upcast("CaseAuditImported", from_schema=2)
def _auditor_by_whole_name(data: dict[str, Any]) -> dict[str, Any]:
    """Names that differ by letters or accents which a code has no room for had one id."""
    return {**data, "auditor": imported_person_id(data["auditor_as_written"])}


@upcast("CaseAuditImportCorrected", from_schema=2)
def _corrected_by_whole_name(data: dict[str, Any]) -> dict[str, Any]:
    return {side: _auditor_by_whole_name(data[side]) for side in ("old", "new")}


@upcast("ModerationImported", from_schema=1)
def _moderator_by_whole_name(data: dict[str, Any]) -> dict[str, Any]:
    return {**data, "moderator": imported_person_id(data["moderator_as_written"])}


@upcast("ReportPublished", from_schema=1)
def _(data: dict[str, Any]) -> dict[str, Any]:
    """There was one layout of files."""
    return data | {"rendering": 1}


@upcast("ReportPublished", from_schema=2)
@upcast("QuarterlySentForReview", from_schema=1)
def _(data: dict[str, Any]) -> dict[str, Any]:
    """Files did not say whose they are."""
    return data | {"letterhead": {"council": "", "demonstration": False, "template": 0}}


@upcast("InspectorRoomOpened", from_schema=1)
def _(data: dict[str, Any]) -> dict[str, Any]:
    """A room was about all of its part of the council."""
    return data | {"audits": [], "children": [], "tools": []}


@upcast("DisclosureRuleSet", from_schema=1)
def _(data: dict[str, Any]) -> dict[str, Any]:
    """Rows with small numbers were left out."""
    return data | {"method": "leave-out"}


@upcast("OutsideCopyGiven", from_schema=1)
def _(data: dict[str, Any]) -> dict[str, Any]:
    """Nothing was rounded, and nobody was asked of numbers in words."""
    return data | {
        "tables": [{**one, "rounded": 0} for one in data["tables"]],
        "texts": [{**one, "confirmed": 0} for one in data["texts"]],
    }


@upcast("OutsideCopyGiven", from_schema=2)
def _(data: dict[str, Any]) -> dict[str, Any]:
    """Figures that copies of the report do not tell stayed inside."""
    return data | {"tables": [{**one, "beside": [], "untold": []} for one in data["tables"]]}
