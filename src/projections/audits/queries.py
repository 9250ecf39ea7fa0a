"""Questions to the register: which audits, one audit whole, and what is still sealed."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, bindparam, func, or_, select
from sqlalchemy.engine import Connection

from projections.audits.tables import (
    AUDITS,
    CONTENTS,
    CORRECTIONS,
    JOINED_PEOPLE,
    MODERATIONS,
    NOBODY,
    TYPING,
    AuditRow,
    ModerationRow,
    TypingRow,
    audit_row,
)
from projections.audits.visible_queries import keys_open_to, visible
from projections.core.base import as_at, present
from projections.core.paging import FIRST, RowPage, paged
from projections.core.reach import not_closed
from projections.figures.joined_people import all_names
from qa.audits.comparison import GradesGiven
from qa.audits.judgements import AuditContent
from qa.core.asking import Rows, Standing, Wanted, ask
from qa.core.one_of import one_of
from qa.core.words import Actor, AuditStatus, ModerationStatus, Reach, Resource

"""References that are looked for in one query."""
_UNSUBMITTED = (AuditStatus.ALLOCATED.value, AuditStatus.IN_PROGRESS.value)
_JUDGEMENT: Mapping[str, Any] = {
    "overall": None,
    "grades": None,
    "final_grade": None,
    "final_grades": None,
    "final_source": None,
    "final_rule": None,
    "final_cites": None,
    "taken_back": None,
    "moderated_overall": None,
    "moderated_grades": None,
    "auditor": "",
    "began_by": NOBODY,
}
"""What is left of the columns that a judgement is sealed with."""


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """What a list of audits is narrowed to. Empty means all that the reader may see."""

    status: tuple[str, ...] = ()
    team: str = ""
    service: str = ""
    auditor: str = ""
    moderator: str = ""
    child: str = ""
    reference: str = ""
    tool: str = ""
    grade: str = ""
    audited_from: date | None = None
    audited_to: date | None = None
    overdue_on: date | None = None


_BLIND_FOR = Standing(
    select(audit_row.c.audit).where(
        audit_row.c.moderator == bindparam("person"),
        audit_row.c.sealed == 1,
        as_at(audit_row, None),
    )
)
"""Asked with nearly every page, so put together once."""


def _ids(rows: Rows) -> frozenset[str]:
    return frozenset(audit for (audit,) in rows)


def blind_for(connection: Connection, person: str) -> frozenset[str]:
    """The audits whose judgement is closed to this person just now (blind, not yet recorded).

    Always asked of the present, also where a past date is shown: what a date control could open
    would not be sealed.
    """
    return ask(present(connection), Wanted(_BLIND_FOR, {"person": person}, _ids))


def sealed_for(connection: Connection, reader: Actor | Reach) -> frozenset[str]:
    """The audits closed to this reader whatever their part in them: judged blind by them, or of a
    child whose records are restricted to others."""
    return blind_for(connection, reader.person) | restricted_from(connection, reader)


def restricted_from(connection: Connection, reader: Actor | Reach) -> frozenset[str]:
    """The audits of children whose records are restricted to others than the reader."""
    if not reader.closed:
        return frozenset()
    query = select(audit_row.c.audit).where(
        one_of(audit_row.c.child_key, reader.closed), as_at(audit_row, None)
    )
    return frozenset(present(connection).execute(query).scalars())


def hidden_for(connection: Connection, reach: Reach) -> frozenset[str]:
    """The audits whose grade and author a list, a search or a file does not show this reader.

    Beside those closed to them, a moderator is not shown in passing the grades of audits that
    still wait for somebody to moderate them: it may be they. Opening such an audit is written
    down, and whoever opened it is never called blind.
    """
    sealed = sealed_for(connection, reach)
    if not reach.moderates:
        return sealed
    waiting = select(audit_row.c.audit).where(
        audit_row.c.status == AuditStatus.MODERATION_DUE.value,
        audit_row.c.moderation_status == ModerationStatus.SELECTED.value,
        audit_row.c.auditor != reach.person,
        as_at(audit_row, None),
    )
    return sealed | frozenset(present(connection).execute(waiting).scalars())


def _conditions(
    connection: Connection, reach: Reach, wanted: AuditFilter, position: int | None
) -> list[ColumnElement[bool]]:
    table = audit_row.c
    found: list[ColumnElement[bool]] = [table.status.in_(wanted.status)] if wanted.status else []
    for name in ("team", "service", "tool"):
        if value := getattr(wanted, name):
            found.append(table[name] == value)
    for name, person in (("auditor", wanted.auditor), ("moderator", wanted.moderator)):
        if person:
            joined = JOINED_PEOPLE.counts_as(connection, position=position)
            found.append(table[name].in_(all_names([person], joined)))
    if wanted.child:
        keys = keys_open_to(connection, reach, wanted.child, position=position)
        found.append(one_of(table.child_key, keys))
    if wanted.reference:
        found.append(func.lower(table.reference) == wanted.reference.strip().lower())
    if wanted.grade:
        by_domain = table.grades.contains(f': "{wanted.grade}"', autoescape=True)
        found.append(or_(table.overall == wanted.grade, by_domain))
    if wanted.audited_from is not None:
        found.append(table.audit_date >= wanted.audited_from.isoformat())
    if wanted.audited_to is not None:
        found.append(table.audit_date <= wanted.audited_to.isoformat())
    if wanted.overdue_on is not None:
        open_states = (*_UNSUBMITTED, AuditStatus.RETURNED.value)
        late = table.due_on < wanted.overdue_on.isoformat()
        found.append(and_(late, table.status.in_(open_states)))
    return found


def audits(
    connection: Connection,
    reach: Reach,
    wanted: AuditFilter | None = None,
    *,
    position: int | None = None,
    page: RowPage = FIRST,
) -> list[AuditRow]:
    """A page of audits as known at `position` (now when None).

    The judgement of an audit that is sealed from the reader is left out of its row, and no filter
    looks at it.
    """
    sealed = hidden_for(connection, reach)
    query = AUDITS.select(visible(reach), position=position)
    narrowed = wanted or AuditFilter()
    for condition in _conditions(connection, reach, narrowed, position):
        query = query.where(condition)
    if sealed and (narrowed.grade or narrowed.auditor):
        query = query.where(~one_of(audit_row.c.audit, sealed))
    if position is not None:
        # Said twice for the index: what was opened later is not read only to be passed over.
        query = query.where(audit_row.c.opened <= position)
    found = map(AuditRow._make, paged(connection, query, audit_row, page))
    return [masked(row, sealed) for row in found]


def masked(row: AuditRow, sealed: frozenset[str]) -> AuditRow:
    """A row as a reader sees it to whom the audits in `sealed` are closed."""
    return without_judgement(row) if row.audit in sealed else row


def without_judgement(row: AuditRow) -> AuditRow:
    """A row as it is shown where its judgement is sealed."""
    return row._replace(**_JUDGEMENT)


def count(
    connection: Connection,
    reach: Reach,
    wanted: AuditFilter | None = None,
    *,
    position: int | None = None,
) -> int:
    """How many audits the list holds in all."""
    narrowed = wanted or AuditFilter()
    query = select(func.count()).select_from(audit_row)
    query = query.where(
        as_at(audit_row, position),
        visible(reach),
        *_conditions(connection, reach, narrowed, position),
    )
    if narrowed.grade or narrowed.auditor:
        sealed = hidden_for(connection, reach)
        if sealed:
            query = query.where(~one_of(audit_row.c.audit, sealed))
    return connection.execute(query).scalar_one()


def any_audit(connection: Connection) -> bool:
    """Whether there is any audit at all, whoever may see it."""
    return connection.execute(select(audit_row.c.audit).limit(1)).first() is not None


@dataclass(frozen=True, slots=True)
class AuditView:
    """One audit whole, as known at a position: its row, its content and its moderations."""

    row: AuditRow
    content: AuditContent | None = None
    imported: Mapping[str, Any] | None = None
    corrected: frozenset[str] = frozenset()
    typing: Sequence[TypingRow] = field(default_factory=tuple)
    moderations: Sequence[Mapping[str, Any]] = field(default_factory=tuple)

    @property
    def resource(self) -> Resource:
        """The audit as the policy table sees it."""
        live = [m for m in self.moderations if m["status"] != ModerationStatus.CANCELLED.value]
        return Resource(
            service=self.row.service,
            team=self.row.team,
            auditor=self.row.auditor,
            began_by=frozenset(self.row.people_who_began),
            moderators=frozenset(m["moderator"] for m in live if m["moderator"]),
            deciders=frozenset(m["decider"] for m in live if m["decider"]),
            blind_for=frozenset(
                m["moderator"]
                for m in live
                if m["status"] == ModerationStatus.ASSIGNED.value
                and m["blind"]
                and not m["unblinded"]
            ),
            submitted=self.row.overall is not None,
            case_holder=self.row.case_holder,
            released=self.row.status == AuditStatus.FINALISED.value,
            child=self.row.child_key,
            audit=self.row.audit,
            tool=self.row.tool,
        )

    @property
    def current_moderation(self) -> Mapping[str, Any] | None:
        return next((m for m in self.moderations if m["moderation"] == self.row.moderation), None)


def audit(
    connection: Connection, audit_id: str, *, position: int | None = None
) -> AuditView | None:
    """One audit as known at `position`, or None where there was none."""
    outline = outlines(connection, [audit_id], position=position).get(audit_id)
    if outline is None:
        return None
    row = outline.row
    of = {"audit": audit_id}
    contents = CONTENTS.where(connection, of, position=position)
    stored = contents[0].content if contents else None
    corrections = CORRECTIONS.where(connection, of, position=position)
    typing = TYPING.where(connection, of, position=position, order=["field"])
    imported = json.loads(stored) if stored is not None and row.imported else None
    content = None
    if stored is not None and imported is None:
        content = content_of(stored, {one.field: one.new for one in corrections})
    corrected = frozenset(one.field for one in corrections)
    return replace(outline, content=content, imported=imported, corrected=corrected, typing=typing)


def outlines(
    connection: Connection, audits: Collection[str], *, position: int | None = None
) -> dict[str, AuditView]:
    """Those of these audits that there were at `position`, without what is said in them."""
    wanted = {"audit": sorted(set(audits))}
    moderations: dict[str, list[ModerationRow]] = {}
    for moderation in MODERATIONS.where(connection, wanted, position=position, order=["selected"]):
        moderations.setdefault(moderation.audit, []).append(moderation)
    return {
        row.audit: AuditView(
            row=row,
            moderations=[_moderation(m, row.grades_given) for m in moderations.get(row.audit, ())],
        )
        for row in AUDITS.where(connection, wanted, position=position)
    }


def content_of(stored: str, corrections: Mapping[str, str]) -> AuditContent:
    content = AuditContent.model_validate_json(stored)
    for path, new in corrections.items():
        content = content.corrected(path, new)
    return content


def _moderation(row: ModerationRow, audited: GradesGiven) -> dict[str, Any]:
    """A moderation with its JSON read and, where a judgement is in, agreement computed."""
    values: dict[str, Any] = {**row._asdict(), "grades_given": row.grades_given}
    for name in ("judgement", "conversation", "consensus", "dispute", "decision"):
        values[name] = None if values[name] is None else json.loads(values[name])
    values["reasons"] = json.loads(values["reasons"])
    values["agrees"] = None if row.overall is None else audited.agrees(row.grades_given)
    if values["status"] == "recorded":
        agreed = ModerationStatus.AGREED if values["agrees"] else ModerationStatus.DIFFERS
        values["status"] = agreed.value
    return values


def by_reference(
    connection: Connection, reference: str, *, position: int | None = None
) -> str | None:
    """The id of the audit with this reference."""
    query = select(audit_row.c.audit).where(
        audit_row.c.reference == reference, as_at(audit_row, position)
    )
    return connection.execute(query).scalars().first()


def all_references(connection: Connection) -> frozenset[str]:
    """The references of all audits, the void ones too."""
    query = select(audit_row.c.reference).where(as_at(audit_row, None))
    return frozenset(connection.execute(query).scalars())


def by_references(connection: Connection, references: Collection[str]) -> dict[str, AuditRow]:
    """The audits with these references, by reference."""
    query = AUDITS.select(one_of(audit_row.c.reference, references), position=None)
    return {row.reference: row for row in AUDITS.rows(connection, query)}


def released_to(
    connection: Connection, reach: Reach, *, position: int | None = None
) -> list[AuditRow]:
    """The audits of the reader's own cases whose grade is final, the newest first."""
    query = AUDITS.select(
        audit_row.c.case_holder == reach.person,
        not_closed(reach, audit_row),
        audit_row.c.status == AuditStatus.FINALISED.value,
        position=position,
    ).order_by(audit_row.c.opened.desc())
    return AUDITS.rows(connection, query)


_SUBMITTED_BY = Standing(
    select(func.count()).select_from(
        select(audit_row.c.audit)
        .where(
            audit_row.c.auditor == bindparam("auditor"),
            audit_row.c.overall.is_not(None),
            audit_row.c.status != AuditStatus.VOIDED.value,
            as_at(audit_row, None),
        )
        .limit(bindparam("at_most"))
        .subquery()
    )
)
"""Asked at every submission, so put together once."""


def submitted_by(connection: Connection, auditor: str, at_most: int) -> int:
    """How many audits this auditor has submitted (voided ones left out), counted to `at_most`."""
    parameters = {"auditor": auditor, "at_most": at_most}
    return ask(connection, Wanted(_SUBMITTED_BY, parameters, lambda rows: int(rows[0][0])))


def chosen(
    connection: Connection,
    reach: Reach,
    audits: Collection[str],
    *,
    position: int | None = None,
) -> dict[str, AuditRow]:
    """The rows of these audits that the reader may see whole, by id; sealed ones are left out."""
    wanted = set(audits) - hidden_for(connection, reach)
    query = AUDITS.select(one_of(audit_row.c.audit, wanted), visible(reach), position=position)
    return {row.audit: row for row in AUDITS.rows(connection, query)}


def unsubmitted_of(connection: Connection, team: str) -> list[str]:
    """The audits of a team that are allocated and were never submitted."""
    to_make = (AuditStatus.ALLOCATED.value, AuditStatus.IN_PROGRESS.value)
    query = select(audit_row.c.audit).where(
        audit_row.c.team == team, audit_row.c.status.in_(to_make), as_at(audit_row, None)
    )
    return sorted(connection.execute(query).scalars())


def references(connection: Connection, audits: Collection[str]) -> dict[str, str]:
    """The references of these audits by their ids."""
    query = select(audit_row.c.audit, audit_row.c.reference).where(
        one_of(audit_row.c.audit, audits), as_at(audit_row, None)
    )
    return {row.audit: row.reference for row in connection.execute(query)}


class AuditHeading(NamedTuple):
    """What an audit is called, and the tool whose words it is told in."""

    audit: str
    reference: str
    child: str
    tool: str
    tool_version: int


def headings(
    connection: Connection, audits: Collection[str], *, position: int | None = None
) -> dict[str, AuditHeading]:
    """Reference, child, tool and its version of these audits by their ids."""
    table = audit_row.c
    columns = (table[name] for name in AuditHeading._fields)
    query = select(*columns).where(one_of(table.audit, audits), as_at(audit_row, position))
    return {row.audit: AuditHeading._make(row) for row in present(connection).execute(query)}


def open_to(connection: Connection, reach: Reach, audits: Collection[str]) -> frozenset[str]:
    """Of these audits, those whose judgement is open to the reader just now."""
    query = select(audit_row.c.audit).where(
        one_of(audit_row.c.audit, audits), as_at(audit_row, None), visible(reach)
    )
    found = present(connection).execute(query).scalars()
    return frozenset(found) - hidden_for(connection, reach)
