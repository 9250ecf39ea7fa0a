"""How sampling frames are told in history."""

from __future__ import annotations

from typing import Any

from qa.core.event_words import EventWords, RoomWords, Searched
from qa.sampling_frames import events

_OWN = "the id of the record: the entry is its own"
_CYCLE: Searched[Any] = Searched(titles=("cycle",))


def _frozen(event: events.SamplingFrameFrozen) -> str:
    return f"Froze {len(event.cases)} cases as the sampling frame of {event.cycle}"


HISTORY = RoomWords(
    events=(
        EventWords(
            events.SamplingFrameFrozen,
            _frozen,
            paths={"sha256": "cases_sha256"},
            hidden={
                "frame": _OWN,
                "cases": "the references of the list, which its page shows to who may see them",
            },
            searched=_CYCLE,
        ),
        EventWords(
            events.SamplingFrameWithdrawn,
            lambda event: f"Withdrew the sampling frame of {event.cycle}",
            hidden={"frame": _OWN},
            searched=Searched(titles=lambda _: {"cycle": ""}),
        ),
    ),
)
