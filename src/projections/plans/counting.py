"""How many actions stand at each level on a day, and the means: of a theme, overall, both ways.

Every level of the scale is counted, also those that nobody stands at. Actions without a rating are
counted apart and enter no mean. Ratings of two versions of a scale are never added up: each version
has a tally of its own, and a rating moves into that of the scale of the day only by a mapping that
is in force, which the tally then says.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from projections.figures.figure import Basis, Figure, caveat, count, mean_of_means, mean_score
from projections.plans.ratings import Rating, on_scale, rating
from projections.plans.record import ActionRecord, PartRecord, PlanRecord
from qa.plans.rag_scale import RagLevel, RagScale

RULE = (
    "Actions that are in the plan on the day, each with the rating of its latest review as at that "
    "day or before."
)
MEAN_OF_MEANS = (
    "Mean of the themes' means, each theme weighing the same, from unrounded means; themes without "
    "a rating stay out."
)
WEIGHTED = "Mean over all rated actions, each weighing the same."


@dataclass(frozen=True, slots=True)
class RatingTally:
    """The ratings given (or by a mapping taken) on one version of a scale.

    `levels` holds every ranked level from the worst, with the actions that stand at it. `mapped`
    are those that were rated on another version.
    """

    scale: RagScale
    levels: tuple[tuple[RagLevel, tuple[str, ...]], ...]
    mapped: tuple[str, ...]
    counts: dict[str, Figure]
    mean: Figure

    @property
    def rated(self) -> int:
        return sum(len(actions) for _, actions in self.levels)


@dataclass(frozen=True, slots=True)
class RatingCounts:
    """What some actions were rated on a day. The first tally is that of the scale of the day."""

    actions: tuple[str, ...]
    unrated: tuple[str, ...]
    tallies: tuple[RatingTally, ...]

    @property
    def no_data(self) -> bool:
        """Whether there is nothing to count, which is not the same as nought."""
        return not self.actions

    @property
    def of_the_day(self) -> RatingTally:
        return self.tallies[0]


@dataclass(frozen=True, slots=True)
class PlanStanding:
    """A plan on a day: each theme, the whole, and the two overall means on the scale of the day."""

    day: date
    scale: RagScale
    themes: tuple[tuple[PartRecord, RatingCounts], ...]
    whole: RatingCounts
    mean_of_themes: Figure
    mean_of_actions: Figure


def on_the_board(record: PlanRecord, day: date) -> PlanStanding:
    """The counts and means of a plan at the end of `day`."""
    ratings = [(action, rating(record, action.id, day)) for action in record.actions_on(day)]
    themes = [
        (
            part,
            counted(
                record, [one for one in ratings if record.theme_of(one[0]) == part.id], day, part
            ),
        )
        for part in record.top()
        if part.ended_on is None or part.ended_on > day
    ]
    whole = counted(record, ratings, day)
    basis = _basis(record, day, whole.of_the_day.scale, None, None)
    means = [each.of_the_day.mean for _, each in themes]
    return PlanStanding(
        day=day,
        scale=whole.of_the_day.scale,
        themes=tuple(themes),
        whole=whole,
        mean_of_themes=mean_of_means(
            "mean_of_themes", means, _saying(basis, "mean-of-means", MEAN_OF_MEANS)
        ),
        mean_of_actions=mean_score(
            "mean_of_actions",
            _ranks(whole.of_the_day),
            _saying(basis, "weighted-mean", WEIGHTED),
            ends=whole.of_the_day.scale.ends,
        ),
    )


def counted(
    record: PlanRecord,
    ratings: Sequence[tuple[ActionRecord, Rating | None]],
    day: date,
    theme: PartRecord | None = None,
) -> RatingCounts:
    """Count some actions with the ratings that hold on `day`."""
    key = record.plan.scale_on(day)
    placed: dict[str, dict[str, list[str]]] = {key: {}}
    mapped: list[str] = []
    unrated: list[str] = []
    for action, given in ratings:
        if given is None:
            unrated.append(action.id)
            continue
        level = on_scale(record, given, key, day)
        if level is None or level.rank is None:
            scale, code = given.scale.key, given.level.code
        else:
            scale, code = key, level.code
            if given.scale.key != key:
                mapped.append(action.id)
        placed.setdefault(scale, {}).setdefault(code, []).append(action.id)
    return RatingCounts(
        actions=tuple(action.id for action, _ in ratings),
        unrated=tuple(unrated),
        tallies=tuple(
            _tally(record, record.scales[scale], levels, mapped if scale == key else [], day, theme)
            for scale, levels in placed.items()
        ),
    )


def _tally(
    record: PlanRecord,
    scale: RagScale,
    placed: dict[str, list[str]],
    mapped: Iterable[str],
    day: date,
    theme: PartRecord | None,
) -> RatingTally:
    levels = tuple((level, tuple(placed.get(level.code, ()))) for level in scale.from_worst())
    rated = sum(len(actions) for _, actions in levels)
    crossed = tuple(mapped)
    counts = {
        level.code: count(
            f"rated_{level.code}",
            len(actions),
            rated,
            _basis(record, day, scale, theme, level.code, len(crossed)),
        )
        for level, actions in levels
    }
    ranks = [level.rank or 0 for level, actions in levels for _ in actions]
    basis = _basis(record, day, scale, theme, None, len(crossed))
    mean = mean_score("mean", ranks, basis, ends=scale.ends)
    return RatingTally(scale, levels, crossed, counts, mean)


def _ranks(tally: RatingTally) -> list[int]:
    return [level.rank or 0 for level, actions in tally.levels for _ in actions]


def _basis(
    record: PlanRecord,
    day: date,
    scale: RagScale,
    theme: PartRecord | None,
    level: str | None,
    crossed: int = 0,
) -> Basis:
    query = {
        "plan": record.plan.id,
        "day": day.isoformat(),
        "scale": scale.key,
        "theme": theme.id if theme else "",
        "level": level or "",
    }
    subject = "1 rating was" if crossed == 1 else f"{crossed} ratings were"
    sentence = f"{subject} given on another version of the scale and taken over by a mapping."
    return Basis(
        cohort_rule=RULE,
        as_at=day,
        position=record.position,
        scale_version=scale.key,
        rows="&".join(f"{name}={value}" for name, value in query.items() if value),
        caveats=(caveat("scale-mapped", sentence),) if crossed else (),
    )


def _saying(basis: Basis, code: str, sentence: str) -> Basis:
    return Basis(
        cohort_rule=basis.cohort_rule,
        as_at=basis.as_at,
        position=basis.position,
        scale_version=basis.scale_version,
        rows=basis.rows,
        caveats=(*basis.caveats, caveat(code, sentence)),
    )
