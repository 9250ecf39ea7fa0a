"""Every kind of record and every figure, at two moments of a council that uses every room."""

from __future__ import annotations

import json
import re
from io import BytesIO
from typing import Any, NamedTuple

import pytest
from docx import Document
from openpyxl import load_workbook

from api.history import comparison
from api.history.compared_records import LEFT_OUT, LEFT_OUT_STREAMS
from api.history.comparison import Comparison, ComparisonFilter
from api.history.reading import streams_open_to
from api.records.compared_kinds import BESIDE, compared_kinds
from api.records.kinds import kinds_of_stream
from api.reports.declaration import Sight, reports
from api.reports.moved import shown
from api.web.moments import as_at
from projections.core.base import is_versioned
from qa.core.errors import NotFound
from tests.conftest import NewCouncil
from tests.history.support import rows_at
from tests.support.council import Council
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
    assert {"How much moved", "Audits", "Figures"} <= {*words}
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
        ("from_position=1&first=2026-02-01&last=2026-01-01", "period-backwards"),
    ):
        assert program.get(f"/api/v1/compare?{asked}").json()["code"] == code


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
