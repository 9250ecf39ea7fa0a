"""RAG scales as data: versions that never change, and mappings that are explicit and dated."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from qa.plans.commands import MapRagScale
from qa.plans.events import RagScaleMapped, RagScalePublished, RagScaleWithdrawn
from qa.plans.rag_scale import MappedLevel, RagScale
from qa.plans.rag_scale_decisions import (
    RagScales,
    bring,
    chosen_version,
    evolve,
    map_levels,
    publish,
    take_back,
)
from tests.plans.support import FOUR, THREE, level
from tests.support.given import codes_of, given

DAY = date(2026, 1, 1)
BOTH = given(RagScales(), evolve, RagScalePublished(scale=FOUR), RagScalePublished(scale=THREE))


def test_versions_follow_one_another_and_never_change() -> None:
    given(RagScales(), evolve).when(lambda s: publish(s, scale=FOUR)).then(
        RagScalePublished(scale=FOUR)
    )
    given(RagScales(), evolve).when(lambda s: publish(s, scale=THREE)).refused("scale-version")
    BOTH.when(lambda s: publish(s, scale=FOUR)).refused("scale-version")
    third = THREE.model_copy(update={"version": 3})
    BOTH.when(lambda s: publish(s, scale=third)).refused("scale-same")
    other = FOUR.model_copy(update={"version": 3})
    BOTH.when(lambda s: publish(s, scale=other)).then(RagScalePublished(scale=other))


def test_levels_are_mapped_once_to_levels_that_are_ratings() -> None:
    def asked(levels: list[MappedLevel], since: date = DAY) -> MapRagScale:
        return MapRagScale(
            scale=THREE.id, old=FOUR.key, new=THREE.key, levels=tuple(levels), since=since
        )

    def mapping(*pairs: tuple[str, str], since: date = DAY) -> Any:
        levels = [MappedLevel(old=old, new=new) for old, new in pairs]
        return lambda s: map_levels(s, asked(levels, since), old=FOUR, new=THREE)

    event = RagScaleMapped(
        old=FOUR.key, new=THREE.key, levels=(MappedLevel(old="green", new="amber"),), since=DAY
    )
    BOTH.when(mapping(("green", "amber"))).then(event)
    BOTH.when(mapping(("pink", "amber"))).refused("level-unknown")
    BOTH.when(mapping(("not-rated", "amber"))).refused("level-unknown")
    BOTH.when(mapping(("green", "blue"), ("green", "amber"))).refused(
        "level-twice", "level-unknown"
    )
    BOTH.when(mapping()).refused("mapping-empty")
    known = given(RagScales(), evolve, event)
    known.when(mapping(("red", "red"))).refused("mapping-known")
    same = [MappedLevel(old="red", new="red")]
    BOTH.when(lambda s: map_levels(s, asked(same), old=FOUR, new=FOUR)).refused("mapping-same")


@pytest.mark.parametrize(
    "levels",
    [
        (level("red", 1), level("red", 2)),
        (level("red", 1), level("amber", 1)),
        (level("red", 1), level("none", None)),
    ],
)
def test_a_scale_whose_levels_cannot_be_told_apart_is_none(levels: tuple[Any, ...]) -> None:
    with pytest.raises(ValidationError):
        RagScale(id="odd", version=1, name="Odd", levels=levels)


def test_the_worst_level_is_at_the_end_that_is_not_the_best() -> None:
    upside = FOUR.model_copy(update={"best": "lowest"})
    assert [one.code for one in FOUR.from_worst()] == ["red", "amber", "green", "blue"]
    assert [one.code for one in upside.from_worst()] == ["blue", "green", "amber", "red"]


def test_a_level_claims_what_its_flags_or_its_own_words_say() -> None:
    assert level("a", 1).claims is None
    assert level("a", 1, met=True).claims == "delivered"
    assert level("a", 1, met=True, final=True).claims == "embedded"
    assert level("a", 1, stands_for="slipping").claims == "slipping"


def test_a_file_brings_a_version_once() -> None:
    given(RagScales(), evolve).when(lambda s: bring(s, scale=FOUR)).then(
        RagScalePublished(scale=FOUR)
    )
    BOTH.when(lambda s: bring(s, scale=FOUR)).nothing()
    other = THREE.model_copy(update={"version": FOUR.version})
    BOTH.when(lambda s: bring(s, scale=other)).refused("already-imported-otherwise")


def test_a_version_that_a_file_brought_is_taken_back_unless_a_plan_is_rated_on_it() -> None:
    gone = RagScaleWithdrawn(version=THREE.version)
    BOTH.when(lambda s: take_back(s, "", in_use=lambda key: False)).then(gone)
    BOTH.when(lambda s: take_back(s, "", in_use=lambda key: key == THREE.key)).refused(
        "scale-in-use"
    )
    BOTH.when(lambda s: take_back(s, "another", in_use=lambda key: False)).nothing()
    left = given(
        RagScales(),
        evolve,
        RagScalePublished(scale=FOUR),
        RagScalePublished(scale=THREE),
        gone,
    )
    left.when(lambda s: publish(s, scale=THREE)).then(RagScalePublished(scale=THREE))


def test_a_version_is_chosen_by_its_key() -> None:
    assert chosen_version(BOTH.state, THREE.key, field="scale") == THREE
    missing = lambda: chosen_version(BOTH.state, "no@1", field="scale")  # noqa: E731
    assert codes_of(missing) == ["scale-unknown"]
