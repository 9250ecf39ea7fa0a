"""The list of rules that were set aside."""

from __future__ import annotations

from collections.abc import Sequence

from api.audits.exception_reading import KINDS, ToldException
from api.documents.listing import ColumnKind
from api.lists.declaration import ListCell, ListColumn, ListFilter, RecordList
from projections.audits.exceptions import ExceptionFilter


def exception_list(
    rows: Sequence[ToldException], wanted: ExceptionFilter
) -> RecordList[ToldException]:
    """The rules set aside in the days that are `wanted`, the latest first."""

    def opened(one: ToldException) -> ListCell:
        return ListCell(one.row.reference, f"/audits/{one.row.audit}", unbroken=True)

    def why(one: ToldException) -> ListCell:
        return ListCell(one.row.why, lines=True)

    days = {"since": wanted.since.isoformat(), "until": wanted.until.isoformat()}
    return RecordList(
        path="/rule-exceptions",
        title="Rules set aside",
        noun=("rule set aside", "rules set aside"),
        rows=rows,
        key=lambda one: f"{one.row.audit}:{one.row.kind}:{one.row.rule}:{one.row.on}",
        columns=(
            ListColumn("reference", "Audit", lambda one: one.row.reference, drawn=opened),
            ListColumn("on", "Day", lambda one: one.row.on, ColumnKind.DAY),
            ListColumn("team_name", "Team", lambda one: one.row.team_name),
            ListColumn("kind", "Kind", lambda one: one.kind_label),
            ListColumn("rule", "What was set aside", lambda one: one.rule_label),
            ListColumn("why", "Why", lambda one: one.row.why, drawn=why, sortable=False),
            ListColumn("approved_by", "Approved by", lambda one: one.approved_by_name),
        ),
        filters=(
            ListFilter("team", "Team", lambda one: (one.row.team, one.row.team_name)),
            ListFilter("kind", "Kind", lambda one: (one.row.kind, one.kind_label), KINDS),
        ),
        query=days,
        order="the latest first",
        empty=(
            "No rule was set aside",
            "Nobody set a rule aside in these days, in audits that are open to you.",
        ),
        notes=[f"Set aside from {days['since']} to {days['until']}."],
        file_name="rules-set-aside",
    )
