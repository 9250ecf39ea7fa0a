"""The part of a pack that people read: pages that open offline, and lists as CSV.

The words come from the history as the reader sees it on screen; what was erased by now reads so
here at once, whatever the read rows still hold.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib import resources
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from api.audits.listing import audit_listing
from api.documents.listing import Cell, Column, ColumnKind, Listing
from api.documents.text import as_csv
from api.evidence_packs import plan_lists
from api.evidence_packs.contents import Events, Files
from api.evidence_packs.scope import Chosen
from api.evidence_packs.scope_request import ScopeRequest
from api.history import reading, telling
from api.history.listing import COLUMNS, rows_of
from api.history.reading import HistoryRequest as Narrowed
from api.records.kinds import Record
from api.web.access_notes import ServedLook
from api.web.moments import AsAt
from projections.history.fields import changes
from qa.authorisation.policy import reach
from qa.core.clock import end_of_day
from qa.core.dates_in_words import day, moment
from qa.core.event import EventRow
from qa.ledger.note import Checkpoint, groups
from qa.store.codec import decode

PAGE = 500


@dataclass(frozen=True, slots=True)
class Subject:
    """What the pages of a pack speak of."""

    council: str
    at: AsAt
    scope: ScopeRequest
    chosen: Chosen
    events: Events
    checkpoint: Checkpoint
    fingerprint: str


@lru_cache(maxsize=1)
def _templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(str(resources.files("api.evidence_packs") / "offline")),
        undefined=StrictUndefined,
        autoescape=select_autoescape(["html"]),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(
        moment=moment, day=day, groups=groups, iso_day=lambda iso: day(date.fromisoformat(iso))
    )
    return environment


def pages(look: ServedLook, subject: Subject) -> Files:
    """README.txt, index.html, a page and a CSV for every record, and the lists: of audits where the
    pack is of audits, of actions where it is of plans."""
    files: Files = {}
    erased = _erased(subject.events)
    shown: list[dict[str, Any]] = []
    for number, record in enumerate(subject.chosen.records, start=1):
        entries = _entries(look, record, erased)
        name = f"records/{number:03d}-{record.kind}"
        files[f"{name}.html"] = _drawn(
            "record.html", subject, record=record, entries=entries, csv=f"{name}.csv"
        )
        files[f"{name}.csv"] = _history_csv(record, entries, subject.at)
        shown.append({"record": record, "facts": len(entries), "path": name})
    figures = []
    if subject.chosen.filters:
        listing = _audits(look, subject)
        figures = _counts(listing)
        files["lists/audits.csv"] = as_csv(listing)
        files["lists/figures.csv"] = as_csv(_figures(listing, subject))
    if subject.chosen.plans:
        files |= _plans(subject, {one["record"].name: one["path"] for one in shown})
    files["index.html"] = _drawn("index.html", subject, shown=shown, figures=figures)
    files["README.txt"] = _drawn("readme.txt", subject)
    return files


def _drawn(name: str, subject: Subject, **more: Any) -> bytes:
    return _templates().get_template(name).render(pack=subject, **more).encode()


def _entries(
    look: ServedLook,
    record: Record,
    erased: Mapping[int, Sequence[Mapping[str, str]]],
) -> list[dict[str, Any]]:
    """The whole history of a record in words."""
    narrowed = reading.wanted(look, record, Narrowed())
    lines: list[dict[str, Any]] = []
    after: int | None = 0
    while after is not None:
        found = reading.page(look, record, narrowed, after=after, limit=PAGE)
        entries = [
            {**entry, "changes": erased.get(entry["position"], entry["changes"])}
            for entry in found.entries
        ]
        lines += telling.entries_in_words(
            look.services, look.connection, entries, several=record.kind == "child"
        )
        after = found.next
    return [{**entry, "erased": entry["position"] in erased} for entry in lines]


def _erased(events: Events) -> dict[int, list[dict[str, str]]]:
    """The fields of every event whose text is erased, as the event itself still states them."""
    return {row[0]: changes(_event(row)) for row in events.rows if row[0] in events.erased}


def _event(row: EventRow) -> Any:
    return decode(row, None).event


def _history_csv(record: Record, entries: Sequence[Mapping[str, Any]], at: AsAt) -> bytes:
    rows = [row for entry in entries for row in rows_of(entry)]
    return as_csv(_listing(record.title, COLUMNS, rows, at))


def _listing(
    title: str, columns: Sequence[Column], rows: Sequence[Sequence[Cell]], at: AsAt
) -> Listing:
    instant = end_of_day(at.day)
    return Listing(
        title=title,
        columns=columns,
        rows=rows,
        filters=[],
        position=at.shown,
        as_at=instant,
        by="",
        at=instant,
    )


def _audits(look: ServedLook, subject: Subject) -> Listing:
    """The audits of the pack as the list of audits shows them."""
    rows: dict[str, Sequence[Cell]] = {}
    columns: Sequence[Column] = ()
    for wanted in subject.chosen.filters:
        listing = audit_listing(
            look.services,
            look.connection,
            reach(look.actor),
            look.at,
            wanted,
            by=look.actor.person,
        )
        columns = listing.columns
        rows |= {str(row[0]): row for row in listing.rows if row[0] in subject.chosen.references}
    return _listing("Audits", columns, [rows[name] for name in sorted(rows)], subject.at)


def _plans(subject: Subject, paths: Mapping[str, str]) -> Files:
    """The actions of every plan with their ratings; `paths` are those of the records by name."""
    at = subject.at
    plans = [(plan, plan_lists.lines(plan, at.day)) for plan in subject.chosen.plans]
    rows = [row for plan, lines in plans for row in plan_lists.rows(plan, lines)]
    return {
        "lists/plan-actions.html": _drawn("plan-actions.html", subject, plans=plans, paths=paths),
        "lists/plan-actions.csv": as_csv(_listing("Actions", plan_lists.COLUMNS, rows, at)),
    }


_COUNTED = ("status_label", "overall_label", "moderated_label", "final_label")


def _counts(listing: Listing) -> list[tuple[str, str, int, int]]:
    """How many audits of the list stand where: heading, value, count, of how many."""
    found = []
    for at, column in enumerate(listing.columns):
        if column.key in _COUNTED:
            counts = Counter(str(row[at]) for row in listing.rows if row[at] is not None)
            known = sum(counts.values())
            found += [(column.heading, value, counts[value], known) for value in sorted(counts)]
    return found


def _figures(listing: Listing, subject: Subject) -> Listing:
    columns = (
        Column("figure", "Figure"),
        Column("value", "Value"),
        Column("numerator", "Audits", ColumnKind.NUMBER),
        Column("denominator", "Of audits that have one", ColumnKind.NUMBER),
    )
    return _listing("Figures", columns, [list(row) for row in _counts(listing)], subject.at)
