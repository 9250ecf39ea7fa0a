"""A list of records as its page shows it, and rows that are read page by page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Any, Literal, Protocol, TypedDict, TypeVar
from urllib.parse import parse_qs, urlencode

from starlette.responses import Response

from api.documents.listing import ColumnKind
from api.lists.declaration import ALL, PAGE, ListCell, ListColumn, ListRequest, RecordList
from api.web.context import Reading
from api.web.paging import Page, pagination
from projections.core.paging import RowPage, RowPlace
from qa.authorisation.policy import can
from qa.core.list_query import without_words

FILE_PAGE = 2000
ARRANGE = "arrange"


@dataclass(frozen=True, slots=True)
class KeepableList:
    """A list as it is narrowed, sorted and arranged. Its `query` holds no words that were typed to
    search by: they may name somebody."""

    path: str
    title: str
    query: str


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
    """A list as the macros of ``lists/parts.html`` draw it. `links` lead to what else can be done
    with it; `columns` are offered where they are to be chosen, and `again` is what asks for the
    same with other columns."""

    path: str
    title: str
    headings: Sequence[Mapping[str, str]]
    rows: Sequence[Sequence[ListCell]]
    total: int | None
    noun: str
    single: str
    order: str
    empty: tuple[str, str]
    narrowed: bool
    filters: Sequence[ShownFilter]
    chosen: Sequence[Mapping[str, str]]
    clear: str
    kept: Mapping[str, str]
    pages: Mapping[str, Any] | None
    files: Sequence[tuple[str, str]]
    links: Sequence[tuple[str, str]] = ()
    columns: Sequence[Mapping[str, Any]] = ()
    again: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many rows there are of each combination of the values of these filters: what a list that
    the database pages offers, and how many it holds in all."""

    names: Sequence[str]
    cells: Mapping[tuple[str, ...], int]

    def of(self, name: str, chosen: Mapping[str, Any]) -> Counter[str]:
        """How many rows each value of a filter would leave beside the others that are chosen."""
        found, at = Counter[str](), self.names.index(name)
        for cell, number in self.cells.items():
            others = zip(self.names, cell, strict=True)
            if all(value == (chosen.get(one) or value) for one, value in others if one != name):
                found[cell[at]] += number
        return found

    def total(self, chosen: Mapping[str, Any]) -> int:
        """How many rows all that is chosen leaves."""
        counts, value = self.of(self.names[0], chosen), chosen.get(self.names[0])
        return counts[value] if value else counts.total()


def offered(
    known: Mapping[str, str], chosen: str, counts: Counter[str] | None = None
) -> list[dict[str, Any]]:
    """The choices of a filter, each with how many rows it would leave where that is counted."""

    def label(text: str, number: int) -> str:
        return text if counts is None else f"{text} ({number:,})"

    return [
        {"value": "", "text": label("Any", 0 if counts is None else counts.total())},
        *(
            {
                "value": code,
                "text": label(text, 0 if counts is None else counts[code]),
                "selected": code == chosen,
            }
            for code, text in known.items()
            if counts is None or counts[code] or code == chosen
        ),
    ]


def list_context(
    reading: Reading, shown: RecordList[Any], boxes: Sequence[ShownFilter] = ()
) -> ShownList:
    """What the macros of ``lists/parts.html`` draw a list from, as the request asks for it. `boxes`
    change what else the page was asked, the `query` of the list."""
    request = shown.request_of(reading.request.query_params)
    rows = shown.kept(request)
    return drawn_page(
        reading,
        shown,
        request,
        shown.page(rows, request),
        len(rows),
        filters=[
            *boxes,
            *(
                ShownFilter(one.key, one.label, items=shown.options(one, request))
                for one in shown.filters
            ),
            *(
                ShownFilter(
                    one.key, one.label, "text", value=request.chosen.get(one.key, ""), hint=one.hint
                )
                for one in shown.searches
            ),
        ],
        chosen=shown.filter_words(request),
        narrowed=bool(shown.rows),
    )


def list_page(
    reading: Reading,
    shown: RecordList[Any],
    template: str = "lists/list.html",
    *,
    boxes: Sequence[ShownFilter] = (),
    **context: Any,
) -> Response:
    """The page of a list. ``lists/list.html`` shows a `said` banner, an `intro`, `links` (text and
    address) beside the number of rows and a `button` where they are given; other templates build
    on it."""
    whole = {"title": shown.title, "shown": list_context(reading, shown, boxes), **context}
    return reading.page(template, wide=True, **whole)


def whole_table(reading: Reading, shown: RecordList[Any]) -> ShownList:
    """All the rows of a list for ``list_table`` alone, on the page of another record."""
    rows = shown.rows
    drawn = drawn_page(reading, shown, ALL, Page(rows), len(rows), filters=(), chosen=())
    return replace(drawn, headings=[{**one, "href": ""} for one in drawn.headings])


def drawn_page(
    reading: Reading,
    shown: RecordList[Any],
    request: ListRequest,
    page: Page[Any],
    total: int | None,
    *,
    filters: Sequence[ShownFilter],
    chosen: Sequence[tuple[str, str, str]],
    narrowed: bool | None = None,
) -> ShownList:
    """A page of a list, with what its filters offer and those that are set, as (name, value in
    words, key). What is dear to count has no `total`. `narrowed`: where no row is shown there are
    some without the filters."""
    columns, by_default = shown.shown(request), shown.by_default(request)
    boxed = {one.key for one in filters}
    if shown.prepare is not None:
        shown.prepare(page.rows)
    return ShownList(
        path=shown.path,
        title=shown.title,
        headings=[_heading(reading, shown, column, request) for column in columns],
        rows=[[_linked(reading, column.cell(row)) for column in columns] for row in page.rows],
        total=total,
        noun=" ".join(
            [
                shown.noun[0 if total == 1 else 1],
                *(f"({words.lower()})" for words in by_default.values()),
            ]
        ),
        single=shown.noun[0],
        order=shown.sorted_words(request),
        empty=shown.empty,
        narrowed=bool(chosen) if narrowed is None else narrowed,
        filters=filters,
        chosen=[
            {
                "text": f"{name}: {words}",
                "href": reading.link(shown.path, _without(request.query, key)),
            }
            for name, words, key in chosen
            if key not in by_default
        ],
        clear=reading.link(shown.path, shown.query),
        kept={
            **{name: value for name, value in shown.query.items() if name not in boxed},
            **{name: value for name, value in request.query.items() if name in ("sort", "columns")},
            **reading.moment,
        },
        pages=pagination(page, shown.path, {**request.query, **reading.moment}),
        files=[
            (name, reading.link(f"{shown.path}/export.{kind}", request.query))
            for kind, name in (("csv", "CSV"), ("xlsx", "Excel"))
        ]
        if shown.file_name and page.rows and can(reading.actor, shown.file_verb).allowed
        else [],
        **(_arranging(reading, shown, request) if filters and total is not None else _Arranged()),
    )


class _Arranged(TypedDict, total=False):
    links: Sequence[tuple[str, str]]
    columns: Sequence[Mapping[str, Any]]
    again: Mapping[str, Any]


def _arranging(reading: Reading, shown: RecordList[Any], request: ListRequest) -> _Arranged:
    """What can be done with the list as it stands, and its columns where they are to be chosen."""
    kept = without_words(urlencode(request.query, doseq=True))
    keepable = KeepableList(shown.path, shown.title, kept)
    return _Arranged(
        links=[
            ("Choose columns", reading.link(shown.path, {**request.query, ARRANGE: "columns"})),
            *chain.from_iterable(reading.parts("lists/page", keepable).values()),
        ],
        columns=[
            {"value": one.key, "text": one.heading, "checked": one in shown.shown(request)}
            for one in (*shown.on_page, *(c for c in shown.columns if c not in shown.on_page))
            if one.in_files
        ]
        if reading.request.query_params.get(ARRANGE)
        else (),
        again={**_without(request.query, "columns"), **reading.moment},
    )


def _without(query: Mapping[str, Any], key: str) -> dict[str, Any]:
    """A query without a filter, or without one of its values (``status=submitted``)."""
    name, _, value = key.partition("=")
    if not value:
        return {one: kept for one, kept in query.items() if one != name}
    return {**query, name: [one for one in query[name] if one != value]}


def _linked(reading: Reading, cell: ListCell) -> ListCell:
    """The cell with its link at the moment that is shown; a place on a page stands as it is."""
    if cell.more:
        first = _linked(reading, replace(cell, more=()))
        return replace(first, more=tuple(_linked(reading, one) for one in cell.more))
    if not cell.href or cell.post is not None or "#" in cell.href:
        return cell
    path, _, query = cell.href.partition("?")
    return replace(cell, href=reading.link(path, parse_qs(query)))


def _heading(
    reading: Reading, shown: RecordList[Any], column: ListColumn[Any], request: ListRequest
) -> dict[str, str]:
    """A heading with the way it is sorted now and the link that sorts by it, or turns it round."""
    stands = {column.key: "ascending", f"-{column.key}": "descending"}.get(request.sort, "none")
    turned = f"-{column.key}" if stands == "ascending" else column.key
    return {
        "text": column.heading,
        "sort": stands,
        "shape": " app-date" if column.kind in (ColumnKind.DAY, ColumnKind.MOMENT) else "",
        "href": reading.link(shown.path, {**request.query, "sort": turned})
        if column.sortable
        else "",
    }


class PagedRow(Protocol):
    """A row that is read page by page."""

    @property
    def opened(self) -> int: ...


P = TypeVar("P", bound=PagedRow)


def page_of(fetch: Callable[[RowPage], Sequence[P]], request: ListRequest) -> Page[P]:
    """A page of rows that are read page by page. Where a cursor is none, or nothing stands there
    any more, it is the first."""
    after, before = _place(request.after, request), _place(request.before, request)
    rows = fetch(RowPage(PAGE + 1, request.sort, after=after, before=before))
    if not rows and (after or before):
        after = before = None
        rows = fetch(RowPage(PAGE + 1, request.sort))
    more = len(rows) > PAGE
    if more:
        rows = rows[1:] if before is not None else rows[:PAGE]
    onward = bool(rows) and (more or before is not None)
    back = bool(rows) and ((more and before is not None) or after is not None)
    return Page(
        rows,
        next=_cursor(rows[-1], request) if onward else None,
        previous=_cursor(rows[0], request) if back else None,
    )


def all_of(fetch: Callable[[RowPage], Sequence[P]], request: ListRequest) -> list[P]:
    """All the rows that are read page by page, in the order asked for."""
    rows: list[P] = []
    after = None
    while True:
        found = fetch(RowPage(FILE_PAGE, request.sort, after=after))
        rows += found
        if len(found) < FILE_PAGE:
            return rows
        after = _place_of(found[-1], request)


def _place_of(row: PagedRow, request: ListRequest) -> RowPlace:
    value = getattr(row, request.sort.removeprefix("-")) if request.sort else None
    return RowPlace(row.opened, None if value is None else str(value))


def _cursor(row: PagedRow, request: ListRequest) -> str:
    """Where a row stands, as it travels in a link: ``123``, or with what is sorted by behind it."""
    place = _place_of(row, request)
    return str(place.opened) if place.value is None else f"{place.opened}:{place.value}"


def _place(given: str, request: ListRequest) -> RowPlace | None:
    opened, colon, value = given.partition(":")
    if not opened.isdecimal() or len(opened) > 18:
        return None
    return RowPlace(int(opened), value if colon and request.sort else None)
