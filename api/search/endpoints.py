"""The search as programs ask it."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query

from api.json.deps import Call, Limit
from api.json.routing import ApiRouter
from api.search.reading import search
from api.search.schemas import SearchOut
from qa.core.access import What

router = ApiRouter(tags=["work"])

LONGEST_PLACE = 2**53 - 1


@router.get("/search", operation_id="search")
def find(
    call: Call,
    q: Annotated[str, Query(min_length=2, max_length=200)],
    kind: Annotated[
        list[str] | None, Query(description="Kinds of record, as `counts` names them.")
    ] = None,
    before: Annotated[int | None, Query(ge=0, le=LONGEST_PLACE)] = None,
    limit: Limit = 50,
) -> SearchOut:
    """Find records by their references, their names and the words in them.

    Accents, capitals, endings and hyphens do not matter; the beginning of a word will do, and a
    word with one wrong letter where nothing answers.
    """
    answer = search(
        call.connection, call.actor, call.at, q, kinds=kind or (), before=before, limit=limit
    )
    call.note("search", what=What.SEARCH)
    return SearchOut.of(answer, call.at)
