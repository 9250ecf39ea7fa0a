"""Recorded later, and two moments compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal, get_args

from fastapi import Depends, Query, Response

from api.history import comparison, late_events
from api.history.asked_comparison import asked_comparison
from api.history.comparison_files import comparison_file
from api.history.schemas import ComparisonOut, LearntEventOut, LearntLaterOut
from api.history.two_dates import TwoDates
from api.json.deps import Call, Exports, Limit, Reads, Served
from api.json.routing import ApiRouter
from api.lists.files import download
from api.web import access_notes
from qa.authorisation.policy import require
from qa.core.access import What

router = ApiRouter(tags=["moments"])
ComparisonFileKind = Literal["csv", "xlsx", "json", "docx", "pdf"]
OTHERS = 500
"""Events that moved no record: so many are told at most, with how many there are."""


@dataclass(frozen=True, slots=True)
class ShownOfBoth:
    """Which of what moved an answer holds."""

    audits_from: Annotated[int, Query(ge=0, description="Leave out so many audits.")] = 0
    records_from: Annotated[int, Query(ge=0, description="Leave out so many other records.")] = 0
    figures_from: Annotated[int, Query(ge=0, description="Leave out so many figures.")] = 0
    limit: Limit = 50


@router.get("/learnt-later", operation_id="readLearntLater")
def read_learnt_later(
    call: Call,
    record: Annotated[
        str, Query(description="One record, for example audit:<id>; all of them if left out.")
    ] = "",
    after: Annotated[int, Query(ge=0, description="The `next` of the page before.")] = 0,
    limit: Limit = 50,
) -> LearntLaterOut:
    """What was told after `true_on`, up to what is known, and was so by then."""
    require(call.actor, "read-report")
    found = late_events.learnt_later(call, record=record, after=after, limit=limit)
    call.note("learnt-later", record or "all records")
    return LearntLaterOut(
        **call.moment,
        true_on=call.at.true_on,
        total=found.total,
        facts=[LearntEventOut.model_validate(entry) for entry in found.entries],
        next=found.next,
    )


Kinds = Annotated[
    list[str] | None, Query(alias="kind", description="Only this kind of record. Repeatable.")
]
Reports = Annotated[
    list[str] | None, Query(alias="report", description="Only figures of this report. Repeatable.")
]


@router.get("/compare", operation_id="compareMoments")
def compare_moments(
    services: Served,
    actor: Reads,
    response: Response,
    dates: Annotated[TwoDates, Depends()],
    shown: Annotated[ShownOfBoth, Depends()],
    kinds: Kinds = None,
    report: Reports = None,
) -> ComparisonOut:
    """What is not the same at two moments: records of every kind, figures of every report, and the
    events that moved them.

    Each moment is known on a day or at a position, and may be true on a day; `to` is now if left
    out. With `since_meeting` the first is what the last meeting of a board saw."""
    require(actor, "read-report")
    with services.store.reading() as connection:
        one = asked_comparison(services, connection, actor, dates, kinds or (), report or ())
        part = comparison.ComparisonPart(
            audits=comparison.ShownPart(shown.audits_from, shown.limit),
            records=comparison.ShownPart(shown.records_from, shown.limit),
            figures=comparison.ShownPart(shown.figures_from, shown.limit),
            others=OTHERS,
        )
        found = comparison.compare(
            services, connection, actor, one.before, one.after, one.wanted, part
        )
    access_notes.note(services, actor, What.VIEW, "comparison", at=one.after)
    response.headers.update(one.after.headers)
    return ComparisonOut.model_validate(found)


@router.file("/compare.{file}", get_args(ComparisonFileKind), operation_id="exportComparison")
def export_comparison(
    services: Served,
    actor: Exports,
    file: ComparisonFileKind,
    dates: Annotated[TwoDates, Depends()],
    kinds: Kinds = None,
    report: Reports = None,
) -> Response:
    """Everything that moved as a file: a list, or a document for a board."""
    require(actor, "read-report")
    require(actor, "export")
    with services.store.reading() as connection:
        one = asked_comparison(services, connection, actor, dates, kinds or (), report or ())
        body = comparison_file(
            services, connection, actor, one.before, one.after, file, one.wanted, one.title
        )
    access_notes.note(services, actor, What.EXPORT, "comparison", detail=file, at=one.after)
    return download(body, f"changed-{one.file_stamp}.{file}", one.after)
