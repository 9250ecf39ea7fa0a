"""Carries out the commands on sampling frames."""

from __future__ import annotations

from qa.authorisation.context import Work
from qa.authorisation.handling import handles
from qa.imports.commands.batches import BatchMade, close_batch
from qa.people.loading import load_organisation
from qa.sampling_frames import decisions
from qa.sampling_frames.commands import ImportSamplingFrame
from qa.sampling_frames.events import frame_stream
from qa.sampling_frames.state import FrameOfCycle, evolve


@handles(ImportSamplingFrame)
def import_frame(command: ImportSamplingFrame, work: Work) -> BatchMade:
    work.require("import")
    file, batch, cases = command.file, work.new_id(), len(command.cases)
    teams = load_organisation(work).teams
    frozen = decisions.freeze(command, teams=teams, today=work.today)
    stream = frame_stream(frozen.frame)
    frame = work.unit.load(stream, evolve, FrameOfCycle())
    if decisions.on_record(frame, frozen, row=command.lines[0], corrects=bool(file.corrects)):
        return close_batch(work, batch, "sampling-frame", file, 0, cases)
    replaces = frame.frozen is not None
    work.append(
        stream,
        frozen,
        reason=file.corrects if replaces else None,
        source=file.source(batch, command.lines[0]),
    )
    new, corrected = (0, cases) if replaces else (cases, 0)
    return close_batch(work, batch, "sampling-frame", file, new, 0, corrected)
