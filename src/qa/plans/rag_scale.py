"""The scale that the actions of an improvement plan are rated on: versioned data, never a colour.

Two versions of a scale may use one colour for different things (a council's green once meant "on
track", a year later "complete"), so a rating always carries the version it was given under and
nothing is ever compared or counted by colour.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from qa.core.frozen import Frozen
from qa.core.words import CODE
from qa.plans.status_rules import Computed


def id_of(key: str) -> str:
    """The id of the scale in a key (``id@version``)."""
    return key.partition("@")[0]


Colour = Literal["green", "turquoise", "blue", "yellow", "orange", "red", "grey", "purple"]


class RagLevel(Frozen):
    """One level. A level without a `rank` ("not yet rated") is no rating and stays out of counts.

    `met` says whether an action at this level counts as delivered; `final` whether nothing more is
    expected of it; `evidence` whether giving this level owes evidence of impact. `stands_for` is
    the computed status that says the same in words of no council's scale, where there is one.
    """

    code: str = Field(pattern=CODE)
    label: str = Field(min_length=1, max_length=80)
    rank: int | None = Field(default=None, ge=0, le=100)
    meaning: str = Field(min_length=1, max_length=2000)
    colour: Colour = "grey"
    met: bool = False
    final: bool = False
    evidence: bool = False
    stands_for: Computed | None = None

    @property
    def claims(self) -> Computed | None:
        """The computed status that the level claims; None where its meaning does not tell."""
        if self.stands_for is not None or not self.met:
            return self.stands_for
        return "embedded" if self.final else "delivered"


UNRATED = RagLevel(
    code="not-yet-rated", label="Not yet rated", meaning="No rating holds from that day on."
)
"""Of every scale that has no such level of its own: it ends the rating before."""


class RagScale(Frozen):
    """An ordered set of levels with a version; `best` says at which end of the ranks the best is.

    The rank is also the score that means are made of, so it is the number the council uses.
    """

    id: str = Field(pattern=CODE)
    version: int = Field(ge=1)
    name: str = Field(min_length=1, max_length=120)
    best: Literal["highest", "lowest"] = "highest"
    levels: tuple[RagLevel, ...] = Field(min_length=2)

    @model_validator(mode="after")
    def _levels_differ(self) -> RagScale:
        codes = [level.code for level in self.levels]
        ranks = [level.rank for level in self.levels if level.rank is not None]
        if len(set(codes)) != len(codes):
            raise ValueError("two levels of the scale share a code")
        if len(ranks) < 2 or len(ranks) != len(set(ranks)):
            raise ValueError("a scale has at least two ranked levels, each rank once")
        return self

    @property
    def key(self) -> str:
        return f"{self.id}@{self.version}"

    def level(self, code: str) -> RagLevel | None:
        return next((level for level in self.given if level.code == code), None)

    @property
    def given(self) -> tuple[RagLevel, ...]:
        """The levels that a review may give."""
        return self.levels if self.unrated in self.levels else (*self.levels, self.unrated)

    @property
    def unrated(self) -> RagLevel:
        """The level that says that an action is not rated, or no longer."""
        return next((level for level in self.levels if level.rank is None), UNRATED)

    def from_worst(self) -> tuple[RagLevel, ...]:
        """The ranked levels, worst first."""
        ranked = [(level.rank, level) for level in self.levels if level.rank is not None]
        ranked.sort(key=lambda pair: pair[0], reverse=self.best == "lowest")
        return tuple(level for _, level in ranked)

    @property
    def ends(self) -> tuple[int, int]:
        """The lowest and the highest rank."""
        ranks = [level.rank for level in self.levels if level.rank is not None]
        return min(ranks), max(ranks)


class MappedLevel(Frozen):
    """What a level of one version is taken for on another, for figures that cross them."""

    old: str
    new: str
