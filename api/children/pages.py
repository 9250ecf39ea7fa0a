"""The forms that join two references of one child, and undo it."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from fastapi import Path

from api.web.context import Reader
from api.web.late_routes import PageRouter
from api.web.steps import At, FormStep, command_step, form_routes
from projections.audits import child_queries, visible_queries
from projections.core.base import present
from projections.figures.joined_children import JoinedChildRow
from qa.children import handlers
from qa.core.errors import NotFound
from qa.core.words import SOMEWHERE

router = PageRouter(prefix="/child-joinings")

JOIN: FormStep[str] = command_step(
    handlers.join,
    title="Join two references of one child",
    button="Join the references",
    done="The references are joined.",
    verb="join-children",
    asks=("other", "why"),
    target=lambda child: {"child": child},
    intro=(
        "The audits and actions under both references are one child’s file from now on, and count "
        "as one child. Each record keeps the reference that it was given.",
        "Where the records under one reference are restricted, those under the other are "
        "restricted at once to the same people. The joining can be undone.",
    ),
)
PART: FormStep[JoinedChildRow] = command_step(
    handlers.part,
    title="Undo the joining of two references",
    button="Undo the joining",
    done="The joining is undone.",
    verb="join-children",
    target=lambda row: {"joining": row.joining},
    warns=True,
    intro=(
        "The records are the files of two children again. Where a restriction was made under one "
        "reference, it stands for that reference alone.",
    ),
)


def _joining(
    reading: Reader, child: Annotated[str, Path(max_length=60)]
) -> tuple[FormStep[str], str, At]:
    now = present(reading.connection)
    if not child_queries.of_child(now, reading.reach, child):
        raise NotFound("There is no audit of this child’s file that you may see.")
    here = quote(child)
    at = At(f"/child-joinings/new/{here}", f"/children/{here}", caption=child, resource=SOMEWHERE)
    return JOIN, child, at


form_routes(router, "/new/{child:path}", _joining)


def _parting(
    reading: Reader, joining: Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]
) -> tuple[FormStep[JoinedChildRow], JoinedChildRow, At]:
    now = present(reading.connection)
    found = visible_queries.joinings_open_to(now, reading.reach)
    row = next((one for one in found if one.joining == joining), None)
    if row is None:
        raise NotFound("There is no such joining.")
    at = At(
        f"/child-joinings/{joining}/end",
        f"/children/{quote(row.child)}",
        row.stream_version,
        f"{row.child} and {row.other}",
        SOMEWHERE,
    )
    return PART, row, at


form_routes(router, "/{joining}/end", _parting)
