"""What can be asked of sampling frames."""

from __future__ import annotations

from typing import Annotated

from qa.core.command import Command
from qa.core.fields import FieldWords
from qa.imports.commands.batches import BatchMade, File
from qa.sampling_frames import events
from qa.sampling_frames.rows import FrameCase, FrameLeftOut


class ImportSamplingFrame(Command, result=BatchMade):
    """Freeze the cases of a file as what audits of a cycle are drawn from; the same frame twice
    adds nothing. `lines` are the rows of the file that the cases stand in."""

    file: Annotated[File, FieldWords(label="File")]
    cycle: events.Cycle
    read_from: events.ReadFrom
    listed_on: events.ListedOn
    source: events.FrameSource
    cases: Annotated[tuple[FrameCase, ...], FieldWords(label="Cases")]
    lines: Annotated[tuple[int, ...], FieldWords(label="Rows")]
    left_out: Annotated[FrameLeftOut, FieldWords(label="Rows left out")]
