"""A list of records, declared once: its columns, filters, order, pages, and the list as a file.

A room says what the columns and filters are; this shows the page, keeps what was asked in every
link, and writes the file of exactly the rows, columns and order that the page shows. Pages go by
the key of a row, so that nothing shifts while records are added.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from operator import itemgetter
from typing import Any, Generic, TypeVar

from starlette.datastructures import QueryParams

from api.documents.listing import Cell, ColumnKind
from api.web.paging import Page
from qa.core.dates_in_words import day, moment
from qa.core.errors import Fault, refuse_any

Row = TypeVar("Row")

PAGE = 25
NEVER = "None"
ANY = "any"


@dataclass(frozen=True, slots=True)
class ListCell:
    """A cell as a page draws it: `hidden` is read out after the text, the lines `beneath` under it.

    A `grade` is a label with its letter, a `rag` rating one with its colour. What is `unbroken`
    stays on one line; in `lines` keeps the lines that it was written in. With `post` it is a button
    that sends these fields to `href`. `more` are further links behind it.
    """

    text: str
    href: str = ""
    hidden: str = ""
    beneath: str = ""
    tag: str = ""
    tag_colour: str = "red"
    grade: tuple[str, str | None] | None = None
    rag: tuple[str, str] | None = None
    post: Mapping[str, str] | None = None
    unbroken: bool = False
    lines: bool = False
    more: Sequence[ListCell] = ()


OVERDUE = "Overdue"


@lru_cache(maxsize=4096)
def _day(value: Any) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value


def day_cell(value: str | date | None, *, late: bool = False, none: str = NEVER) -> ListCell:
    """A day, marked where it has passed without what was due."""
    return ListCell(none if not value else day(_day(value)), tag=OVERDUE if late else "")


@dataclass(frozen=True, slots=True)
class ListColumn(Generic[Row]):
    """A column: what a row has in it, and how a page draws that where plain text is not enough.

    A column that is not `on_page` is in files alone, one that is not `in_files` on pages; what is
    dear to ask of all is not `sortable`. `by` is what it is sorted by where its words say nothing
    of the order.
    """

    key: str
    heading: str
    value: Callable[[Row], Cell]
    kind: ColumnKind = ColumnKind.TEXT
    drawn: Callable[[Row], ListCell] | None = None
    none: str = NEVER
    on_page: bool = True
    sortable: bool = True
    in_files: bool = True
    by: Callable[[Row], Cell] | None = None

    def cell(self, row: Row) -> ListCell:
        """The cell of a row on a page."""
        if self.drawn is not None:
            return self.drawn(row)
        value: Any = self.value(row)
        if value is None or value == "":
            return ListCell(self.none)
        match self.kind:
            case ColumnKind.DAY:
                return ListCell(day(_day(value)))
            case ColumnKind.MOMENT:
                return ListCell(moment(value))
            case ColumnKind.NUMBER:
                return ListCell(f"{value:,}")
            case _:
                return ListCell(str(value))

    @property
    def filed(self) -> Callable[[Row], Cell]:
        """What gives the cell of a row in a file."""
        of = self.value
        if self.kind is ColumnKind.DAY:
            return lambda row: _day(value) if (value := of(row)) else value
        return of

    def place(self, row: Row) -> Any:
        """What a row is sorted by; None where it has nothing here."""
        value = (self.by or self.value)(row)
        return (value.casefold() or None) if isinstance(value, str) else value


def record_column(
    key: str,
    heading: str,
    text: Callable[[Row], str],
    there: Callable[[Row], str],
    beneath: Callable[[Row], str] = lambda row: "",
    *,
    unbroken: bool = False,
) -> ListColumn[Row]:
    """What a row is called, which opens it `there`; an empty address opens nothing."""
    return ListColumn(
        key,
        heading,
        text,
        drawn=lambda row: ListCell(text(row), there(row), beneath=beneath(row), unbroken=unbroken),
    )


def late_column(late: Callable[[Row], bool]) -> ListColumn[Row]:
    """Whether a row is overdue, for files; pages mark the day."""
    return ListColumn(
        "late", OVERDUE, lambda row: "yes" if late(row) else "no", on_page=False, sortable=False
    )


@dataclass(frozen=True, slots=True)
class ListFilter(Generic[Row]):
    """What a list can be narrowed by: the code and the words that a row falls under, or a list of
    them where it falls under several.

    `known` are all codes that there are, with their words: another is refused. Without them any
    code can be asked for, for rows come and go, and a link to what is done by now leaves none.
    `default` is the code that the list is narrowed to where nothing is asked; ANY takes it off.
    """

    key: str
    label: str
    of: Callable[[Row], tuple[str, str] | list[tuple[str, str]]]
    known: Mapping[str, str] = field(default_factory=dict)
    default: str = ""

    def under(self, row: Row) -> dict[str, str]:
        """The codes that a row falls under, with their words."""
        found = self.of(row)
        return dict(found if isinstance(found, list) else [found])


def whether(
    key: str, label: str, test: Callable[[Row], Any], yes: str, no: str, default: str = ""
) -> ListFilter[Row]:
    """A filter by what is so of a row or not, in these words: its codes are ``yes`` and ``no``."""
    return ListFilter(
        key,
        label,
        lambda row: ("yes", yes) if test(row) else ("no", no),
        {"yes": yes, "no": no},
        default,
    )


@dataclass(frozen=True, slots=True)
class ListSearch(Generic[Row]):
    """A box whose words stand somewhere in the `text` of a row."""

    key: str
    label: str
    text: Callable[[Row], str]
    hint: str = ""


@dataclass(frozen=True, slots=True)
class ListRequest:
    """What was asked of a list: filters by key, a column to sort by, a row to go on from, and the
    columns to show where they are not those of the page."""

    chosen: Mapping[str, Any]
    sort: str = ""
    after: str = ""
    before: str = ""
    columns: tuple[str, ...] = ()

    @property
    def query(self) -> dict[str, Any]:
        """The part of an address that asks for the same rows in the same order and columns."""
        arranged = {"sort": self.sort, "columns": list(self.columns)}
        return {**self.chosen, **{name: value for name, value in arranged.items() if value}}


ALL = ListRequest({})
"""The whole list as it stands by itself."""


@dataclass(frozen=True, slots=True)
class RecordList(Generic[Row]):
    """A list with all the rows that its reader may see, in the order that it has by itself.

    `noun` is what one and many of the rows are called, `order` says how they stand, `empty` the
    heading and the sentence where there are none at all. `query` is what else the page was asked,
    which its links keep. `page_order` names the columns of the page where they stand otherwise than
    in files. A list without a `file_name` is never taken out as a file; with one, by whoever may do
    `file_verb`. `prepare` works out at once what is dear, for the rows that are to be drawn or
    filed.
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
    searches: Sequence[ListSearch[Row]] = ()
    query: Mapping[str, Any] = field(default_factory=dict)
    notes: Sequence[str] = ()
    page_order: Sequence[str] = ()
    file_name: str = ""
    file_verb: str = "export"
    prepare: Callable[[Sequence[Row]], None] | None = None

    @property
    def on_page(self) -> list[ListColumn[Row]]:
        """The columns of the page, in their order."""
        named = {column.key: column for column in self.columns}
        if self.page_order:
            return [named[key] for key in self.page_order]
        return [column for column in self.columns if column.on_page]

    def shown(self, request: ListRequest) -> list[ListColumn[Row]]:
        """The columns of the page as asked for: its own stand first, with those of pages alone."""
        if not request.columns:
            return self.on_page
        own = self.on_page
        both = (*own, *(column for column in self.columns if column not in own))
        return [one for one in both if one.key in request.columns or not one.in_files]

    def filed(self, request: ListRequest) -> list[ListColumn[Row]]:
        """The columns of a file: all there are, or those of the page where they were chosen."""
        columns = self.shown(request) if request.columns else self.columns
        return [column for column in columns if column.in_files]

    def request_of(self, given: Mapping[str, str]) -> ListRequest:
        """What a query asks of this list.

        Raises:
            Refused: a filter's value that is not known, or a column that is none, each at its name.
        """
        chosen, faults = {}, []
        for one in self.filters:
            value = given.get(one.key, "").strip() or one.default
            if value and one.known and value not in self.words_of(one):
                sentence = f"There is no {one.label.lower()} “{value}”."
                faults.append(Fault(one.key, f"{one.key.replace('_', '-')}-unknown", sentence))
            elif value:
                chosen[one.key] = value
        chosen |= {one.key: words for one in self.searches
                   if (words := given.get(one.key, "").strip())}  # fmt: skip
        return self.request({**self.query, **chosen}, given, faults)

    def request(
        self, chosen: Mapping[str, Any], given: Mapping[str, str], faults: Sequence[Fault] = ()
    ) -> ListRequest:
        """What a query asks, whose filters are `chosen` already, with the `faults` of these.

        Raises:
            Refused: the faults, and every column that is none.
        """
        sort, wrong = given.get("sort", "").strip(), [*faults]
        columns = given.getlist("columns") if isinstance(given, QueryParams) else ()
        for name, known, named in (
            ("sort", {"", *(one.key for one in self.columns if one.sortable)},
             [sort.removeprefix("-")]),
            ("columns", {one.key for one in self.columns if one.in_files}, columns),
        ):  # fmt: skip
            wrong += [
                Fault(name, f"{name}-unknown", f"There is no column “{one}”.")
                for one in named
                if one not in known
            ]
        refuse_any(wrong)
        if set(columns) == {one.key for one in self.on_page if one.in_files}:
            columns = ()
        cursors = given.get("after", ""), given.get("before", "")
        return ListRequest(chosen, sort, *cursors, tuple(dict.fromkeys(columns)))

    def words_of(self, one: ListFilter[Row]) -> dict[str, str]:
        """Every code of a filter with its words."""
        found = {**({ANY: "Any"} if one.default else {}), **one.known}
        for row in self.rows:
            found |= one.under(row)
        return found

    def kept(self, request: ListRequest, *, but: str = "") -> list[Row]:
        """The rows that the filters leave, `but` one of them left out, in the order asked for."""
        tests = [(f.under, request.chosen[f.key]) for f in self.filters
                 if request.chosen.get(f.key, ANY) != ANY and f.key != but]  # fmt: skip
        words = [(one.text, request.chosen[one.key].casefold()) for one in self.searches
                 if one.key in request.chosen]  # fmt: skip
        rows = [
            row
            for row in self.rows
            if all(code in under(row) for under, code in tests)
            and all(sought in text(row).casefold() for text, sought in words)
        ]
        column = next((c for c in self.columns if c.key == request.sort.removeprefix("-")), None)
        if column is None:
            return rows
        placed = [(column.place(row), row) for row in rows]
        full = [pair for pair in placed if pair[0] is not None]
        full.sort(key=itemgetter(0), reverse=request.sort.startswith("-"))
        # Rows with nothing in the column come last whichever way it is sorted.
        return [row for _, row in full] + [row for place, row in placed if place is None]

    def page(self, rows: Sequence[Row], request: ListRequest) -> Page[Row]:
        """The part of the rows that was asked for. Behind a row that is no more it begins at the
        first, and behind one that became the last it is the last part."""
        keys = [self.key(row) for row in rows]
        start = 0
        if request.after in keys:
            start = keys.index(request.after) + 1
            start = start if start < len(rows) else max(0, len(rows) - PAGE)
        elif request.before in keys:
            start = max(0, keys.index(request.before) - PAGE)
        shown = rows[start : start + PAGE]
        more, earlier = start + PAGE < len(rows), start > 0
        return Page(
            shown,
            next=self.key(shown[-1]) if more and shown else None,
            previous=self.key(shown[0]) if earlier and shown else None,
        )

    def options(self, one: ListFilter[Row], request: ListRequest) -> list[dict[str, Any]]:
        """What a filter offers, each with how many rows it would leave beside the other filters."""
        rows = self.kept(request, but=one.key)
        counts = Counter(code for row in rows for code in one.under(row))
        chosen, any_code = request.chosen.get(one.key, ""), ANY if one.default else ""
        words = {**({chosen: chosen} if chosen else {}), **self.words_of(one)}
        known = sorted(words.items(), key=lambda pair: pair[1].casefold())
        return [
            {
                "value": any_code,
                "text": f"Any ({len(rows):,})",
                "selected": chosen == any_code,
            },
            *(
                {"value": code, "text": f"{words} ({counts[code]:,})", "selected": code == chosen}
                for code, words in known
                if code != any_code and (counts[code] or code == chosen)
            ),
        ]

    def filter_words(self, request: ListRequest) -> list[tuple[str, str, str]]:
        """Each filter that is set: its name, its value in words, and its key."""
        return [
            *(
                (one.label, self.words_of(one).get(code := request.chosen[one.key], code), one.key)
                for one in self.filters
                if one.key in request.chosen
            ),
            *(
                (one.label, request.chosen[one.key], one.key)
                for one in self.searches
                if one.key in request.chosen
            ),
        ]

    def by_default(self, request: ListRequest) -> dict[str, str]:
        """The filters that stand as they do by themselves, with the words of each."""
        return {
            one.key: self.words_of(one).get(one.default, one.default)
            for one in self.filters
            if one.default and request.chosen.get(one.key) == one.default
        }

    def sorted_words(self, request: ListRequest) -> str:
        """How the rows stand, in words."""
        heading = {c.key: c.heading for c in self.columns}.get(request.sort.removeprefix("-"))
        if heading is None:
            return self.order
        return f"by {heading.lower()}{', the last first' if request.sort.startswith('-') else ''}"
