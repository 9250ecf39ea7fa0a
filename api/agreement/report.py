"""The reports on grades, asked the same way by pages, API and command line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any, Literal

from sqlalchemy.engine import Connection

from api.records.narrowing import require_known
from api.web.moments import AsAt
from projections.agreement import profile, report
from projections.agreement.behind import AgreementFigureRows, AuditsBehind
from projections.agreement.counting import VersionScales
from projections.agreement.model import AgreementReport
from projections.agreement.profile import DOMAIN
from projections.agreement.question import EVERY_AUDIT, AgreementQuestion, FigureLimits
from projections.audit_tools import queries as tool_queries
from projections.audits import queries as audit_queries
from projections.core.health import Health
from projections.figures.figure import IN_ROOM, Basis, Figure, caveat, rate
from projections.figures.formulas import NEWEST
from projections.figures.funnels import FunnelPart
from projections.figures.small_numbers import as_counts_below
from projections.people.queries import teams
from qa.authorisation.policy import figures_within, reach, require
from qa.core.periods import PeriodKind
from qa.core.words import Actor, Resource, Scope, part_of_council
from qa.moderation.events import DEFAULT_POLICY

Name = Literal["agreement", "grades"]
Whose = Literal["auditor", "final"]
NAMED = ("auditor", "moderator")
"""What a report is cut by where it names people."""
GOOD_OR_BETTER = "good_or_better_rate"


def version_scales(connection: Connection, position: int | None) -> VersionScales:
    """The scales of the tools that were known at a position, and how domains were mapped then."""
    tools = tool_queries.definitions(connection, position=position)
    areas = tool_queries.areas(connection, position=position)
    return replace(VersionScales.of_tools(tools), areas=areas)


def small_number(connection: Connection, at: AsAt) -> int:
    """Below this base a figure gives way to its counts: the policy's number, as it was then."""
    found = tool_queries.moderation_policy(connection, position=at.position)
    policy = DEFAULT_POLICY if found is None else found[0]
    return policy.small_number


def limits_of(connection: Connection, actor: Actor | None) -> FigureLimits:
    """What the figures of this reader leave out (None: the operator, for whom they leave out
    nothing)."""
    if actor is None:
        return EVERY_AUDIT
    return FigureLimits(audit_queries.blind_for(connection, actor.person), figures_within(actor))


def room_caveats(actor: Actor | None) -> tuple[str, ...]:
    """What is said beside a single figure to an inspector whose room is a part of the council."""
    return () if figures_within(actor) is None else (IN_ROOM,)


def _names_are_open(
    connection: Connection,
    actor: Actor | None,
    question: AgreementQuestion,
    group: Mapping[str, Any] | None = None,
) -> None:
    """Raises `Forbidden` for figures of colleagues by name, unless the reader answers for the part
    of the council that is asked about. Figures of their own are open to everybody."""
    values = {**(group or {}), **question.filters}
    cut = [name for name in NAMED if name in question.dimensions and name not in values]
    chosen = [values[name] for name in NAMED if name in values]
    if actor is None or not (cut or chosen):
        return
    if not cut and all(one in (actor.person, (actor.person,)) for one in chosen):
        return
    services = {one.team: one.service for one in teams(connection, with_closed=True)}
    parts = [
        part_of_council(Scope.model_validate({"kind": kind, "code": code}), services)
        for kind in ("team", "service")
        for code in question.filters.get(kind, ())
    ]
    for part in parts or [Resource()]:
        require(actor, "read-named-figures", part)


def make(
    connection: Connection,
    name: Name,
    question: AgreementQuestion,
    at: AsAt,
    *,
    actor: Actor | None,
    whose: Whose = "auditor",
    behind: Sequence[Health] = (),
    formulas: int = NEWEST,
    with_small: bool = False,
) -> AgreementReport:
    """One report as known at `at`. Figures on a base that the policy calls small show only counts.

    `formulas` and `with_small` are for reports published before the rule held everywhere.

    `behind` are the read models that do not hold every event: the report says so.

    Raises:
        Refused: the question cannot be asked.
        Forbidden: it asks for figures of colleagues by name.
    """
    _names_are_open(connection, actor, question)
    require_known(connection, question.filters)
    small, limits = (
        0 if with_small else small_number(connection, at),
        limits_of(connection, actor),
    )
    made = counted(connection, name, question, at, limits, small, whose=whose, formulas=formulas)
    made = replace(made, true_on=at.true_on)
    caveats = [caveat("figures-behind", one.words) for one in behind]
    return replace(made, caveats=(*caveats, *made.caveats)) if caveats else made


def counted(
    connection: Connection,
    name: Name,
    question: AgreementQuestion,
    at: AsAt,
    limits: FigureLimits,
    small: int,
    *,
    whose: Whose,
    formulas: int = NEWEST,
    scales: VersionScales | None = None,
) -> AgreementReport:
    """The report without what `limits` leave out, whoever asks."""
    shared: dict[str, Any] = {
        "scales": scales or version_scales(connection, at.position),
        "position": at.position,
        "limits": limits,
        "small_number": small,
        "basis": Basis(as_at=at.day, position=at.shown, formulas=formulas),
        "today": at.on,
    }
    if name == "agreement":
        return report.report(connection, question, **shared)
    return profile.report(connection, question, grade=whose, **shared)


def behind(
    connection: Connection,
    question: AgreementQuestion,
    at: AsAt,
    *,
    actor: Actor,
    figure: str,
    group: Mapping[str, Any],
    whose: Whose = "auditor",
    scales: VersionScales | None = None,
) -> AgreementFigureRows:
    """The audits behind one figure of one row, as far as the reader may open them.

    Raises:
        Forbidden: it is a figure of a colleague by name.
    """
    each = behind_each(connection, question, at, actor=actor, whose=whose, scales=scales)
    return each(figure, group)


def behind_each(
    connection: Connection,
    question: AgreementQuestion,
    at: AsAt,
    *,
    actor: Actor,
    whose: Whose = "auditor",
    beside: int | None = None,
    scales: VersionScales | None = None,
) -> Callable[[str, Mapping[str, Any]], AgreementFigureRows]:
    """`behind`, for many figures of one question; with `beside`, another position, only audits
    that do not stand there as they do here."""

    @cache
    def read() -> AuditsBehind:
        require_known(connection, question.filters)
        return AuditsBehind(
            connection=connection,
            question=question,
            scales=scales or version_scales(connection, at.position),
            reach=reach(actor),
            grade=whose,
            position=at.position,
            limits=limits_of(connection, actor),
            unlisted=audit_queries.hidden_for(connection, reach(actor)),
            beside=beside,
        )

    def rows(figure: str, group: Mapping[str, Any]) -> AgreementFigureRows:
        _names_are_open(connection, actor, question, group)
        return read().rows(figure, group)

    return rows


def places(found: AgreementFigureRows) -> dict[tuple[str, str], object]:
    """The audits that a figure counts, by reference and id, each with its places in it: by
    judgement area one for each of its domains."""
    audits: dict[tuple[str, str], list[object]] = {}
    for one in found.audits:
        if one.in_numerator or one.in_denominator:
            place = (one.in_numerator, one.in_denominator, one.moderated_grade)
            audits.setdefault((one.reference, one.audit), []).append(place)
    return {**audits}


def by_teams(
    connection: Connection,
    question: AgreementQuestion,
    at: AsAt,
    *,
    actor: Actor | None,
    whose: Whose,
) -> AgreementReport:
    """The grades of each team over the whole range, a row a year, and of each domain or area that
    is asked for: of these the share of good or better alone."""
    domains = [name for name in question.dimensions if name in ("domain", "area")]
    team_question = replace(question, dimensions=("team", *domains), by=PeriodKind.FINANCIAL_YEAR)
    if not question.by_domain:
        return make(
            connection, "grades", team_question, at, actor=actor, whose=whose, with_small=True
        )
    _names_are_open(connection, actor, team_question)
    limits = replace(limits_of(connection, actor), only=GOOD_OR_BETTER)
    return counted(connection, "grades", team_question, at, limits, 0, whose=whose)


def distinct(names: Mapping[str, str]) -> dict[str, str]:
    """Names by their codes; those that several have, each with its code."""
    often = Counter(names.values())
    return {code: name if often[name] == 1 else f"{name} ({code})" for code, name in names.items()}


def team_names(made: AgreementReport) -> dict[str, str]:
    """What each team of a report is called there, no two alike."""
    found = {row.group["team"]: str(row.group["team_name"]) for row in made.rows}
    return distinct({str(team): name for team, name in found.items() if team is not None})


def team_parts(made: AgreementReport) -> dict[tuple[str, str], list[FunnelPart]]:
    """By domain or area (empty for the overall grade) and scale: of each team, how many of its
    grades are good or better."""
    by_scale: dict[tuple[str, str], dict[str, FunnelPart]] = {}
    names = team_names(made)
    for row in made.rows:
        figure = row.figures.get(GOOD_OR_BETTER)
        if row.group["team"] is None or figure is None:
            continue
        of = str(row.group.get("area") or row.group.get("domain") or "")
        teams = by_scale.setdefault((of, str(row.group.get("scale") or "")), {})
        team = str(row.group["team"])
        before = teams.get(team, FunnelPart(names[team], 0, 0))
        teams[team] = FunnelPart(
            names[team],
            before.count + (figure.numerator or 0),
            before.of + (figure.denominator or 0),
        )
    return {key: [*teams.values()] for key, teams in by_scale.items()}


def team_by_domain(made: AgreementReport, least: int) -> dict[tuple[str, str], tuple[str, Figure]]:
    """For the whole range, by (team, domain): the team's name, and its share of good or better.

    A cell whose grades are on two scales has no value, because they cannot be added together.
    """
    by_domain: dict[tuple[str, str], list[Figure]] = {}
    names = team_names(made)
    for row in made.rows:
        if row.group["team"] is None:
            continue  # A period without audits is a row without a team.
        team = str(row.group["team"])
        for name, figure in row.figures.items():
            if name.startswith(DOMAIN):
                by_domain.setdefault((team, name.removeprefix(DOMAIN)), []).append(figure)
    found: dict[tuple[str, str], tuple[str, Figure]] = {}
    for (team, domain), figures in by_domain.items():
        added = rate(
            f"{DOMAIN}{domain}",
            sum(figure.numerator or 0 for figure in figures),
            sum(figure.denominator or 0 for figure in figures),
        )
        if any(figure.exact is None and figure.denominator for figure in figures):
            notice = caveat("scales-differ", "This domain is graded on more than one scale.")
            added = replace(added, exact=None, interval=None, caveats=(*added.caveats, notice))
        found[team, domain] = names[team], as_counts_below(added, least)
    return found
