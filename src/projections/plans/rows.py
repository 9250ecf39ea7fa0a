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
def _stages(text: str) -> tuple[Stage, ...]:
    return _STAGES.validate_json(text)


def plan_of(
    row: tables.ImprovementPlanRow,
    scales_of: Sequence[tables.PlanScaleRow],
    rules_of: Sequence[tables.PlanRulesRow],
) -> PlanHeading:
    return PlanHeading(
        id=row.plan,
        version=row.stream_version,
        title=row.title,
        board=row.board,
        tiers=_texts(row.tiers),
        since=date.fromisoformat(row.since),
        rules=tuple(
            (date.fromisoformat(one.since), StatusRules.model_validate_json(one.rules))
            for one in rules_of
        ),
        scales=tuple((date.fromisoformat(one.since), one.scale) for one in scales_of),
        closed_on=_day(row.closed_on),
        closed_because=row.closed_because,
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
    return PartRecord(
        id=row.part,
        tier=row.tier,
        reference=row.reference,
        title=row.title,
        first_title=row.first_title,
        under=row.under,
        leads=_texts(row.leads),
        sources=_SOURCES.validate_json(row.sources),
        ended=row.ended,
        ended_on=_day(row.ended_on),
        ended_because=row.ended_because,
        board=row.board,
    )


def group_of(row: tables.PlanGroupRow) -> Group:
    return Group(
        id=row.group,
        name=row.name,
        lead=row.lead,
        purpose=row.purpose,
        formed_on=date.fromisoformat(row.formed_on),
        dissolved_on=_day(row.dissolved_on),
    )


def meeting_of(row: tables.PlanMeetingRow) -> MeetingRecord:
    return MeetingRecord(
        id=row.meeting,
        on=date.fromisoformat(row.held_on),
        title=row.title,
        state=row.state,
        position=row.position,
        decisions=row.decisions,
        cancelled_because=row.cancelled_because,
    )


def action_of(row: tables.PlanActionRow, version: int) -> ActionRecord:
    return ActionRecord(
        id=row.action,
        plan=row.plan,
        part=row.part,
        version=version,
        reference=row.reference,
        title=row.title,
        first_title=row.first_title,
        since=date.fromisoformat(row.since),
        leads=_texts(row.leads),
        responsible=_texts(row.responsible),
        group=row.group,
        first=_stages(row.first_stages),
        stages=_stages(row.stages),
        reschedulings=row.reschedulings,
        sources=() if row.sources == "[]" else _SOURCES.validate_json(row.sources),
        lineage=_texts(row.lineage),
        implied=bool(row.implied),
        ended=row.ended,
        ended_on=_day(row.ended_on),
        ended_because=row.ended_because,
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
    for held in found.values():
        held.sort(key=_when)
    return {action: tuple(held) for action, held in found.items()}


def _when(review: Review) -> tuple[date, int]:
    return review.as_at, review.number


def rescheduling_of(row: tables.PlanRescheduleRow) -> Rescheduling:
    assert row.asked_by is not None
    assert row.asked_on is not None
    return Rescheduling(
        id=row.request,
        action=row.action,
        state=row.state,
        old=_stages(row.old),
        new=_stages(row.new),
        asked_by=row.asked_by,
        asked_on=date.fromisoformat(row.asked_on),
        because=row.because,
        decided_by=row.decided_by,
        decided_on=_day(row.decided_on),
        decided_because=row.decided_because,
    )


def claim_of(row: tables.PlanClaimRow) -> PlanClaim:
    as_at = date.fromisoformat(row.as_at)
    return PlanClaim(row.claim, row.part, as_at, row.claimed, row.source)


def evidence_of(row: tables.PlanEvidenceRow) -> EvidenceRecord:
    return EvidenceRecord(
        id=row.evidence,
        action=row.action,
        of=row.of,
        what=row.what,
        where=row.where,
        on=date.fromisoformat(row.on),
        by=row.by,
    )


def measure_of(row: tables.PlanMeasureRow) -> Measure:
    return Measure(
        id=row.measure,
        action=row.action,
        text=row.text,
        comparator=row.comparator,
        target=None if row.target is None else Decimal(row.target),
        unit=row.unit,
        indicator=row.indicator,
        set_on=date.fromisoformat(row.set_on),
        withdrawn_on=_day(row.withdrawn_on),
        withdrawn_because=row.withdrawn_because,
    )


def reported_of(row: tables.PlanMeasureReportRow) -> Reported:
    return Reported(
        row.action,
        date.fromisoformat(row.on),
        row.by,
        SuccessMeasureReported.model_validate_json(row.content),
    )


def rewording_of(row: tables.PlanWordingRow) -> Rewording:
    return Rewording(
        action=row.action,
        old=row.old,
        new=row.new,
        by=row.by,
        on=date.fromisoformat(row.on),
        because=row.because,
    )
