"""Given these events, when this is decided, then these events, or this refusal.

given(CaseAudit(), evolve, Allocated(...), Started(...)).when(lambda audit: submit(audit, ...))
    .then(CaseAuditSubmitted)
….refused("rationale-short", at="rationale")
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Generic, TypeVar

import pytest

from qa.core.errors import CaseloopError, Refused
from qa.core.event import Event, Meta, RecordedEvent

S = TypeVar("S")
TODAY = date(2026, 3, 2)
START = datetime(2026, 3, 2, 9, tzinfo=UTC)


def recorded(
    event: Event, version: int, stream: str = "case-audit:a1", on: date = TODAY
) -> RecordedEvent[Any]:
    """An event as if it stood in the log at `version`, true of the day `on`."""
    return RecordedEvent(
        position=version,
        stream=stream,
        version=version,
        recorded_at=START + timedelta(minutes=version),
        meta=Meta(
            fact_id=f"fact-{version}",
            effective_on=on,
            by="p-auditor",
            in_role="auditor",
            correlation_id="c",
        ),
        event=event,
    )


@dataclass
class When:
    """What was decided, or what refused it."""

    events: Sequence[Event]
    error: CaseloopError | None

    def then(self, *expected: Event | type[Event]) -> Sequence[Event]:
        """The events are these, in this order: whole, or of these types."""
        assert self.error is None, self.error
        assert [type(f) for f in self.events] == [
            each if isinstance(each, type) else type(each) for each in expected
        ]
        for event, each in zip(self.events, expected, strict=True):
            if not isinstance(each, type):
                assert event == each
        return self.events

    def nothing(self) -> None:
        assert self.error is None, self.error
        assert list(self.events) == []

    def refused(self, *codes: str) -> CaseloopError:
        """It is refused with exactly these codes, in any order."""
        assert self.error is not None, f"nothing was refused: {self.events}"
        found = (
            [fault.code for fault in self.error.faults]
            if isinstance(self.error, Refused)
            else [self.error.code]
        )
        assert sorted(found) == sorted(codes)
        return self.error

    def faults(self) -> dict[str, str]:
        """The refusal's faults: field → code."""
        if not isinstance(self.error, Refused):
            pytest.fail(f"not refused with faults: {self.error or self.events}")
        return {fault.field: fault.code for fault in self.error.faults}


@dataclass
class Given(Generic[S]):
    state: S

    def when(self, decide: Callable[[S], Sequence[Event]]) -> When:
        try:
            return When(decide(self.state), None)
        except CaseloopError as error:
            return When((), error)


def given(initial: S, evolve: Callable[[S, RecordedEvent[Any]], S], *events: Event) -> Given[S]:
    """The state that `events` leave behind."""
    state = initial
    for version, event in enumerate(events, start=1):
        state = evolve(state, recorded(event, version))
    return Given(state)


def codes_of(rule: Callable[[], object]) -> list[str]:
    """The codes that a rule refuses with; none where it lets things be."""
    try:
        rule()
    except Refused as refused:
        return [fault.code for fault in refused.faults]
    except CaseloopError as error:
        return [error.code]
    return []
