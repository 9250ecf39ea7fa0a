"""A list of records, declared once: its columns, filters, order, pages, and the list as a file.

A room says what the columns and filters are; this shows the page, keeps what was asked in every
link, and writes the file of exactly the rows, columns and order that the page shows. Pages go by
the key of a row, so that nothing shifts while records are added.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import Any, Generic, Literal, TypeVar

from sqlalchemy.engine import Connection
from starlette.responses import Response

from api.documents.listing import Cell, Column, ColumnKind, Listing
from api.services import Services
from api.web import access_notes
from api.web.context import Reading
from api.web.freshness import behind
from api.web.listings import MOST_ROWS, TYPES, ListFileKind, render_listing
from api.web.moments import AsAt
from api.web.paging import Page, pagination
from api.web.template_engine import moment, short_day
from projections.core.paging import RowPage
from projections.people import queries as people_queries
from qa.authorisation.policy import can, require
from qa.core.access import What
from qa.core.errors import Fault, Refused, refuse_any
from qa.core.words import Actor

Row = TypeVar("Row")

PAGE = 25
FILE_PAGE = 2000
NEVER = "None"


@dataclass(frozen=True, slots=True)
class ListCell:
    """A cell as a page draws it: `hidden` is read out after the text, `beneath` stands under it.

    What is `unbroken` stays on one line; in `lines` keeps the lines that it was written in.
    """

    text: str
    href: str = ""
    hidden: str = ""
    beneath: str = ""
    tag: str = ""
    tag_colour: str = "red"
    unbroken: bool = False
    lines: bool = False


OVERDUE = "Overdue"


def _day(value: Any) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value


def day_cell(value: str | date | None, *, late: bool = False, none: str = NEVER) -> ListCell:
    """A day, marked where it has passed without what was due."""
    return ListCell(none if not value else short_day(_day(value)), tag=OVERDUE if late else "")


@dataclass(frozen=True, slots=True)
class ListColumn(Generic[Row]):
    """A column: what a row has in it, and how a page draws that where plain text is not enough.

    A column that is not `on_page` is in files alone; what is dear to ask of all is not `sortable`.
    """

    key: str
    heading: str
    value: Callable[[Row], Cell]
    kind: ColumnKind = ColumnKind.TEXT
    drawn: Callable[[Row], ListCell] | None = None
    none: str = NEVER
    on_page: bool = True
    sortable: bool = True

    def cell(self, row: Row) -> ListCell:
        """The cell of a row on a page."""
        if self.drawn is not None:
            return self.drawn(row)
        value: Any = self.value(row)
        if value is None or value == "":
            return ListCell(self.none)
        match self.kind:
            case ColumnKind.DAY:
                return ListCell(short_day(_day(value)))
            case ColumnKind.MOMENT:
                return ListCell(moment(value))
            case ColumnKind.NUMBER:
                return ListCell(f"{value:,}")
            case _:
                return ListCell(str(value))

    def filed(self, row: Row) -> Cell:
        """The cell of a row in a file."""
        value = self.value(row)
        return _day(value) if self.kind is ColumnKind.DAY and value else value

    def place(self, row: Row) -> tuple[bool, Any]:
        """Where a row stands by this column: rows that have nothing in it come last."""
        value = self.value(row)
        empty = value is None or value == ""
        if empty:
            return True, 0
        return False, value.casefold() if isinstance(value, str) else value


def late_column(late: Callable[[Row], bool]) -> ListColumn[Row]:
    """Whether a row is overdue, for files; pages mark the day."""
    return ListColumn("late", OVERDUE, lambda row: "yes" if late(row) else "no", on_page=False)


@dataclass(frozen=True, slots=True)
class ListFilter(Generic[Row]):
    """What a list can be narrowed by: the code and the words that a row falls under.

    `known` are codes that can be asked for though no row falls under them, with their words.
    """

    key: str
    label: str
    of: Callable[[Row], tuple[str, str]]
    known: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ListRequest:
    """What was asked of a list: filters by key, a column to sort by, and a row to go on from."""

    chosen: Mapping[str, str]
    sort: str = ""
    after: str = ""
    before: str = ""

    @property
    def query(self) -> dict[str, str]:
        """The part of an address that asks for the same rows in the same order."""
        return {**self.chosen, **({"sort": self.sort} if self.sort else {})}


ALL = ListRequest({})
"""The whole list as it stands by itself."""


@dataclass(frozen=True, slots=True)
class RecordList(Generic[Row]):
    """A list with all the rows that its reader may see, in the order that it has by itself.

    `noun` is what one and many of the rows are called, `order` says how they stand, `empty` the
    heading and the sentence where there are none at all. `query` is what else the page was asked,
    which its links keep. `page_order` names the columns of the page where
    they stand otherwise than in files. A list without a `file_name` is never taken out as a file.
    """

    path: str
    title: str
    noun: tuple[str, str]
    rows: Sequence[Row]
    key: Callable[[Row], str]
    columns: Sequence[ListColumn[Row]]
    order: str
    empty: tuple[str, str]
    filters: Sequence[ListFilter[Row]] = ()
    query: Mapping[str, str] = field(default_factory=dict)
    notes: Sequence[str] = ()
    page_order: Sequence[str] = ()
    file_name: str = ""

    @property
    def on_page(self) -> list[ListColumn[Row]]:
        """The columns of the page, in their order."""
        named = {column.key: column for column in self.columns}
        if self.page_order:
            return [named[key] for key in self.page_order]
        return [column for column in self.columns if column.on_page]

    def asked(self, given: Mapping[str, str]) -> ListRequest:
        """What a query asks of this list.

        Raises:
            Refused: a filter's value that is not known, or a column that is none, each at its name.
        """
        chosen, faults = {}, []
        for one in self.filters:
            value = given.get(one.key, "").strip()
            if value and value not in self.words_of(one):
                sentence = f"There is no {one.label.lower()} “{value}”."
                faults.append(Fault(one.key, f"{one.key.replace('_', '-')}-unknown", sentence))
            elif value:
                chosen[one.key] = value
        sort, unknown = self.sorted_by(given)
        refuse_any([*faults, *unknown])
        cursors = given.get("after", ""), given.get("before", "")
        return ListRequest({**self.query, **chosen}, sort, *cursors)

    def sorted_by(self, given: Mapping[str, str]) -> tuple[str, list[Fault]]:
        """The column that a query sorts by, and what is wrong with it."""
        sort = given.get("sort", "").strip()
        if sort.removeprefix("-") in {"", *(one.key for one in self.columns if one.sortable)}:
            return sort, []
        return sort, [Fault("sort", "sort-unknown", f"There is no column “{sort}”.")]

    def words_of(self, one: ListFilter[Row]) -> dict[str, str]:
        """Every code of a filter with its words."""
        return {**one.known, **dict(map(one.of, self.rows))}

    def kept(self, asked: ListRequest, *, but: str = "") -> list[Row]:
        """The rows that the filters leave, `but` one of them left out, in the order asked for."""
        tests = [(f.of, asked.chosen[f.key]) for f in self.filters
                 if f.key in asked.chosen and f.key != but]  # fmt: skip
        rows = [row for row in self.rows if all(of(row)[0] == code for of, code in tests)]
        column = next((c for c in self.columns if c.key == asked.sort.removeprefix("-")), None)
        if column is None:
            return rows
        falling = asked.sort.startswith("-")
        full = [row for row in rows if not column.place(row)[0]]
        # Rows with nothing in the column come last whichever way it is sorted.
        full.sort(key=lambda row: column.place(row)[1], reverse=falling)
        return full + [row for row in rows if column.place(row)[0]]

    def page(self, rows: Sequence[Row], asked: ListRequest) -> Page[Row]:
        """The part of the rows that was asked for; a row that is no more begins at the first."""
        keys = [self.key(row) for row in rows]
        start = 0
        if asked.after in keys:
            start = keys.index(asked.after) + 1
        elif asked.before in keys:
            start = max(0, keys.index(asked.before) - PAGE)
        shown = rows[start : start + PAGE]
        more, earlier = start + PAGE < len(rows), start > 0
        return Page(
            shown,
            next=self.key(shown[-1]) if more and shown else None,
            previous=self.key(shown[0]) if earlier and shown else None,
        )

    def options(self, one: ListFilter[Row], asked: ListRequest) -> list[dict[str, Any]]:
        """What a filter offers, each with how many rows it would leave beside the other filters."""
        counts = Counter(one.of(row)[0] for row in self.kept(asked, but=one.key))
        known = sorted(self.words_of(one).items(), key=lambda pair: pair[1].casefold())
        chosen = asked.chosen.get(one.key, "")
        return [
            {"value": "", "text": f"Any ({counts.total():,})"},
            *(
                {"value": code, "text": f"{words} ({counts[code]:,})", "selected": code == chosen}
                for code, words in known
                if counts[code] or code == chosen
            ),
        ]

    def said(self, asked: ListRequest) -> list[tuple[str, str, str]]:
        """Each filter that is set: its name, its value in words, and its key."""
        return [
            (one.label, self.words_of(one)[asked.chosen[one.key]], one.key)
            for one in self.filters
            if one.key in asked.chosen
        ]

    def listing(
        self,
        services: Services,
        connection: Connection,
        actor: Actor,
        at: AsAt,
        asked: ListRequest = ALL,
        said: Sequence[tuple[str, str]] | None = None,
    ) -> Listing:
        """The list as every kind of file is written from. With `said`, the filters in words, the
        rows are those that were asked for already.

        Raises:
            Refused: more rows than a file should hold.
        """
        rows = self.kept(asked) if said is None else self.rows
        refuse_too_many(len(rows), self.noun[1])
        columns = self.columns
        by = people_queries.names(connection, [actor.person], position=at.position)
        return Listing(
            title=self.title,
            columns=[Column(column.key, column.heading, column.kind) for column in columns],
            rows=[[column.filed(row) for column in columns] for row in rows],
            filters=[
                *(said or ((name, words) for name, words, _ in self.said(asked))),
                *([("Sorted by", self.sorted_words(asked))] if asked.sort else []),
            ],
            position=at.shown,
            **at.taken_out(by.get(actor.person, actor.person), services.clock.now()),
            notes=[*(one.words for one in behind(services, connection, at)), *self.notes],
        )

    def sorted_words(self, asked: ListRequest) -> str:
        """How the rows stand, in words."""
        heading = {c.key: c.heading for c in self.columns}.get(asked.sort.removeprefix("-"))
        if heading is None:
            return self.order
        return f"by {heading.lower()}{', the last first' if asked.sort.startswith('-') else ''}"


@dataclass(frozen=True, slots=True)
class ShownFilter:
    """A filter as the panel draws it: a choice of `items`, several of them, or a text."""

    key: str
    label: str
    kind: Literal["choice", "several", "text"] = "choice"
    items: Sequence[Mapping[str, Any]] = ()
    value: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class ShownList:
    """A list as the macros of ``list_parts.html`` draw it."""

    path: str
    title: str
    headings: Sequence[Mapping[str, str]]
    rows: Sequence[Sequence[ListCell]]
    total: int
    noun: str
    order: str
    empty: tuple[str, str]
    filters: Sequence[ShownFilter]
    chosen: Sequence[Mapping[str, str]]
    clear: str
    kept: Mapping[str, str]
    pages: Mapping[str, Any] | None
    files: Sequence[tuple[str, str]]


def refuse_too_many(rows: int, noun: str) -> None:
    """Raises Refused where a file would have more rows than one should hold."""
    if rows > MOST_ROWS:
        raise Refused(
            f"This list has {rows:,} {noun}. Narrow it to {MOST_ROWS:,} or fewer.",
            code="list-too-long",
        )


def offered(known: Mapping[str, str], chosen: str) -> list[dict[str, Any]]:
    """The choices of a filter without their numbers."""
    return [
        {"value": "", "text": "Any"},
        *(
            {"value": code, "text": text, "selected": code == chosen}
            for code, text in known.items()
        ),
    ]


def list_context(reading: Reading, shown: RecordList[Any]) -> ShownList:
    """What the macros of ``list_parts.html`` draw a list from, as the request asks for it."""
    asked = shown.asked(reading.request.query_params)
    rows = shown.kept(asked)
    return drawn_page(
        reading,
        shown,
        asked,
        shown.page(rows, asked),
        len(rows),
        filters=[
            ShownFilter(one.key, one.label, items=shown.options(one, asked))
            for one in shown.filters
        ],
        said=shown.said(asked),
    )


def drawn_page(
    reading: Reading,
    shown: RecordList[Any],
    asked: ListRequest,
    page: Page[Any],
    total: int,
    *,
    filters: Sequence[ShownFilter],
    said: Sequence[tuple[str, str, str]],
) -> ShownList:
    """A page of a list, with what its filters offer and those that are set, as (name, value in
    words, key)."""

    def without(key: str) -> dict[str, str]:
        return {name: value for name, value in asked.query.items() if name != key}

    columns = shown.on_page
    return ShownList(
        path=shown.path,
        title=shown.title,
        headings=[_heading(reading, shown, column, asked) for column in columns],
        rows=[[_linked(reading, column.cell(row)) for column in columns] for row in page.rows],
        total=total,
        noun=shown.noun[0 if total == 1 else 1],
        order=shown.sorted_words(asked),
        empty=shown.empty,
        filters=filters,
        chosen=[
            {"text": f"{name}: {words}", "href": reading.link(shown.path, without(key))}
            for name, words, key in said
        ],
        clear=reading.link(shown.path, shown.query),
        kept={**shown.query, **({"sort": asked.sort} if asked.sort else {}), **reading.moment},
        pages=pagination(page, shown.path, {**asked.query, **reading.moment}),
        files=[
            (name, reading.link(f"{shown.path}/export.{kind}", asked.query))
            for kind, name in (("csv", "CSV"), ("xlsx", "Excel"))
        ]
        if shown.file_name and total and can(reading.actor, "export").allowed
        else [],
    )


def _linked(reading: Reading, cell: ListCell) -> ListCell:
    """The cell with its link at the moment that is shown."""
    return replace(cell, href=reading.link(cell.href)) if cell.href else cell


def _heading(
    reading: Reading, shown: RecordList[Any], column: ListColumn[Any], asked: ListRequest
) -> dict[str, str]:
    """A heading with the way it is sorted now and the link that sorts by it, or turns it round."""
    stands = {column.key: "ascending", f"-{column.key}": "descending"}.get(asked.sort, "none")
    turned = f"-{column.key}" if stands == "ascending" else column.key
    return {
        "text": column.heading,
        "sort": stands,
        "href": reading.link(shown.path, {**asked.chosen, "sort": turned})
        if column.sortable
        else "",
    }


def page_of(
    fetch: Callable[[RowPage], Sequence[Row]], asked: ListRequest, opened: Callable[[Row], int]
) -> Page[Row]:
    """A page of rows that are read page by page, each found by where it was `opened`."""
    after, before = _cursor(asked.after), _cursor(asked.before)
    rows = fetch(RowPage(PAGE + 1, asked.sort, after=after, before=before))
    more = len(rows) > PAGE
    if more:
        rows = rows[1:] if before is not None else rows[:PAGE]
    onward = bool(rows) and (more or before is not None)
    back = bool(rows) and ((more and before is not None) or after is not None)
    return Page(
        rows,
        next=str(opened(rows[-1])) if onward else None,
        previous=str(opened(rows[0])) if back else None,
    )


def all_of(
    fetch: Callable[[RowPage], Sequence[Row]], asked: ListRequest, opened: Callable[[Row], int]
) -> list[Row]:
    """All the rows that are read page by page, in the order asked for."""
    rows: list[Row] = []
    after = None
    while True:
        found = fetch(RowPage(FILE_PAGE, asked.sort, after=after))
        rows += found
        if len(found) < FILE_PAGE:
            return rows
        after = opened(found[-1])


def _cursor(given: str) -> int | None:
    return int(given) if given.isdecimal() and len(given) < 19 else None


def send_list(reading: Reading, shown: RecordList[Any], kind: ListFileKind) -> Response:
    """Exactly the rows, columns and order that the page with the same query shows, as a file.

    Raises:
        Refused: what was asked of the list, or of its moment, is not known.
    """
    asked = shown.asked(reading.request.query_params)
    make = partial(shown.listing, reading.services, reading.connection, reading.actor, reading.at)
    return send_listing(reading, partial(make, asked), shown.file_name, asked, kind)


def send_listing(
    reading: Reading,
    make: Callable[[], Listing],
    file_name: str,
    asked: ListRequest,
    kind: ListFileKind,
) -> Response:
    """A listing that is made as asked, as a file; taking it out is noted.

    Raises:
        Refused: the moment asked for cannot be shown.
    """
    require(reading.actor, "export")
    if reading.wrong:
        raise Refused(reading.wrong.faults)
    at, written = reading.at, render_listing(make(), kind)
    access_notes.note(
        reading.services,
        reading.actor,
        What.EXPORT,
        f"{file_name}.{kind}",
        detail=", ".join(sorted(asked.chosen)),
        at=at,
    )
    name = f"{file_name}-{at.file_stamp}.{kind}"
    return Response(
        written,
        media_type=TYPES[kind],
        headers={**at.headers, "Content-Disposition": f'attachment; filename="{name}"'},
    )
