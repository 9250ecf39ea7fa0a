"""Weak audits as prompts: workers whose audits raised concerns, and whose supervision nobody has
looked at since.

An audit prompts once: when a check is asked for because of it, or it is set aside with a reason, it
never comes again. An audit is weak where its final grade is worse than good on its tool's scale, or
that of any domain where the tool has no overall grade.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from api.supervision import reading
from api.web.access_notes import Look
from projections.audit_tools import queries as tool_queries
from projections.audits import queries as audit_queries
from projections.audits.queries import AuditFilter
from projections.audits.tables import AuditRow
from projections.core.paging import behind
from projections.supervision import queries as supervision_queries
from projections.supervision.tables import SupervisionPairRow
from qa.audit_tools.definition import ToolDefinition
from qa.authorisation.policy import can, reach
from qa.core.words import AuditStatus, Resource

AT_ONCE = 2000


@dataclass(frozen=True, slots=True)
class Prompt:
    """One worker, the weak audits of their cases (newest first, each with `label`, its grade in
    words), and the pairs in which they are supervised now."""

    practitioner: str
    audits: Sequence[dict[str, Any]]
    pairs: Sequence[SupervisionPairRow]


def prompts(look: Look) -> list[Prompt]:
    """The prompts that wait for this reader, those with most audits first.

    Only of audits that are open to the reader in passing, in the parts where they run checks.
    """
    connection, at = look.connection, look.at
    if not reading.who(connection, look.actor).scopes:
        return []
    policy = reading.policies(connection, at).on(at.on)
    since = at.on - timedelta(days=policy.prompt_within_days)
    wanted = AuditFilter(
        status=(AuditStatus.FINALISED.value,), audited_from=since, audited_to=at.on
    )
    weak: dict[str, list[dict[str, Any]]] = {}
    for row, tool in finalised(look, wanted):
        if row.grades_final.worse_than_good(tool):
            label = row.grades_final.in_words(tool)
            weak.setdefault(row.case_holder or "", []).append({**row._asdict(), "label": label})
    every = {row["audit"] for rows in weak.values() for row in rows}
    answered = supervision_queries.prompts_answered(connection, every, position=at.position)
    found = []
    for person, rows in weak.items():
        waiting = [row for row in rows if row["audit"] not in answered]
        if waiting:
            pairs = supervision_queries.pairs_of(connection, person, position=at.position)
            found.append(Prompt(person, waiting, pairs))
    return sorted(found, key=lambda one: (-len(one.audits), one.audits[0]["opened"]))


def finalised(look: Look, wanted: AuditFilter) -> Iterator[tuple[AuditRow, ToolDefinition]]:
    """The audits with a case holder and a final grade, each with its tool, newest first: those
    open to the reader in passing, in the parts where they run checks."""
    tools = tool_queries.definitions(look.connection, position=look.at.position)
    before: int | None = None
    while True:
        rows = audit_queries.audits(
            look.connection,
            reach(look.actor),
            wanted,
            position=look.at.position,
            page=behind(before, AT_ONCE),
        )
        for row in rows:
            tool = tools.get((row.tool, row.tool_version))
            if tool is None or row.judgement_sealed or not row.case_holder:
                continue
            place = Resource(service=row.service, team=row.team)
            ranked = tool.overall_scale.rank(row.final_grade or "") is not None
            if (ranked or not tool.has_overall) and can(look.actor, "run-checks", place).allowed:
                yield row, tool
        if len(rows) < AT_ONCE:
            return
        before = rows[-1].opened
