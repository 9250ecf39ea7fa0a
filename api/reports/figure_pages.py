"""Why a figure of any report is what it is: the page that opens it where its report has none of its
own."""

from __future__ import annotations

from dataclasses import replace

from fastapi import Query
from starlette.responses import Response

from api.reports.asking import group_of
from api.reports.declaration import FigureOf, Sight, report_called
from api.reports.figure_rows import row_words
from api.reports.opened import evidence_link
from api.reports.query import typed_query
from api.reports.tables import sentence
from api.web.context import DayReader
from api.web.late_routes import PageRouter
from qa.authorisation.policy import require
from qa.core.errors import Refused

router = PageRouter(prefix="/why")


@router.get("/{name}")
def open_figure(
    reading: DayReader, name: str, figure: str, group: list[str] = Query(default_factory=list)
) -> Response:
    """A figure with its question, its rule and its records, counted again from these alone."""
    report = report_called(name)
    require(reading.actor, report.verb)
    if reading.wrong:
        raise Refused(reading.wrong.faults)
    query = typed_query(report.query, reading.request.query_params)
    # The row is found in the report that the figure is then accounted for by.
    named, sight = group_of(group, query), replace(Sight.of(reading), memory={})
    one_figure = FigureOf(query, figure, named)
    made, row = report.row_named(sight, one_figure)
    why = report.why(reading.services.store, sight, one_figure)
    shown = why.found.figure
    reading.note(report.subject(query), f"why {figure}")
    called = report.figure_words(sight, figure)
    keeps = report.publishes and figure not in report.unkept
    events = why.found.events
    streams = {event[1] for event in events}
    return reading.page(
        "reports/figure.html",
        title=f"Why this number? {called}",
        back=report.link(query, reading.moment),
        called=called,
        figure=shown,
        caveats=map(sentence, shown.caveats),
        rule=shown.basis.cohort_rule or made.cohort_rule,
        about=[
            ("Report", made.title),
            *report.question_words(sight, query),
            ("Row", row_words(row)),
        ],
        records=len(streams),
        entries=len(events),
        closed=0 if why.open_to is None else len(streams - why.open_to),
        again=why.found.again,
        same=why.found.same,
        evidence=evidence_link(reading, name) if keeps else "",
    )
