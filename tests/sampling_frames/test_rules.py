"""What a sampling frame may hold, its hash, what takes its place and what undoes it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import date, timedelta

import pytest

from qa.core.errors import Refused
from qa.imports.commands.batches import File
from qa.people.teams import Team
from qa.sampling_frames import decisions
from qa.sampling_frames.commands import ImportSamplingFrame
from qa.sampling_frames.events import SamplingFrameFrozen, SamplingFrameWithdrawn
from qa.sampling_frames.rows import STRATA, FrameCase, FrameLeftOut, frame_hash, frame_id
from qa.sampling_frames.state import FrameOfCycle, FrozenBy
from tests.support.given import codes_of

TODAY = date(2026, 3, 2)
DAY = date(2026, 2, 28)
TEAMS = {"east": Team("east", "East", "quality", "Quality")}
FILE = File("list.csv", "ab" * 32, 1, 0, {})


def frozen(cases: Sequence[FrameCase], **other: object) -> SamplingFrameFrozen:
    asked = {"cycle": "Quarter 4", "read_from": "list 6", "listed_on": DAY, "source": "Cases"}
    command = ImportSamplingFrame(
        file=FILE,
        cases=tuple(cases),
        lines=tuple(range(2, len(cases) + 2)),
        left_out=FrameLeftOut(again=1),
        **{**asked, **other},  # type: ignore[arg-type]
    )
    return decisions.freeze(command, teams=TEAMS, today=TODAY)


def test_a_frame_is_frozen_with_services_hash_and_what_was_left_out() -> None:
    cases = [FrameCase(case="C-2", team="east", status="Open"), FrameCase(case="C-1")]
    found = frozen(cases)
    assert found.frame == frame_id(" quarter  4")
    assert [(one.case, one.service) for one in found.cases] == [("C-2", "quality"), ("C-1", "")]
    assert found.left_out.again == 1
    assert found.sha256 == frame_hash(reversed(found.cases))


def test_the_hash_is_what_anybody_works_out_by_the_words_of_its_description() -> None:
    cases = [
        FrameCase(case="C-10", team="east", service="quality", started_on=DAY, need="Nöt “N1”"),
        FrameCase(case="C-2", kind="Plan"),
    ]
    lines = [
        '["C-10","east","2026-02-28","","","","Nöt “N1”","",""]\n',
        '["C-2","","","Plan","","","","",""]\n',
    ]
    assert list(STRATA) == ["kind", "status", "referral_source", "need", "outcome", "placement"]
    assert [len(json.loads(line)) for line in lines] == [3 + len(STRATA)] * 2
    assert frame_hash(cases) == hashlib.sha256("".join(lines).encode()).hexdigest()
    assert frame_hash(cases[:1]) != frame_hash(cases)


@pytest.mark.parametrize(
    ("cases", "other", "codes"),
    [
        ([FrameCase(case="C-1")], {"cycle": " "}, ["cycle-missing"]),
        ([FrameCase(case="C-1")], {"cycle": "x" * 101}, ["cycle-long"]),
        ([FrameCase(case="C-1")], {"read_from": "x" * 121}, ["read-from-long"]),
        ([FrameCase(case="C-1")], {"source": ""}, ["source-missing"]),
        ([FrameCase(case="C-1")], {"source": "x" * 201}, ["source-long"]),
        ([FrameCase(case="C-1")], {"listed_on": TODAY + timedelta(days=1)}, ["date-future"]),
        ([], {}, ["cases-missing"]),
        ([FrameCase(case="C-1"), FrameCase(case="c-1")], {}, ["case-twice"]),
        ([FrameCase(case="Alex Ash"), FrameCase(case="C-1", team="west")], {},
         ["child-malformed", "team-unknown"]),
        ([FrameCase(case="C-1", started_on=DAY + timedelta(days=1))], {}, ["date-after"]),
    ],
)  # fmt: skip
def test_what_no_frame_may_hold_is_refused_whole_with_every_fault(
    cases: list[FrameCase], other: dict[str, object], codes: list[str]
) -> None:
    assert codes_of(lambda: frozen(cases, **other)) == codes


def test_a_list_may_be_of_today_and_a_case_of_its_day() -> None:
    found = frozen([FrameCase(case="C-1", started_on=TODAY)], listed_on=TODAY)
    assert (found.listed_on, found.cases[0].started_on) == (TODAY, TODAY)


def test_a_stratum_divides_and_names_nobody() -> None:
    def many(number: int) -> list[FrameCase]:
        return [FrameCase(case=f"C-{at}", need=f"Need {at}") for at in range(number)]

    assert len(frozen(many(200)).cases) == 200
    assert codes_of(lambda: frozen(many(201))) == ["stratum-many"]


def test_a_fault_of_a_row_names_the_row_of_the_file() -> None:
    with pytest.raises(Refused) as refused:
        frozen([FrameCase(case="C-1"), FrameCase(case="C-2", team="west")])
    assert [(one.field, one.row) for one in refused.value.faults] == [("team", 3)]


def test_another_frame_of_the_cycle_takes_its_place_for_a_reason_alone() -> None:
    first, second = frozen([FrameCase(case="C-1")]), frozen([FrameCase(case="C-2", status="Open")])
    none, held = FrameOfCycle(), FrameOfCycle((FrozenBy(first, "1"),))
    assert not decisions.on_record(none, first, row=2, corrects=False)
    assert decisions.on_record(held, first, row=2, corrects=False)
    same_cases = frozen([FrameCase(case="C-1")], source="Another name of the file")
    assert decisions.on_record(held, same_cases, row=2, corrects=False)
    other = frozen([FrameCase(case="C-1")], read_from="list 7")
    for differs in (second, other):
        with pytest.raises(Refused) as refused:
            decisions.on_record(held, differs, row=2, corrects=False)
        assert [one.code for one in refused.value.faults] == ["already-imported-otherwise"]
        assert not decisions.on_record(held, differs, row=2, corrects=True)


def test_undoing_puts_the_frame_before_it_back_or_leaves_none() -> None:
    first, second = frozen([FrameCase(case="C-1")]), frozen([FrameCase(case="C-2")])
    both = FrameOfCycle((FrozenBy(first, "1"), FrozenBy(second, "2")))
    assert decisions.take_back(both, "2") == [first]
    assert decisions.take_back(both, "1") == []
    assert decisions.take_back(FrameOfCycle(), "1") == []
    gone = SamplingFrameWithdrawn(frame=first.frame, cycle="Quarter 4")
    assert decisions.take_back(FrameOfCycle(both.had[:1]), "1") == [gone]
    again = FrameOfCycle((*both.had, FrozenBy(first, "3")))
    assert decisions.take_back(again, "1") == []  # The same cases, of another file.
    assert decisions.take_back(again, "3") == [second]
