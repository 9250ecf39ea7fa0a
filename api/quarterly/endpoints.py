"""Quarterly reports over the API: composing one, its review, and giving it out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Body, Depends, Path, Response

from api.json.command_endpoint import command_endpoint
from api.json.deps import Call, Change, Moment, Snapshot, tag
from api.json.routing import ApiRouter
from api.quarterly import reading, schemas
from api.quarterly.cli import QuarterlyQuery
from api.quarterly.making import made_again, proposed, sent, sentences_of
from api.quarterly.reports import REPORTS
from api.reports.asking import Chosen, asked_alike, asked_by, only, why_endpoint
from api.reports.declaration import Sight
from api.web import freshness
from qa.authorisation.policy import require
from qa.quarterly import handlers
from qa.quarterly.events import HeadlineFigure

router = ApiRouter(prefix="/quarterly-reports", tags=["reports"])

QuarterlyId = Annotated[
    str, Path(pattern=r"^[0-9a-f]{32}$", description="The id of the quarterly report.")
]


@router.get("", operation_id="listQuarterlyReports")
def list_quarterly(call: Call) -> schemas.QuarterlyReportsOut:
    """The quarterly reports that the caller may see while they are written."""
    rows = reading.listed(Sight.of(call))
    call.note("quarterly-reports")
    return schemas.QuarterlyReportsOut(
        position=call.at.shown, reports=[schemas.QuarterlyOut.of(row) for row in rows]
    )


@router.record("/{of}", operation_id="readQuarterlyReport")
def read_quarterly(call: Call, of: QuarterlyId, response: Response) -> schemas.OpenedQuarterlyOut:
    """A quarterly report as it stands: a draft with the figures of the moment, or what was sent
    for review as it was sent."""
    sight = Sight.of(call)
    draft = reading.opened(sight, of)
    behind = freshness.behind(call.services, call.connection, call.at)
    made = REPORTS.make(sight, QuarterlyQuery(report=of), behind)
    call.note(f"quarterly-report:{of}")
    tag(response, call.at, draft.row.stream_version)
    return schemas.OpenedQuarterlyOut.of(
        draft.row,
        version=draft.row.stream_version,
        chosen=list(draft.row.chosen),
        composed=REPORTS.frozen_answer(made),
    )


@router.get("/{of}/headlines", operation_id="listQuarterlyHeadlines")
def list_headlines(call: Call, of: QuarterlyId) -> schemas.HeadlinesOut:
    """The sentences that the report can begin with: each is made of a figure of a section."""
    sight = Sight.of(call)
    made = reading.standing(sight, reading.opened(sight, of))
    call.note(f"quarterly-report:{of}")
    found = [
        schemas.HeadlineOut(headline=one, sentence=sentence)
        for section in made.sections
        for one, sentence in section.sentences(again=True)
    ]
    return schemas.HeadlinesOut(position=call.at.shown, headlines=found)


_named = asked_by(QuarterlyQuery, report=Annotated[str, Path(alias="of")])
why_endpoint(router, "/{of}/why", only(REPORTS), _named, operation_id="whyQuarterlyFigure")


def _given(report: Chosen, query: Callable[..., Any]) -> Callable[..., dict[str, Any]]:
    """The report that the query asks for, as it can be made now."""

    def given(
        change: Change, connection: Snapshot, at: Moment, report: Any, query: Any
    ) -> dict[str, Any]:
        require(change.actor, "keep-quarterly-report")
        return {"asked": proposed(Sight(connection, at, change.actor), report, query)}

    given.__annotations__ |= {
        "report": Annotated[Any, Depends(report)],
        "query": Annotated[Any, Depends(query)],
    }
    return given


def _chosen(
    change: Change,
    connection: Snapshot,
    at: Moment,
    of: QuarterlyId,
    headlines: Annotated[tuple[HeadlineFigure, ...], Body(embed=True)],
) -> dict[str, Any]:
    """The sentences of the figures that were chosen."""
    require(change.actor, "keep-quarterly-report")
    found = sentences_of(Sight(connection, at, change.actor), of, headlines)
    return {"headlines": headlines, "sentences": found}


def _sent(change: Change, connection: Snapshot, at: Moment, of: QuarterlyId) -> dict[str, Any]:
    """The report as it is made for its reviewer."""
    require(change.actor, "keep-quarterly-report")
    return sent(change.services, Sight(connection, at, change.actor), of)


def _again(change: Change, connection: Snapshot, at: Moment, of: QuarterlyId) -> dict[str, Any]:
    """The report made again as it was agreed."""
    require(change.actor, "keep-quarterly-report")
    return {"sha256": made_again(change.services, Sight(connection, at, change.actor), of)}


command_endpoint(router, "POST", "", handlers.start, located_by="report")
for operation, name, report, query in asked_alike():
    command_endpoint(
        router, "POST", f"/{{of}}/sections/{name}", handlers.add_section,
        operation_id=f"add{operation.removeprefix('publish')}Section",
        given=_given(report, query),
    )  # fmt: skip
command_endpoint(router, "PUT", "/{of}/sections/{section}", handlers.change_section)
command_endpoint(router, "DELETE", "/{of}/sections/{section}", handlers.remove_section)
command_endpoint(router, "PUT", "/{of}/sections/{section}/commentary", handlers.comment)
command_endpoint(router, "PUT", "/{of}/order", handlers.order_sections)
command_endpoint(router, "PUT", "/{of}/headlines", handlers.choose_headlines, given=_chosen)
command_endpoint(router, "POST", "/{of}/review", handlers.send, given=_sent, status=200)
command_endpoint(router, "POST", "/{of}/return", handlers.send_back, status=200)
command_endpoint(router, "POST", "/{of}/agreement", handlers.agree, status=200)
command_endpoint(router, "POST", "/{of}/publication", handlers.publish, given=_again)
