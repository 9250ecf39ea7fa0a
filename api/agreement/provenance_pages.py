"""Why this number? The rule, what is counted and left out, the events beneath, and a recount."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from fastapi import Query
from starlette.responses import Response

from api.agreement import forms, provenance, tables
from api.agreement.forms import ReportRequest, wanted
from api.agreement.listing import behind_listing
from api.agreement.pages import file_of
from api.agreement.report import Name, room_caveats
from api.agreement.words import named, rule
from api.lists.files import render_listing
from api.reports.documents import MOST_LINES
from api.reports.opened import evidence_link
from api.reports.tables import sentence
from api.reports.taking import taken_out
from api.web.context import Reader, Reading
from api.web.late_routes import PageRouter
from projections.agreement.behind import AgreementFigureRows
from projections.agreement.question import AgreementQuestion
from projections.figures.figure import Figure
from projections.figures.provenance import same
from projections.people import queries as people_queries
from qa.authorisation.policy import can, require
from qa.core.dates_in_words import day
from qa.core.errors import Refused

router = PageRouter(prefix="/reports")


@dataclass(frozen=True, slots=True)
class _Opened:
    """A figure, opened. `title` is what it is called, `rule` its denominator and numerator, and
    `domains` their titles where grades of domains are counted."""

    wanted: ReportRequest
    request: provenance.FigureRequest
    behind: AgreementFigureRows
    figure: Figure
    grades: Mapping[str, str]
    domains: Mapping[str, str]
    title: str
    rule: tuple[str, str]
    about: list[tuple[str, str]]

    @property
    def reading(self) -> Reading:
        return self.wanted.reading


def _group_asked(given: list[str], question: AgreementQuestion) -> dict[str, Any]:
    """The group of a query as the report named it.

    Raises:
        Refused: a part that is not key=value.
    """
    group: dict[str, Any] = {"from": str(question.start), "to": str(question.end)}
    for part in given:
        key, sign, value = part.partition("=")
        if not sign:
            raise Refused("Write a group as key=value.", field="group", code="group-malformed")
        group[key] = value or None
    return group


def _opened(reading: Reading, name: Name, figure: str, group: list[str]) -> _Opened:
    """Raises:
    Refused: a question or a group that cannot be read.   NotFound: no report has the figure.
    """
    require(reading.actor, "read-report")
    form = wanted(reading, name)
    if form.question is None:
        raise Refused(form.errors.faults)
    shown = form.reading
    connection, at = shown.connection, shown.at
    row = _group_asked(group, form.question)
    request = provenance.FigureRequest(
        name=name,
        question=form.question,
        figure=figure,
        group=row,
        at=at,
        actor=shown.actor,
        whose=form.whose,
    )
    found, behind = provenance.opened(connection, request)
    grades = forms.grade_labels(connection, at.position)
    domains = forms.domain_titles(connection, at.position)
    return _Opened(
        wanted=form,
        request=request,
        behind=behind,
        figure=found,
        grades=grades,
        domains=domains if any(one.domain for one in behind.audits) else {},
        title=named(figure, domains, grades),
        rule=rule(figure, grades),
        about=_about(row, domains, shown),
    )


def _note(opened: _Opened, what: str) -> None:
    reading = opened.reading
    reading.note(
        f"report:{opened.request.name}",
        f"{what} {opened.request.figure}: {opened.request.question.query()}",
    )


def _names(opened: _Opened) -> dict[str, str]:
    mentioned = {one.auditor for one in opened.behind.audits}
    mentioned |= {one.moderator for one in opened.behind.audits if one.moderator}
    reading = opened.reading
    return people_queries.names(reading.connection, mentioned, position=reading.at.position)


@router.get("/{name}/rows")
def read_rows(
    reading: Reader,
    name: Name,
    figure: str,
    group: list[str] = Query(default_factory=list),
    file: Literal["", "csv", "json"] = "",
    recount: Literal["", "yes"] = "",
) -> Response:
    """What lies behind one figure, down to the events; with `recount`, made again from those."""
    opened = _opened(reading, name, figure, group)
    if file:
        return _taken(opened, file)
    shown, found = opened.reading, opened.behind
    again = None
    if recount:
        under = provenance.beneath(shown.services.store, shown.connection, opened.request, found)
        made = provenance.recounted(under.events, opened.request, under.policy)
        again = {
            "facts": len(under.events),
            "figure": made,
            "same": same(made, opened.figure),
        }
    _note(opened, "recount of" if recount else "rows of")
    parts = [("figure", figure), *(("group", one) for one in group)]
    audits = found.audits
    base, counted = opened.rule
    link = opened.wanted.link
    return shown.page(
        "agreement/rows.html",
        title=f"Why this number? {opened.title}",
        wide=True,
        back=opened.wanted.page,
        evidence=evidence_link(shown, name),
        called=opened.title,
        figure=opened.figure,
        caveats=map(sentence, (*room_caveats(shown.actor), *opened.figure.caveats)),
        base=base,
        counted=counted,
        cohort_rule=opened.request.question.rule.sentence,
        about=opened.about,
        parts=[
            ("In the numerator", [a for a in audits if a.in_numerator]),
            (
                "In the denominator only",
                [a for a in audits if a.in_denominator and not a.in_numerator],
            ),
            ("Left out", [a for a in audits if not (a.in_denominator or a.in_numerator)]),
        ],
        most=MOST_LINES,
        hidden=found.hidden,
        places=found.places,
        agrees=provenance.agrees(opened.figure, found),
        names=_names(opened),
        grades=opened.grades,
        domains=opened.domains,
        again=again,
        csv=link("/rows", *parts, ("file", "csv")),
        json=link("/rows", *parts, ("file", "json")),
        recount=link("/rows", *parts, ("recount", "yes")),
        may_export=can(shown.actor, "export").allowed,
    )


def _taken(opened: _Opened, file: Literal["csv", "json"]) -> Response:
    require(opened.reading.actor, "export")
    name = f"{opened.request.name}-rows.{file}"
    return file_of(opened.wanted, _document(opened) if file == "json" else _table(opened), name)


def _document(opened: _Opened) -> bytes:
    reading = opened.reading
    store, connection = reading.services.store, reading.connection
    return provenance.as_file(
        opened.request,
        opened.figure,
        opened.behind,
        provenance.beneath(store, connection, opened.request, opened.behind, only_open=True),
        title=opened.title,
        rule=opened.rule,
    )


def _table(opened: _Opened) -> bytes:
    base, counted = opened.rule
    offered = forms.choices(opened.wanted)
    listing = behind_listing(
        opened.behind,
        title=f"Audits behind “{opened.title}”",
        names=_names(opened),
        grades=opened.grades,
        domains=opened.domains,
        filters=[*forms.filter_words(opened.wanted, offered), *opened.about],
        notes=[
            f"The denominator counts {base}. The numerator counts {counted}.",
            opened.request.question.rule.sentence,
            f"{opened.behind.hidden} more are counted, which the reader is not shown.",
        ],
        position=opened.reading.at.shown,
        taken=taken_out(opened.reading),
    )
    return render_listing(listing, "csv")


def _about(
    group: Mapping[str, Any], domains: Mapping[str, str], reading: Reading
) -> list[tuple[str, str]]:
    """Which row of the report it is, in words."""
    teams = people_queries.teams(reading.connection, with_closed=True, position=reading.at.position)
    known: dict[str, Mapping[str, str]] = {
        "team": {one.team: one.name for one in teams},
        "service": {one.service: one.service_name for one in teams},
        "domain": domains,
        "area": tables.AREA_WORDS,
    }
    both = [group[key] for key in ("auditor", "moderator") if group.get(key)]
    names = people_queries.names(reading.connection, both, position=reading.at.position)
    found = []
    for key, value in group.items():
        if key in ("from", "to", "total"):
            continue
        label = tables.KEYS.get(key, "Period")
        words = "None" if value is None else known.get(key, names).get(value, value)
        found.append((label, words))
    days = (("First day", "from"), ("Last day", "to"))
    return [*found, *((label, day(date.fromisoformat(group[key]))) for label, key in days)]
