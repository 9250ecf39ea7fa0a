"""A list of records: what is kept, how it stands, how it is paged, and the same as a file."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import QueryParams

from api.documents.listing import ColumnKind
from api.lists.declaration import (
    ALL,
    PAGE,
    ListColumn,
    ListFilter,
    ListRequest,
    ListSearch,
    RecordList,
)
from qa.core.errors import Refused
from tests.follow_ups.support import inadequate
from tests.support.council import Council
from tests.support.given import codes_of


@dataclass(frozen=True)
class Jar:
    id: str
    shelf: str
    marbles: int | None = None
    filled_on: str | None = None


def jars(rows: list[Jar]) -> RecordList[Jar]:
    return RecordList(
        path="/jars",
        title="Jars",
        noun=("jar", "jars"),
        rows=rows,
        key=lambda jar: jar.id,
        columns=(
            ListColumn("id", "Jar", lambda jar: jar.id),
            ListColumn("marbles", "Marbles", lambda jar: jar.marbles, ColumnKind.NUMBER),
            ListColumn("filled_on", "Filled", lambda jar: jar.filled_on, ColumnKind.DAY),
            ListColumn("dear", "Dear", lambda jar: jar.id, sortable=False),
        ),
        filters=(
            ListFilter(
                "shelf", "Shelf", lambda jar: (jar.shelf, jar.shelf.title()), {"low": "Low"}
            ),
            ListFilter(
                "empty",
                "Empty",
                lambda jar: ("no", "No") if jar.marbles else ("yes", "Yes"),
                {"no": "No", "yes": "Yes"},
            ),
        ),
        order="as they were bought",
        empty=("No jars", "Buy one."),
        file_name="jars",
    )


THREE = [
    Jar("b", "top", 12, "2026-03-02"),
    Jar("A", "top", None, None),
    Jar("c", "cellar", 3, "2025-01-31"),
]
some_jars = st.lists(
    st.builds(
        Jar,
        st.text("abcDE", min_size=1, max_size=4),
        st.sampled_from(["top", "cellar"]),
        st.none() | st.integers(0, 5),
        st.none() | st.dates(date(2020, 1, 1), date(2026, 1, 1)).map(date.isoformat),
    ),
    unique_by=lambda jar: jar.id,
    max_size=3 * PAGE,
)


def ids(rows: list[Jar]) -> str:
    return "".join(jar.id for jar in rows)


@pytest.mark.parametrize(
    ("sort", "stand"),
    [
        ("", "bAc"),
        ("id", "Abc"),
        ("-id", "cbA"),
        ("marbles", "cbA"),
        ("-marbles", "bcA"),
        ("filled_on", "cbA"),
        ("-filled_on", "bcA"),
    ],
)
def test_rows_without_a_value_come_last_whichever_way(sort: str, stand: str) -> None:
    shown = jars(THREE)
    assert ids(shown.kept(shown.request_of({"sort": sort}))) == stand


@pytest.mark.parametrize("sort", ["weight", "dear", "-dear", "--id"])
def test_what_is_no_column_to_sort_by_is_refused(sort: str) -> None:
    with pytest.raises(Refused) as refused:
        jars(THREE).request_of({"sort": sort})
    assert [(f.field, f.code) for f in refused.value.faults] == [("sort", "sort-unknown")]


def test_every_filter_that_is_not_known_is_named() -> None:
    with pytest.raises(Refused) as refused:
        jars(THREE).request_of({"shelf": "attic", "empty": "perhaps"})
    found = [(fault.field, fault.code) for fault in refused.value.faults]
    assert found == [("shelf", "shelf-unknown"), ("empty", "empty-unknown")]
    assert refused.value.faults[0].sentence == "There is no shelf “attic”."


def test_a_known_value_under_which_nothing_falls_leaves_nothing() -> None:
    shown = jars(THREE)
    assert shown.kept(shown.request_of({"shelf": "low"})) == []


def test_a_code_of_a_filter_that_lists_none_can_be_asked_for_though_no_row_has_it() -> None:
    shown = kept_jars()
    asked = shown.request_of({"letter": "z"})
    assert shown.kept(asked) == []
    assert [words for _, words, _ in shown.filter_words(asked)] == ["With marbles", "z"]
    letters = shown.options(shown.filters[1], asked)
    assert [one["text"] for one in letters if one["selected"]] == ["z (0)"]
    none = replace(shown, rows=())
    assert none.by_default(none.request_of({})) == {"empty": "no"}


def test_an_option_tells_how_many_it_would_leave_beside_the_other_filters() -> None:
    shown = jars(THREE)
    asked = shown.request_of({"shelf": "top", "empty": "yes"})
    assert ids(shown.kept(asked)) == "A"
    shelf, empty = (shown.options(one, asked) for one in shown.filters)
    assert [one["text"] for one in shelf] == ["Any (1)", "Top (1)"]
    assert [one["text"] for one in empty] == ["Any (2)", "No (1)", "Yes (1)"]
    assert [one.get("selected", False) for one in empty] == [False, False, True]


def kept_jars() -> RecordList[Jar]:
    """Jars of which those with marbles are shown by themselves."""
    plain = jars(THREE)
    return replace(
        plain,
        filters=(
            ListFilter(
                "empty",
                "Empty",
                lambda jar: ("no", "With marbles") if jar.marbles else ("yes", "Empty"),
                default="no",
            ),
            ListFilter("letter", "Letter", lambda jar: [(one, one) for one in f"{jar.id}x"]),
        ),
        searches=(ListSearch("q", "Words", lambda jar: f"{jar.id} {jar.shelf}"),),
    )


@pytest.mark.parametrize(
    ("given", "left", "said"),
    [
        ({}, "bc", ["With marbles"]),
        ({"empty": "yes"}, "A", ["Empty"]),
        ({"empty": "any"}, "bAc", ["Any"]),
        ({"empty": "any", "letter": "x"}, "bAc", ["Any", "x"]),
        ({"letter": "c"}, "c", ["With marbles", "c"]),
        ({"q": "CELL"}, "c", ["With marbles", "CELL"]),
        ({"q": "attic"}, "", ["With marbles", "attic"]),
    ],
)
def test_a_filter_stands_by_itself_until_it_is_taken_off(
    given: dict[str, str], left: str, said: list[str]
) -> None:
    shown = kept_jars()
    asked = shown.request_of(given)
    assert ids(shown.kept(asked)) == left
    assert [words for _, words, _ in shown.filter_words(asked)] == said
    assert shown.by_default(asked) == ({} if "empty" in given else {"empty": "With marbles"})
    # What the links of the page ask leads to the same rows.
    assert ids(shown.kept(shown.request_of(asked.query))) == left


def test_a_row_under_several_codes_is_counted_under_each_and_once_in_all() -> None:
    shown = kept_jars()
    empty, letter = (shown.options(one, shown.request_of({})) for one in shown.filters)
    assert [one["text"] for one in letter] == ["Any (2)", "b (1)", "c (1)", "x (2)"]
    assert [(one["value"], one["selected"]) for one in empty] == [
        ("any", False), ("yes", False), ("no", True),
    ]  # fmt: skip


def test_a_column_is_sorted_by_what_its_words_do_not_tell() -> None:
    words: ListColumn[Jar] = ListColumn(
        "words", "Words", lambda jar: "some", by=lambda jar: jar.marbles
    )
    shown = replace(jars(THREE), columns=(words,))
    assert ids(shown.kept(shown.request_of({"sort": "words"}))) == "cbA"


@given(rows=some_jars, sort=st.sampled_from(["", "id", "-marbles", "filled_on"]))
def test_the_pages_one_after_another_are_the_whole_list(rows: list[Jar], sort: str) -> None:
    shown = jars(rows)
    asked = shown.request_of({"sort": sort})
    kept = shown.kept(asked)
    assert sorted(ids(kept)) == sorted(ids(rows))
    walked: list[Jar] = []
    page = shown.page(kept, asked)
    for _ in range(4):
        walked += page.rows
        assert len(page.rows) <= PAGE
        if page.next is None:
            break
        later = shown.page(kept, ListRequest({}, sort, after=page.next))
        assert later.previous is not None
        assert shown.page(kept, ListRequest({}, sort, before=later.previous)).rows == page.rows
        page = later
    assert walked == kept


def test_a_page_goes_on_where_it_was_though_rows_were_added() -> None:
    rows = [Jar(f"{n:02}", "top") for n in range(PAGE + 5)]
    first = jars(rows).page(rows, ListRequest({}))
    more = [Jar("new", "top"), *rows]
    assert jars(more).page(more, ListRequest({}, after=str(first.next))).rows == rows[PAGE:]
    gone = jars(more).page(more, ListRequest({}, after="nowhere"))
    assert gone.rows == more[:PAGE]


def test_behind_a_row_that_became_the_last_is_the_last_part() -> None:
    rows = [Jar(f"{n:02}", "top") for n in range(PAGE + 5)]
    last = jars(rows).page(rows, ListRequest({}, after=rows[-1].id))
    assert last.rows == rows[5:]
    assert last.next is None


def test_the_file_is_what_the_page_shows(small_council: Council) -> None:
    council = small_council
    for _ in range(3):
        inadequate(council)
        council.clock.advance(timedelta(days=1))
    lead = council.browser("lead")
    page = lead.get("/follow-ups?sort=-reference&running=yes")
    references = re.findall(r'/follow-up">([^<]+)</a>', page.text)
    assert len(references) == 3
    assert references == sorted(references, reverse=True)
    assert 'aria-sort="descending"' in page.text
    assert "Running or ended: Running" in page.text
    assert "by audit, the last first" in page.text
    link = re.search(r'href="(/follow-ups/export\.csv[^"]*)"', page.text)
    assert link is not None
    written = lead.get(link[1].replace("&amp;", "&"))
    assert written.status_code == 200
    rows = list(csv.DictReader(io.StringIO(written.content.decode("utf-8-sig"))))
    assert [row["Audit"] for row in rows] == references
    book = lead.get(link[1].replace("&amp;", "&").replace(".csv", ".xlsx"))
    assert book.content.startswith(b"PK")
    refused = council.browser("worker").get("/follow-ups/export.csv")
    assert refused.status_code == 403


def test_a_list_that_is_asked_what_is_not_there_says_so(small_council: Council) -> None:
    page = small_council.browser("lead").get("/follow-ups?sort=colour&team=attic")
    assert page.status_code == 422
    assert "There is no team “attic”." in page.text
    assert "There is no column “colour”." in page.text


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/your-work?whose=own&kind=moderation", "Kind of task: moderation"),
        ("/follow-ups?team=east", "Team: East"),
        ("/follow-ups?plan=planned", "Plan: Planned, or over"),
        ("/moderations?team=east", "Team: East"),
        ("/moderations?moderator={moderator}", "Moderator: {moderator}"),
        ("/disputes?team=east", "Team: East"),
        ("/people?role=inspector", "Role: Inspector"),
        ("/plans?state=closed", "State: Closed"),
        ("/indicators?direction=worse", "Direction: Worse"),
        ("/published?report=grades", "Report: grades"),
    ],
)
def test_what_no_row_falls_under_today_can_be_asked_for(
    small_council: Council, address: str, said: str
) -> None:
    moderator = small_council.ids["moderator"]
    page = small_council.browser("lead").get(address.format(moderator=moderator))
    assert page.status_code == 200
    assert said.format(moderator=moderator) in page.text


def test_the_columns_that_are_chosen_stand_on_the_page_and_in_the_file() -> None:
    shown = jars(THREE)
    keys = [column.key for column in shown.columns]
    asked = shown.request_of(QueryParams([("columns", one) for one in (keys[-1], keys[0])]))
    assert [one.key for one in shown.shown(asked)] == [
        key for key in keys if key in (keys[0], keys[-1])
    ]
    assert shown.filed(asked) == shown.shown(asked)
    assert shown.filed(ALL) == [*shown.columns]
    usual = shown.request_of(QueryParams([("columns", one.key) for one in shown.on_page]))
    assert usual.columns == ()
    assert codes_of(lambda: shown.request_of(QueryParams("columns=none"))) == ["columns-unknown"]
    links = replace(shown.columns[1], in_files=False)
    linked = replace(shown, columns=(shown.columns[0], links, *shown.columns[2:]))
    asked = linked.request_of(QueryParams(f"columns={keys[0]}"))
    assert [one.key for one in linked.shown(asked)] == keys[:2]
    assert [one.key for one in linked.filed(asked)] == keys[:1]
    assert codes_of(lambda: linked.request_of(QueryParams(f"columns={keys[1]}"))) == [
        "columns-unknown"
    ]
