"""Joinings of a child's references as streams whose entries a reader may see."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy.engine import Connection

from api.records.compared_kinds import ComparedKind, ComparedTable, person
from api.records.kinds import KindOfStream
from api.records.search_kinds import SameNames
from api.web.moments import AsAt
from projections.audits import visible_queries
from projections.audits.tables import JOINED_CHILDREN
from projections.figures.joined_children import same_children
from qa.authorisation.policy import reach
from qa.children.events import child_joining_stream
from qa.core.words import Actor


def _open_to(connection: Connection, actor: Actor, streams: Collection[str]) -> list[str]:
    found = visible_queries.joinings_open_to(connection, reach(actor), ever=True)
    allowed = {child_joining_stream(row.joining) for row in found}
    return [one for one in streams if one in allowed]


def _same(connection: Connection, actor: Actor, at: AsAt) -> Mapping[str, frozenset[str]]:
    rows = visible_queries.joinings_open_to(connection, reach(actor), position=at.position)
    return same_children((row.child_key, row.other_key) for row in rows)


STREAMS = (KindOfStream("child-joining", _open_to),)
SAME_NAMES = SameNames(_same)

COMPARED = ComparedKind(
    "child-joining",
    "References of one child",
    "References of one child:",
    110,
    (
        ComparedTable(
            JOINED_CHILDREN.table,
            {
                "child": "Reference",
                "other": "Other reference",
                "joined_by": person("Joined by"),
                "joined_on": "Joined",
            },
            left_out=("child_key", "other_key"),
        ),
    ),
    named=("child", "other"),
    href="/child-joinings/{}",
)
