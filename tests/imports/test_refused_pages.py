"""What bringing in a file refuses, by name."""

from __future__ import annotations

import re
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


def boxes_of(page: str) -> dict[str, str]:
    """What a browser without scripts sends of the page's form when nothing is changed."""
    form = page.partition("/columns")[2].partition("</form>")[0]
    found = dict(re.findall(r'<input[^>]* name="([^"]+)"[^>]* type="text" value="([^"]*)"', form))
    for name, items in re.findall(r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'<option value="([^"]*)" selected', items)
        found[name] = chosen[1] if chosen else ""
    return found


def test_what_was_chosen_and_not_shown_is_shown_before_it_is_recorded(
    small_council: Council, told_codes: ToldCodes
) -> None:
    lead, store = small_council.browser("lead"), small_council.services.store
    there, head = upload(lead, GOOD), store.head()
    choose(lead, there, map_2="audit_date")
    drawn = boxes_of(lead.get(there).text)
    assert {"map.0", "map.2", "map.5"} <= drawn.keys()
    told_codes.taken()
    left_out = {**drawn, "map.5": "ignore", "keep_as": "Monthly"}
    answer = record(lead, there, **left_out)
    assert (answer.status_code, told_codes.taken()) == (422, ["chosen-otherwise"])
    assert 'value="Monthly"' in answer.text
    assert store.head() == head
    again = boxes_of(lead.get(there).text)
    assert again["map.5"] == "ignore"
    assert record(lead, there, **again).status_code == 303
    assert store.head() > head
