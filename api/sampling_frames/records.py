"""Sampling frames as records that have a history."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy.engine import Connection

from api.records.compared_kinds import ComparedKind, ComparedTable, person
from api.records.kinds import KindOfRecord, KindOfStream, of_council
from api.records.search_kinds import FoundHeading, SearchedKind, with_verb
from api.sampling_frames import reading
from api.web.moments import AsAt
from projections.sampling_frames import queries
from projections.sampling_frames.tables import FRAMES
from qa.authorisation.policy import reach
from qa.core.words import Actor

KIND = "sampling-frame"


def _named(connection: Connection, key: str, position: int | None) -> str | None:
    row = queries.one(connection, key, position=position)
    return None if row is None else f"Sampling frame of {row.cycle}"


def _headings(
    connection: Connection, frames: Collection[str], at: AsAt
) -> Mapping[str, FoundHeading]:
    return {
        row.frame: FoundHeading(
            f"Sampling frame of {row.cycle}", f"/sampling-frames/{row.frame}", row.read_from
        )
        for row in queries.frames(connection, position=at.position)
        if row.frame in frames
    }


def _listing(
    connection: Connection, actor: Actor, at: AsAt, keys: Collection[str]
) -> Mapping[str, str]:
    found = queries.listing(connection, keys, reach(actor), position=at.position)
    return {row.frame: row.case for row in found}


RECORDS = KindOfRecord(
    KIND, of_council(KIND, reading.READ, named=_named), events=("sampling_frames.events",)
)
STREAMS = KindOfStream(KIND, reading.open_streams)
SEARCHED = SearchedKind(KIND, "Sampling frames", 85, with_verb(reading.READ), _headings, _listing)
COMPARED = ComparedKind(
    KIND,
    "Sampling frames",
    "Sampling frame of",
    132,
    (
        ComparedTable(
            FRAMES.table,
            {
                "cycle": "Cycle",
                "read_from": "List",
                "listed_on": "As at the end of",
                "source": "Where the list comes from",
                "cases": "Cases",
                "teams": "Teams",
                "sha256": "SHA-256 over the cases",
                "restricted": "Rows about restricted children",
                "closed": "Rows closed by that day",
                "later": "Rows begun after that day",
                "again": "Further rows about the same child",
                "by": person("By"),
            },
            left_out=("batch", "frozen_us"),
        ),
    ),
    named=("cycle",),
    href="/sampling-frames/{}",
)
