"""Learning themes as records that have a history."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy.engine import Connection

from api.records.kinds import KindOfRecord, by_verb, of_council
from api.records.search_kinds import FoundHeading, SearchedKind, with_verb
from api.web.moments import AsAt
from projections.learning import queries

_KIND, _VERB = "learning-theme", "read-learning"


def _named(connection: Connection, key: str, position: int | None) -> str | None:
    return queries.titles(connection, [key], position=position).get(key)


RECORDS = (KindOfRecord(_KIND, of_council(_KIND, _VERB, named=_named)),)
STREAMS = (by_verb(_KIND, _VERB),)


def _headings(
    connection: Connection, themes: Collection[str], at: AsAt
) -> Mapping[str, FoundHeading]:
    titles = queries.titles(connection, themes, position=at.position)
    return {
        theme: FoundHeading(title, f"/learning/{theme}", "Learning theme")
        for theme, title in titles.items()
    }


SEARCHED = SearchedKind(_KIND, "Learning", 50, with_verb(_VERB), _headings)
