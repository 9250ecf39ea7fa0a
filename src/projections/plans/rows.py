"""Rows of plans turned into the values of a record: days from ISO text, lists from JSON."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

import orjson
from pydantic import TypeAdapter
from sqlalchemy import Dialect, Text
from sqlalchemy.types import TypeDecorator

from projections.plans import tables
from projections.plans.record import (
    ActionRecord,
    EvidenceRecord,
    Group,
    Measure,
    MeetingRecord,
    PartRecord,
    PlanClaim,
    PlanHeading,
    Reported,
    Rescheduling,
    Review,
    Rewording,
)
from qa.core.carry import carry
from qa.core.due_dates import Stage
from qa.plans.action_events import SuccessMeasureReported
from qa.plans.events import PlanSource
from qa.plans.rag_scale import RagScale
from qa.plans.status_rules import StatusRules

_STAGES = TypeAdapter(tuple[Stage, ...])
_SOURCES = TypeAdapter(tuple[PlanSource, ...])


def in_order(reference: str) -> tuple[Any, ...]:
    """Sorts references as people read them: 1.2 before 1.10."""
    return tuple(
        (0, int(piece), "") if piece.isdecimal() else (1, 0, piece.casefold())
        for piece in re.findall(r"\d+|[^\d.\s-]+", reference)
    )


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _texts(text: str | None) -> tuple[str, ...]:
    return () if text in (None, "[]") else tuple(orjson.loads(text or ""))


@lru_cache(maxsize=256)
def scale_of(content: str) -> RagScale:
    return RagScale.model_validate_json(content)


@lru_cache(maxsize=4096)
def stages_of(text: str) -> tuple[Stage, ...]:
    return _STAGES.validate_json(text)


def plan_of(
    row: tables.ImprovementPlanRow,
    scales_of: Sequence[tables.PlanScaleRow],
    rules_of: Sequence[tables.PlanRulesRow],
) -> PlanHeading:
    return carry(
        PlanHeading,
        row,
        id=row.plan,
        version=row.stream_version,
        tiers=_texts(row.tiers),
        since=date.fromisoformat(row.since),
        rules=tuple(
            (date.fromisoformat(one.since), StatusRules.model_validate_json(one.rules))
            for one in rules_of
        ),
        scales=tuple((date.fromisoformat(one.since), one.scale) for one in scales_of),
        closed_on=_day(row.closed_on),
    )


def parts_of(rows: Sequence[tables.PlanPartRow]) -> dict[str, PartRecord]:
    """Parts in the order of the plan: each followed by those under it."""
    under: dict[str | None, list[tables.PlanPartRow]] = {}
    known = {row.part for row in rows}
    for row in sorted(rows, key=lambda row: (in_order(row.reference), row.number)):
        under.setdefault(row.under if row.under in known else None, []).append(row)
    found: dict[str, PartRecord] = {}

    def follow(above: str | None) -> None:
        for row in under.get(above, []):
            found[row.part] = _part(row)
            follow(row.part)

    follow(None)
    return found


def themes_of(parts: Mapping[str, PartRecord]) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in parts.values():
        above = part.under
        found[part.id] = part.id if above is None else found.get(above, part.id)
    return found


def _part(row: tables.PlanPartRow) -> PartRecord:
    return carry(
        PartRecord,
        row,
        id=row.part,
        leads=_texts(row.leads),
        sources=_SOURCES.validate_json(row.sources),
        ended_on=_day(row.ended_on),
    )


def group_of(row: tables.PlanGroupRow) -> Group:
    return carry(
        Group,
        row,
        id=row.group,
        formed_on=date.fromisoformat(row.formed_on),
        dissolved_on=_day(row.dissolved_on),
    )


def meeting_of(row: tables.PlanMeetingRow) -> MeetingRecord:
    return carry(MeetingRecord, row, id=row.meeting, on=date.fromisoformat(row.held_on))


def action_of(row: tables.PlanActionRow, version: int) -> ActionRecord:
    return carry(
        ActionRecord,
        row,
        id=row.action,
        version=version,
        since=date.fromisoformat(row.since),
        leads=_texts(row.leads),
        responsible=_texts(row.responsible),
        first=stages_of(row.first_stages),
        stages=stages_of(row.stages),
        sources=() if row.sources == "[]" else _SOURCES.validate_json(row.sources),
        lineage=_texts(row.lineage),
        implied=bool(row.implied),
        ended_on=_day(row.ended_on),
        ended_into=_texts(row.ended_into),
    )


class Day(TypeDecorator[date]):
    """ISO text in the database, a date in Python."""

    impl = Text
    cache_ok = True

    def process_result_value(self, value: str | None, dialect: Dialect) -> date | None:
        return None if value is None else date.fromisoformat(value)


def reviews_of(rows: Iterable[Sequence[Any]]) -> dict[str, tuple[Review, ...]]:
    """Reviews by their action, in the order of their days."""
    found: dict[str, list[Review]] = {}
    for review in map(Review._make, rows):
        found.setdefault(review.action, []).append(review)
    for reviews in found.values():
        reviews.sort(key=_when)
    return {action: tuple(reviews) for action, reviews in found.items()}


def _when(review: Review) -> tuple[date, int]:
    return review.as_at, review.number


def rescheduling_of(row: tables.PlanRescheduleRow) -> Rescheduling:
    assert row.asked_by is not None
    assert row.asked_on is not None
    return carry(
        Rescheduling,
        row,
        id=row.request,
        asked_by=row.asked_by,
        old=stages_of(row.old),
        new=stages_of(row.new),
        asked_on=date.fromisoformat(row.asked_on),
        decided_on=_day(row.decided_on),
    )


def claim_of(row: tables.PlanClaimRow) -> PlanClaim:
    as_at = date.fromisoformat(row.as_at)
    return PlanClaim(row.claim, row.part, as_at, row.claimed, row.source)


def evidence_of(row: tables.PlanEvidenceRow) -> EvidenceRecord:
    return carry(EvidenceRecord, row, id=row.evidence, on=date.fromisoformat(row.on))


def measure_of(row: tables.PlanMeasureRow) -> Measure:
    return carry(
        Measure,
        row,
        id=row.measure,
        target=None if row.target is None else Decimal(row.target),
        set_on=date.fromisoformat(row.set_on),
        withdrawn_on=_day(row.withdrawn_on),
    )


def reported_of(row: tables.PlanMeasureReportRow) -> Reported:
    return Reported(
        row.action,
        date.fromisoformat(row.on),
        row.by,
        SuccessMeasureReported.model_validate_json(row.content),
    )


def rewording_of(row: tables.PlanWordingRow) -> Rewording:
    return carry(Rewording, row, on=date.fromisoformat(row.on))
