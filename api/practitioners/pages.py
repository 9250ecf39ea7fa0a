"""A practitioner's view: the audits of their own cases, and what they say to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import Path
from starlette.responses import Response

from api.audits import reading as audit_reading
from api.audits.pages import graded
from api.navigation import NavigationItem, NavigationSection
from api.practitioners import reading as practitioner_reading
from api.practitioners.words import DONE
from api.web.context import Reader, Reading
from api.web.late_routes import PageRouter
from api.web.paging import Page, pagination
from api.web.steps import At, FormStep, command_step, form_routes, step_called
from projections.audit_tools import queries
from qa.authorisation.policy import require
from qa.core.errors import NotFound
from qa.practitioners import handlers
from qa.practitioners.words import OUTCOME_LABELS

router = PageRouter()
NAVIGATION = NavigationItem(
    "Your cases", "/own-audits", 40, NavigationSection.HOME, "read-own-cases"
)

Id = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]
ON_A_PAGE = 20


@dataclass(frozen=True, slots=True)
class ResponseView:
    """What the forms are given: the audit and, for an answer, the dispute."""

    audit: str
    dispute: str = ""


STEPS: Mapping[str, FormStep[ResponseView]] = {
    "reflect": command_step(
        handlers.reflect,
        title="Reflect on this audit",
        button="Save the reflection",
        done=DONE["reflect"],
        intro=("Everybody who may read the judgement can read it. It cannot be taken back.",),
        verb="reflect-on-audit",
        target=lambda view: {"audit": view.audit},
    ),
    "dispute": command_step(
        handlers.dispute_fact,
        title="Report a mistake of fact",
        button="Send it",
        done=DONE["dispute"],
        intro=("This is for mistakes of fact. Talk to the auditor about a grade.",),
        verb="reflect-on-audit",
        target=lambda view: {"audit": view.audit},
    ),
}
ANSWER: FormStep[ResponseView] = command_step(
    handlers.answer,
    title="Answer a disputed statement",
    button="Answer",
    done=DONE["answer"],
    intro=("What is wrong is put right by a correction of the audit, which keeps old and new.",),
    verb="answer-fact-dispute",
    target=lambda view: {"audit": view.audit, "dispute": view.dispute},
    choices={"outcome": lambda _: tuple(OUTCOME_LABELS.items())},
)


def _form(
    reading: Reading, audit: str, step: FormStep[ResponseView], name: str, dispute: str = ""
) -> tuple[FormStep[ResponseView], ResponseView, At]:
    opened = audit_reading.open_audit(reading, audit)
    require(reading.actor, step.verb, opened.resource)
    rows, _, version = practitioner_reading.said_to(reading.connection, audit, reading.at)
    if dispute and all(row.entry != dispute for row in rows):
        raise NotFound("There is no such dispute.")
    audit_reading.note_view(reading.services, reading.actor, opened, reading.at)
    at = At(
        f"/audits/{audit}/response/{name}",
        f"/audits/{audit}",
        version,
        f"Audit {opened.row.reference}",
        opened.resource,
    )
    return step, ResponseView(audit, dispute), at


def _step(reading: Reader, audit: Id, step: str) -> tuple[FormStep[ResponseView], ResponseView, At]:
    form = step_called(STEPS, step)
    return _form(reading, audit, form, step)


def _answer(
    reading: Reader, audit: Id, dispute: Id
) -> tuple[FormStep[ResponseView], ResponseView, At]:
    return _form(reading, audit, ANSWER, f"{dispute}/answer", dispute)


form_routes(router, "/audits/{audit}/response/{step}", _step)
form_routes(router, "/audits/{audit}/response/{dispute}/answer", _answer)


def page_of(ids: Sequence[str], after: str, before: str) -> Page[str]:
    """The audits behind one of them or before one, and the first ones where neither is listed."""
    begin = ids.index(after) + 1 if after in ids else 0
    if before in ids:
        begin = max(0, ids.index(before) - ON_A_PAGE)
    end = begin + ON_A_PAGE
    return Page(
        ids[begin:end], ids[end - 1] if end < len(ids) else None, ids[begin] if begin else None
    )


@router.get("/own-audits")
def list_own(reading: Reader, after: str = "", before: str = "") -> Response:
    """The final audits of the reader's own cases, with the strengths that they recognise."""
    require(reading.actor, "read-own-cases")
    rows = practitioner_reading.own(reading)
    if rows:
        reading.note("own-cases")
    page = page_of([row.audit for row in rows], after, before)
    here = [row for row in rows if row.audit in page.rows]
    shown = []
    for row in practitioner_reading.with_strengths(reading, here):
        tool = queries.definition(
            reading.connection, row["tool"], row["tool_version"], position=reading.at.position
        )
        scale = None if tool is None else tool.overall_scale
        grade, by_domain = graded(scale, row["final_grade"]), ""
        if tool is not None and not tool.has_overall:
            by_domain = row["grades_final"].in_words(tool)
        shown.append({**row, "grade": grade, "by_domain": by_domain})
    return reading.page(
        "practitioners/list.html",
        title="Audits of your cases",
        rows=shown,
        count=len(rows),
        pagination=pagination(page, "/own-audits", reading.moment),
    )
