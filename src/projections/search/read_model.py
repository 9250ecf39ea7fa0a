"""Search over everything written in audits and moderations, within the reader's reach.

Every piece of text is one row, folded to plain lower-case letters; a query finds the rows that
hold all its words, whole or in part, in any order and whatever their accents or ending.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import BigInteger, Column, ColumnElement, Text, and_, or_, select, true
from sqlalchemy.engine import Connection

from projections.core.base import Amend, Change, Close, Put, as_at, versioned_table
from qa.actions import events as actions
from qa.audits import events as audits
from qa.audits.judgements import AuditContent
from qa.core.fact import ERASED, Recorded
from qa.core.words import Reach
from qa.moderation import events as moderating

search_text = versioned_table(
    "search_text",
    Column("audit", Text, nullable=False),
    Column("field", Text, nullable=False),
    Column("opened", BigInteger, nullable=False),
    Column("text", Text, nullable=False),
    Column("folded", Text, nullable=False),
    key=("audit", "field"),
    indexes=(("opened",),),
)

search_audit = versioned_table(
    "search_audit",
    Column("audit", Text, nullable=False),
    Column("reference", Text, nullable=False),
    Column("child", Text, nullable=False),
    Column("auditor", Text, nullable=False),
    Column("team", Text, nullable=False),
    Column("service", Text, nullable=False),
    Column("submitted", Text),
    key=("audit",),
    indexes=(("reference",), ("child",)),
)

_WORDS = re.compile(r"[a-z0-9]+").findall
_ENDINGS = ("ations", "ation", "ings", "ing", "ies", "ied", "ers", "er", "ed", "es", "s", "y")


def fold(text: str) -> str:
    """Letters without accents, in lower case, everything else as single spaces."""
    if text.isascii():
        kept = text.lower()
    else:
        plain = unicodedata.normalize("NFKD", text)
        kept = "".join(c for c in plain if not unicodedata.combining(c)).casefold()
    return " ".join(_WORDS(kept))


def stems(query: str) -> list[str]:
    """The words of a query without common endings, so that "visits" finds "visited"."""
    found: list[str] = []
    for word in fold(query).split():
        stem = word
        for ending in _ENDINGS:
            if word.endswith(ending) and len(word) - len(ending) >= 4:
                stem = word[: -len(ending)]
                break
        found.append(stem)
    return found[:12]


class Search:
    """Projects the free text of audits and moderations onto rows that can be searched."""

    name = "search"
    version = 1
    tables = (search_text, search_audit)
    handles = (
        actions.ActionRaised,
        audits.CaseAuditAllocated,
        audits.CaseAuditImported,
        audits.CaseAuditSubmitted,
        audits.CaseAuditResubmitted,
        audits.CaseAuditCorrected,
        audits.CaseAuditReturned,
        moderating.ModerationRecorded,
        moderating.GradeReconciled,
        moderating.GradeDisputed,
        moderating.DisputeDecided,
    )

    def beside(self, connection: Connection, streams: Collection[str]) -> set[str]:
        """The streams that write rows of the same audits: an audit's and those of its actions."""
        fields = {f"action.{s.removeprefix('action:')}" for s in streams if s.startswith("action:")}
        held = {s.removeprefix("case-audit:") for s in streams if s.startswith("case-audit:")}
        held |= {audit for audit, _ in _actions(connection, search_text.c.field, fields)}
        found = {f"case-audit:{audit}" for audit in held}
        for _, name in _actions(connection, search_text.c.audit, held):
            found.add(f"action:{name.removeprefix('action.')}")
        return found

    def project(self, recorded: Recorded[Any]) -> Iterable[Change]:
        fact = recorded.fact
        if isinstance(fact, actions.ActionRaised):
            if not fact.audit:  # only what audits say is searched
                return ()
            return _texts(fact.audit, recorded, {f"action.{fact.action}": fact.text})
        if not recorded.stream.startswith("case-audit:"):
            return ()
        return _changes(recorded.stream.partition(":")[2], recorded)


def _actions(
    connection: Connection, column: ColumnElement[str], wanted: Collection[str]
) -> set[tuple[str, str]]:
    """Audits with the fields of their actions' texts, at whatever time they stood."""
    found: set[tuple[str, str]] = set()
    asked = sorted(wanted)
    for at in range(0, len(asked), 500):
        query = select(search_text.c.audit, search_text.c.field).where(
            column.in_(asked[at : at + 500]), search_text.c.field.like("action.%")
        )
        found.update(connection.execute(query).tuples())
    return found


def _texts(audit: str, recorded: Recorded[Any], texts: dict[str, str]) -> list[Change]:
    return [
        Put(
            search_text,
            {
                "audit": audit,
                "field": field,
                "opened": recorded.position,
                "text": text,
                "folded": fold(text),
            },
        )
        for field, text in texts.items()
        if text.strip() and text != ERASED
    ]


def _content(content: AuditContent) -> dict[str, str]:
    texts = {"rationale": content.rationale, "no_action_reason": content.no_action_reason}
    for judgement in content.judgements:
        at = f"judgements.{judgement.domain}"
        texts[f"{at}.evidence"] = judgement.evidence
        texts[f"{at}.not_applicable_reason"] = judgement.not_applicable_reason
    for index, strength in enumerate(content.strengths):
        texts[f"strengths.{index}.text"] = strength.text
    if content.involvement is not None:
        texts["involvement.note"] = content.involvement.note
    if content.feedback is not None:
        texts["feedback.said"] = content.feedback.said
        texts["feedback.note"] = content.feedback.note
    return texts


def _changes(audit: str, recorded: Recorded[Any]) -> list[Change]:
    fact = recorded.fact
    match fact:
        case audits.CaseAuditAllocated() | audits.CaseAuditImported():
            imported = isinstance(fact, audits.CaseAuditImported)
            row = {
                "audit": audit,
                "reference": fact.reference,
                "child": fact.child,
                "auditor": fact.auditor,
                "team": fact.team,
                "service": fact.service,
                "submitted": "yes" if imported else None,
            }
            return [Put(search_audit, row)]
        case audits.CaseAuditSubmitted() | audits.CaseAuditResubmitted():
            owned = {"submitted": "yes", "auditor": fact.auditor}
            again = isinstance(fact, audits.CaseAuditResubmitted)
            return [
                Amend(search_audit, (audit,), owned),
                *([Close(search_text, (audit,))] if again else []),
                *_texts(audit, recorded, _content(fact.content)),
            ]
        case audits.CaseAuditCorrected():
            return _texts(audit, recorded, {fact.field: fact.new})
        case audits.CaseAuditReturned():
            return _texts(audit, recorded, {"returned": fact.comments})
        case moderating.ModerationRecorded():
            at = f"moderation.{fact.moderation}"
            texts = {
                f"{at}.rationale": fact.rationale,
                f"{at}.audit_quality_comment": fact.audit_quality_comment,
            }
            texts |= {f"{at}.{j.domain}": j.comment for j in fact.judgements}
            return _texts(audit, recorded, texts)
        case moderating.GradeReconciled():
            return _texts(audit, recorded, {f"consensus.{fact.moderation}": fact.rationale})
        case moderating.GradeDisputed():
            return _texts(audit, recorded, {f"dispute.{fact.dispute}": fact.grounds})
        case moderating.DisputeDecided():
            return _texts(audit, recorded, {f"decision.{fact.dispute}": fact.reasons})
        case _:
            return []


def _visible(reach: Reach) -> ColumnElement[bool]:
    table = search_audit.c
    if reach.everything:
        return true()
    parts: list[ColumnElement[bool]] = [table.auditor == reach.person]
    if reach.services:
        parts.append(table.service.in_(sorted(reach.services)))
    if reach.teams:
        parts.append(table.team.in_(sorted(reach.teams)))
    submitted = table.submitted.is_not(None)
    if reach.everything_submitted:
        parts.append(submitted)
    if reach.services_submitted:
        parts.append(and_(submitted, table.service.in_(sorted(reach.services_submitted))))
    if reach.teams_submitted:
        parts.append(and_(submitted, table.team.in_(sorted(reach.teams_submitted))))
    return or_(*parts)


def _like(stem: str) -> str:
    return f"%{stem}%"


def find(
    connection: Connection,
    reach: Reach,
    query: str,
    *,
    sealed: Collection[str] = (),
    position: int | None = None,
    before: int | None = None,
    limit: int = 50,
) -> list[dict[str, Any]]:
    """Texts that hold every word of `query`, newest first, with the audit they belong to.

    Audits `sealed` from the reader are left out whole. A query without a word finds nothing. A
    page may be longer than `limit`: texts of one fact share their `opened`, which is the cursor
    (`before`), and are never parted.
    """
    wanted = stems(query)
    if not wanted:
        return []
    statement = (
        select(search_text, search_audit.c.reference, search_audit.c.child)
        .join(search_audit, search_audit.c.audit == search_text.c.audit)
        .where(
            as_at(search_text, position),
            as_at(search_audit, position),
            _visible(reach),
            *(search_text.c.folded.like(_like(stem)) for stem in wanted),
        )
        .order_by(search_text.c.opened.desc(), search_text.c.field)
    )
    if sealed:
        statement = statement.where(search_text.c.audit.not_in(sorted(sealed)))
    if before is not None:
        statement = statement.where(search_text.c.opened < before)
    found = [dict(row._mapping) for row in connection.execute(statement.limit(limit))]
    if len(found) == limit:
        last = found[-1]
        rest = statement.where(
            search_text.c.opened == last["opened"], search_text.c.field > last["field"]
        )
        found += [dict(row._mapping) for row in connection.execute(rest)]
    return found


def find_record(
    connection: Connection,
    reach: Reach,
    query: str,
    *,
    sealed: Collection[str] = (),
    position: int | None = None,
) -> list[dict[str, Any]]:
    """Audits whose reference or child reference is what was typed."""
    typed = query.strip()
    statement = (
        select(search_audit)
        .where(
            as_at(search_audit, position),
            _visible(reach),
            or_(
                search_audit.c.reference == typed.upper(),
                search_audit.c.reference == typed,
                search_audit.c.child == typed,
            ),
        )
        .limit(50)
    )
    rows = [dict(row._mapping) for row in connection.execute(statement)]
    for row in rows:
        if row["audit"] in sealed:
            row["auditor"] = None
    return rows
