"""Given these facts, when this is decided, then these facts, or this refusal.

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
from qa.core.fact import Fact, Meta, Recorded

S = TypeVar("S")
TODAY = date(2026, 3, 2)
START = datetime(2026, 3, 2, 9, tzinfo=UTC)


def recorded(fact: Fact, version: int, stream: str = "case-audit:a1") -> Recorded[Any]:
    """A fact as if it stood in the log at `version`."""
    return Recorded(
        position=version,
        stream=stream,
        version=version,
        recorded_at=START + timedelta(minutes=version),
        meta=Meta(
            fact_id=f"fact-{version}",
            effective_on=TODAY,
            by="p-auditor",
            in_role="auditor",
            correlation_id="c",
        ),
        fact=fact,
    )


@dataclass
class When:
    """What was decided, or what refused it."""

    facts: Sequence[Fact]
    error: CaseloopError | None

    def then(self, *expected: Fact | type[Fact]) -> Sequence[Fact]:
        """The facts are these, in this order: whole, or of these types."""
        assert self.error is None, self.error
        assert [type(f) for f in self.facts] == [
            each if isinstance(each, type) else type(each) for each in expected
        ]
        for fact, each in zip(self.facts, expected, strict=True):
            if not isinstance(each, type):
                assert fact == each
        return self.facts

    def nothing(self) -> None:
        assert self.error is None, self.error
        assert list(self.facts) == []

    def refused(self, *codes: str) -> CaseloopError:
        """It is refused with exactly these codes, in any order."""
        assert self.error is not None, f"nothing was refused: {self.facts}"
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
            pytest.fail(f"not refused with faults: {self.error or self.facts}")
        return {fault.field: fault.code for fault in self.error.faults}


@dataclass
class Given(Generic[S]):
    state: S

    def when(self, decide: Callable[[S], Sequence[Fact]]) -> When:
        try:
            return When(decide(self.state), None)
        except CaseloopError as error:
            return When((), error)


def given(initial: S, evolve: Callable[[S, Recorded[Any]], S], *facts: Fact) -> Given[S]:
    """The state that `facts` leave behind."""
    state = initial
    for version, fact in enumerate(facts, start=1):
        state = evolve(state, recorded(fact, version))
    return Given(state)
