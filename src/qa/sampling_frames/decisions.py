"""Decisions on sampling frames: what one may hold, what takes its place, what undoes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from qa.audits.decisions import child_faults
from qa.core.carry import carry
from qa.core.errors import Fault, refuse_any
from qa.core.event import Event
from qa.core.naming import reference_key
from qa.imports.changes import meet
from qa.people.teams import Team
from qa.sampling_frames.commands import ImportSamplingFrame
from qa.sampling_frames.events import SamplingFrameFrozen, SamplingFrameWithdrawn
from qa.sampling_frames.rows import STRATA, FrameCase, frame_hash, frame_id
from qa.sampling_frames.state import FrameOfCycle

MOST_CASES = 20_000
MOST_VALUES = 200
"""So many values a stratum may have: what has more divides nothing, and may name somebody."""


def freeze(
    command: ImportSamplingFrame, *, teams: Mapping[str, Team], today: date
) -> SamplingFrameFrozen:
    """The frame that a list gives a cycle, each case with the service of its team.

    Raises:
        Refused: every fault: no cycle or source, a day in the future, no cases or too many, one
            that is no reference or named twice, an unknown team, a stratum of too many values.
    """
    faults = command.faults()
    if command.listed_on > today:
        faults.append(Fault("listed_on", "date-future", "Enter today or a day before it."))
    if not 0 < len(command.cases) <= MOST_CASES:
        sentence = f"A frame has from 1 to {MOST_CASES:,} cases."
        faults.append(Fault("cases", "cases-missing", sentence))
    faults += _row_faults(command, teams)
    for name, words in STRATA.items():
        if len({getattr(one, name) for one in command.cases}) > MOST_VALUES:
            sentence = (
                f"{words} has more than {MOST_VALUES} different values: that divides nothing, and "
                "may name somebody. Leave the column out."
            )
            faults.append(Fault(name, "stratum-many", sentence))
    refuse_any(faults)
    cases = tuple(
        one.model_copy(update={"service": teams[one.team].service if one.team else ""})
        for one in command.cases
    )
    return carry(
        SamplingFrameFrozen,
        command,
        frame=frame_id(command.cycle),
        cases=cases,
        sha256=frame_hash(cases),
    )


def _row_faults(command: ImportSamplingFrame, teams: Mapping[str, Team]) -> Iterator[Fault]:
    seen: set[str] = set()
    for row, one in zip(command.lines, command.cases, strict=True):
        for fault in child_faults(one.case):
            yield Fault("case", fault.code, fault.sentence, row=row)
        if reference_key(one.case) in seen:
            yield Fault("case", "case-twice", "The case stands in an earlier row.", row=row)
        seen.add(reference_key(one.case))
        if one.team and one.team not in teams:
            yield Fault("team", "team-unknown", f"There is no team {one.team}.", row=row)
        if one.started_on is not None and one.started_on > command.listed_on:
            sentence = "It began after the day of the list."
            yield Fault("started_on", "date-after", sentence, row=row)


def on_record(
    frame: FrameOfCycle, frozen: SamplingFrameFrozen, *, row: int, corrects: bool
) -> bool:
    """Whether the cycle has this very frame.

    Raises:
        Refused: it has another, unless the file `corrects` it.
    """
    before = frame.frozen
    if before is None:
        return False
    contents = [
        {
            "list": each.read_from,
            "as_at": each.listed_on,
            **{f"case {one.case}": _describe(one) for one in each.cases},
        }
        for each in (before, frozen)
    ]
    found = meet(*contents, row=row, column="cycle", value=frozen.cycle, corrects=corrects)
    return found == "there"


def _describe(one: FrameCase) -> str:
    values = (one.team, one.started_on, *(getattr(one, name) for name in STRATA))
    return ", ".join(str(value) for value in values if value) or "listed"


def take_back(frame: FrameOfCycle, batch: str) -> list[Event]:
    """What undoes the frame of a batch, unless the cycle has another since: the frame before it, or
    that there is none."""
    if not frame.had or frame.had[-1].batch != batch:
        return []
    (was, _), before = frame.had[-1], frame.had[:-1]
    if before:
        return [before[-1].frozen]
    return [SamplingFrameWithdrawn(frame=was.frame, cycle=was.cycle)]
