"""References that a file writes otherwise than the record: one record, never two."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import pytest

from api.audits.importer import held_audits
from api.audits.named_audits import open_audits
from api.gate.current_actor import acting
from api.imports.about import AboutPlan
from api.imports.columns.references import as_on_record
from api.imports.files.tables import UnreadableCell, text_of
from api.imports.reading import read_sheet
from api.imports.run import run
from qa.core.naming import spelling_key
from qa.restrictions import handlers as restrictions
from qa.restrictions.commands import RestrictChild
from tests.imports.support import column
from tests.support.council import Council
from tests.support.given import codes_of

HEADINGS = "Audit reference,Child ref,Date of audit,Auditor,Team,Overall grade"
FIRST = [f"G-{n},500{n},0{n}/07/2025,Pat Sample,North,Good" for n in range(1, 6)]


def send(
    council: Council, rows: list[str], kind: str = "audits", headings: str = HEADINGS
) -> Mapping[str, Any]:
    sheet = read_sheet("tracker.csv", "\n".join([headings, *rows]).encode())
    return run(council.services, kind, sheet, by=council.actor("lead")).result or {}


def counts(result: Mapping[str, Any]) -> tuple[int, ...]:
    return tuple(result[name] for name in ("imported", "already_there", "corrected", "rejected"))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("QA/26/003", "qa/26/003", True),
        ("QA/26/003", "QA-26-003", True),
        ("QA/26/003", "QA – 26 003", True),
        ("QA/26/003", "QA26003", False),
        ("QA/26/003", "QA/26/3", False),
        ("A1-11", "A11-1", False),
        ("A-1", "A1", True),
        ("1.1", "1-1", False),
        ("A-1*", "A-1", False),
    ],
)
def test_spellings_of_one_reference_have_the_same_letters_and_figures_in_the_same_groups(
    one: str, other: str, same: bool
) -> None:
    assert (spelling_key(one) == spelling_key(other)) is same


def test_a_reference_is_read_as_it_is_on_record_where_only_one_is_spelt_like_it() -> None:
    sheet = column("reference", "a/1", "A/1", "b 2", "C3", None)
    there = {"x": ["A/1", "B-2", "B/2"]}
    found = as_on_record(sheet, {"x": "X"}, there, {"x": lambda ones: ones})
    cells = found.sheet.column("X")
    assert list(map(text_of, cells)) == ["A/1", "A/1", "b 2", "C3", ""]
    doubtful = cells[2]
    assert isinstance(doubtful, UnreadableCell)
    assert doubtful.code == "reference-doubtful"
    (note,) = found.notes
    assert (note.code, note.sentence) == (
        "reference-on-record", "Read as what is on record: “a/1” as A/1.",
    )  # fmt: skip
    assert found.written == sheet.written


def test_an_audit_spelt_otherwise_next_month_is_never_recorded_twice(
    small_council: Council,
) -> None:
    send(small_council, FIRST)
    again = [FIRST[0].replace("G-1", "g-1"), FIRST[1].replace("G-2", "G/2")]
    assert counts(send(small_council, again)) == (0, 2, 0, 0)
    of = "Audit ID,Moderation ref,Date moderated,Moderator,Moderated grade"
    moderated = send(
        small_council, ["g 1,M-1,2025-08-20,Kim Khan,Good"], kind="moderations", headings=of
    )
    assert counts(moderated) == (1, 0, 0, 0)
    twice = [FIRST[0].replace("G-1", one) for one in ("N-1", "n/1")]
    assert codes_of(lambda: send(small_council, twice)) == ["duplicate-reference"] * 2


def test_a_spelling_gives_away_no_record_that_is_closed_to_whoever_sends_the_file(
    small_council: Council,
) -> None:
    """The child of the first audit is restricted to somebody else."""
    send(small_council, FIRST)
    lead, other = (small_council.ids[one] for one in ("lead", "lead2"))
    why = "A child of a colleague."
    wanted = RestrictChild(child="5001", readers=(other,), why=why)
    restrictions.restrict(small_council.services.desk, wanted, by=small_council.actor("lead2"))
    sheet = column("reference", "g-1", "g-2")
    with small_council.services.store.reading() as connection:
        for who, told in ((lead, ["G-2"]), (other, ["G-1", "G-2"])):
            by = acting(connection, who, small_council.today)
            assert by is not None
            open_to = partial(open_audits, connection, by)
            there = held_audits(connection, AboutPlan())
            found = as_on_record(sheet, {"x": "X"}, {"x": there}, {"x": open_to})
            cells = map(text_of, found.sheet.column("X"))
            assert [one for one in cells if one[0] == "G"] == told
