"""The forms of a self-evaluation in the browser."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Path, Query
from starlette.responses import Response

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
from api.reports.declaration import Report, Sight, report_called
from api.reports.figure_rows import row_words
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
from projections.self_evaluation.queries import EvaluationRecord
from projections.self_evaluation.tables import EvaluationClaimRow
from qa.authorisation.policy import require
from qa.core.errors import NotFound
from qa.core.words import Resource
from qa.publishing.events import ReportAsked, ReportName

PATH = "/self-evaluations"
router = PageRouter(prefix=PATH)
EvaluationId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]
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
    place = f"{_place(evaluation, row)}/figure"
    return reading.page(
        "self_evaluation/figures.html",
        title="Link the claim to a figure",
        caption=_caption(row),
        back=f"{PATH}/{of}",
        reports=[
            (text, f"{place}?{query}")
            for text, query in reports_of_period(reading, *evaluation.row.days)
        ],
    )


def _figure(
    reading: Reader,
    of: EvaluationId,
    claim: EvaluationId,
    name: Annotated[ReportName, Query()] = "agreement",
) -> Shown:
    require(reading.actor, KEEP, Resource())
    evaluation = _evaluation(reading, of)
    row, report, sight = _claim(evaluation, claim), report_called(name), Sight.of(reading)
    page_question = report.on_page(reading)
    kept = proposed(sight, report, page_question.query)
    lines = tuple(f"{what}: {value}" for what, value in page_question.filters)
    step = replace(FIGURE, title=f"Link the claim to a figure: {report.title}", intro=lines)
    view = ReviewedView(
        {"of": of, "claim": claim, "asked": kept},
        choices=_offered(sight, report, kept),
        worked=partial(making.figure_tied, reading.services, sight, kept),
    )
    query = urlencode([("name", name), *page_question.question])
    at = At(
        f"{_place(evaluation, row)}/figure?{query}",
        f"{PATH}/{of}",
        evaluation.row.stream_version,
        _caption(row),
    )
    return step, view, at


def _offered(sight: Sight, report: Report[Any, Any], kept: ReportAsked) -> list[tuple[str, str]]:
    """The main figures of a report that have a value, the whole of it first."""
    made = report.frozen(sight, kept)
    names = dict.fromkeys((*(one.figure for one in report.says), *report.main))
    return [
        (
            figure_code(figure, row_parts(row)),
            f"{row_words(row)}: {report.figure_words(sight, figure)}, {shown(row, figure)}",
        )
        for row in (*made.totals, *made.rows)
        for figure in names
        if figure in row.figures and row.figures[figure].exact is not None
    ]


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
