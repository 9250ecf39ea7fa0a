"""Sampling frames of a small council, sent as files."""

from __future__ import annotations

from datetime import date
from typing import Any

from api.imports.about import AboutPlan
from api.imports.answers import ImportAnswers
from api.imports.reading import read_sheet
from api.imports.run import ImportChoices, Outcome, run
from projections.sampling_frames import queries
from projections.sampling_frames.tables import FrameCaseRow, SamplingFrameRow
from tests.support.council import Council

DAY = date(2026, 2, 28)
CYCLE = "Quarter 4 of 2025/26"
OWN = "Child reference,Team,Status,Start date,Closed on"


def send_frame(
    council: Council,
    headings: str,
    *rows: str,
    cycle: str = CYCLE,
    on: date | None = DAY,
    said: dict[str, Any] | None = None,
    **how: Any,
) -> Outcome:
    """A list sent as the frame of a cycle by a QA lead."""
    sheet = read_sheet("list.csv", "\n".join([headings, *rows]).encode())
    constants = {"cycle": cycle, **(said or {}).pop("constants", {})} if cycle else {}
    answers = ImportAnswers(constants=constants, **(said or {}))
    about = AboutPlan(as_at=on, source="The case system")
    choices = ImportChoices(about=about, answers=answers, **how)
    return run(council.services, "sampling-frame", sheet, choices, by=council.actor("lead"))


def frames(council: Council) -> list[SamplingFrameRow]:
    with council.services.store.reading() as connection:
        return queries.frames(connection)


def cases(council: Council) -> list[FrameCaseRow]:
    """The cases of the only frame."""
    (frame,) = frames(council)
    with council.services.store.reading() as connection:
        return queries.cases(connection, frame.frame, None)
