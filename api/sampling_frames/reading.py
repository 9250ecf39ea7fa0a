"""Sampling frames as one reader may see them: the one place that pages and API ask.

Everybody who reads figures reads which frames there are, and how many cases each has. A case is
shown to those who may read audits of its team; of a list that names no teams, to those who may read
those of the whole council. The rest is counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.engine import Connection

from api.web.access_notes import Look
from api.web.moments import AsAt
from projections.people import queries as people
from projections.sampling_frames import queries
from projections.sampling_frames.tables import FrameCaseRow, SamplingFrameRow
from qa.authorisation.policy import can, reach, require
from qa.core.errors import NotFound
from qa.core.words import Actor
from qa.sampling_frames.rows import STRATA, frame_hash

READ = "read-report"
NO_TEAM = "No team named"
NONE_SAID = "Nothing said"


@dataclass(frozen=True, slots=True)
class OpenedFrame:
    """A frame with the cases that are open to its reader; `closed` counts the others."""

    row: SamplingFrameRow
    cases: Sequence[FrameCaseRow]
    places: Mapping[str, str]

    @property
    def closed(self) -> int:
        return self.row.cases - len(self.cases)

    def team(self, one: FrameCaseRow) -> str:
        return self.places.get(one.team, one.team) or NO_TEAM

    @property
    def strata(self) -> list[str]:
        """What its cases can be divided by: the team, and what the list says of any of them."""
        names = (name for name in STRATA if any(getattr(one, name) for one in self.cases))
        return ["team", *names]

    def counts(self, name: str) -> list[tuple[str, str, int]]:
        """How many of the cases shown have each value: the value, its words, and the number."""
        found = Counter(getattr(one, name) for one in self.cases)
        words = self.places if name == "team" else {}
        without = NO_TEAM if name == "team" else NONE_SAID
        rows = [(value, words.get(value, value) or without, n) for value, n in found.items()]
        return sorted(rows, key=lambda one: (-one[2], one[1]))


def frames(look: Look) -> list[SamplingFrameRow]:
    """The frame of every cycle. Raises `Forbidden` for whoever reads no figures."""
    require(look.actor, READ)
    return queries.frames(look.connection, position=look.at.position)


def open_frame(look: Look, frame: str) -> OpenedFrame:
    """A frame for one reader.

    Raises:
        NotFound: there is none then.   Forbidden: they read no figures.
    """
    connection, at = look.connection, look.at
    require(look.actor, READ)
    row = queries.one(connection, frame, position=at.position)
    if row is None:
        raise NotFound("There is no such sampling frame.")
    shown = queries.cases(connection, frame, reach(look.actor), position=at.position)
    places = people.team_names(connection, position=at.position)
    return OpenedFrame(row, shown, places)


def gives_its_hash(connection: Connection, frame: OpenedFrame, at: AsAt) -> bool:
    """Whether all the cases on record, open to the reader or not, give the hash of the frame."""
    every = queries.cases(connection, frame.row.frame, None, position=at.position)
    return frame_hash(every) == frame.row.sha256


def open_streams(connection: Connection, actor: Actor, streams: Collection[str]) -> Collection[str]:
    """Those of the streams of frames whose every case, now and before, is open to the reader: the
    entries hold them all."""
    within = reach(actor)
    if not within.is_whole or not can(actor, READ).allowed:
        return ()
    closed_frames = queries.ever_holding(connection, within.closed)
    return {stream for stream in streams if stream.partition(":")[2] not in closed_frames}
