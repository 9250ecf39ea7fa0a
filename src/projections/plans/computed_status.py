"""The status that dates, evidence, measures and indicators speak for, beside the one declared.

The rules are data of the plan (`qa.plans.status_rules`), have versions, and are shown in words. The
gap is told only where the declared level claims a computed status (`RagLevel.claims`): what a
colour "usually" means is not guessed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from projections.plans.lateness import Dates, dates
from projections.plans.ratings import Rating, rating, remarks
from projections.plans.record import ActionRecord, Measure, PlanRecord
from projections.plans.success_measures import Answer, Evaluated, measures_on
from qa.plans.status_rules import Computed, StatusRules

COMPUTED: dict[Computed, str] = {
    "embedded": "Embedded, with evidence of impact",
    "delivered": "Delivered, impact not yet shown",
    "on-track": "On track",
    "slipping": "Slipping",
    "off-track": "Off track",
    "not-computable": "Cannot be computed",
}
_ORDER: tuple[Computed, ...] = ("off-track", "slipping", "on-track", "delivered", "embedded")

Gap = Literal["declared-better", "declared-worse", "same", "no-gap-known"]
GAPS: dict[Gap, str] = {
    "declared-better": "Declared better than computed",
    "declared-worse": "Declared worse than computed",
    "same": "Declared and computed agree",
    "no-gap-known": "Cannot be compared",
}


def in_words(rules: StatusRules) -> tuple[str, ...]:
    """The rules as sentences, in the order in which they are tried."""
    tolerance = (
        ""
        if rules.slip_tolerance_days == 0
        else f" by more than {_days(rules.slip_tolerance_days)}"
    )
    measured = (
        " and every success measure with a number is met" if rules.impact_needs_measures else ""
    )
    return (
        "An action is claimed complete when its rating counts as met, or when it is said to be "
        f"{rules.complete_percent}% complete or more.",
        f"Claimed complete, it is embedded if there is evidence of impact{measured}; delivered if "
        "there is any evidence; off track if there is none.",
        f"Otherwise it is off track if it is late{tolerance} by its current date.",
        f"Otherwise it is slipping if it is late{tolerance} by its first date, or was not reviewed "
        f"for more than {_days(rules.review_every_days)}.",
        "Otherwise it is on track if its date is known, and cannot be computed if not.",
    )


@dataclass(frozen=True, slots=True)
class Status:
    """The computed status of an action on a day, with the sentences that say why.

    `gap` is how the declared rating stands to it, and `why_gap` says so in words.
    """

    action: ActionRecord
    declared: Rating | None
    computed: Computed
    why: tuple[str, ...]
    gap: Gap
    why_gap: str
    dates: Dates
    measures: tuple[tuple[Measure, Evaluated], ...]
    rules: StatusRules


def status(
    record: PlanRecord, action: ActionRecord, day: date, answers: Mapping[str, Answer] | None = None
) -> Status:
    """Compute the status of an action at the end of `day`, by the rules in force then.

    `answers` holds, by the id of a success measure, whether its indicator meets its target.
    """
    rules = record.plan.rules_on(day)
    declared = rating(record, action.id, day)
    dated = dates(record, action, day)
    measured = tuple(measures_on(record, action.id, day, answers or {}))
    claimed = _claimed(record, action, day, rules, declared)
    if claimed is not None:
        found, why = _complete(record, action, day, rules, measured)
        why = (claimed, *why)
    else:
        found, why = _under_way(record, action, day, rules, dated)
    gap, words = _gap(declared, found)
    return Status(action, declared, found, why, gap, words, dated, measured, rules)


def statuses(
    record: PlanRecord, day: date, answers: Mapping[str, Answer] | None = None
) -> list[Status]:
    """The computed status of every action that is in the plan on `day`."""
    return [status(record, action, day, answers) for action in record.actions_on(day)]


def gaps(
    record: PlanRecord, day: date, answers: Mapping[str, Answer] | None = None
) -> list[Status]:
    """The actions whose declared rating and computed status differ: declared better first."""
    found = [one for one in statuses(record, day, answers) if one.gap.startswith("declared")]
    return sorted(found, key=lambda one: one.gap != "declared-better")


def _claimed(
    record: PlanRecord, action: ActionRecord, day: date, rules: StatusRules, declared: Rating | None
) -> str | None:
    """How the action is claimed complete, or None where it is not."""
    if declared is not None and declared.level.met:
        return f"It is rated “{declared.level.label}”, which counts as met."
    percent = remarks(record, action.id, day).percent_complete
    if percent is not None and percent >= rules.complete_percent:
        return f"It is said to be {percent}% complete."
    return None


def _complete(
    record: PlanRecord,
    action: ActionRecord,
    day: date,
    rules: StatusRules,
    measured: tuple[tuple[Measure, Evaluated], ...],
) -> tuple[Computed, tuple[str, ...]]:
    evidence = [one for one in record.evidence.get(action.id, ()) if one.on <= day]
    impact = [one for one in evidence if one.of == "impact"]
    if not evidence:
        return "off-track", ("There is no evidence at all.",)
    if not impact:
        return "delivered", ("There is evidence of delivery, and none of impact.",)
    targets = [pair for pair in measured if pair[0].target is not None]
    unmet = [pair for pair in targets if pair[1].state != "met"]
    if rules.impact_needs_measures and unmet:
        of = f"{len(unmet)} of {len(targets)}"
        return "delivered", (
            "There is evidence of impact.",
            f"{of} success measures with a number are not shown to be met.",
        )
    return "embedded", ("There is evidence of impact, and no measure with a number is unmet.",)


def _under_way(
    record: PlanRecord, action: ActionRecord, day: date, rules: StatusRules, dated: Dates
) -> tuple[Computed, tuple[str, ...]]:
    allowed = rules.slip_tolerance_days
    late, first = dated.late_by_current, dated.late_by_first
    if late is not None and late > allowed:
        return "off-track", (f"It is {_days(late)} late by its current date.",)
    why = []
    if first is not None and first > allowed:
        why.append(f"It is {_days(first)} late by its first date.")
    reviewed = remarks(record, action.id, day).reviewed_on
    waited = (day - (reviewed or action.since)).days
    if waited > rules.review_every_days:
        since = "was last reviewed" if reviewed else "began, and was never reviewed,"
        why.append(f"It {since} {_days(waited)} ago.")
    if why:
        return "slipping", tuple(why)
    if dated.unknown:
        return "not-computable", ("Its date is not known.",)
    return "on-track", ("It is in time by both dates, and was reviewed recently enough.",)


def _gap(declared: Rating | None, computed: Computed) -> tuple[Gap, str]:
    if declared is None:
        return "no-gap-known", "It is not rated."
    label, claims = declared.level.label, declared.level.claims
    if claims is None or claims == "not-computable":
        # Without a claim, one thing still tells: a level that is not met denies completion.
        if computed in ("delivered", "embedded"):
            sentence = f"“{label}” does not count as met; computed: {COMPUTED[computed]}."
            return "declared-worse", sentence
        return "no-gap-known", f"“{label}” claims no status that can be computed."
    if computed == "not-computable":
        return "no-gap-known", f"{COMPUTED[computed]}, so that “{label}” cannot be checked."
    apart = _ORDER.index(claims) - _ORDER.index(computed)
    sentence = f"“{label}” claims: {COMPUTED[claims]}. Computed: {COMPUTED[computed]}."
    if apart == 0:
        return "same", sentence
    return ("declared-better" if apart > 0 else "declared-worse"), sentence


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{number} days"
