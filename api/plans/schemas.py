"""How plans, actions and what is said of them look in the API."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any

from projections.plans import changes, computed_status, meetings, ratings
from projections.plans.computed_status import Status
from projections.plans.lateness import Dates
from projections.plans.ratings import Rating, Spell
from projections.plans.record import ActionRecord, PlanHeading, PlanRecord, Review
from qa.core.due_dates import Due, Stage


def plan_out(plan: PlanHeading) -> dict[str, Any]:
    return {
        **asdict(plan),
        "scales": [{"since": since, "scale": key} for since, key in plan.scales],
        "rules": [
            {"since": since, **rules.model_dump(), "in_words": computed_status.in_words(rules)}
            for since, rules in plan.rules
        ],
    }


def due_out(due: Due | None) -> dict[str, Any] | None:
    return None if due is None else {**due.model_dump(), "label": due.label}


def stages_out(stages: tuple[Stage, ...]) -> list[dict[str, Any]]:
    return [{**stage.model_dump(), "due": due_out(stage.due)} for stage in stages]


def action_out(action: ActionRecord) -> dict[str, Any]:
    return {
        **asdict(action),
        "first": stages_out(action.first),
        "stages": stages_out(action.stages),
        "sources": [source.model_dump() for source in action.sources],
    }


def rating_out(rating: Rating | None) -> dict[str, Any] | None:
    """A level with its meaning and the version of the scale it was given under."""
    if rating is None:
        return None
    return {
        "scale": rating.scale.key,
        "level": rating.level.code,
        "label": rating.level.label,
        "rank": rating.level.rank,
        "meaning": rating.level.meaning,
        "as_at": rating.review.as_at,
        "assessment": rating.review.id,
    }


def review_out(record: PlanRecord, review: Review) -> dict[str, Any]:
    level = ratings.level_of(record, review)
    return {
        "id": review.id,
        "as_at": review.as_at,
        "scale": review.scale,
        "level": review.level,
        "label": level and level.label,
        "rank": level and level.rank,
        "percent_complete": review.percent_complete,
        "difference": review.difference,
        "commentary": review.commentary,
        "evidence": review.evidence,
        "assessed_by": review.assessed_by,
        "said": review.said,
        "by": review.by,
        "recorded_at": review.recorded_at,
        "withdrawn_because": review.withdrawn_because,
        "board": review.board,
        "board_meeting": review.board_meeting,
        "board_because": review.board_because,
    }


def spell_out(spell: Spell) -> dict[str, Any]:
    level = None if spell.level is None else spell.level.code
    return {**asdict(spell), "level": level}


def dates_out(dates: Dates) -> dict[str, Any]:
    return {
        "action": dates.action.id,
        "reference": dates.action.reference,
        "first": due_out(dates.first),
        "due": due_out(dates.due),
        "redated": dates.redated,
        "days_slipped": dates.slipped,
        "days_late_by_first": dates.late_by_first,
        "days_late_by_current": dates.late_by_current,
        "met": dates.done,
    }


def status_out(status: Status) -> dict[str, Any]:
    return {
        "action": status.action.id,
        "reference": status.action.reference,
        "title": status.action.title,
        "declared": rating_out(status.declared),
        "computed": status.computed,
        "computed_label": computed_status.COMPUTED[status.computed],
        "why": status.why,
        "gap": status.gap,
        "gap_label": computed_status.GAPS[status.gap],
        "why_gap": status.why_gap,
        "rules_version": status.rules.version,
        "dates": dates_out(status.dates),
        "measures": [
            {
                **asdict(measure),
                "state": found.state,
                "reason": found.reason,
                "values": found.values,
                "by_indicator": found.by_indicator,
            }
            for measure, found in status.measures
        ],
    }


def action_whole(record: PlanRecord, action: ActionRecord, day: date) -> dict[str, Any]:
    """An action with everything beneath it, as it stood on `day`."""
    said = ratings.said(record, action.id, day)
    return {
        **action_out(action),
        "day": day,
        "rating": rating_out(ratings.rating(record, action.id, day)),
        **asdict(said),
        "status": status_out(computed_status.status(record, action, day)),
        "strip": [review_out(record, one) for one in ratings.strip(record, action.id)],
        "spells": [spell_out(one) for one in ratings.spells(record, action, day)],
        "reschedulings": [
            {**asdict(one), "old": stages_out(one.old), "new": stages_out(one.new)}
            for one in record.reschedulings.get(action.id, ())
        ],
        "evidence": [asdict(one) for one in record.evidence.get(action.id, ())],
        "reports": [
            {"on": one.on, "by": one.by, **one.content.model_dump()}
            for one in record.reports.get(action.id, ())
        ],
        "links": [one._asdict() for one in record.links.get(action.id, ())],
        "rewordings": [asdict(one) for one in record.rewordings.get(action.id, ())],
    }


def changed_out(found: changes.Changed) -> dict[str, Any]:
    """What changed between two days."""

    def moved(one: meetings.ActionMove) -> dict[str, Any]:
        return {
            "action": one.action.id,
            "reference": one.action.reference,
            "before": rating_out(one.before),
            "now": rating_out(one.now),
            "direction": one.direction,
        }

    return {
        "since": found.compared.since,
        "moved": [moved(one) for one in found.moved],
        "newly_worst": [moved(one) for one in found.newly_worst],
        "stuck": [
            {
                "action": one.action.id,
                "reference": one.action.reference,
                "rating": rating_out(one.rating),
                "meetings": one.meetings,
                "first": one.first,
            }
            for one in found.stuck
        ],
        "redated": [
            {
                "action": one.action.id,
                "reference": one.action.reference,
                "old": stages_out(one.rescheduling.old),
                "new": stages_out(one.rescheduling.new),
                "days": one.days,
                "because": one.rescheduling.because,
            }
            for one in found.redated
        ],
        "asked": [
            {"action": action.id, "reference": action.reference, "request": one.id}
            for action, one in found.asked
        ],
        "evidence": [
            {"reference": action.reference, **asdict(one)} for action, one in found.evidence
        ],
        "reworded": [
            {"reference": action.reference, **asdict(one)} for action, one in found.reworded
        ],
        "added": [action.id for action in found.added],
        "ended": [
            {"action": action.id, "reference": action.reference, "how": action.ended}
            for action in found.ended
        ],
        "parts_ended": [part.id for part in found.parts_ended],
    }
