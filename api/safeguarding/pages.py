"""Safeguarding concerns: the list, one with its timeline, and the forms that move it along."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Path
from starlette.responses import Response

from api.audits import reading as audit_reading
from api.lists.declaration import RecordList
from api.lists.files import list_files
from api.lists.page import list_page
from api.navigation import NavigationItem, NavigationSection
from api.safeguarding import reading as safeguarding_reading
from api.safeguarding.listing import concern_list
from api.safeguarding.reading import OpenedConcern, shown_time, state_of
from api.web.boxes import Box, FormValues
from api.web.context import Reader, Reading
from api.web.late_routes import PageRouter
from api.web.steps import (
    At,
    FormStep,
    Sent,
    carry_out,
    command_box,
    command_step,
    form_routes,
    step_called,
)
from projections.figures.rounding import UNKNOWN
from projections.safeguarding import queries as safeguarding_queries
from projections.safeguarding.tables import ConcernRow, ConcernStepRow
from qa.authorisation.policy import can, require
from qa.core.clock import from_microseconds
from qa.core.dates_in_words import moment
from qa.core.event_words import in_words, label
from qa.core.words import Resource
from qa.safeguarding import handlers
from qa.safeguarding.commands import RaiseConcern
from qa.safeguarding.words import HOW_LABELS
from qa.store.unit import Receipt

router = PageRouter()
NAVIGATION = NavigationItem(
    "Concerns", "/safeguarding", 80, NavigationSection.AUDITS, "read-concern"
)

Id = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]
Managers = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class ConcernView:
    """What the forms are given: the audit, who can be told, and the concern once it is raised."""

    audit: str
    managers: Managers
    concern: str = ""


def _managers_of(first: str) -> Callable[[ConcernView], Managers]:
    """Nobody is suggested: a name is chosen by whoever told them."""
    return lambda view: [("", first), *view.managers]


def _raise_boxes(view: ConcernView) -> list[Box]:
    return [
        command_box(RaiseConcern, "what"),
        command_box(RaiseConcern, "manager", _managers_of("Nobody yet")(view)),
        command_box(RaiseConcern, "how", [("", "Not yet"), *HOW_LABELS.items()]),
    ]


def _raise(view: ConcernView, form: FormValues, sent: Sent) -> Receipt:
    # The manager and the way of telling are refused together by the decision.
    typed: dict[str, Any] = {name: form.text(name) for name in ("what", "manager", "how")}
    command = RaiseConcern.model_construct(None, audit=view.audit, **typed)
    return carry_out(handlers.raise_concern, command, sent)


def _concern_of(view: ConcernView) -> dict[str, str]:
    return {"audit": view.audit, "concern": view.concern}


RAISE: FormStep[ConcernView] = FormStep(
    "Raise a safeguarding concern",
    "Raise the concern",
    "The concern is raised.",
    _raise_boxes,
    _raise,
    (
        "If a child may be in danger now, tell a manager first, in person or by telephone. "
        "Then write it down here.",
        "The audit cannot be submitted until you have told a named manager.",
    ),
    "raise-concern",
)
STEPS: Mapping[str, FormStep[ConcernView]] = {
    "tell": command_step(
        handlers.tell_manager,
        title="Record who you told",
        button="Record it",
        done="The manager you told is recorded.",
        verb="tell-manager",
        target=_concern_of,
        choices={
            "manager": _managers_of("Choose one"),
            "how": lambda _: [("", "Choose one"), *HOW_LABELS.items()],
        },
    ),
    "acknowledge": command_step(
        handlers.acknowledge,
        title="Acknowledge the concern",
        button="Acknowledge it",
        done="The concern is acknowledged.",
        intro=("You answer for it from now on. Say what is being done for the child.",),
        verb="acknowledge-concern",
        target=_concern_of,
    ),
}


def _managers(reading: Reading, *, service: str, team: str, child: str) -> Managers:
    return safeguarding_reading.managers(
        reading.connection,
        service=service,
        team=team,
        child=child,
        day=reading.today,
        but=reading.actor.person,
    )


def _raising(reading: Reader, audit: Id) -> tuple[FormStep[ConcernView], ConcernView, At]:
    opened = audit_reading.open_audit(reading, audit)
    at = At.step(
        f"/audits/{audit}",
        "concern",
        caption=f"Audit {opened.row.reference}",
        resource=opened.resource,
    )
    row = opened.row
    managers = _managers(reading, service=row.service, team=row.team, child=row.child)
    return RAISE, ConcernView(audit, managers), at


form_routes(router, "/audits/{audit}/concern", _raising, "/audits/{audit}/concerns/{concern}")


def _opened(reading: Reading, audit: str, concern: str) -> OpenedConcern:
    return safeguarding_reading.open_concern(reading, audit, concern)


def _offered(opened: OpenedConcern, reading: Reading) -> list[tuple[str, str]]:
    row, actor = opened.row, reading.actor
    if reading.at.is_past or row.acknowledged_us is not None or row.imported:
        return []
    found = []
    was_told = actor.person in row.told_people
    if was_told and can(actor, "acknowledge-concern", opened.resource).allowed:
        found.append(("acknowledge", "Acknowledge this concern"))
    if can(actor, "tell-manager", opened.resource).allowed:
        found.append(("tell", "Record that you told a manager"))
    return found


def _timeline_item(opened: OpenedConcern, step: ConcernStepRow) -> dict[str, Any]:
    """One step of the timeline, in words."""
    content = step.fields
    body = ""
    match step.type:
        case "SafeguardingConcernRaised":
            title, body = "Concern raised", content["what"]
        case "SafeguardingManagerTold":
            title = f"Told {opened.name(content['manager'])}"
            body = HOW_LABELS[content["how"]]
        case "SafeguardingConcernEscalated":
            title = "Escalated: nobody had acknowledged it"
            body = "Told: " + ", ".join(opened.name(one) for one in content["to"])
        case "SafeguardingTeamChanged":
            title = "Another team took over"
        case "SafeguardingConcernImported":
            title, body = "A file states the concern", _stated_anew({}, content["stated"])
        case "SafeguardingConcernRestated":
            title, body = "A later file", _stated_anew(content["old"], content["new"])
        case "SafeguardingConcernImportWithdrawn":
            title = "Withdrawn: its import was undone"
        case _:
            title, body = "Acknowledged", content["doing"]
    return {
        "title": title,
        "by": opened.name(step.by),
        "at": step.at,
        "body": body,
        "id": None,
    }


def _stated_anew(old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    """What a file states otherwise than the one before it, field by field."""
    return "; ".join(
        f"{label(f'stated.{name}')}: {in_words(f'stated.{name}', value or 'nothing')}"
        for name, value in new.items()
        if value != old.get(name) and (value or old.get(name))
    )


def _stated(opened: OpenedConcern) -> list[tuple[str, str]]:
    """What a file states of a concern, by its days."""
    row = opened.row
    days = (
        (label("stated.raised_on"), row.raised_us, ""),
        ("Managers informed", row.told_us, ", ".join(opened.name(one) for one in row.told_people)),
        ("Acknowledged", row.acknowledged_us, opened.name(row.acknowledged_by)),
    )
    found = [
        (words, f"{shown_time(row, time)}{who and f', {who}'}")
        for words, time, who in days
        if time is not None
    ]
    if row.acknowledge_by_us is not None and row.acknowledged_us is None:
        found.append((label("acknowledge_by"), shown_time(row, row.acknowledge_by_us)))
    return found


@router.get("/audits/{audit}/concerns/{concern}")
def show_concern(audit: Id, concern: Id, reading: Reader) -> Response:
    """One concern with its timeline."""
    opened = _opened(reading, audit, concern)
    safeguarding_reading.note(reading, opened)
    row = opened.row
    taken = safeguarding_queries.minutes_to_acknowledge(row)
    rows = [("Child", row.child), ("Raised by", opened.name(row.raised_by))]
    if row.imported:
        rows += _stated(opened)
    elif row.acknowledge_by_us is not None:
        rows.append(("Managers informed", ", ".join(opened.name(one) for one in row.told_people)))
        rows.append((label("acknowledge_by"), moment(from_microseconds(row.acknowledge_by_us))))
    if taken is not None:
        rows.append(("Acknowledged by", opened.name(row.acknowledged_by)))
        rows.append(("Minutes from telling to acknowledging", str(taken)))
    elif row.next_by_us is not None:
        rows.append(
            (
                "If not acknowledged, the next manager is told at",
                moment(from_microseconds(row.next_by_us)),
            )
        )
    return reading.page(
        "safeguarding/concern.html",
        title="Safeguarding concern",
        row=row,
        state=state_of(row),
        rows=rows,
        audit_open=opened.audit_open,
        steps=_offered(opened, reading),
        timeline_items=[_timeline_item(opened, step) for step in opened.steps],
        said=reading.notice({**STEPS, "concern": RAISE}),
    )


def _step(
    reading: Reader, audit: Id, concern: Id, step: str
) -> tuple[FormStep[ConcernView], ConcernView, At]:
    form = step_called(STEPS, step)
    opened = _opened(reading, audit, concern)
    require(reading.actor, form.verb, opened.resource)
    safeguarding_reading.note(reading, opened)
    row = opened.row
    known = _managers(reading, service=row.service, team=row.team, child=row.child)
    managers = [one for one in known if one[0] not in row.told_people]
    there = f"/audits/{audit}/concerns/{concern}"
    at = At.step(there, step, row.stream_version, f"Audit {row.reference}", opened.resource)
    return form, ConcernView(audit, managers, concern), at


form_routes(router, "/audits/{audit}/concerns/{concern}/{step}", _step)


def _listed(reading: Reader) -> RecordList[ConcernRow]:
    require(reading.actor, "read-concern", Resource(person=reading.actor.person, somewhere=True))
    now = reading.services.clock.now()
    return concern_list(reading, now)


@router.get("/safeguarding")
def list_concerns(reading: Reader) -> Response:
    """Every concern that the reader may see, with how long each took to be acknowledged."""
    concerns = _listed(reading)
    figure = safeguarding_queries.acknowledged_in_time(concerns.rows, reading.services.clock.now())
    in_time = f"{figure.numerator} of {figure.denominator}" if figure.denominator else UNKNOWN
    stated = sum(row.imported and not row.withdrawn for row in concerns.rows)
    left_out = (
        f" {stated} from files {'is' if stated == 1 else 'are'} in neither number: files state "
        "days, not times."
        if stated
        else ""
    )
    behind = [
        (f"{number} {words}", reading.link("/safeguarding", {"in_time": code}))
        for code, number, words in (
            ("yes", figure.numerator or 0, "acknowledged by the first deadline"),
            ("no", (figure.denominator or 0) - (figure.numerator or 0), "that were not"),
        )
        if number
    ]
    limit = ("Time limit for concerns", reading.link("/safeguarding-policy"))
    return list_page(
        reading,
        concerns,
        intro="Concerns that did not wait for the audit they came from. Acknowledged by their "
        f"first deadline: {in_time}{f' ({figure.display})' if concerns.rows else ''}. A concern "
        f"whose deadline is still to come is in neither number.{left_out}",
        links=[*behind, *([limit] if can(reading.actor, "read-tool").allowed else [])],
    )


list_files(router, "/safeguarding", _listed)
