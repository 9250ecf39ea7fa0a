"""A long file in parts: what stops it is told, it goes on where it stopped, and it is one batch."""

from __future__ import annotations

from typing import Any

import pytest

from api.imports import pace, parts
from api.imports import run as of_run
from api.imports.answers import ImportAnswers
from api.imports.files.tables import SheetRows
from api.imports.parts import Stage
from api.imports.reading import read_sheet
from projections.core.verify import verify
from projections.imports import queries
from projections.imports.tables import BatchRow
from qa.authorisation.context import Once
from qa.core.errors import Refused
from qa.imports.reversal_commands import ReverseImport
from qa.imports.reversal_handlers import reverse_import
from qa.store.ahead import UnitAhead
from tests.support.council import Council

HEADINGS = "Audit reference,Child ref,Date of audit,Auditor,Team,Overall grade"
ROWS = [f"L-{n},60{n},0{n}/07/2025,Pat Sample,North,Good" for n in range(1, 8)]


@pytest.fixture(autouse=True)
def few_rows_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(of_run, "LONG", 3)
    monkeypatch.setattr(pace, "MOST", 2)


def read(rows: list[str]) -> SheetRows:
    return read_sheet("long.csv", "\n".join([HEADINGS, *rows]).encode())


def send(council: Council, rows: list[str], refused: str = "", **how: Any) -> dict[str, Any]:
    choices = of_run.ImportChoices(answers=ImportAnswers(refused=refused))
    lead = council.actor("lead")
    done = of_run.run(council.services, "audits", read(rows), choices, by=lead, **how)
    return dict(done.result or {})


def counts(row: BatchRow) -> tuple[int, ...]:
    return row.rows, row.imported, row.already_there, row.corrected, row.rejected


def test_a_long_file_is_one_batch_and_is_undone_as_one(small_council: Council) -> None:
    told: list[tuple[int, int]] = []

    def watch(done: int, total: int, stage: Stage) -> bool:
        if stage == "parts":
            told.append((done, total))
        return True

    bad = "L-8,608,08/07/2025,Pat Sample,North,Splendid"
    again = Once("a-key-of-a-form", "the same request")
    made = send(small_council, [*ROWS, bad], refused="leave-out", watch=watch, once=again)
    assert told == [(0, 7), (2, 7), (4, 7), (6, 7)]
    assert (made["imported"], made["rejected"], made["not_reached"]) == (7, 1, 0)
    head = small_council.services.store.head()
    assert send(small_council, [*ROWS, bad], refused="leave-out", once=again) == made
    assert small_council.services.store.head() == head
    with small_council.services.store.reading() as connection:
        (batch,) = queries.batches(connection)
    assert counts(batch) == (8, 7, 0, 0, 1)
    asked = ReverseImport(batch=batch.batch, reason="The wrong year.")
    undone = reverse_import(small_council.services.desk, asked, by=small_council.actor("lead"))
    assert undone.response["records"] == 7


def test_what_stops_it_is_told_and_the_file_goes_on_where_it_stopped(
    small_council: Council,
) -> None:
    stopped = send(
        small_council, ROWS, watch=lambda done, total, stage: stage == "check" or done < 4
    )
    assert (stopped["imported"], stopped["not_reached"]) == (4, 3)
    assert stopped["because"] == parts.STOPPED
    rest = send(small_council, ROWS)
    assert (rest["imported"], rest["already_there"], rest["not_reached"]) == (3, 4, 0)
    assert send(small_council, ROWS)["batch"] is None
    with small_council.services.store.reading() as connection:
        assert [counts(one)[:3] for one in queries.batches(connection)] == [(7, 3, 4), (4, 4, 0)]


def test_nothing_is_recorded_where_one_row_of_any_part_is_refused(small_council: Council) -> None:
    send(small_council, ROWS[6:])
    head = small_council.services.store.head()
    with pytest.raises(Refused) as refused:
        send(small_council, [*ROWS[:6], ROWS[6].replace("Good", "Inadequate")])
    assert [fault.row for fault in refused.value.faults] == [8]
    assert small_council.services.store.head() == head


def test_a_batch_that_is_undone_meanwhile_goes_no_further(small_council: Council) -> None:
    services, lead = small_council.services, small_council.actor("lead")

    def watch(done: int, total: int, stage: Stage) -> bool:
        if stage == "parts" and done == 2:
            with services.store.reading() as connection:
                (batch,) = queries.batches(connection)
            asked = ReverseImport(batch=batch.batch, reason="The wrong file.")
            reverse_import(services.desk, asked, by=lead)
        return True

    ended = send(small_council, ROWS, watch=watch)
    assert (ended["imported"], ended["not_reached"]) == (2, 5)
    assert ended["because"] == "The import was undone before it was through."


TEAMS = ["Team,Service", *(f"Team {n},Help" for n in range(1, 8))]


@pytest.mark.parametrize("stopped_at", [None, "check", "whole"])
def test_a_kind_that_is_recorded_whole_is_checked_first_and_can_be_stopped_until_then(
    small_council: Council, stopped_at: Stage | None
) -> None:
    told: list[tuple[Stage, int, int]] = []

    def watch(done: int, total: int, stage: Stage) -> bool:
        told.append((stage, done, total))
        return stage != stopped_at or (stage == "check" and done < 3)

    admin, head = small_council.actor("admin"), small_council.services.store.head()
    sheet = read_sheet("teams.csv", "\n".join(TEAMS).encode())
    done = of_run.run(small_council.services, "teams", sheet, by=admin, watch=watch)
    result = dict(done.result or {})
    if stopped_at is not None:
        assert (result["batch"], result["not_reached"]) == (None, 7)
        assert result["because"] == parts.STOPPED
        assert small_council.services.store.head() == head
        assert told[-1] == (stopped_at, 3 if stopped_at == "check" else 0, 7)
        return
    assert (result["imported"], result.get("not_reached", 0)) == (7, 0)
    each = [("check", done, 7) for done in range(8)]
    assert told == [*each, ("whole", 0, 7), *(("whole", done, 7) for done in range(8))]


def test_what_others_save_while_a_part_is_made_ready_does_not_get_into_it(
    small_council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_ready, overtaken = UnitAhead._make_ready, list[str]()

    def slowly(unit: UnitAhead) -> None:
        make_ready(unit)
        if len(overtaken) < 2:
            overtaken.append(small_council.allocated())

    monkeypatch.setattr(UnitAhead, "_make_ready", slowly)
    made = send(small_council, ROWS)
    assert (made["imported"], made["not_reached"], len(overtaken)) == (7, 0, 2)
    services = small_council.services
    assert verify(services.store, services.registry) == []
