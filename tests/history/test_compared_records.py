"""Every kind of record and every figure, at two moments of a council that uses every room."""

from __future__ import annotations

import json
import re
from io import BytesIO
from typing import Any, NamedTuple

import pytest
from docx import Document
from openpyxl import load_workbook
from pypdf import PdfReader

from api.history import comparison
from api.history.compared_records import LEFT_OUT, LEFT_OUT_STREAMS
from api.history.comparison import Comparison, ComparisonFilter
from api.history.comparison_order import MOST_RECORDS, board_kinds, first_records, weighty
from api.history.reading import streams_open_to
from api.history.two_moments import RecordMoved
from api.records.compared_kinds import BESIDE, compared_kinds
from api.records.kinds import kinds_of_stream
from api.reports.declaration import FigureOf, Sight, reports
from api.reports.moved import MovedValue, shown
from api.web.moments import as_at
from projections.core.base import is_versioned
from qa.core.errors import NotFound
from tests.conftest import NewCouncil
from tests.history.support import rows_at
from tests.support.council import Council, words_of
from tests.support.every_room import lived_in_halves

ID = re.compile(r"\b[0-9a-f]{32}\b")


def test_every_read_table_and_stream_is_compared_or_left_out_with_a_reason(
    small_council: Council,
) -> None:
    kinds = compared_kinds()
    tables = {table.table.name for kind in kinds.values() for table in kind.tables}
    assert not tables & LEFT_OUT.keys()
    assert tables | LEFT_OUT.keys() == {
        table.name for table in small_council.services.registry.tables
    }
    assert not kinds.keys() & LEFT_OUT_STREAMS.keys()
    assert kinds.keys() | LEFT_OUT_STREAMS.keys() == kinds_of_stream().keys()
    assert all(len(reason.split()) > 1 for reason in LEFT_OUT.values())


def test_every_column_of_a_compared_table_is_told_or_left_out() -> None:
    for kind in compared_kinds().values():
        for table in kind.tables:
            assert is_versioned(table.table)
            every = {column.name for column in table.table.columns} - BESIDE
            assert every - {*table.read} - {*table.left_out} == set(), table.table.name
            assert {*table.left_out, *table.columns} <= every | BESIDE, table.table.name


class Halves(NamedTuple):
    council: Council
    position: int
    found: Comparison


@pytest.fixture(scope="module")
def halves(new_council: NewCouncil) -> Halves:
    """A council that uses every room, compared between the middle and the end of its life."""
    council = new_council()
    for _ in lived_in_halves(council):
        position = council.services.store.head()
    lead = council.actor("lead")
    store = council.services.store
    with store.reading() as connection:
        before, after = as_at(store, connection, position=position), as_at(store, connection)
        found = comparison.compare(council.services, connection, lead, before, after)
    return Halves(council, position, found)


def test_what_was_and_is_of_every_kind_is_what_two_stores_hold_that_were_told_so_much(
    halves: Halves,
) -> None:
    council, position, found = halves
    store = council.services.store
    with store.reading() as connection:
        moments = as_at(store, connection, position=position), as_at(store, connection)
        then, now = (rows_at(council, at, connection) for at in moments)
    differ = {one for one in then.keys() | now.keys() if then.get(one) != now.get(one)}
    moved = {(one.kind, one.record): one for one in (*found.audits, *found.records)}
    closed = {key for key in differ - moved.keys() if key[0] in NOT_THE_LEADS}
    assert moved.keys() == differ - closed
    # No scale is published in the second half: the standing ones never change.
    assert {kind for kind, _ in moved} >= compared_kinds().keys() - NOT_THE_LEADS - {"scale"}
    for key, one in moved.items():
        assert one.fields, key
        assert one.events, key
        assert one.how == ("added" if key not in then else "gone" if key not in now else "changed")
        for field in one.fields:
            assert field.old != field.new
            for text in (field.label, field.old or "", field.new or ""):
                assert not ID.search(text), (key, field)
    assert [kind.total for kind in found.kinds] == [
        sum(one.kind == kind.kind for one in moved.values()) for kind in found.kinds
    ]


GETTING_TO_GOOD = "RAG ratings of Getting to good"
NOT_THE_LEADS = frozenset({"list-view", "restriction", "child-joining", "supervision"})
"""Kinds of which the lead reads some records alone."""


def test_every_figure_of_every_report_that_moved_is_told_and_no_other(halves: Halves) -> None:
    council, position, found = halves
    store, lead = council.services.store, council.actor("lead")
    expected = set()
    with store.reading() as connection:
        before, after = as_at(store, connection, position=position), as_at(store, connection)
        sights = Sight(connection, before, lead), Sight(connection, after, lead)
        for report in reports():
            days = found.days.start, found.days.end
            queries = [one for sight in sights for one in report.compared_over(sight, *days)]
            assert queries or report.name == "quarterly"
            for query in {repr(one): one for one in queries}.values():
                sides = [_rows(report, sight, query) for sight in sights]
                for group in sides[0].keys() | sides[1].keys():
                    rows = [side.get(group) for side in sides]
                    names = {name for row in rows if row for name in row.figures}
                    expected |= {
                        (report.name, group, name)
                        for name in names
                        if shown(rows[0], name) != shown(rows[1], name)
                        and not report.told_elsewhere(name)
                    }
    told = {(one.report, tuple(one.group.items()), one.figure.name) for one in found.figures}
    assert told == expected
    assert {name for name, _, _ in told} >= {
        "agreement", "grades", "closing-the-loop", "indicators", "rag", "board", "learning-theme",
    }  # fmt: skip
    rated = [one for one in found.figures if (one.report, one.of) == ("rag", GETTING_TO_GOOD)]
    assert any(one.figure.old and one.figure.new for one in rated)
    counted = next(one for one in found.figures if one.figure.name == "raised")
    assert counted.audits


def test_the_records_that_moved_a_figure_are_those_of_lists_read_whole(halves: Halves) -> None:
    """What is read is only of records that do not stand alike at both moments."""
    council, position, found = halves
    store, lead = council.services.store, council.actor("lead")
    with store.reading() as connection:
        moments = as_at(store, connection, position=position), as_at(store, connection)
        sights = [Sight(connection, at, lead) for at in moments]
        for report in (one for one in reports() if one.name in ("agreement", "grades")):
            [query] = report.compared_over(sights[1], found.days.start, found.days.end)
            told = [one for one in found.figures if one.report == report.name]
            assert any(one.audits for one in told)
            for one in told:
                asked = FigureOf(query, one.figure.name, one.group)
                then, now = (report.behind(sight, asked) for sight in sights)
                differ = {key[0] for key in then | now if then.get(key) != now.get(key)}
                assert one.audits == sorted(differ)


def _rows(report: Any, sight: Sight, query: Any) -> Any:
    try:
        made = report.make(sight, query)
    except NotFound:
        return {}
    return {
        tuple((key, value) for key, value in row.group.items() if key != "day"): row
        for row in (*made.rows, *made.totals)
    }


def test_it_is_narrowed_by_kind_team_report_and_what_is_shown(halves: Halves) -> None:
    council, position, whole = halves

    def narrowed(**wanted: Any) -> Comparison:
        store = council.services.store
        with store.reading() as connection:
            return comparison.compare(
                council.services,
                connection,
                council.actor("lead"),
                as_at(store, connection, position=position),
                as_at(store, connection),
                ComparisonFilter(**wanted),
            )

    actions = narrowed(kinds=("action",), show="records")
    assert {one.kind for one in actions.records} == {"action"}
    assert not actions.figures
    assert not actions.others
    east = narrowed(team="east", show="records")
    assert {one.team for one in (*east.audits, *east.records)} == {"East"}
    loop = narrowed(reports=("closing-the-loop",), show="figures")
    assert {one.report for one in loop.figures} == {"closing-the-loop"}
    assert len(loop.figures) == sum(one.report == "closing-the-loop" for one in whole.figures)
    program, browser = council.program("lead"), council.browser("lead")
    for query, code in (
        ("kind=nothing", "kind-unknown"), ("report=nothing", "report-unknown"),
        ("team=nowhere", "team-unknown"), ("show=nothing", "show-unknown"),
    ):  # fmt: skip
        answer = program.get(f"/api/v1/compare?from_position={position}&{query}")
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["field"] == code.removesuffix("-unknown")
        assert answer.json()["code"] == code
        page = browser.get(f"/compare?from_position={position}&{query}")
        assert page.status_code == 422
        assert "There is a problem" in page.text


def test_a_board_takes_what_changed_since_its_last_meeting_as_a_document(halves: Halves) -> None:
    council = halves.council
    browser, program = council.browser("lead"), council.program("lead")
    href = re.search(r'href="(/compare\?since_meeting=([^"]+))"', browser.get("/compare").text)
    assert href
    since, own = "What changed since the meeting of", f"since_meeting={href[2]}"
    few = f"{own}&kind=case-audit&report=agreement"
    page = browser.get(f"{href[1]}&show=records")
    assert since in page.text
    word = Document(BytesIO(browser.get(f"/compare/export.docx?{few}").content))
    words = [one.text for one in word.paragraphs]
    assert any(since in one for one in words)
    assert {"In short", "How much moved", "Audits", "Figures"} <= {*words}
    told = {}
    for kind in ("pdf", "xlsx", "csv", "json"):
        file = program.get(f"/api/v1/compare.{kind}?{few}")
        assert file.status_code == 200, kind
        told[kind] = file.content
    assert told["pdf"].startswith(b"%PDF")
    assert len(load_workbook(BytesIO(told["xlsx"])).sheetnames) > 1
    assert b"Status" in told["csv"]
    assert {row["what"] for row in json.loads(told["json"])["rows"]} >= {"audit", "figure"}
    answer = program.get(f"/api/v1/compare?{own}&show=records").json()
    assert answer["kinds"]
    for asked, code in (
        ("since_meeting=nothing", "plan-unknown"),
        ("since_meeting=Getting to outstanding", "meeting-none"),
        (f"{own}&from_position=1", "since-both"),
        (f"{own}&to_position=1", "plan-unknown"),
        ("since_report=nothing", "published-unknown"),
        (f"since_report={'0' * 32}&{own}", "since-both"),
        ("from_position=1&first=2026-02-01&last=2026-01-01", "period-backwards"),
    ):
        assert program.get(f"/api/v1/compare?{asked}").json()["code"] == code


def test_a_document_holds_what_weighs_most_and_says_how_much_more_the_workbook_holds(
    halves: Halves,
) -> None:
    """Whatever moved, a board reads a few pages; Word, PDF and the first sheet say the same."""
    council, position, found = halves
    program = council.program("lead")
    asked = f"from_position={position}"
    pdf = PdfReader(BytesIO(program.get(f"/api/v1/compare.pdf?{asked}").content))
    assert len(pdf.pages) <= 20
    word = Document(BytesIO(program.get(f"/api/v1/compare.docx?{asked}").content))
    tables = [[[cell.text for cell in row.cells] for row in one.rows] for one in word.tables]
    book = load_workbook(BytesIO(program.get(f"/api/v1/compare.xlsx?{asked}").content))
    cells = {str(cell) for row in book.worksheets[0].values for cell in row if cell is not None}
    assert {text for table in tables for row in table for text in row if text} <= cells
    told = [one.text for one in word.paragraphs]
    kinds = {kind.label: kind for kind in found.kinds}
    audits = kinds["Audits"]
    assert f"Audits: {audits.added} added, {audits.changed} changed." in told
    for kind in found.kinds:
        own = [table for table in tables if table[0][0] == "Record"]
        assert all(len(table) <= MOST_RECORDS + 1 for table in own)
        left = kind.total - MOST_RECORDS
        if kind.kind in board_kinds(()) and left > 0:
            assert any(f"{left:,} more moved" in one for one in told)
    shown = sum(len(table) - 1 for table in tables if table[0][0] == "Figure")
    assert any(f"{found.figures_moved - shown:,} more moved" in one for one in told)
    csv = program.get(f"/api/v1/compare.csv?{asked}").text
    assert sum(line.startswith("figure") for line in csv.splitlines()) == found.figures_moved


def test_what_weighs_most_comes_first() -> None:
    def moved(name: str, how: str, *fields: str) -> RecordMoved:
        values = [MovedValue(one, one, "a", "b") for one in fields]
        return RecordMoved("case-audit", name, name, "", how, values, f"case-audit:{name}")

    records = [
        moved("A1", "added", "status", "final_grade"),
        moved("A2", "changed", "due_on"),
        moved("A3", "changed", "due_on", "status"),
        moved("A4", "changed", "final_grade"),
        moved("A5", "gone", "status"),
    ]
    ordered = [one.name for one in first_records(records, {"case-audit"})]
    assert ordered == ["A5", "A4", "A3", "A1", "A2"]
    assert [one.name for one in first_records(records, {"case-audit"}, 2)] == ["A5", "A4"]
    assert first_records(records, {"action"}) == []
    assert [one.name for one in weighty(records[2])] == ["status"]
    assert [one.name for one in weighty(records[1])] == ["due_on"]


def test_a_reader_is_told_only_of_records_that_their_histories_are_open_to_them(
    halves: Halves,
) -> None:
    council, position, found = halves
    asked = f"/api/v1/compare?from_position={position}&show=records&limit=200"
    answer = council.program("moderator").get(asked).json()
    moved = [*answer["audits"], *answer["records"]]
    whole = {one.record: one for one in (*found.audits, *found.records)}
    with council.services.store.reading() as connection:
        streams = {one.stream for one in whole.values()}
        open_to = streams_open_to(connection, council.actor("moderator"), streams)
    assert {one.get("record", one.get("audit")) for one in moved} <= {
        record for record, one in whole.items() if one.stream in open_to
    }
    assert 0 < len(moved) < len(whole)


def test_no_link_leads_to_where_its_reader_may_not_go(halves: Halves) -> None:
    """Everybody reads what became of their own account; its page is for those who read people."""
    council, _, _ = halves
    for handle, opens in (("lead", True), ("moderator", False)):
        page = council.browser(handle).get("/compare?from_position=1&kind=person&show=records").text
        assert f"Account of {handle.title()} Tree" in words_of(page)
        assert (f"/people/{council.ids[handle]}" in page) is opens
