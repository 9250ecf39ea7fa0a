"""Audits and their moderations as a file would state them: grades, people by name, and days."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.engine import Connection

from projections.audits.queries import content_of, hidden_for
from projections.audits.tables import (
    AUDITS,
    CONTENTS,
    CORRECTIONS,
    MODERATIONS,
    AuditRow,
    ModerationRow,
    audit_row,
    moderation_row,
)
from projections.audits.visible_queries import visible
from projections.core.base import as_at
from qa.audits.judgements import AuditContent
from qa.core.frozen import ERASED
from qa.core.words import AuditStatus, Reach

_GONE = (AuditStatus.WITHDRAWN.value, AuditStatus.VOIDED.value)


class StatedAuditRow(NamedTuple):
    """A submitted audit. `judged` is domain → grade, `auditor` the name where a file wrote one,
    `texts` what is written of each part, as `StatedText` names them; none that was erased."""

    row: AuditRow
    judged: Mapping[str, str]
    auditor: str | None
    texts: Mapping[str, str]


class StatedModerationRow(NamedTuple):
    """A moderation whose judgement is in and stands, of an audit that counts."""

    row: ModerationRow
    audit: AuditRow
    judged: Mapping[str, str]
    reference: str
    moderator: str | None
    stated_agreed: bool | None


def submitted(connection: Connection, within: Reach, tool: str) -> list[StatedAuditRow]:
    """The submitted audits made with a tool whose judgement is open to the reader, oldest first."""
    query = AUDITS.select(
        visible(within), audit_row.c.tool == tool, audit_row.c.overall.is_not(None), position=None
    ).order_by(audit_row.c.opened)
    sealed = hidden_for(connection, within)
    rows = [row for row in AUDITS.rows(connection, query) if row.audit not in sealed]
    stored = dict(connection.execute(CONTENTS.select(position=None)).tuples().all())
    corrected: dict[str, dict[str, str]] = {}
    for one in CORRECTIONS.rows(connection, CORRECTIONS.select(position=None)):
        corrected.setdefault(one.audit, {})[one.field] = one.new
    found = []
    for row in rows:
        content = stored[row.audit]
        if row.imported:
            whole = json.loads(content)
            judged, auditor = whole["judgements"], whole["auditor_as_written"]
            texts = {one["part"]: one["text"] for one in whole.get("texts", ())}
        else:
            typed = content_of(content, corrected.get(row.audit, {}))
            judged, auditor = [one.model_dump() for one in typed.judgements], None
            texts = _written(typed)
        kept = {part: text for part, text in texts.items() if text and ERASED not in text}
        found.append(StatedAuditRow(row, _grades(judged), auditor, kept))
    return found


def _written(content: AuditContent) -> dict[str, str]:
    return {
        "rationale": content.rationale.strip(),
        "strengths": "\n".join(one.text.strip() for one in content.strengths),
        **{f"evidence:{one.domain}": one.evidence.strip() for one in content.judgements},
    }


def moderated(connection: Connection, within: Reach, tool: str) -> list[StatedModerationRow]:
    """The moderations that stand of such audits, in the order of the audits."""
    query = MODERATIONS.select(moderation_row.c.overall.is_not(None), position=None)
    moderations = {(one.audit, one.moderation): one for one in MODERATIONS.rows(connection, query)}
    found = []
    for audit in submitted(connection, within, tool):
        own = moderations.get((audit.row.audit, audit.row.moderation or ""))
        if own is None or audit.row.status in _GONE:
            continue
        judgement = json.loads(own.judgement or "{}")
        found.append(
            StatedModerationRow(
                own,
                audit.row,
                _grades(judgement.get("judgements", ())),
                judgement.get("reference") or own.moderation,
                judgement.get("moderator_as_written"),
                judgement.get("stated_agreed"),
            )
        )
    return found


def all_of_tool(connection: Connection, tool: str) -> tuple[int, int]:
    """How many audits are made with a tool, and how many of them are not submitted."""
    count = select(func.count(), func.count(audit_row.c.overall)).where(
        audit_row.c.tool == tool, as_at(audit_row, None)
    )
    everything, judged = connection.execute(count).one()
    return everything, everything - judged


def standing(connection: Connection) -> dict[str, str]:
    """The references of submitted audits that were neither withdrawn nor voided, by their ids."""
    query = select(audit_row.c.audit, audit_row.c.reference).where(
        audit_row.c.overall.is_not(None), audit_row.c.status.not_in(_GONE), as_at(audit_row, None)
    )
    return dict(connection.execute(query).tuples().all())


def _grades(judged: Sequence[Mapping[str, str | None]]) -> dict[str, str]:
    return {str(one["domain"]): one["grade"] for one in judged if one["grade"] is not None}
