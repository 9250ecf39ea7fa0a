"""Rules that were set aside, as one reader may see them: what the page and the API ask."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from api.web.access_notes import Look
from api.web.moments import day_typed
from projections.audit_tools import queries as tool_queries
from projections.audits import exceptions
from projections.audits.exceptions import (
    INDEPENDENCE,
    KINDS,
    NO_ACTION,
    AuditException,
    ExceptionFilter,
    counted,
)
from projections.people import queries as people_queries
from qa.audit_tools.definition import ToolDefinition
from qa.authorisation.policy import reach
from qa.core.errors import Refused
from qa.core.event_words import code_in_words
from qa.core.periods import PeriodKind, period_of

__all__ = ["KINDS", "counted", "exception_filter", "listed"]


class ToldException(NamedTuple):
    """A rule that was set aside, in words."""

    row: AuditException
    kind_label: str
    rule_label: str
    approved_by_name: str


def exception_filter(given: Mapping[str, str], today: date) -> ExceptionFilter:
    """What you ask for: the last four quarters, the running one among them, unless days are named.

    Raises:
        Refused: what is no date or no kind; a last day before the first.
    """
    first = period_of(today, PeriodKind.QUARTER)
    for _ in range(3):
        first = first.preceding
    since = day_typed(given.get("since", ""), field="since") or first.start
    until = day_typed(given.get("until", ""), field="until") or today
    kind = given.get("kind", "").strip()
    if until < since:
        sentence = "The last day is before the first."
        raise Refused(sentence, field="until", code="dates-reversed")
    if kind and kind not in KINDS:
        raise Refused(f"Choose one of: {', '.join(KINDS)}.", field="kind", code="kind-unknown")
    return ExceptionFilter(since, until, given.get("team", "").strip(), kind)


def listed(look: Look, wanted: ExceptionFilter) -> list[ToldException]:
    """The exceptions with the words of their rules, and who approved them by name."""
    connection, at = look.connection, look.at
    rows = exceptions.exceptions(connection, reach(look.actor), wanted, position=at.position)
    tools = tool_queries.definitions(connection, position=at.position)
    approved = {row.approved_by for row in rows if row.approved_by}
    names = people_queries.names(connection, approved, position=at.position)
    return [
        ToldException(
            row,
            kind_label=KINDS[row.kind],
            rule_label=_rule(row, tools.get((row.tool, row.tool_version))),
            approved_by_name=names.get(row.approved_by or "", row.approved_by or ""),
        )
        for row in rows
    ]


def _rule(row: AuditException, tool: ToolDefinition | None) -> str:
    domain = None if tool is None else tool.domain(row.rule)
    if row.kind == NO_ACTION and domain is not None:
        return domain.title
    if row.kind != INDEPENDENCE and tool is not None:
        limiting = {rule.id: rule.why for rule in tool.limiting_rules}
        return limiting.get(row.rule, "") or code_in_words(row.rule)
    return code_in_words(row.rule)
