"""The forms of a self-evaluation in the browser."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Path, Query
from starlette.responses import Response

from api.documents.figures import FiguresRow
from api.publishing.reviewing import (
    NO_PAGE,
    FirstWords,
    ReviewedView,
    at_step,
    reviewers,
    step_called,
)
from api.quarterly.making import proposed, reports_of_period
from api.quarterly.reading import row_parts
from api.reports.asking import group_of
from api.reports.declaration import Report, Sight, report_called
from api.reports.figure_rows import row_words, rows_named
from api.reports.moved import shown
from api.self_evaluation import making
from api.self_evaluation import reading as evaluation_reading
from api.self_evaluation.reading import KEEP
from api.self_evaluation.steps import (
    FIGURE,
    OF_CLAIM,
    OF_EVALUATION,
    UNTIE,
    figure_code,
)
from api.web.context import PresentReader, Reader, Reading
from api.web.late_routes import PageRouter
from api.web.steps import At, FormStep, form_routes
from projections.figures.ranges import WHOLE
from projections.self_evaluation.queries import EvaluationRecord
from projections.self_evaluation.tables import EvaluationClaimRow
from qa.authorisation.policy import require
from qa.core.errors import NotFound
from qa.core.words import Resource
from qa.publishing.events import ReportAsked, ReportName

PATH = "/self-evaluations"
router = PageRouter(prefix=PATH)
EvaluationId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]
NOT_IN_A_ROW = (
    "The figure that you came from stands in no row of the report by itself, or has no value. "
    "Choose another."
)
Shown = tuple[FormStep[ReviewedView], ReviewedView, At]


def _evaluation(reading: Reading, of: str) -> EvaluationRecord:
    return evaluation_reading.opened(Sight.of(reading), of)


def _claim(evaluation: EvaluationRecord, claim: str) -> EvaluationClaimRow:
    for row in evaluation.claims:
        if row.claim == claim:
            return row
    raise NotFound(NO_PAGE)


@dataclass(frozen=True, slots=True)
class _Under:
    """The area that a new claim stands under at first."""

    area: str


def _whole(reading: Reader, of: EvaluationId, step: str, area: str = "") -> Shown:
    form = step_called(OF_EVALUATION, step)
    row, sight, services = _evaluation(reading, of).row, Sight.of(reading), reading.services
    at = at_step(reading, row, form, step, f"{PATH}/{of}")
    worked: Mapping[str, Callable[..., Mapping[str, Any]]] = {
        "review": lambda reviewer: making.sent(services, sight, of),
        "freeze": partial(making.made_again, services, sight, of),
    }
    begun = FirstWords("", *row.days, row.title) if step == "period" else _Under(area)
    view = ReviewedView(
        {"of": of}, reviewers(reading), initial=begun, worked=worked.get(step, dict)
    )
    if area:
        at = replace(at, address=f"{at.address}?{urlencode({'area': area})}")
    return form, view, at


form_routes(router, "/{of}/{step}", _whole)


def _place(evaluation: EvaluationRecord, claim: EvaluationClaimRow) -> str:
    return f"{PATH}/{evaluation.row.evaluation}/claims/{claim.claim}"


def _caption(claim: EvaluationClaimRow) -> str:
    return f"{claim.under.label}: {claim.known[:120]}"


@router.get("/{of}/claims/{claim}/figures")
def choose_report(of: EvaluationId, claim: EvaluationId, reading: PresentReader) -> Response:
    """The reports whose figures a claim can be tied to."""
    require(reading.actor, KEEP, Resource())
    evaluation = _evaluation(reading, of)
    row = _claim(evaluation, claim)
    place = _place(evaluation, row)
    return reading.page(
        "self_evaluation/figures.html",
        title="Link the claim to a figure",
        caption=_caption(row),
        back=f"{PATH}/{of}",
        intro="Choose the report that the figure stands in. It is asked for the period of the "
        "self-evaluation.",
        reports=[
            (text, f"{place}/figure?{query}", f"{place}/rows?{query}")
            for text, query in reports_of_period(reading, *evaluation.row.days)
        ],
    )


@router.get("/evidence")
def choose_claim(
    reading: PresentReader, name: Annotated[ReportName, Query()], figure: str
) -> Response:
    """The claims that the figure of a page can bear out."""
    require(reading.actor, KEEP, Resource())
    report, sight = report_called(name), Sight.of(reading)
    require(reading.actor, report.verb)
    question = report.on_page(reading)
    pairs = as_one_row(reading.request.query_params.multi_items())
    drafts = [row for row in evaluation_reading.listed(sight) if row.stage == "draft"]
    claims = [
        (row.title, [(_caption(claim), _link(row.evaluation, claim, pairs)) for claim in each])
        for row in drafts
        if (each := _evaluation(reading, row.evaluation).claims)
    ]
    return reading.page(
        "self_evaluation/claims.html",
        title="Use as evidence in a self-evaluation",
        caption=f"{report.title}: {report.figure_words(sight, figure)}",
        about=question.filters,
        claims=claims,
    )


def as_one_row(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """What asks for a figure. One that adds periods together, such as a team's in a heat map,
    stands in no row: it is asked as the whole of a report that is narrowed to what it is of."""
    group = dict(value.split("=", 1) for name, value in pairs if name == "group" and "=" in value)
    cuts = [value for name, value in pairs if name == "dimension"]
    if not cuts or group.keys() != {"from", "to", *cuts}:
        return pairs
    kept = [pair for pair in pairs if pair[0] not in ("dimension", "group")]
    whole = {"total": WHOLE, "from": group["from"], "to": group["to"]}
    return [
        *kept,
        *((cut, group[cut]) for cut in cuts),
        *(("group", f"{key}={value}") for key, value in whole.items()),
    ]


def _link(of: str, claim: EvaluationClaimRow, pairs: Sequence[tuple[str, str]]) -> str:
    return f"{PATH}/{of}/claims/{claim.claim}/figure?{urlencode(pairs)}"


@router.get("/{of}/claims/{claim}/rows")
def choose_row(
    of: EvaluationId,
    claim: EvaluationId,
    reading: PresentReader,
    name: Annotated[ReportName, Query()] = "agreement",
) -> Response:
    """The rows of a report, each of which leads to all of its figures."""
    require(reading.actor, KEEP, Resource())
    evaluation = _evaluation(reading, of)
    row, report, sight = _claim(evaluation, claim), report_called(name), Sight.of(reading)
    question = report.on_page(reading)
    made = report.frozen(sight, proposed(sight, report, question.query))
    pairs = [("name", name), *question.question]
    return reading.page(
        "self_evaluation/figures.html",
        title=f"Link the claim to a figure: {report.title}",
        caption=_caption(row),
        back=f"{PATH}/{of}",
        intro="Choose the row that the figure stands in.",
        reports=[
            (row_words(one), _link(of, row, [*pairs, *_grouped(one)]), "")
            for one in (*made.totals, *made.rows)
        ],
    )


def _grouped(row: FiguresRow) -> list[tuple[str, str]]:
    """What names a row in an address."""
    return [("group", f"{key}={value}") for key, value in row_parts(row).items()]


def _figure(
    reading: Reader,
    of: EvaluationId,
    claim: EvaluationId,
    name: Annotated[ReportName, Query()] = "agreement",
    figure: str = "",
    group: Annotated[list[str] | None, Query()] = None,
) -> Shown:
    require(reading.actor, KEEP, Resource())
    evaluation = _evaluation(reading, of)
    row, report, sight = _claim(evaluation, claim), report_called(name), Sight.of(reading)
    page_question = report.on_page(reading)
    kept = proposed(sight, report, page_question.query)
    lines = [f"{what}: {value}" for what, value in page_question.filters]
    offered, chosen = _offered(sight, report, kept, figure, group)
    if figure and not chosen:
        lines.append(NOT_IN_A_ROW)
    step = replace(FIGURE, title=f"Link the claim to a figure: {report.title}", intro=tuple(lines))
    view = ReviewedView(
        {"of": of, "claim": claim, "asked": kept},
        choices=offered,
        chosen=chosen,
        worked=partial(making.figure_tied, reading.services, sight, kept),
    )
    named = [("figure", figure)] * bool(figure) + [("group", one) for one in group or ()]
    at = At(
        _link(of, row, [("name", name), *page_question.question, *named]),
        f"{PATH}/{of}",
        evaluation.row.stream_version,
        _caption(row),
    )
    return step, view, at


def _offered(
    sight: Sight,
    report: Report[Any, Any],
    kept: ReportAsked,
    figure: str,
    group: list[str] | None,
) -> tuple[list[tuple[str, str]], str]:
    """The figures with a value that a claim can be tied to, and the one that was meant: every
    figure of a row that is named, else the main figures of a report, the whole of it first."""
    made = report.frozen(sight, kept)
    rows: Sequence[FiguresRow] = (*made.totals, *made.rows)
    names = dict.fromkeys((*(one.figure for one in report.says), *report.main))
    meant = ""
    if group or figure:
        parts = {key: value for key, value in group_of(group, None).items() if value}
        own = [row for row in rows if row_parts(row) == parts] or rows_named(made, parts)
        named = [row for row in own if not figure or figure in row.figures]
        if len(named) == 1:
            rows, names = named, names | dict.fromkeys(named[0].figures)
            meant = figure_code(figure, row_parts(named[0]))
    offered = [
        (
            figure_code(one, row_parts(row)),
            f"{row_words(row)}: {report.figure_words(sight, one)}, {shown(row, one)}",
        )
        for row in rows
        for one in names
        if one in row.figures and row.figures[one].exact is not None
    ]
    return offered, meant if meant in dict(offered) else ""


def _of_claim(reading: Reader, of: EvaluationId, claim: EvaluationId, step: str) -> Shown:
    evaluation, sight = _evaluation(reading, of), Sight.of(reading)
    require(reading.actor, KEEP, Resource())
    row = _claim(evaluation, claim)
    if step not in OF_CLAIM:
        raise NotFound(NO_PAGE)
    worked: Mapping[str, Callable[..., Mapping[str, Any]]] = {
        "record": partial(making.record_named, sight),
        "confirm": lambda note: making.looked_again(reading.services, sight, of, claim),
    }
    view = ReviewedView({"of": of, "claim": claim}, initial=row, worked=worked.get(step, dict))
    at = At(
        f"{_place(evaluation, row)}/{step}",
        f"{PATH}/{of}",
        evaluation.row.stream_version,
        _caption(row),
    )
    return OF_CLAIM[step], view, at


form_routes(router, "/{of}/claims/{claim}/figure", _figure)
form_routes(router, "/{of}/claims/{claim}/{step}", _of_claim)


def _untying(
    reading: Reader,
    of: EvaluationId,
    claim: EvaluationId,
    evidence: Annotated[str, Path(pattern=r"^E[0-9]{1,5}$")],
) -> Shown:
    evaluation = _evaluation(reading, of)
    require(reading.actor, KEEP, Resource())
    row = _claim(evaluation, claim)
    found = [one for one in evaluation.evidence.get(claim, ()) if one.evidence == evidence]
    if not found:
        raise NotFound(NO_PAGE)
    at = At(
        f"{_place(evaluation, row)}/evidence/{evidence}/untie",
        f"{PATH}/{of}",
        evaluation.row.stream_version,
        f"Evidence {evidence}",
    )
    return UNTIE, ReviewedView({"of": of, "claim": claim, "evidence": evidence}), at


form_routes(router, "/{of}/claims/{claim}/evidence/{evidence}/untie", _untying)
