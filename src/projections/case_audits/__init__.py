"""The register of case audits: where each one stands, its judgement, and its moderations."""

from projections.case_audits.moderation_lists import (
    DISPUTE_STATES,
    STATES,
    Listed,
    moderation_counts,
    moderations,
)
from projections.case_audits.projector import CaseAudits
from projections.case_audits.queries import (
    JUDGEMENT_COLUMNS,
    AuditView,
    Filter,
    audit,
    audits,
    by_reference,
    chosen,
    count,
    headings,
    hidden_for,
    ids_of_child,
    of_child,
    open_to,
    recent_of_child,
    sealed_for,
    submitted_by,
    whose,
)
from projections.case_audits.worklists import KINDS, Item, worklist

__all__ = [
    "DISPUTE_STATES",
    "JUDGEMENT_COLUMNS",
    "KINDS",
    "STATES",
    "AuditView",
    "CaseAudits",
    "Filter",
    "Item",
    "Listed",
    "audit",
    "audits",
    "by_reference",
    "chosen",
    "count",
    "headings",
    "hidden_for",
    "ids_of_child",
    "moderation_counts",
    "moderations",
    "of_child",
    "open_to",
    "recent_of_child",
    "sealed_for",
    "submitted_by",
    "whose",
    "worklist",
]
