"""Joinings of a child's references as streams whose entries a reader may see."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy.engine import Connection

from api.records.kinds import KindOfStream
from projections.audits import child_queries
from qa.authorisation.policy import reach
from qa.children.events import child_joining_stream
from qa.core.words import Actor


def _open_to(connection: Connection, actor: Actor, streams: Collection[str]) -> list[str]:
    found = child_queries.joinings_open_to(connection, reach(actor), ever=True)
    allowed = {child_joining_stream(row.joining) for row in found}
    return [one for one in streams if one in allowed]


STREAMS = (KindOfStream("child-joining", _open_to),)
