"""Learning themes as records that have a history."""

from __future__ import annotations

from sqlalchemy.engine import Connection

from api.records.compared_kinds import ComparedKind, ComparedTable, said_as, yes_or_no
from api.records.kinds import KindOfRecord, SubjectNames, by_verb, of_council
from api.records.search_kinds import SearchedKind, titled, with_verb
from projections.learning import queries
from projections.learning.projector import STAGES
from projections.learning.tables import EXEMPLARS, TAGS, THEMES

_KIND, _VERB = "learning-theme", "read-learning"


def _named(connection: Connection, key: str, position: int | None) -> str | None:
    return queries.titles(connection, [key], position=position).get(key)


def _theme(connection: Connection, key: str, position: int | None) -> str | None:
    title = _named(connection, key, position)
    return None if title is None else f"Learning theme “{title}”"


NAMED = SubjectNames(_KIND, _theme)
RECORDS = (KindOfRecord(_KIND, of_council(_KIND, _VERB, named=_named)),)
STREAMS = (by_verb(_KIND, _VERB),)


_headings = titled(queries.titles, "/learning", "Learning theme")
SEARCHED = SearchedKind(_KIND, "Learning", 50, with_verb(_VERB), _headings)

COMPARED = ComparedKind(
    "learning-theme",
    "Learning themes",
    "Learning theme",
    70,
    (
        ComparedTable(
            THEMES.table,
            {
                "title": "Name",
                "question": "Question",
                "stage": said_as("Stage", lambda stage: STAGES.get(stage, stage)),
                "opened_on": "Opened",
                "closed_on": "Closed",
            },
        ),
        # Which record belongs to it may be closed to a reader of the theme.
        ComparedTable(
            TAGS.table,
            {"theme": yes_or_no("")},
            each="A {kind} belongs to it",
            left_out=("record", "part"),
        ),
        ComparedTable(
            EXEMPLARS.table,
            {"text": "", "shared_on": "shared on"},
            each="Good practice",
            by="theme",
            left_out=("exemplar", "audit", "strength", "worker", "thanks", "by"),
        ),
    ),
    named=("title",),
    href="/learning/{}",
    weighs=("learning_theme.stage", "learning_theme.closed_on"),
)
