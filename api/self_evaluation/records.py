"""Self-evaluations as records that have a history and can be found."""

from __future__ import annotations

from sqlalchemy.engine import Connection

from api.records.compared_kinds import ComparedKind, ComparedTable, code, person
from api.records.kinds import KindOfRecord, by_verb, of_council
from api.records.search_kinds import SearchedKind, titled, with_verb
from projections.self_evaluation import queries
from projections.self_evaluation.tables import CLAIMS, self_evaluation_row

_KIND, _VERB = "self-evaluation", "read-self-evaluation"


def _named(connection: Connection, key: str, position: int | None) -> str | None:
    return queries.titles(connection, [key], position=position).get(key)


RECORDS = (
    KindOfRecord(_KIND, of_council(_KIND, _VERB, named=_named), events=("self_evaluation.events",)),
)
STREAMS = (by_verb(_KIND, _VERB),)


_headings = titled(queries.titles, "/self-evaluations", "Self-evaluation")
SEARCHED = SearchedKind(_KIND, "Self-evaluations", 52, with_verb(_VERB), _headings)

COMPARED = ComparedKind(
    _KIND,
    "Self-evaluations",
    "Self-evaluation",
    87,
    (
        ComparedTable(
            self_evaluation_row,
            {
                "title": "Title",
                "start": "From",
                "end": "To",
                "author": person("Author"),
                "stage": code("Stage"),
                "reviewer": person("Reviewer"),
                "sent_as_at": "Sent for review as on",
                "returned_because": "Why it was sent back",
                "copies": "Frozen copies",
            },
            left_out=("council", "begun_us", "sent", "sha256", "rendering"),
        ),
        ComparedTable(
            CLAIMS.table,
            {
                "area": code("area"),
                "known": "what we know",
                "how_known": "how we know it",
                "will_do": "what we will do",
                "by": person("worded by"),
                "confirmed_by": person("confirmed by"),
                "confirmed_note": "note of that",
            },
            each="Claim",
            left_out=("claim", "made", "written_us", "confirmed_us"),
        ),
    ),
    named=("title",),
    href="/self-evaluations/{}",
    weighs=("self_evaluation_row.stage", "self_evaluation_row.title"),
)
