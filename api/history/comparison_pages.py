"""Two dates side by side: what changed between two boards, and the events that changed it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import attrgetter
from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response

from api.history import comparison, since_moments
from api.history.asked_comparison import NOWHERE, refuse_backwards, since_asked
from api.history.compared_figures import ComparedDays, readable
from api.history.comparison import ComparisonFilter, ComparisonPart, ShownPart
from api.history.comparison_files import TITLE, comparison_file
from api.history.moment_endpoints import ComparisonFileKind
from api.lists.files import download
from api.navigation import NavigationItem, NavigationSection
from api.records.compared_kinds import compared_kinds
from api.reports.declaration import report_called
from api.reports.moved import FigureMoved
from api.reports.opened import why_moved
from api.web import access_notes
from api.web.context import PresentReader, Reading, moment_words
from api.web.forms import Errors
from api.web.late_routes import PageRouter
from api.web.moments import FIELDS, AsAt, day_typed, moment_typed, present
from projections.core.base import present as in_the_present
from projections.people import queries as people_queries
from qa.authorisation.policy import can, require
from qa.core.access import What
from qa.core.errors import Fault, Refused

router = PageRouter(prefix="/compare")
NAVIGATION = NavigationItem(
    "Compare dates", "/compare", 150, NavigationSection.REPORTS, "read-report"
)

RECORDS = 25
FIGURES = 40
OTHERS = 100
ALONE = ("first", "last", "team", "show", "since_meeting", "since_report")
"""What is asked once."""
SEVERAL = ("kind", "report")
ORDER = (*(f"{side}_{name}" for side in ("from", "to") for name in FIELDS), *ALONE, *SEVERAL)


@dataclass(frozen=True, slots=True)
class ComparisonRequest:
    """The two moments of a request, what it is narrowed to, and what is wrong with it.

    `before` is None while nothing was asked for.
    """

    before: AsAt | None
    after: AsAt
    wanted: ComparisonFilter
    typed: Mapping[str, str]
    errors: Errors
    title: str = TITLE

    def query(self, *, pinned: bool = False) -> list[tuple[str, str]]:
        """What asks for the same again; `pinned`: at the very positions, which stay."""
        meets = bool(self.typed["since_meeting"] or self.typed["since_report"])
        sides = [("to", self.after)]
        if self.before is not None and not meets:
            sides.insert(0, ("from", self.before))
        found = [
            (f"{side}_{name}", value)
            for side, at in sides
            for name, value in (at.pinned if pinned else at.query).items()
        ]
        found += [(name, self.typed[name]) for name in ALONE if self.typed[name]]
        found += [("kind", one) for one in self.wanted.kinds]
        return found + [("report", one) for one in self.wanted.reports]


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
            moments[side] = moment_typed(store, connection, query, pin=pin)
        except Refused as refused:
            faults += [replace(f, field=_box(f"{side}_{f.field}")) for f in refused.faults]
    title = TITLE
    if not faults:
        try:
            known = (None, moments["from"].shown, None) if "from" in moments else NOWHERE
            since = since_asked(typed["since_meeting"], typed["since_report"], known)
            if since is not None:
                found = since(reading.services, connection, reading.actor, moments["to"])
                moments["from"], title = found.at, found.titled
        except Refused as refused:
            faults += refused.faults
    days = None
    try:
        days = _days(typed)
    except Refused as refused:
        faults += refused.faults
    several = {
        name: tuple(dict.fromkeys(one for one in given.getlist(name) if one)) for name in SEVERAL
    }
    narrowed = ComparisonFilter(
        days, several["kind"], typed["team"], several["report"], typed["show"]
    )
    before = None if faults else moments.get("from")
    errors = Errors(faults, ORDER)
    return ComparisonRequest(before, moments["to"], narrowed, typed, errors, title)


def _box(field: str) -> str:
    """A position has no box on the page: what is wrong with one is said at the date."""
    return field.replace("_position", "_as_at")


def _days(typed: Mapping[str, str]) -> ComparedDays | None:
    first, last = (day_typed(typed[name], field=name) for name in ("first", "last"))
    if first and last:
        days = ComparedDays(first, last)
        refuse_backwards(days)
        return days
    if first or last:
        missing = "last" if first else "first"
        raise Refused("Enter the first and the last day.", field=missing, code="date-missing")
    return None


@router.get("")
def read_comparison(reading: PresentReader) -> Response:
    require(reading.actor, "read-report")
    given = reading.request.query_params
    asked_for = wanted(reading)
    starts = {name: _place(given.get(name, "")) for name in ("records", "figures")}
    connection, found = in_the_present(reading.connection), None
    if asked_for.before is not None:
        part = ComparisonPart(
            records=ShownPart(starts["records"], RECORDS),
            figures=ShownPart(starts["figures"], FIGURES),
            others=OTHERS,
            together=True,
        )
        try:
            found = comparison.compare(
                reading.services,
                connection,
                reading.actor,
                asked_for.before,
                asked_for.after,
                asked_for.wanted,
                part,
            )
        except Refused as refused:
            asked_for = replace(asked_for, errors=Errors(refused.faults, ORDER))
        else:
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
            own = [*pinned, *(starts | {name: start}).items()]
            return f"/compare?{urlencode(own)}"

        at = starts[name]
        pages: dict[str, Any] = {"landmarkLabel": f"More {name}"}
        if at:
            pages["previous"] = {"href": link(max(0, at - size))}
        if at + size < total:
            pages["next"] = {"href": link(at + size)}
        return pages if len(pages) > 1 else None

    def only(*more: tuple[str, str]) -> str:
        """The same comparison narrowed to something."""
        own = [pair for pair in pinned if pair[0] not in {name for name, _ in more}]
        return f"/compare?{urlencode([*own, *more])}"

    def why(one: FigureMoved, side: int) -> str:
        """Why a figure was, or is, what it is."""
        at = (asked_for.before, asked_for.after)[side]
        return "" if at is None else why_moved(report_called(one.report), one, side, at)

    moved = 0 if found is None else found.audits_moved + found.records_moved
    return reading.page(
        "history/compare.html",
        status=422 if asked_for.errors else 200,
        title="Compare two dates",
        wide=True,
        as_at=None,
        errors=asked_for.errors,
        typed=asked_for.typed,
        wanted=asked_for.wanted,
        found=found,
        records=grouped(() if found is None else found.records, "kind"),
        figures=grouped(() if found is None else found.figures, "of"),
        since=asked_for.title if asked_for.title != TITLE else "",
        before=None if asked_for.before is None else moment_words(asked_for.before),
        after=moment_words(asked_for.after),
        how=comparison.HOW,
        moved=moved,
        kinds=[
            {"value": name, "text": kind.label, "checked": name in asked_for.wanted.kinds}
            for name, kind in compared_kinds().items()
        ],
        labels={name: kind.label for name, kind in compared_kinds().items()},
        reports=[(one.name, one.title) for one in readable(reading.actor)],
        teams=sorted(
            people_queries.team_names(connection, position=asked_for.after.position).items(),
            key=lambda one: one[1],
        ),
        meetings=since_moments.last_meetings(
            reading.services, connection, reading.actor, asked_for.after
        ),
        published=since_moments.last_reports(
            reading.services, connection, reading.actor, asked_for.after
        ),
        only=only,
        why=why,
        record_pages=more("records", RECORDS, moved),
        figure_pages=more("figures", FIGURES, 0 if found is None else found.figures_moved),
        files=[
            (words, f"/compare/export.{kind}?{urlencode(pinned)}") for kind, words in FILES.items()
        ],
        may_export=can(reading.actor, "export").allowed,
    )


FILES = {
    "docx": "a Word document",
    "pdf": "a PDF",
    "xlsx": "an Excel workbook",
    "csv": "a CSV file",
    "json": "JSON",
}


def grouped(rows: Sequence[Any], name: str) -> list[tuple[str, list[Any]]]:
    """The rows that stand together, by the attribute that they share."""
    return [(key, [*some]) for key, some in groupby(rows, attrgetter(name))]


def _place(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 8 else 0


@router.get("/export.{kind}")
def export_comparison(reading: PresentReader, kind: ComparisonFileKind) -> Response:
    """Everything that moved, all of its pages."""
    require(reading.actor, "read-report")
    require(reading.actor, "export")
    asked_for = wanted(reading)
    if asked_for.errors:
        raise Refused(asked_for.errors.faults)
    if asked_for.before is None:
        raise Refused("Give the date to compare with.", field="from_as_at", code="date-missing")
    after = asked_for.after
    body = comparison_file(
        reading.services,
        in_the_present(reading.connection),
        reading.actor,
        asked_for.before,
        after,
        kind,
        asked_for.wanted,
        asked_for.title,
    )
    access_notes.note(
        reading.services,
        reading.actor,
        What.EXPORT,
        "comparison",
        detail=urlencode(asked_for.query(pinned=True)),
        at=after,
    )
    stamp = f"{asked_for.before.file_stamp}-to-{after.file_stamp}"
    return download(body, f"changed-{stamp}.{kind}", after)
