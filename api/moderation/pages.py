"""The moderation of one audit: where it stands, what can be done, and both judgements."""

from __future__ import annotations

from sqlalchemy.engine import Connection
from starlette.responses import RedirectResponse, Response

from api.audits import reading
from api.audits.next_steps import reads_moderation
from api.moderation.reading import (
    STATUS_WORDS,
    ModerationStanding,
    due_words,
    provenance,
    side_by_side,
    stand,
)
from api.moderation.steps import STEPS, ModerationStep, offered
from api.services import Services
from api.web.changes import Changing, FormVisit, Visiting, attempt, new_key, since
from api.web.context import Reader
from api.web.forms import Errors, Nested
from api.web.late_routes import PageRouter
from projections.audits import queries
from qa.audits.events import case_audit_stream
from qa.authorisation.policy import can, require
from qa.core.errors import Forbidden, NotFound

router = PageRouter(include_in_schema=False)


def _look(services: Services, standing: ModerationStanding) -> None:
    """Write down that the audit was opened."""
    reading.note_view(services, standing.actor, standing.opened, standing.at)


@router.get("/audits/{audit}/moderation")
def moderation(reader: Reader, audit: str, done: str = "") -> Response:
    connection, services = reader.connection, reader.services
    standing = stand(services, connection, reader.actor, audit, reader.at)
    if not reads_moderation(reader.actor, standing.opened.resource):
        raise Forbidden("You have no part in this moderation.", rule="read-history")
    whence = provenance(connection, standing) if standing.opened.judgement_open else None
    _look(services, standing)
    found = standing.moderation
    return reader.page(
        "moderation/standing.html",
        title=f"Moderation of {standing.row.reference}",
        standing=standing,
        found=found,
        steps=[] if reader.at.is_past else offered(standing),
        statuses=STATUS_WORDS,
        due=due_words(found["due_on"] if found else None, standing.today),
        settle_due=due_words(found["settle_by"] if found else None, standing.today),
        dispute_due=due_words(found["dispute_due_on"] if found else None, standing.today),
        provenance=whence,
        said=STEPS[done].done if done in STEPS else None,
        key=new_key(),
        back=reader.link(f"/audits/{audit}"),
    )


@router.get("/audits/{audit}/moderation/compare")
def compare(reader: Reader, audit: str, only: str = "", done: str = "") -> Response:
    """Both judgements side by side, domain by domain."""
    connection, services = reader.connection, reader.services
    standing = stand(services, connection, reader.actor, audit, reader.at)
    require(reader.actor, "read-judgement", standing.opened.resource)
    lines = side_by_side(standing)
    whence = provenance(connection, standing)
    _look(services, standing)
    if not lines:
        return RedirectResponse(reader.link(standing.address), status_code=303)
    shown = [line for line in lines if line.differs] if only == "differences" else lines
    return reader.page(
        "moderation/compare.html",
        title=f"Side by side: {standing.row.reference}",
        standing=standing,
        found=standing.moderation,
        overall=lines[0] if lines[0].id == "overall" else None,
        lines=shown,
        hidden=len(lines) - len(shown),
        only=only == "differences",
        provenance=whence,
        steps=[] if reader.at.is_past else offered(standing),
        said=STEPS["judge"].done if done == "judge" else None,
        wide=True,
        back=reader.link(standing.address),
    )


def _step(name: str) -> ModerationStep:
    if name not in STEPS or STEPS[name].sections is not None:
        raise NotFound("There is no page at this address.")
    return STEPS[name]


def _form(
    visit: FormVisit,
    step: ModerationStep,
    standing: ModerationStanding,
    *,
    given: Nested,
    errors: Errors,
    seen: int,
) -> Response:
    with visit.services.store.reading() as connection:
        more = step.more(connection, standing, given, errors)
    step = step.titled(standing)
    return visit.draw(
        step.template,
        errors,
        title=step.title,
        step=step,
        standing=standing,
        found=standing.moderation,
        given=given,
        seen=seen,
        back=standing.address,
        **more,
    )


@router.get("/audits/{audit}/moderation/{name}")
def step_form(visit: Visiting, audit: str, name: str) -> Response:
    step = _step(name)
    with visit.services.store.reading() as connection:
        standing = stand(visit.services, connection, visit.actor, audit)
        require(visit.actor, step.verb, standing.opened.resource)
        _look(visit.services, standing)
    if not step.offered(standing):
        return RedirectResponse(standing.address, status_code=303)
    seen = standing.row.stream_version
    return _form(visit, step, standing, given={}, errors=Errors(), seen=seen)


@router.post("/audits/{audit}/moderation/{name}")
def take_step(change: Changing, audit: str, name: str) -> Response:
    step = _step(name)
    with change.services.store.reading() as connection:
        standing = stand(change.services, connection, change.actor, audit)

    def version(connection: Connection) -> int:
        found = queries.audit(connection, audit)
        return change.seen if found is None else int(found.row.stream_version)

    def again(errors: Errors) -> Response:
        require(change.actor, step.verb, standing.opened.resource)
        return _form(change, step, standing, given=change.form, errors=errors, seen=change.seen)

    stream = case_audit_stream(audit)
    open_to = can(change.actor, "read-history", standing.opened.resource).allowed
    return attempt(
        change,
        lambda: step.carry_out(change, standing),
        again=again,
        onward=f"{standing.address}{step.onward}?done={step.name}",
        back=standing.address,
        order=step.order,
        happened=since(stream, change.seen) if open_to else None,
        current=version,
    )


BUSY = (take_step,)
