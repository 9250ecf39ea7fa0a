"""Recorded later, and two moments compared."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Query, Response
from sqlalchemy.engine import Connection

from api.history import comparison, late_events
from api.history.schemas import ComparisonOut, LearntEventOut, LearntLaterOut
from api.history.two_dates import Place, TwoDates
from api.json.deps import Limit, Moment, Reads, Served, Snapshot
from api.json.routing import ApiRouter
from api.services import Services
from api.web import access_notes
from api.web.moments import AsAt, as_at, present
from projections.agreement.question import AgreementQuestion
from qa.authorisation.policy import require
from qa.core.access import What
from qa.core.errors import Fault, Refused
from qa.core.periods import PeriodKind
from qa.core.words import Actor

router = ApiRouter(tags=["moments"])


@router.get("/learnt-later", operation_id="readLearntLater")
def read_learnt_later(
    services: Served,
    actor: Reads,
    connection: Snapshot,
    at: Moment,
    record: Annotated[
        str, Query(description="One record, for example audit:<id>; all of them if left out.")
    ] = "",
    after: Annotated[int, Query(ge=0, description="The `next` of the page before.")] = 0,
    limit: Limit = 50,
) -> LearntLaterOut:
    """What was told after `true_on`, up to what is known, and was so by then."""
    require(actor, "read-report")
    found = late_events.learnt_later(
        services, connection, actor, at, record=record, after=after, limit=limit
    )
    access_notes.note(
        services, actor, What.VIEW, "learnt-later", detail=record or "all records", at=at
    )
    return LearntLaterOut(
        as_at=at.day,
        position=at.shown,
        true_on=at.true_on,
        total=found.total,
        facts=[LearntEventOut.model_validate(entry) for entry in found.entries],
        next=found.next,
    )


def _side(
    side: str, services: Services, connection: Connection, actor: Actor, place: Place
) -> AsAt:
    """One of the two moments; its faults carry the names of its own parameters."""
    if place == (None, None, None):
        return present(services.store, connection, actor)
    try:
        return as_at(services.store, connection, *place, pin=actor.pin)
    except Refused as refused:
        faults = [Fault(f"{side}_{f.field}", f.code, f.sentence) for f in refused.faults]
        raise Refused(faults, code=faults[0].code) from None


@router.get("/compare", operation_id="compareMoments")
def compare_moments(
    services: Served,
    actor: Reads,
    response: Response,
    asked: Annotated[TwoDates, Depends()],
    audits_from: Annotated[int, Query(ge=0, description="Leave out so many audits.")] = 0,
    figures_from: Annotated[int, Query(ge=0, description="Leave out so many figures.")] = 0,
    limit: Limit = 50,
) -> ComparisonOut:
    """What is not the same at two moments: audits, figures, and the events that moved them.

    Each moment is known on a day or at a position, and may be true on a day; `to` is now if left
    out. Figures are those of both reports, quarter by quarter."""
    require(actor, "read-report")
    if asked.before == (None, None, None):
        raise Refused("Give the date to compare with.", field="from_as_at", code="date-missing")
    first, last = asked.first, asked.last
    if (first is None) != (last is None):
        field = "last" if last is None else "first"
        raise Refused("Give the first and the last day.", field=field, code="date-missing")
    question = None
    if first is not None and last is not None:
        question = AgreementQuestion(start=first, end=last, by=PeriodKind.QUARTER)
    with services.store.reading() as connection:
        before = _side("from", services, connection, actor, asked.before)
        after = _side("to", services, connection, actor, asked.after)
        part = comparison.ComparisonPart(audits_from, limit, figures_from, limit)
        found = comparison.compare(services, connection, actor, before, after, question, part)
    access_notes.note(services, actor, What.VIEW, "comparison", at=after)
    response.headers.update(after.headers)
    return ComparisonOut.model_validate(found)
