"""What bringing in a file refuses, by name."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from api.imports.mapping import Field, map_headings, parse_map_options, read_map_file
from api.imports.reading import read_file
from api.imports.values import EARLIEST, parse_date
from tests.imports.support import BAD, GOOD, choose, record, upload
from tests.support.council import Council
from tests.support.given import codes_of
from tests.support.told_codes import ToldCodes


def test_a_date_that_cannot_be_meant_is_refused() -> None:
    assert parse_date(EARLIEST.isoformat()) == EARLIEST
    early = date.fromordinal(EARLIEST.toordinal() - 1)
    assert codes_of(lambda: parse_date(early.isoformat())) == ["date-too-early"]


def test_a_file_that_is_not_there_cannot_be_read(tmp_path: Path) -> None:
    assert codes_of(lambda: read_file(tmp_path / "nothing.csv")) == ["unreadable-file"]


def test_a_column_that_is_owed_is_named() -> None:
    known = (Field("reference", "Reference", required=True), Field("team", "Team"))
    mapping = map_headings(("Reference",), known, {})
    assert mapping.faults() == []
    missing = map_headings(("Team",), known, {}).faults()
    assert [(fault.field, fault.code) for fault in missing] == [("reference", "missing-column")]


def test_a_mapping_is_of_headings_to_fields(tmp_path: Path) -> None:
    assert codes_of(lambda: parse_map_options(["no sign", "=team"])) == ["bad-map", "bad-map"]
    file = tmp_path / "map.yaml"
    for text in ("- a list", "Ref: [1, 2]", "{", "1: reference"):
        file.write_text(text)
        assert codes_of(lambda: read_map_file(file)) == ["bad-map"]
    assert codes_of(lambda: read_map_file(tmp_path / "none.yaml")) == ["bad-map"]


def test_a_page_names_the_column_that_is_missing_and_the_rows_that_are_refused(
    small_council: Council, told_codes: ToldCodes
) -> None:
    lead = small_council.browser("lead")
    there = upload(lead, GOOD.replace("When", "Moon"))
    told_codes.taken()
    assert lead.get(there).status_code == 200
    assert told_codes.taken() == ["missing-column"]
    there = upload(lead, BAD)
    choose(lead, there, map_2="audit_date")
    told_codes.taken()
    head = small_council.services.store.head()
    assert record(lead, there).status_code == 422
    assert "rows-refused" in told_codes.taken()
    assert small_council.services.store.head() == head


def test_a_page_asks_what_becomes_of_rows_that_changed(
    small_council: Council, told_codes: ToldCodes
) -> None:
    lead = small_council.browser("lead")
    for text in (GOOD, GOOD.replace("Good,Good", "Inadequate,Good")):
        there = upload(lead, text)
        choose(lead, there, map_2="audit_date")
        told_codes.taken()
        answer = record(lead, there)
    assert (answer.status_code, told_codes.taken()) == (422, ["rows-changed"])


@pytest.mark.parametrize("bad", ["skip"])
def test_rows_are_left_out_when_that_is_chosen(small_council: Council, bad: str) -> None:
    lead = small_council.browser("lead")
    there = upload(lead, BAD)
    choose(lead, there, map_2="audit_date")
    assert record(lead, there, bad=bad).status_code == 303
