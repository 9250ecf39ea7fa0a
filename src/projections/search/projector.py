"""What each event changes in the read rows of search.

Which texts of an event are searched, its capability says (`qa.core.event_words.Searched`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import cache, cached_property
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.engine import Connection

from projections.core.base import Amend, Close, Put, RowChange
from projections.search.tables import fold, search_audit, search_text
from qa.audits.events import (
    CaseAuditAllocated,
    CaseAuditImportCorrected,
    CaseAuditImported,
    CaseAuditResubmitted,
    CaseAuditSubmitted,
    CaseAuditTeamChanged,
)
from qa.core.event import Event, RecordedEvent
from qa.core.event_words import vocabulary, words_of
from qa.core.frozen import ERASED
from qa.core.naming import reference_key

_OPENING = (CaseAuditAllocated, CaseAuditImported)
_SUBMITTING = (CaseAuditSubmitted, CaseAuditResubmitted)


@cache
def _kinds_beside() -> tuple[str, ...]:
    """The kinds of streams beside an audit's own whose events hold texts of the audit."""
    searched = (words.searched for words in vocabulary().events.values())
    return tuple(sorted({one.stream for one in searched if one is not None and one.stream}))


class Search:
    """Projects the free text of audits and moderations onto rows that can be searched."""

    name = "search"
    version = 2
    tables = (search_text, search_audit)

    @cached_property
    def handles(self) -> tuple[type[Event], ...]:
        words = vocabulary().events
        searched = (kind for kind, each in words.items() if each.searched is not None)
        return (*_OPENING, CaseAuditTeamChanged, CaseAuditImportCorrected, *searched)

    def beside(self, connection: Connection, streams: Collection[str]) -> set[str]:
        """The streams that write rows of the same audits: an audit's and those of its actions."""
        begins = tuple(f"{kind}:" for kind in _kinds_beside())
        fields = {stream.replace(":", ".", 1) for stream in streams if stream.startswith(begins)}
        held = {s.removeprefix("case-audit:") for s in streams if s.startswith("case-audit:")}
        held |= {audit for audit, _ in _beside(connection, search_text.c.field, fields)}
        found = {f"case-audit:{audit}" for audit in held}
        for _, field in _beside(connection, search_text.c.audit, held):
            found.add(field.replace(".", ":", 1))
        return found

    def project(self, recorded: RecordedEvent[Any]) -> Iterable[RowChange]:
        event, stream = recorded.event, recorded.stream
        words = words_of(type(event))
        searched = words.searched
        if searched is not None and searched.stream and words.belongs is not None:
            audit = words.belongs(stream, event)[1]
        else:
            audit = stream.removeprefix("case-audit:") if stream.startswith("case-audit:") else ""
        if not audit:  # only what audits say is searched
            return ()
        texts = {} if searched is None else searched.texts(event)
        return [*_heading(audit, event), *_texts(audit, recorded.position, texts)]


def _beside(
    connection: Connection, column: ColumnElement[str], wanted: Collection[str]
) -> set[tuple[str, str]]:
    """Audits with the fields of texts on streams beside theirs, at whatever time they stood."""
    found: set[tuple[str, str]] = set()
    asked = sorted(wanted)
    begins = or_(*(search_text.c.field.like(f"{kind}.%") for kind in _kinds_beside()))
    for at in range(0, len(asked), 500):
        query = select(search_text.c.audit, search_text.c.field).where(
            column.in_(asked[at : at + 500]), begins
        )
        found.update(connection.execute(query).tuples())
    return found


def _heading(audit: str, event: Event) -> list[RowChange]:
    """What a result says of the audit it was found in. A new submission takes the place of all
    texts before it."""
    if isinstance(event, _OPENING):
        row = {
            "audit": audit,
            "reference": event.reference,
            "child": event.child,
            "child_key": reference_key(event.child),
            "auditor": event.auditor,
            "team": event.team,
            "service": event.service,
            "submitted": "yes" if isinstance(event, CaseAuditImported) else None,
        }
        return [Put(search_audit, row)]
    if isinstance(event, CaseAuditTeamChanged):
        placed = {"team": event.new_team, "service": event.new_service}
        return [Amend(search_audit, (audit,), placed)]
    if isinstance(event, CaseAuditImportCorrected):
        stated = event.new.model_dump(include={"auditor", "team", "service"})
        return [Amend(search_audit, (audit,), stated)]
    if isinstance(event, _SUBMITTING):
        owned = {"submitted": "yes", "auditor": event.auditor}
        again = isinstance(event, CaseAuditResubmitted)
        return [
            Amend(search_audit, (audit,), owned),
            *([Close(search_text, (audit,))] if again else []),
        ]
    return []


def _texts(audit: str, position: int, texts: Mapping[str, str]) -> list[RowChange]:
    return [
        Put(
            search_text,
            {
                "audit": audit,
                "field": field,
                "opened": position,
                "text": text,
                "folded": fold(text),
            },
        )
        if text.strip()
        else Close(search_text, (audit, field))
        for field, text in texts.items()
        if text != ERASED
    ]


PROJECTORS = (Search,)
