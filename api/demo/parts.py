"""What a capability brings to the demonstration: under ``DEMONSTRATIONS`` in its
``demonstration``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from api.demo.story import Story


@dataclass(frozen=True, slots=True)
class Demonstration:
    """One part of the invented years. `tell` sets down in the story what happens when, with chance
    of its own; parts are told by their `place`, so that every store made is the same."""

    place: int
    tell: Callable[[Story], None]
