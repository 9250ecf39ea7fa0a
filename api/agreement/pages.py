"""The reports on grades: moderation agreement and the grade profile, and what lies behind both."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Literal
from urllib.parse import urlencode

from starlette.responses import Response

from api.agreement import charts, forms, report
from api.agreement import tables as agreement_tables
from api.agreement.document import CHANGING, report_document, words_of
from api.agreement.forms import ReportRequest, wanted
from api.agreement.listing import report_json
from api.agreement.report import Name
from api.agreement.tables import Words
from api.documents.document import Document
from api.navigation import NavigationItem, NavigationSection
from api.reports import spans
from api.reports.declaration import OPENS_AT, publish_link, report_called, reports
from api.reports.documents import MOST_LINES, report_in
from api.reports.listing import report_listing
from api.reports.sentences import (
    ReportSentence,
    by_name,
    whole_and_latest,
    without_notes,
)
from api.reports.spans import links_behind
from api.reports.tables import ReportTable, TableCell, TableLine, cell, sentence
from api.reports.taking import send_file, taken_out
from api.web import access_notes
from api.web.context import Reader
from api.web.forms import Errors
from api.web.late_routes import PageRouter
from projections.agreement.model import AgreementReport, AgreementRow
from projections.agreement.question import AgreementQuestion
from qa.authorisation.policy import can, require
from qa.core.access import What
from qa.core.errors import Refused
from qa.core.words import Scale

router = PageRouter(prefix="/reports")
NAVIGATION = NavigationItem(
    "Reports",
    "/reports",
    110,
    NavigationSection.REPORTS,
    "read-report",
    also=("/agreement", "/grades", "/closing-the-loop", "/published"),
)

FileKind = Literal["csv", "xlsx", "json", "docx", "pdf"]
TITLES: Mapping[str, str] = {"agreement": "Moderation agreement", "grades": "Grade profile"}


@router.get("")
def start(reading: Reader) -> Response:
    require(reading.actor, "read-report")
    request = wanted(reading, "agreement")
    preset = {"from": request.typed["from"], "to": request.typed["to"]}
    return reading.page(
        "agreement/start.html",
        about={one.name: one.about for one in reports() if can(reading.actor, one.verb).allowed},
        title="Reports",
        preset=urlencode({**preset, **reading.moment}),
        question=request.question,
        cuts=forms.cuts("agreement", reading.actor),
    )


@router.get("/{name}")
def read_report(reading: Reader, name: Name) -> Response:
    require(reading.actor, "read-report")
    request = wanted(reading, name)
    offered = forms.choices(request)
    made, errors = _made(request)
    context: dict[str, Any] = {"report": None}
    if made is not None and request.question is not None:
        words, scales = words_of(request.reading.connection, made)
        context = _shown(request, made, words, scales)
        access_notes.note(
            reading.services,
            reading.actor,
            What.VIEW,
            f"report:{name}",
            detail=urlencode(request.pairs()),
            at=request.reading.at,
        )
    return request.reading.page(
        "agreement/report.html",
        status=422 if errors else 200,
        title=TITLES[name],
        wide=True,
        errors=errors,
        wanted=request,
        offered=offered,
        cuts=forms.cuts(name, reading.actor),
        cohorts=forms.cohorts(name),
        form=forms,
        kinds=spans.KINDS,
        said=forms.filter_words(request, offered),
        may_export=can(reading.actor, "export").allowed,
        publish="" if made is None else publish_link(request.reading, name, request.pairs()),
        **context,
    )


def _made(request: ReportRequest) -> tuple[AgreementReport | None, Errors]:
    """The report, or what is wrong with what was asked."""
    if request.question is None:
        return None, request.errors
    try:
        made = report.make(
            request.reading.connection,
            request.name,
            request.question,
            request.reading.at,
            actor=request.reading.actor,
            whose=request.whose,
            behind=request.reading.behind,
        )
    except Refused as refused:
        return None, Errors.of(refused, forms.ORDER)
    return made, Errors()


def _shown(
    request: ReportRequest, made: AgreementReport, words: Words, scales: Mapping[str, Scale]
) -> dict[str, Any]:
    """The sentences, charts and tables of a report."""
    short = replace(made, rows=made.rows[-MOST_LINES:])
    whole_request, whole = _uncut(request, made)

    href, whole_href = links_behind(request, _group), links_behind(whole_request, _group)
    if request.name == "agreement":
        found = agreement_tables.agreement_tables(short, words, href)
        draw = partial(charts.agreement_charts, words=words, scales=scales)
    else:
        found = agreement_tables.grade_tables(short, words, href)
        draw = partial(charts.grade_charts, words=words, scales=scales)
    drawn = draw(whole, href=whole_href)
    if whole is not made and _few_groups(made):
        drawn = [*drawn[:1], *draw(made, href=href)]
    main, *others = map(by_name, found)
    rated = [
        replace(without_notes(main), title=f"{main.title}: 95% intervals"),
        *(one for one in others if one.title in agreement_tables.STATISTICS),
    ]
    context: dict[str, Any] = {
        "report": made,
        "left_off": len(made.rows) - len(short.rows),
        "caveats": [sentence(one) for one in made.caveats],
        "first": _sentences(request.name, whole, whole_href),
        "tables": [main],
        "more": [one for one in others if one.title not in agreement_tables.STATISTICS],
        "statistics": rated,
        "readings": agreement_tables.readings(replace(whole, rows=()), words),
        "changes": [
            (title, agreement_tables.steps(short, figure, words, href))
            for figure, title in CHANGING[request.name]
        ],
        "key_headings": agreement_tables.key_headings(made),
        "heat": None,
        "funnels": [],
        "charts": drawn,
    }
    if request.name == "grades" and request.question is not None:
        at, connection = request.reading.at, request.reading.connection
        teams = report.by_teams(
            connection, request.question, at, actor=request.reading.actor, whose=request.whose
        )
        least = report.small_number(connection, at)
        parts = report.team_parts(teams)
        several = len({scale for _, scale in parts}) > 1
        titles = report.distinct({of: agreement_tables.part_words(of, words) for of, _ in parts})
        named = {
            ", ".join(filter(None, (titles[of], scale if several else ""))): (of, scale)
            for of, scale in parts
        }
        context["funnels"] = charts.funnels(
            {name: parts[of] for name, of in named.items()},
            least,
            _funnel_links(request, teams, named),
        )
        if not request.question.by_domain:
            context["heat"] = _heat(request, request.question, words, teams, least)
    return context


def _sentences(
    name: Name, whole: AgreementReport, href: Callable[[AgreementRow, str], str]
) -> list[ReportSentence]:
    """What the report says first, of the scale that most audits were graded on."""
    if not whole.totals:
        return []
    total = max(whole.totals, key=lambda row: row.figures["audits_submitted"].numerator or 0)
    scale = total.group.get("scale")
    rows = [row for row in whole.rows if row.group.get("scale") == scale]
    return whole_and_latest(total, rows, whole.question.period_key, report_called(name).says, href)


def _uncut(request: ReportRequest, made: AgreementReport) -> tuple[ReportRequest, AgreementReport]:
    """The same report of everything together, and how it is asked."""
    if request.question is None or not request.question.dimensions:
        return request, made
    question = replace(request.question, dimensions=())
    one = replace(request, question=question, dimensions=())
    uncut, _ = _made(one)
    return (request, made) if uncut is None else (one, uncut)


def _funnel_links(
    request: ReportRequest, teams: AgreementReport, named: Mapping[str, tuple[str, str]]
) -> Callable[[str, str], str]:
    """Where a team's numbers in a funnel lead: to its audits of the whole range."""
    question = teams.question
    codes = {name: team for team, name in report.team_names(teams).items()}
    by_team = replace(request, dimensions=question.dimensions)
    part = next((key for key in ("area", "domain") if key in question.keys), "")

    def href(name: str, team: str) -> str:
        of, scale = named[name]
        group = {"from": question.start, "to": question.end, "team": codes[team],
                 part: of, "scale": scale}  # fmt: skip
        given = (("group", f"{key}={value}") for key, value in group.items() if key and value)
        return by_team.link("/rows", ("figure", "good_or_better_rate"), *given)

    return href


def _few_groups(made: AgreementReport) -> bool:
    groups = {tuple(row.group.get(key) for key in made.question.keys) for row in made.rows}
    return len(groups) <= charts.MOST_SERIES


def _heat(
    request: ReportRequest,
    question: AgreementQuestion,
    words: Words,
    made: AgreementReport,
    least: int,
) -> dict[str, Any] | None:
    """Team by domain: the chart, and a table whose every cell leads to its audits."""
    cells = report.team_by_domain(made, least)
    if not cells:
        return None
    teams = {team: name for (team, _), (name, _) in cells.items()}
    titles = report.distinct({domain: words.domains.get(domain, domain) for _, domain in cells})
    named = {(name, titles[domain]): figure for (_, domain), (name, figure) in cells.items()}
    span = (("group", f"from={question.start}"), ("group", f"to={question.end}"))
    by_team = replace(request, dimensions=("team",))
    codes = {(name, titles[domain]): (team, domain) for (team, domain), (name, _) in cells.items()}

    def href(team: str, domain: str) -> str:
        more = (("figure", cells[team, domain][1].name), *span, ("group", f"team={team}"))
        return by_team.link("/rows", *more)

    def in_heat(team: str, domain: str) -> TableCell:
        return cell(cells[team, domain][1], href(team, domain))

    lines = [
        TableLine((name,), tuple(in_heat(team, domain) for domain in titles))
        for team, name in sorted(teams.items(), key=lambda one: one[1])
    ]
    title = "Team by domain, with the audits behind each"
    return {
        "chart": charts.heat_map(
            dict(sorted(named.items(), key=lambda one: one[0][0].casefold())),
            lambda name, title: href(*codes[name, title]),
        ),
        "table": ReportTable(title, ("Team",), tuple(titles.values()), tuple(lines)),
    }


def _group(row: AgreementRow) -> list[tuple[str, str]]:
    """The group of a row for a query; what has no value is left empty."""
    return [
        ("group", f"{key}={'' if value is None else value}")
        for key, value in row.group.items()
        if not key.endswith("_name")
    ]


@router.get("/{name}/download.{kind}")
def download(reading: Reader, name: Name, kind: FileKind) -> Response:
    """Exactly the report that the page with the same query shows."""
    require(reading.actor, "read-report")
    require(reading.actor, "export")
    request = wanted(reading, name)
    made, errors = _made(request)
    if made is None:
        raise Refused(errors.faults)
    filters = [*forms.filter_words(request, forms.choices(request)), (OPENS_AT, request.link())]
    taken = taken_out(request.reading)
    if kind == "json":
        body = report_json(made)
    else:

        def paper() -> Document:
            uncut = made if _few_groups(made) else _uncut(request, made)[1]
            connection = request.reading.connection
            return report_document(connection, made, filters=filters, taken=taken, uncut=uncut)

        report = report_called(name)
        openings = report.openings(report.on_page(reading).query, request.reading.at)
        listing = report_listing(made, filters=filters, taken=taken, openings=openings)
        body = report_in(kind, listing, paper)
    return file_of(request, body, f"{name}.{kind}")


def file_of(request: ReportRequest, body: bytes, file: str) -> Response:
    subject, detail = f"report:{request.name}", urlencode(request.exactly())
    return send_file(request.reading, subject, body, file, detail=detail)
