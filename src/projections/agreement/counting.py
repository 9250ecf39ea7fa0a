"""From rows to a few counts: the database groups, and months are gathered into periods here.

Nothing here reads an audit one by one, so a report over a hundred thousand of them moves only as
many rows as there are different combinations of group, month and grades.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.engine import Connection

from projections.agreement.question import (
    AgreementQuestion,
    FigureLimits,
    column,
    counted_for,
    filtered,
    grades,
    in_range,
    moderated,
)
from projections.agreement.tables import JOINED_PEOPLE, agreement_audit, agreement_domain
from projections.core.base import as_at
from projections.figures.formulas import NEWEST
from projections.figures.joined_people import all_names
from projections.figures.judgement_areas import AreaMappings
from qa.audit_tools.definition import ToolDefinition
from qa.core.errors import CaseloopError
from qa.core.periods import period_of
from qa.core.words import Scale

Tool = tuple[str, int]
Key = tuple[Any, ...]
"""The first day of the period, the values of the dimensions, and the scale."""

_AUDIT, _DOMAIN = agreement_audit.c, agreement_domain.c
CountLines = dict[str, list[Any]]
"""What was counted, by column: a line is what stands at one place of each. Plain lists, because
there are few lines, and a table of any library takes longer to make than to read."""
BLIND = case((_AUDIT.blind.is_(None), "unknown"), (_AUDIT.blind == 1, "blind"), else_="open")


@dataclass(frozen=True, slots=True)
class VersionScales:
    """The scale that each version of a tool grades on, overall and (where it differs) by domain."""

    overall: Mapping[Tool, Scale]
    domains: Mapping[tuple[str, int, str], Scale] = field(default_factory=dict)
    areas: AreaMappings = field(default_factory=AreaMappings)

    @classmethod
    def of_tools(cls, tools: Mapping[Tool, ToolDefinition]) -> VersionScales:
        """The scales of published versions of tools."""
        overall = {tool: definition.overall_scale for tool, definition in tools.items()}
        domains = {
            (*tool, domain.id): scale
            for tool, definition in tools.items()
            for domain in definition.domains
            if (scale := definition.scale_of(domain.scale)) is not None
        }
        return cls(overall, domains)

    def of(self, tool: str, version: int, domain: str | None = None) -> Scale:
        """Raises `CaseloopError` for a version of a tool that nobody published."""
        if domain is not None and (tool, version, domain) in self.domains:
            return self.domains[tool, version, domain]
        if (tool, version) not in self.overall:
            raise CaseloopError(f"The scale of {tool}, version {version}, is not known.")
        return self.overall[tool, version]


@dataclass(slots=True)
class AgreementTally:
    """The counts of one group. `pairs` is (auditor's grade, moderator's grade) → how many."""

    scale: Scale
    audits: Counter[str | None] = field(default_factory=Counter)
    pairs: Counter[tuple[str, str]] = field(default_factory=Counter)
    knowing: Counter[tuple[str, bool]] = field(default_factory=Counter)
    disputes: Counter[str] = field(default_factory=Counter)
    days: Counter[int] = field(default_factory=Counter)
    tools: set[Tool] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class AgreementCounts:
    """All groups of a report with their counts; `totals` are the whole range, by scale."""

    groups: Mapping[Key, AgreementTally]
    totals: Mapping[str, AgreementTally]
    names: Mapping[tuple[str, str], str]
    scales: Mapping[str, Scale]


def source(
    question: AgreementQuestion, position: int | None, *, final: bool = False
) -> tuple[Any, list[ColumnElement[bool]]]:
    """The tables to select from, and the conditions for the rows that stood at `position`. Domains
    that the moderator alone graded are there where `final` grades are asked for."""
    standing = [as_at(agreement_audit, position)]
    if not question.by_domain:
        return agreement_audit, standing
    joined = agreement_audit.join(agreement_domain, _AUDIT.audit == _DOMAIN.audit)
    graded = _DOMAIN.grade != ""
    if final:
        graded = or_(graded, _DOMAIN.final_grade.is_not(None))
    return joined, [*standing, as_at(agreement_domain, position), graded]


BY_PERSON = ("auditor", "moderator")


def of_all_names(
    connection: Connection, question: AgreementQuestion, position: int | None
) -> AgreementQuestion:
    """The question with whoever counts as a person that it asks for."""
    if not question.filters.keys() & {*BY_PERSON}:
        return question
    joined = JOINED_PEOPLE.counts_as(connection, position=position)
    named = {
        name: all_names(values, joined)
        for name, values in question.filters.items()
        if name in BY_PERSON
    }
    return replace(question, filters={**question.filters, **named})


def count_audits(
    connection: Connection,
    question: AgreementQuestion,
    *,
    position: int | None,
    limits: FigureLimits,
    grade: ColumnElement[Any] | None = None,
    final: bool = False,
) -> CountLines:
    """How many counted audits by month, group, tool and grade."""
    question = of_all_names(connection, question, position)
    day = question.rule.audits_by
    groups = [key for key in question.keys if key != "moderator"]
    graded = grades(question)[0] if grade is None else grade
    query = _query(question, position, day, groups, {"grade": graded}, final=final)
    return _frame(
        connection,
        query.where(*filtered(question, moderations=False), *counted_for(limits)),
        position,
    )


def count_audits_and_pairs(
    connection: Connection,
    question: AgreementQuestion,
    *,
    position: int | None,
    limits: FigureLimits,
    formulas: int = NEWEST,
) -> tuple[CountLines, CountLines]:
    """The counted audits, and their completed moderations by both grades, blindness and dispute.

    Where one date puts both in their period, the rows are gone through once for the two.
    """
    question = of_all_names(connection, question, position)
    rule = question.rule
    if rule.audits_by != rule.moderations_by:
        return (
            count_audits(connection, question, position=position, limits=limits),
            _frame(
                connection,
                _moderations(question, position, limits, _seen(question, formulas)),
                position,
            ),
        )
    complete = and_(*moderated(question), *filtered(question, moderations=True))
    groups = [key for key in question.keys if key != "moderator"]
    seen: dict[str, ColumnElement[Any]] = {
        name: case((complete, of))
        for name, of in _seen(question, formulas).items()
        if name != "grade"
    }
    if "moderator" in question.keys:
        seen["moderator"] = case((complete, _AUDIT.moderator))
    seen["grade"] = grades(question)[0]
    query = _query(question, position, rule.audits_by, groups, seen)
    frame = _frame(
        connection,
        query.where(*filtered(question, moderations=False), *counted_for(limits)),
        position,
    )
    at_complete = [at for at, grade in enumerate(frame["moderated"]) if grade is not None]
    return frame, _only(frame, at_complete)


def dispute_of(question: AgreementQuestion, formulas: int = NEWEST) -> ColumnElement[Any]:
    """How the dispute of what is counted stands. One of the overall grade alone is of no domain;
    the first formulas counted it in each."""
    if question.by_domain and formulas >= 2:
        return case((_DOMAIN.disputed == 1, func.coalesce(_AUDIT.dispute, "none")), else_="none")
    return func.coalesce(_AUDIT.dispute, "none")


def _seen(question: AgreementQuestion, formulas: int) -> dict[str, ColumnElement[Any]]:
    """What pairs of grades are counted by."""
    auditor, moderator = grades(question)
    return {
        "grade": auditor,
        "moderated": moderator,
        "knowing": BLIND,
        "dispute": dispute_of(question, formulas),
    }


def count_days(
    connection: Connection,
    question: AgreementQuestion,
    *,
    position: int | None,
    limits: FigureLimits,
) -> CountLines:
    """How many completed moderations by month, group, tool and days since the submission."""
    question = of_all_names(connection, question, position)
    days = {"days": _AUDIT.moderated_day - _AUDIT.submitted_day}
    query = _moderations(question, position, limits, days)
    return _frame(connection, query.where(_AUDIT.submitted_day.is_not(None)), position)


def _moderations(
    question: AgreementQuestion,
    position: int | None,
    limits: FigureLimits,
    seen: Mapping[str, ColumnElement[Any]],
) -> Select[Any]:
    query = _query(question, position, question.rule.moderations_by, question.keys, seen)
    return query.where(
        *moderated(question), *filtered(question, moderations=True), *counted_for(limits)
    )


def _query(
    question: AgreementQuestion,
    position: int | None,
    day: str,
    groups: Sequence[str],
    seen: Mapping[str, ColumnElement[Any]],
    *,
    final: bool = False,
) -> Select[Any]:
    tables, standing = source(question, position, final=final)
    columns = ("domain" if key == "area" else key for key in groups)
    domain = ["domain"] if question.by_domain else []
    keys = list(dict.fromkeys([*columns, *domain, "tool", "tool_version"]))
    by = [
        func.substr(agreement_audit.c[day], 1, 7).label("month"),
        *(column(key).label(key) for key in keys),
        *(expression.label(name) for name, expression in seen.items()),
    ]
    # A code keeps its group together when it is renamed; one of its names is shown.
    names = [
        func.max(agreement_audit.c[f"{key}_name"]).label(f"{key}_name")
        for key in ("team", "service")
        if key in groups
    ]
    return (
        select(*by, *names, func.count().label("number"))
        .select_from(tables)
        .where(*standing, _AUDIT.counted == 1, in_range(day, question.start, question.end))
        .group_by(*by)
    )


def _frame(connection: Connection, query: Select[Any], position: int | None) -> CountLines:
    """The counts, each with the person whom the one named in a row counts as."""
    result = connection.execute(query)
    names = list(result.keys())
    columns = [*zip(*result.all(), strict=True)] or [()] * len(names)
    frame = dict(zip(names, map(list, columns), strict=True))
    named = [name for name in BY_PERSON if name in frame]
    joined = JOINED_PEOPLE.counts_as(connection, position=position) if named else {}
    for name in named if joined else ():
        frame[name] = [joined.get(person, person) for person in frame[name]]
    return frame


def tally(
    question: AgreementQuestion,
    scales: VersionScales,
    audits: CountLines,
    pairs: CountLines | None = None,
    days: CountLines | None = None,
) -> AgreementCounts:
    """Gather the counts of months into periods, by group and by scale."""
    groups_of_audits = [key for key in question.keys if key != "moderator"]
    given = (
        (audits, ["grade"], groups_of_audits),
        (pairs, ["grade", "moderated", "knowing", "dispute"], list(question.keys)),
        (days, ["days"], list(question.keys)),
    )
    placed = [
        (_placed(frame, question, scales), seen, keys)
        for frame, seen, keys in given
        if frame is not None
    ]
    frames = [frame for frame, _, _ in placed]
    known = _scales_seen(scales, frames)
    groups: dict[Key, AgreementTally] = {}
    totals: dict[str, AgreementTally] = {}
    for frame, seen, keys in placed:
        # Lines are added up one by one: frames are small, and grouping them costs more.
        named = ["period", "scale", "tool", "tool_version", "number", *seen, *keys]
        at = len(named) - len(keys)
        for line in zip(*(frame[name] for name in named), strict=True):
            period, scale, tool, version, number, *counted = line[:at]
            where = (period, *line[at:], scale)
            if where not in groups:
                groups[where] = AgreementTally(known[scale])
            if scale not in totals:
                totals[scale] = AgreementTally(known[scale])
            for found in (groups[where], totals[scale]):
                found.tools.add((tool, int(version)))
                _add(found, int(number), seen[0], *counted)
    if "moderator" in question.keys:
        groups = _shared_audits(question, groups)
    return AgreementCounts(groups, totals, _names(question, frames), known)


def _placed(frame: CountLines, question: AgreementQuestion, scales: VersionScales) -> CountLines:
    """The counts with the first day of their period, the key of their scale, and where it is
    asked for, the judgement area that their domain was reported under in their month."""
    if "area" in question.keys or "area" in question.filters:
        of_rows = zip(frame["tool"], frame["domain"], frame["month"], strict=True)
        frame = {**frame, "area": [scales.areas.area(*row) for row in of_rows]}
        if wanted := question.filters.get("area"):
            at_wanted = [at for at, area in enumerate(frame["area"]) if area in wanted]
            frame = _only(frame, at_wanted)
    starts = {
        month: period_of(date.fromisoformat(f"{month}-01"), question.by).start
        for month in set(frame["month"])
    }
    domains = frame.get("domain") or [None] * len(frame["tool"])
    keys = [
        scales.of(tool, version, domain).key
        for tool, version, domain in zip(frame["tool"], frame["tool_version"], domains, strict=True)
    ]
    return {**frame, "period": [starts[month] for month in frame["month"]], "scale": keys}


def _only(frame: CountLines, places: Sequence[int]) -> CountLines:
    return {name: [found[at] for at in places] for name, found in frame.items()}


def _scales_seen(scales: VersionScales, frames: Iterable[CountLines]) -> dict[str, Scale]:
    every = [*scales.overall.values(), *scales.domains.values()]
    seen = {key for frame in frames for key in frame["scale"]}
    return {scale.key: scale for scale in every if scale.key in seen}


def _add(found: AgreementTally, number: int, what: str, one: Any, *of_pair: Any) -> None:
    """Add so many audits of a grade, pairs of grades, or moderations that took so many days."""
    if what == "days":
        found.days[int(one)] += number
    elif of_pair:
        moderated, knowing, dispute = of_pair
        found.pairs[one, moderated] += number
        if found.scale.rank(one) and found.scale.rank(moderated):
            found.knowing[knowing, one == moderated] += number
        found.disputes[dispute] += number
    else:
        found.audits[one if isinstance(one, str) else None] += number


def _shared_audits(
    question: AgreementQuestion, groups: Mapping[Key, AgreementTally]
) -> dict[Key, AgreementTally]:
    """Give every moderator of a group the audits of the group, which nobody owns alone.

    Where nobody ever moderated in a group its audits still show, against no name.
    """
    at = 1 + question.keys.index("moderator")
    of_everybody = {
        key: found for key, found in groups.items() if len(key) == len(question.keys) + 1
    }
    of_one = {key: found for key, found in groups.items() if len(key) == len(question.keys) + 2}
    moderators: dict[Key, set[str]] = {}
    for key in of_one:
        moderators.setdefault((*key[1:at], *key[at + 1 :]), set()).add(key[at])
    for key, shared in of_everybody.items():
        for moderator in moderators.get(key[1:], {None}):
            found = of_one.setdefault(
                (*key[:at], moderator, *key[at:]), AgreementTally(shared.scale)
            )
            found.audits = shared.audits
            found.tools |= shared.tools
    return of_one


def _names(question: AgreementQuestion, frames: Iterable[CountLines]) -> dict[tuple[str, str], str]:
    """(key, code) → name, for the teams and services of the report."""
    found: dict[tuple[str, str], str] = {}
    for frame in frames:
        for key in ("team", "service"):
            if f"{key}_name" in frame:
                both = zip(frame[key], frame[f"{key}_name"], strict=True)
                found.update({(key, str(code)): str(name) for code, name in sorted(both)})
    return found


def count_rows(
    connection: Connection,
    question: AgreementQuestion,
    position: int | None,
    areas: AreaMappings,
    *conditions: ColumnElement[bool],
) -> int:
    """How many standing, counted audits meet the filters and `conditions`."""
    question = of_all_names(connection, question, position)
    wanted = question.filters.get("area")
    month = func.substr(agreement_audit.c[question.rule.audits_by], 1, 7)
    if wanted is None:
        query = select(func.count(func.distinct(_AUDIT.audit)))
    else:
        query = select(_AUDIT.audit, _AUDIT.tool, _DOMAIN.domain, month)
    tables, standing = source(question, position)
    query = query.select_from(tables).where(
        *standing,
        _AUDIT.counted == 1,
        *filtered(question, moderations=False),
        and_(*conditions),
    )
    if wanted is None:
        return connection.execute(query).scalar_one()
    rows = connection.execute(query)
    return len({row[0] for row in rows if areas.area(row[1], row[2], row[3] or "") in wanted})
