"""What one reader finds: the one place that page, API and command line ask."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.engine import Connection

from api.records.search_kinds import FoundHeading, same_names, searched_kinds
from api.web.moments import AsAt
from projections.search import queries
from projections.search.question import Condition, SearchQuestion
from projections.search.tables import NAME, SearchRow
from qa.authorisation.policy import require
from qa.core.event_words import label
from qa.core.naming import reference_key
from qa.core.words import Actor

SAMPLE = 50
"""As many texts are looked through for the word that was meant."""


@dataclass(frozen=True, slots=True)
class FoundText:
    """A text that answers, with the record it stands in and what its field is called."""

    row: SearchRow
    heading: FoundHeading
    field: str


@dataclass(frozen=True, slots=True)
class KindCount:
    """How many texts of a kind answer; with `more` it is the least that there are."""

    kind: str
    label: str
    number: int
    more: bool


@dataclass(frozen=True, slots=True)
class SearchAnswer:
    """What was found. `corrected` is what was searched for in place of what was typed, which
    nothing answers. `exact` are the records that go by what was typed, on the first page alone;
    `next` is the place behind which the next page begins."""

    question: SearchQuestion
    corrected: str = ""
    exact: Sequence[FoundText] = ()
    found: Sequence[FoundText] = ()
    counts: Sequence[KindCount] = ()
    next: int | None = None


def search(
    connection: Connection,
    actor: Actor,
    at: AsAt,
    typed: str,
    *,
    kinds: Collection[str] = (),
    before: int | None = None,
    limit: int = 50,
) -> SearchAnswer:
    """What this reader finds at a moment, in the records of these kinds, or of all.

    Only what the lists would show them then is found or counted; the word that was meant is looked
    for there too.

    Raises:
        Forbidden: the reader may not search.
    """
    require(actor, "search")
    same = same_names(connection, actor, at)
    question = SearchQuestion.of(typed, same)
    visible = {
        kind: condition
        for kind, one in searched_kinds().items()
        if (condition := one.visible(connection, actor, at)) is not None
    }
    chosen = {kind: shown for kind, shown in visible.items() if not kinds or kind in kinds}

    def find(
        condition: Condition, shown: queries.Shown, most: int, behind: int | None = None
    ) -> list[SearchRow]:
        return queries.find(
            connection, condition, shown, position=at.position, before=behind, limit=most
        )

    if not question.terms:
        return SearchAnswer(question)
    counts = queries.count(connection, question.condition, visible, position=at.position)
    listed = _listed(connection, actor, at, same, typed, visible)
    for row in listed:
        number, more = counts.get(row.kind, (0, False))
        counts[row.kind] = queries.Counted(number + 1, more)
    corrected = ""
    nothing = not any(number for number, _ in counts.values())
    if nothing and (nearly := question.nearly) and not find(question.condition, visible, 1):
        corrected = question.corrected(row.text for row in find(nearly, visible, SAMPLE))
        if corrected:
            question = SearchQuestion.of(corrected, same)
            counts = queries.count(connection, question.condition, visible, position=at.position)
    rows = find(question.condition, chosen, limit + 1, before)
    exact = [] if before is not None else find(question.exactly, chosen, limit)
    if before is None:
        exact += [row for row in listed if row.kind in chosen]
    texts = _found_texts(connection, at, [*exact, *rows[:limit]])
    places = {row.place for row in exact}
    return SearchAnswer(
        question,
        corrected,
        exact=texts[: len(exact)],
        found=[one for one in texts[len(exact) :] if one.row.place not in places],
        counts=[
            KindCount(kind, one.label, *counts[kind])
            for kind, one in searched_kinds().items()
            if kind in counts and counts[kind].number
        ],
        next=rows[limit - 1].place if len(rows) > limit else None,
    )


def _listed(
    connection: Connection,
    actor: Actor,
    at: AsAt,
    same: Mapping[str, Collection[str]],
    typed: str,
    kinds: Collection[str],
) -> list[SearchRow]:
    """The records of these kinds that list the child whose reference was typed."""
    key = reference_key(typed)
    keys = {key, *same.get(key, ())}
    return [
        SearchRow(record, NAME, "child", kind, 0, reference, "")
        for kind, one in searched_kinds().items()
        if kind in kinds and one.listing is not None
        for record, reference in one.listing(connection, actor, at, keys).items()
    ]


def _found_texts(connection: Connection, at: AsAt, rows: Sequence[SearchRow]) -> list[FoundText]:
    headings: dict[tuple[str, str], FoundHeading] = {}
    for kind, one in searched_kinds().items():
        records = {row.record for row in rows if row.kind == kind}
        if records:
            named = one.headings(connection, records, at)
            headings |= {(kind, record): heading for record, heading in named.items()}
    return [
        FoundText(row, heading, label(row.field, heading.tool))
        for row in rows
        if (heading := headings.get((row.kind, row.record))) is not None
    ]
