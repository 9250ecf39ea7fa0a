"""A long file is recorded in parts, so that nobody else who saves has to wait for all of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal, Protocol

from api.imports.outcome import ImportRow
from api.imports.pace import Pace
from qa.authorisation.context import Desk, Once
from qa.core.errors import CaseloopError
from qa.store.ahead import Overtaken, TurnTaken

LONG = 500
"""Rows up to which a file is recorded at once."""
Stage = Literal["check", "parts", "whole"]
Watch = Callable[[int, int, Stage], bool]
"""Told how many rows of how many are checked, row by row; then how many are recorded, before each
part; or, of a kind that is recorded as a whole, how many it has met. It answers whether to go on,
which is not asked any more once a whole is begun."""
STOPPED = "It was stopped."
BREATH = 0.01
"""Seconds between the parts that another process than the service records. Whoever waits for a file
of SQLite looks every millisecond whether it is still locked."""


def let_others_save() -> None:
    time.sleep(BREATH)


class ImportStopped(Exception):
    """Ends a check that is not to be gone on with."""


def checking(watch: Watch | None) -> Callable[[int, int], None] | None:
    """Tells how far a check is. What it gives raises `ImportStopped`."""
    if watch is None:
        return None

    def tell(done: int, total: int) -> None:
        if not watch(done, total, "check"):
            raise ImportStopped

    return tell


def nothing_recorded(rows: Sequence[ImportRow], *, left: int) -> dict[str, Any]:
    """What a file that was stopped before the first row was recorded is answered with."""
    none = {"batch": None, "imported": 0, "corrected": 0, "already_there": 0}
    return {**none, "rejected": left, "not_reached": len(rows), "because": STOPPED}


def go_on(done: int, total: int, stage: Stage) -> bool:
    """Watches an import that nobody follows or stops."""
    if stage == "parts":
        let_others_save()
    return True


class RecordPart(Protocol):
    """Records rows as a part of the batch that what is given beside says of its file."""

    def __call__(
        self, desk: Desk, rows: Sequence[ImportRow], /, *, once: Once | None, **of_file: Any
    ) -> Mapping[str, Any]: ...


def as_whole(
    record: RecordPart,
    desk: Desk,
    rows: Sequence[ImportRow],
    *,
    left: int,
    once: Once | None,
    watch: Watch | None,
) -> Mapping[str, Any]:
    """Record rows that a rehearsal accepted, all of them or none."""
    if watch is None:
        return record(desk, rows, once=once)
    if not watch(0, len(rows), "whole"):
        return nothing_recorded(rows, left=left)
    own_desk = replace(desk, progress=lambda done, total: watch(done, total, "whole"))
    return record(own_desk, rows, once=once)


def _recorded(
    record: RecordPart, ahead: Desk, part: Sequence[ImportRow], **options: Any
) -> Mapping[str, Any]:
    """Record a part that is made ready before others have to wait for it; where somebody else saved
    meanwhile, they wait for all of it."""
    try:
        return record(ahead, part, **options)
    except Overtaken:
        assert ahead.ahead is not None
        ahead.ahead.seconds = 0.0
        return record(replace(ahead, ahead=None), part, **options)


def in_parts(
    record: RecordPart,
    desk: Desk,
    rows: Sequence[ImportRow],
    *,
    left: int,
    once: Once | None,
    watch: Watch | None,
) -> dict[str, Any]:
    """Record rows that a rehearsal accepted, a part after the other, all into one batch, which
    tells of the `left` rows that are left out too.

    What comes between ends it, and the answer says why and how many rows were not reached; nothing
    is recorded where it comes before the first part is.
    """
    total = {"imported": 0, "corrected": 0, "already_there": 0}
    batch, done, because = None, 0, ""
    pace, taken = Pace(desk.store), TurnTaken()
    ahead = replace(desk, ahead=taken)
    while done < len(rows):
        if watch is not None and not watch(done, len(rows), "parts"):
            because = STOPPED
            break
        part = rows[done : done + pace.next()]
        key = None if once is None else Once(f"{once.key} from {part[0].row}", once.request)
        # The batch begins with the first row that is not on record, and tells of those before it.
        there = 0 if batch else done
        rejected = 0 if batch else left
        count = there + len(part) + rejected
        try:
            of_file = {"rows": count, "rejected": rejected, "there": there}
            made = _recorded(record, ahead, part, once=key, batch=batch or "", **of_file)
        except CaseloopError as error:
            if not done:
                raise
            because = error.sentence
            break
        pace.saved(len(part), taken.seconds)
        batch = made["batch"] or batch
        total = {name: sum_ + made[name] for name, sum_ in total.items()}
        total["already_there"] -= there
        done += len(part)
    return {
        "batch": batch,
        **total,
        "rejected": left,
        "not_reached": len(rows) - done,
        "because": because,
    }
