"""The audits behind a figure: which it counts, which it leaves out, and why.

Asked with the same question and group as the report, so that the list and the figure agree.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, not_, null, or_, select
from sqlalchemy.engine import Connection

from projections.agreement.counting import (
    BY_PERSON,
    VersionScales,
    dispute_of,
    of_all_names,
    source,
)
from projections.agreement.figure_rules import FigureCase, rule_of
from projections.agreement.profile import DOMAIN, Grade, graded_column
from projections.agreement.question import (
    EVERY_AUDIT,
    AgreementQuestion,
    FigureLimits,
    column,
    counted_for,
    filtered,
    grades,
    in_range,
)
from projections.agreement.report import ranked
from projections.agreement.tables import (
    JOINED_PEOPLE,
    AgreementAuditRow,
    agreement_audit,
    agreement_domain,
)
from projections.core.base import as_at
from projections.core.reach import within_reach
from projections.figures.joined_people import all_names
from projections.figures.judgement_areas import AreaMappings
from qa.core.carry import carry
from qa.core.errors import Refused
from qa.core.words import Reach, Scale

_AUDIT = agreement_audit.c


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditBehind:
    """One audit beside a figure; of one about domains, the domain of it that is counted. `left_out`
    says why neither count holds it; else it is empty."""

    audit: str
    reference: str
    audit_date: str
    team_name: str
    auditor: str
    moderator: str | None
    grade: str | None
    moderated_grade: str | None
    in_numerator: bool
    in_denominator: bool
    left_out: str = ""
    domain: str | None = None


class _Line(NamedTuple):
    """An audit, with what the question looks at."""

    row: AgreementAuditRow
    grade: str | None
    moderated: str | None
    visible: bool
    dispute: str
    domain: str | None


@dataclass(frozen=True, slots=True)
class AgreementFigureRows:
    """The audits the reader may open, and how many more the figure counts. `counted` are all that
    it counts, whoever may open them, `tools` what these were made with, and `places` how many stand
    in its numerator and in its denominator: of an area one for each domain."""

    audits: tuple[AuditBehind, ...]
    hidden: int
    places: tuple[int, int] = (0, 0)
    counted: frozenset[str] = frozenset()
    tools: frozenset[str] = frozenset()


@dataclass(slots=True, kw_only=True)
class AuditsBehind:
    """The audits behind the figures of one question. The rows of a group are read once for all of
    its figures.

    What `limits` leave out counts in no figure; audits `unlisted` count, and are only counted here
    too.
    With `beside`, another position, only audits that do not stand there as they stand here are
    read: of the others nothing differs.
    """

    connection: Connection
    question: AgreementQuestion
    scales: VersionScales
    reach: Reach
    grade: Grade = "auditor"
    position: int | None = None
    limits: FigureLimits = EVERY_AUDIT
    unlisted: frozenset[str] = frozenset()
    beside: int | None = None
    _read: dict[tuple[object, ...], list[tuple[_Line, FigureCase]]] = field(default_factory=dict)

    def rows(self, figure: str, group: Mapping[str, Any]) -> AgreementFigureRows:
        """The audits behind `figure` in the row of `group` (as the report gave it), by date.

        The group's values may be the text that a query string carries.

        Raises `NotFound` for a figure that no report has, `Refused` for a group that cannot be
        read.
        """
        rule, question = rule_of(figure), self.question
        if figure.startswith(DOMAIN):
            wanted = {**question.filters, "domain": (figure.removeprefix(DOMAIN),)}
            question = replace(question, filters=wanted)
        group, first, last = read_group(group)
        found: list[AuditBehind] = []
        counted: dict[str, str] = {}
        hidden, places = 0, (0, 0)
        for line, case in self._cases(question, group, first, last):
            row = line.row
            below, above = rule(case)
            if below or above:
                counted[row.audit] = row.tool
                places = places[0] + above, places[1] + below
            if not line.visible or row.audit in self.unlisted:
                hidden += below or above
                continue
            found.append(
                carry(
                    AuditBehind,
                    row,
                    audit_date=row.audit_date or "",
                    grade=line.grade,
                    moderated_grade=line.moderated,
                    in_numerator=above,
                    in_denominator=below,
                    left_out="" if below or above else _why(case, line, question, group),
                    domain=line.domain,
                )
            )
        return AgreementFigureRows(
            tuple(found), hidden, places, frozenset(counted), frozenset(counted.values())
        )

    def _cases(
        self, question: AgreementQuestion, group: Mapping[str, Any], first: date, last: date
    ) -> list[tuple[_Line, FigureCase]]:
        """The audits of a group, each with what decides whether it belongs to a figure."""
        key = (question.filters.get("domain"), first, last, *sorted(map(str, group.items())))
        if key not in self._read:
            self._read[key] = [*self._judged(question, group, first, last)]
        return self._read[key]

    def _judged(
        self, question: AgreementQuestion, group: Mapping[str, Any], first: date, last: date
    ) -> Iterator[tuple[_Line, FigureCase]]:
        question = of_all_names(self.connection, question, self.position)
        joined = JOINED_PEOPLE.counts_as(self.connection, position=self.position)
        query = _query(
            question, group, joined, self.reach, self.grade, self.position, self.limits,
            first, last,
        ).where(*_not_the_same(question, self.beside))  # fmt: skip
        areas, scale_key = self.scales.areas, group.get("scale")
        # Sorted here: databases disagree on what comes first among letters.
        lines = (_line(each, joined) for each in self.connection.execute(query))
        for line in sorted(lines, key=_order):
            row = line.row
            scale = self.scales.of(row.tool, row.tool_version, line.domain)
            overall = self.scales.of(row.tool, row.tool_version)
            own = scale if {"domain", "area"} & {*group} else overall
            if scale_key is not None and scale_key != own.key:
                continue
            case = _case(question, line, scale, first, last, group, areas)
            if case.in_base or case.in_pairs or _in_area(question, line, group, areas):
                yield line, case


_BY_OTHERS = frozenset({*BY_PERSON, "area"})
"""What an audit counts under by other records than its own: people joined, domains mapped."""


def _not_the_same(question: AgreementQuestion, beside: int | None) -> list[ColumnElement[bool]]:
    """The condition for audits that do not stand at another position as they do here. None where
    more than their own rows says how they count."""
    if beside is None or _BY_OTHERS & {*question.dimensions, *question.filters}:
        return []
    tables = (agreement_audit, *((agreement_domain,) if question.by_domain else ()))
    return [or_(*(not_(as_at(table, beside)) for table in tables))]


def _line(found: Any, joined: Mapping[str, str]) -> _Line:
    """A row with the people whom those named in it count as."""
    columns = len(AgreementAuditRow._fields)
    row = AgreementAuditRow._make(found[:columns])
    row = row._replace(
        auditor=joined.get(row.auditor, row.auditor),
        moderator=joined.get(row.moderator or "", row.moderator),
    )
    return _Line(row, *found[columns:])


def _order(line: _Line) -> tuple[str, ...]:
    row = line.row
    return row.audit_date or "", row.reference, row.audit, line.domain or ""


def read_group(group: Mapping[str, Any]) -> tuple[dict[str, Any], date, date]:
    """The group with its values as the rows hold them, and its first and last day.

    Raises `Refused` for a group that cannot be read.
    """
    read = dict(group)
    try:
        first, last = (date.fromisoformat(str(group[key])) for key in ("from", "to"))
        if read.get("tool_version") is not None:
            read["tool_version"] = int(read["tool_version"])
    except (KeyError, ValueError):
        raise Refused(
            "A group names its first and last day, and a tool version by its number.",
            field="group",
            code="group-malformed",
        ) from None
    return read, first, last


def visible(reach: Reach) -> ColumnElement[bool]:
    """Whether the reader may open the audit. Every audit here was submitted at some time."""
    return within_reach(reach, agreement_audit)


def _query(
    question: AgreementQuestion,
    group: Mapping[str, Any],
    joined: dict[str, str],
    reach: Reach,
    grade: Grade,
    position: int | None,
    limits: FigureLimits,
    first: date,
    last: date,
) -> Any:
    tables, standing = source(question, position, final=grade == "final")
    given = graded_column(question, grade)
    days = {question.rule.audits_by, question.rule.moderations_by}
    same = [
        column(key).in_(all_names([group[key]], joined) if key == "auditor" else [group[key]])
        for key in question.keys
        if key not in ("moderator", "area") and group.get(key) is not None
    ]
    return (
        select(
            *(_AUDIT[name] for name in AgreementAuditRow._fields),
            given,
            grades(question)[1],
            visible(reach),
            dispute_of(question),
            column("domain") if question.by_domain else null(),
        )
        .select_from(tables)
        .where(
            *standing,
            _AUDIT.overall.is_not(None),
            or_(*(in_range(day, first, last) for day in sorted(days))),
            *same,
            *filtered(question, moderations=False),
            *counted_for(limits),
        )
    )


def _case(
    question: AgreementQuestion,
    line: _Line,
    scale: Scale,
    first: date,
    last: date,
    group: Mapping[str, Any],
    areas: AreaMappings,
) -> FigureCase:
    order = ranked(scale)
    places = {code: at for at, code in enumerate(order)}
    row, grade = line.row, line.grade
    rank = None if grade is None else scale.rank(grade)
    counted, days = bool(row.counted), None
    if row.moderated_day is not None and row.submitted_day is not None:
        days = row.moderated_day - row.submitted_day
    return FigureCase(
        in_base=counted
        and _between(getattr(row, question.rule.audits_by), first, last)
        and _area(question, line, group, areas, question.rule.audits_by),
        in_pairs=counted
        and _area(question, line, group, areas, question.rule.moderations_by)
        and _between(getattr(row, question.rule.moderations_by), first, last)
        and row.moderated_overall is not None
        and line.moderated is not None
        and (question.blind is None or row.blind == int(question.blind))
        and _by_moderator(question, row, group),
        grade=grade,
        moderated=line.moderated,
        at=None if grade is None else places.get(grade),
        moderated_at=None if line.moderated is None else places.get(line.moderated),
        last=len(order) - 1,
        met=rank is not None and scale.met_rank is not None and rank <= scale.met_rank,
        blind=row.blind,
        dispute=line.dispute,
        days=days,
    )


def _in_area(
    question: AgreementQuestion, line: _Line, group: Mapping[str, Any], areas: AreaMappings
) -> bool:
    days = (question.rule.audits_by, question.rule.moderations_by)
    return any(_area(question, line, group, areas, day) for day in days)


def _area(
    question: AgreementQuestion,
    line: _Line,
    group: Mapping[str, Any],
    areas: AreaMappings,
    day: str,
) -> bool:
    """Whether the domain was reported under the area that is asked for, by a date of the audit."""
    wanted, month = question.filters.get("area"), (getattr(line.row, day) or "")[:7]
    if wanted is None and "area" not in group:
        return True
    found = areas.area(line.row.tool, line.domain or "", month)
    return ("area" not in group or found == group["area"]) and (wanted is None or found in wanted)


def _between(day: str | None, first: date, last: date) -> bool:
    return day is not None and first.isoformat() <= day <= last.isoformat()


def _by_moderator(
    question: AgreementQuestion, row: AgreementAuditRow, group: Mapping[str, Any]
) -> bool:
    wanted = question.filters.get("moderator")
    if wanted is not None and row.moderator not in wanted:
        return False
    return "moderator" not in group or row.moderator == group["moderator"]


def _why(
    case: FigureCase,
    line: _Line,
    question: AgreementQuestion,
    group: Mapping[str, Any],
) -> str:
    """Why an audit of the period belongs to neither count."""
    if not line.row.counted:
        return f"The audit is {line.row.state}."
    if line.row.moderated_overall is None:
        return "No completed moderation stands."
    if not _by_moderator(question, line.row, group):
        return "Somebody else moderated it."
    if not case.in_pairs and line.moderated is None:
        return "The moderator did not grade this domain."
    if not case.in_pairs and question.blind is not None:
        return "Whether the moderation was blind is not as asked."
    if not case.in_pairs:
        return "It was moderated in another period."
    if not case.compared:
        return "One of the two grades has no rank."
    return "The figure does not look at such audits."
