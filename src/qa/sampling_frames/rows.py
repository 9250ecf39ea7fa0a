"""A case of a sampling frame, why rows of a list are none of it, and the hash over its cases."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import date
from typing import Annotated, Protocol

from qa.core.fields import FieldWords
from qa.core.frozen import Frozen
from qa.imports.rows import imported_id

STRATA = {
    "kind": "Kind of plan or work",
    "status": "Status",
    "referral_source": "Source of referral",
    "need": "Need or category",
    "outcome": "Outcome",
    "placement": "Placement or accommodation",
}
"""What the cases of a frame can be divided by, beside their teams: nothing that tells who a child
is."""


def frame_id(cycle: str) -> str:
    """The id of the frame of a cycle: the same for ever, however the name is spaced or spelt."""
    return imported_id("sampling-frame", " ".join(cycle.casefold().split()))


class FrameCase(Frozen):
    """A case as the list gives it: the reference of the child, its team with the service where the
    list names one, the day on which what is listed began, and what it can be divided by."""

    case: str
    team: str = ""
    service: str = ""
    started_on: date | None = None
    kind: str = ""
    status: str = ""
    referral_source: str = ""
    need: str = ""
    outcome: str = ""
    placement: str = ""


class FrameLeftOut(Frozen):
    """How many rows of the list are no cases of the frame, by cause."""

    restricted: Annotated[int, FieldWords(label="Rows about restricted children")] = 0
    closed: Annotated[int, FieldWords(label="Rows closed by that day")] = 0
    later: Annotated[int, FieldWords(label="Rows begun after that day")] = 0
    again: Annotated[int, FieldWords(label="Further rows about the same child")] = 0


class HashedCase(Protocol):
    """What is hashed of a case, in this order, and before it the reference."""

    @property
    def case(self) -> str: ...
    @property
    def team(self) -> str: ...
    @property
    def started_on(self) -> date | str | None: ...


def frame_hash(cases: Iterable[HashedCase]) -> str:
    """The SHA-256 of a frame, whatever order its rows stood in.

    Each case is a line: a JSON array without blanks of the reference, the code of the team, the day
    (``2026-02-28``, or nothing) and the strata in their order, all of them texts. The lines are
    sorted by their UTF-8 bytes, and each ends in a line feed.
    """
    lines = sorted(_line(one) for one in cases)
    return hashlib.sha256("".join(f"{line}\n" for line in lines).encode()).hexdigest()


def _line(one: HashedCase) -> str:
    values = [one.case, one.team, str(one.started_on or ""), *(getattr(one, s) for s in STRATA)]
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))
