"""Two dates side by side: what changed between two boards, and the events that changed it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response

from api.history import comparison
from api.lists.files import download, render_listing
from api.navigation import NavigationItem, NavigationSection
from api.web import access_notes
from api.web.context import PresentReader, Reading, moment_words
from api.web.forms import Errors
from api.web.late_routes import PageRouter
from api.web.moments import FIELDS, AsAt, asked, day_typed, present
from projections.agreement.question import AgreementQuestion
from projections.core.base import present as in_the_present
from qa.authorisation.policy import can, require
from qa.core.access import What
from qa.core.errors import Fault, Refused
from qa.core.periods import PeriodKind

router = PageRouter(prefix="/compare")
NAVIGATION = NavigationItem(
    "Compare dates", "/compare", 150, NavigationSection.REPORTS, "read-report"
)

AUDITS = 25
FIGURES = 40
OTHERS = 100
REPORTS = {"agreement": "Moderation agreement", "grades": "Grade profile"}
ORDER = (*(f"{side}_{name}" for side in ("from", "to") for name in FIELDS), "first", "last")


@dataclass(frozen=True, slots=True)
class ComparisonRequest:
    """The two moments of a request, what its figures are counted over, and what is wrong.

    `before` is None while nothing was asked for.
    """

    before: AsAt | None
    after: AsAt
    question: AgreementQuestion | None
    typed: Mapping[str, str]
    errors: Errors

    def query(self, *, pinned: bool = False) -> dict[str, str]:
        """What asks for the same again; `pinned`: at the very positions, which stay."""
        sides = (
            [("to", self.after)]
            if self.before is None
            else [
                ("from", self.before),
                ("to", self.after),
            ]
        )
        found = {
            f"{side}_{name}": value
            for side, at in sides
            for name, value in (at.pinned if pinned else at.query).items()
        }
        return found | {n: self.typed[n] for n in ("first", "last") if self.typed[n]}


def wanted(reading: Reading) -> ComparisonRequest:
    """The comparison that a request asks for; faults are named at their fields, not raised."""
    given = reading.request.query_params
    store, pin = reading.services.store, reading.actor.pin
    connection = in_the_present(reading.connection)
    typed = {name: given.get(name, "").strip() for name in ORDER}
    now = present(store, connection, reading.actor)
    moments: dict[str, AsAt] = {"to": now}
    faults: list[Fault] = []
    for side in ("from", "to"):
        query = {name: typed[f"{side}_{name}"] for name in FIELDS}
        if not any(query.values()):
            continue
        try:
            moments[side] = asked(store, connection, query, pin=pin)
        except Refused as refused:
            faults += [replace(f, field=_box(f"{side}_{f.field}")) for f in refused.faults]
    question = None
    try:
        first, last = (day_typed(typed[n], field=n) for n in ("first", "last"))
        if first and last:
            question = AgreementQuestion(start=first, end=last, by=PeriodKind.QUARTER)
        elif first or last:
            missing = "last" if first else "first"
            faults.append(Fault(missing, "date-missing", "Enter the first and the last day."))
    except Refused as refused:
        faults += [replace(f, field=_days(f.field)) for f in refused.faults]
    before = None if faults else moments.get("from")
    return ComparisonRequest(before, moments["to"], question, typed, Errors(faults, ORDER))


def _box(field: str) -> str:
    """A position has no box on the page: what is wrong with one is said at the date."""
    return field.replace("_position", "_as_at")


def _days(field: str) -> str:
    return {"from": "first", "to": "last"}.get(field, field)


@router.get("")
def read_comparison(reading: PresentReader) -> Response:
    require(reading.actor, "read-report")
    given = reading.request.query_params
    asked_for = wanted(reading)
    starts = {name: _place(given.get(name, "")) for name in ("audits", "figures")}
    found = None
    if asked_for.before is not None:
        found = comparison.compare(
            reading.services,
            in_the_present(reading.connection),
            reading.actor,
            asked_for.before,
            asked_for.after,
            asked_for.question,
            comparison.ComparisonPart(starts["audits"], AUDITS, starts["figures"], FIGURES),
        )
        access_notes.note(
            reading.services,
            reading.actor,
            What.VIEW,
            "comparison",
            detail=urlencode(asked_for.query(pinned=True)),
            at=asked_for.after,
        )
    pinned = asked_for.query(pinned=True)

    def more(name: str, size: int, total: int) -> dict[str, Any] | None:
        """The next and previous pages of one of the two lists, at the same positions."""

        def link(start: int) -> str:
            return f"/compare?{urlencode({**pinned, **starts, name: start})}"

        at, shown = starts[name], {"landmarkLabel": f"More {name}"}
        pages: dict[str, Any] = dict(shown)
        if at:
            pages["previous"] = {"href": link(max(0, at - size))}
        if at + size < total:
            pages["next"] = {"href": link(at + size)}
        return pages if len(pages) > 1 else None

    return reading.page(
        "history/compare.html",
        status=422 if asked_for.errors else 200,
        title="Compare two dates",
        wide=True,
        as_at=None,
        errors=asked_for.errors,
        typed=asked_for.typed,
        found=found,
        before=None if asked_for.before is None else moment_words(asked_for.before),
        after=moment_words(asked_for.after),
        how=comparison.HOW,
        reports=REPORTS,
        others=[] if found is None else found.others[:OTHERS],
        audit_pages=more("audits", AUDITS, 0 if found is None else found.audits_moved),
        figure_pages=more("figures", FIGURES, 0 if found is None else found.figures_moved),
        file=f"/compare/export.csv?{urlencode(pinned)}",
        may_export=can(reading.actor, "export").allowed,
    )


def _place(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 8 else 0


@router.get("/export.csv")
def export_comparison(reading: PresentReader) -> Response:
    """Everything that moved, all of its pages."""
    require(reading.actor, "read-report")
    require(reading.actor, "export")
    asked_for = wanted(reading)
    if asked_for.errors:
        raise Refused(asked_for.errors.faults)
    if asked_for.before is None:
        raise Refused("Give the date to compare with.", field="from_as_at", code="date-missing")
    body = comparison.listing(
        reading.services,
        in_the_present(reading.connection),
        reading.actor,
        asked_for.before,
        asked_for.after,
        asked_for.question,
    )
    after = asked_for.after
    access_notes.note(
        reading.services,
        reading.actor,
        What.EXPORT,
        "comparison",
        detail=urlencode(asked_for.query(pinned=True)),
        at=after,
    )
    stamp = f"{asked_for.before.file_stamp}-to-{after.file_stamp}"
    return download(render_listing(body, "csv"), f"changed-{stamp}.csv", after)
