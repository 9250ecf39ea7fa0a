"""The refusals: one small hierarchy, each with a stable code, one sentence for a person and, where
there is one, the field it belongs to.

The API turns a refusal into an RFC 9457 problem document with `status`; a page puts the sentence
next to the field. No refusal ever carries case text.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with one input.

    `field` is a dotted path (``judgements.assessment.grade``); `row` (as a spreadsheet numbers its
    rows) and `column` are given where the input was a file, with the value as it stood there.
    """

    field: str
    code: str
    sentence: str
    row: int | None = None
    column: str | None = None
    value: str | None = None


class CaseloopError(Exception):
    """Root of every error that Caseloop raises on purpose."""

    status = 500
    code = "error"
    title = "Something went wrong"

    def __init__(self, sentence: str, *, field: str | None = None, code: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field
        if code is not None:
            self.code = code


class Refused(CaseloopError):
    """The input breaks a rule (422). Carries every fault found, not only the first."""

    status = 422
    code = "refused"
    title = "There is a problem with what was entered"

    def __init__(
        self, faults: Iterable[Fault] | str, *, field: str | None = None, code: str | None = None
    ) -> None:
        if isinstance(faults, str):
            self.faults: tuple[Fault, ...] = (Fault(field or "", code or self.code, faults),)
        else:
            self.faults = tuple(faults)
        first = self.faults[0]
        super().__init__(first.sentence, field=first.field or None, code=code)


class NotSignedIn(CaseloopError):
    """No valid session or token came with the request (401)."""

    status = 401
    code = "not-signed-in"
    title = "Sign in first"


class Forbidden(CaseloopError):
    """The policy table says no (403). `rule` names the line of the table."""

    status = 403
    code = "forbidden"
    title = "You do not have access to this"

    def __init__(self, sentence: str, *, rule: str = "", field: str | None = None) -> None:
        super().__init__(sentence, field=field)
        self.rule = rule


class NotFound(CaseloopError):
    """Unknown, or not to be known by this reader: the two are never told apart (404)."""

    status = 404
    code = "not-found"
    title = "Page or record not found"


class Conflict(CaseloopError):
    """The record does not stand where the command needs it (409)."""

    status = 409
    title = "The record has moved on"


class MovedOn(Conflict):
    """Somebody else wrote to the stream first. `current` is its version now."""

    code = "moved-on"

    def __init__(self, sentence: str, *, current: int | None = None) -> None:
        super().__init__(sentence)
        self.current = current


class NotNow(Conflict):
    """The command does not fit the state the record is in (for example: already submitted)."""

    code = "not-now"


class KeyReused(CaseloopError):
    """An idempotency key came back with a different request (422)."""

    status = 422
    code = "idempotency-key-reused"
    title = "This idempotency key was used for another request"


class HeldOff(Refused):
    """Too many guesses at a password: wait this many `seconds` (429)."""

    status = 429
    code = "held-off"
    title = "Wait before you try again"

    def __init__(self, sentence: str, *, seconds: int, field: str | None = None) -> None:
        super().__init__(sentence, field=field)
        self.seconds = seconds


class Unavailable(CaseloopError):
    """The store cannot answer just now: busy, full, or gone (503). Nothing was saved."""

    status = 503
    code = "store-unavailable"
    title = "Caseloop cannot reach its records just now"


class ClockDoubted(Unavailable):
    """The machine's clock jumped, or seems to have (503). Nothing was saved."""

    code = "clock-doubted"
    title = "The clock of this machine cannot be right"


class FiguresBehind(CaseloopError):
    """What should be published rests on read models that do not hold every event (503)."""

    status = 503
    code = "figures-behind"
    title = "These figures are behind"


class Damaged(CaseloopError):
    """A stored event cannot be read. The reader stops here rather than skip it."""

    code = "damaged-fact"
    title = "A stored fact cannot be read"

    def __init__(self, sentence: str, *, position: int | None = None) -> None:
        super().__init__(sentence)
        self.position = position


def refuse_any(faults: Iterable[Fault]) -> None:
    """Raise `Refused` with every one of the faults, if there are any."""
    found = tuple(faults)
    if found:
        raise Refused(found)
