"""Events of case audits in a few words, for the tests of what is read from them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from projections.agreement.counting import VersionScales
from projections.agreement.model import AgreementReport
from projections.agreement.question import AgreementQuestion
from projections.agreement.report import report
from projections.core.base import Projector
from projections.core.registry import Registry
from projections.figures.figure import Figure
from qa.audit_tools.definition import ChildStatus
from qa.audits import events as audit_events
from qa.audits.judgements import AuditContent, DomainJudgement, ModeratedJudgement
from qa.audits.moderation_events import ModerationAssigned, ModerationRecorded, ModerationSuperseded
from qa.core.clock import SetClock
from qa.core.event import Event
from qa.core.words import Reach, Scale, ScalePoint
from qa.security.vault import SqlVault
from qa.store.store import Store
from qa.store.unit import Stamp

GRADES = ("outstanding", "good", "requires-improvement", "inadequate")
FOUR = Scale(
    id="four",
    version=1,
    name="Four grades",
    points=(
        *(ScalePoint(code=code, label=code, rank=n) for n, code in enumerate(GRADES, 1)),
        ScalePoint(code="not-graded", label="Not graded"),
    ),
    met_rank=2,
)
THREE = Scale(
    id="three",
    version=1,
    name="Three grades",
    points=tuple(ScalePoint(code=code, label=code, rank=n) for n, code in enumerate(GRADES[1:], 1)),
    met_rank=1,
)
SCALES = VersionScales({("whole", 1): FOUR, ("whole", 2): FOUR, ("short", 1): THREE})
EVERYTHING = Reach("p-lead", everything=True)
DAY = date(2021, 5, 10)
IMPORTED = audit_events.CaseAuditImported(
    reference="R-1",
    child="C-1",
    tool="whole",
    tool_version=1,
    auditor="written-a",
    auditor_as_written="A",
    team="north",
    team_name="North",
    service="help",
    service_name="Help",
    audit_date=DAY,
    overall="good",
)


@dataclass
class Council:
    """A store with one projector, written to event by event on days set by the test."""

    store: Store
    clock: SetClock

    def on(self, day: date) -> Council:
        self.clock.set(datetime.combine(day, time(9), tzinfo=UTC))
        return self

    def say(self, audit: str, *given: Event) -> int:
        """Record events on an audit's stream; the position of the last."""
        stream = f"case-audit:{audit}"
        with self.store.unit(Stamp("p-9", "qa-lead")) as unit:
            unit.version(stream)
            unit.append(stream, *given, about="child:C-1")
        return unit.receipt.position

    def audited(self, audit: str, overall: str, on: date = DAY, **labels: Any) -> int:
        """An audit allocated and submitted on the clock's day, dated `on`."""
        return self.say(audit, allocated(audit, **labels), submitted(overall, on))

    def moderated(
        self, audit: str, overall: str, on: date, moderator: str = "p-m1", blind: bool = True
    ) -> int:
        return self.say(
            audit, assigned(audit, moderator, blind), judged(audit, overall, on, moderator)
        )


@contextmanager
def keeping(url: str, *projectors: Projector) -> Iterator[Council]:
    clock = SetClock(datetime(2021, 5, 10, 9, 0, tzinfo=UTC))
    vault = SqlVault(b"m" * 32, clock=clock)
    store = Store(url, clock=clock, vault=vault, projector=Registry(projectors))
    store.initialise()
    try:
        yield Council(store, clock)
    finally:
        store.close()


def allocated(audit: str, **labels: Any) -> Event:
    given = {
        "reference": f"REF-{audit}",
        "child": "C-1",
        "tool": "whole",
        "tool_version": 1,
        "auditor": "p-a1",
        "team": "north",
        "team_name": "North",
        "service": "help",
        "service_name": "Help",
        "practice_from": date(2021, 1, 1),
        "practice_to": date(2021, 4, 1),
        "due_on": date(2021, 6, 1),
    }
    return audit_events.CaseAuditAllocated.model_validate({**given, **labels})


def content(overall: str, on: date, domains: Mapping[str, str | None]) -> AuditContent:
    return AuditContent(
        audit_date=on,
        practice_from=date(2021, 1, 1),
        practice_to=date(2021, 4, 1),
        child_status=ChildStatus.CHILD_IN_NEED,
        judgements=tuple(DomainJudgement(domain=d, grade=g) for d, g in domains.items()),
        overall=overall,
        rationale="seen",
    )


def submitted(
    overall: str, on: date = DAY, domains: Mapping[str, str | None] | None = None
) -> audit_events.CaseAuditSubmitted:
    return audit_events.CaseAuditSubmitted(
        auditor="p-a1", content=content(overall, on, domains or {})
    )


def resubmitted(
    overall: str, on: date = DAY, domains: Mapping[str, str | None] | None = None
) -> audit_events.CaseAuditResubmitted:
    return audit_events.CaseAuditResubmitted(
        auditor="p-a1", content=content(overall, on, domains or {}), changes=()
    )


def assigned(audit: str, moderator: str = "p-m1", blind: bool = True) -> Event:
    return ModerationAssigned(
        moderation=f"m-{audit}", moderator=moderator, blind=blind, due_on=date(2021, 7, 1)
    )


def judged(
    audit: str,
    overall: str,
    on: date,
    moderator: str = "p-m1",
    domains: Mapping[str, str | None] | None = None,
) -> Event:
    return ModerationRecorded(
        moderation=f"m-{audit}",
        moderator=moderator,
        audit_version=2,
        overall=overall,
        rationale="read",
        judgements=tuple(ModeratedJudgement(domain=d, grade=g) for d, g in (domains or {}).items()),
        moderated_on=on,
    )


def corrected(field: str, old: str, new: str) -> Event:
    dated = field in ("audit_date", "practice_from", "practice_to")
    return audit_events.CaseAuditCorrected(
        field=field,
        old=old,
        new=new,
        kind="fact",
        new_date=date.fromisoformat(new) if dated else None,
    )


def superseded(audit: str) -> Event:
    return ModerationSuperseded(moderation=f"m-{audit}", cause="corrected")


Q1 = AgreementQuestion(start=date(2021, 4, 1), end=date(2021, 6, 30))
HALF_YEAR = AgreementQuestion(start=date(2021, 4, 1), end=date(2021, 9, 30))


def asked(council: Council, question: AgreementQuestion = Q1, **seen: Any) -> AgreementReport:
    with council.store.reading() as connection:
        return report(connection, question, scales=SCALES, **seen)


def figures(council: Council, question: AgreementQuestion = Q1, **seen: Any) -> dict[str, Figure]:
    return dict(asked(council, question, **seen).rows[0].figures)


def base(figure: Figure) -> tuple[int | None, int | None]:
    return figure.numerator, figure.denominator


def coverage(council: Council, question: AgreementQuestion = Q1, **seen: Any) -> tuple[Any, Any]:
    return base(figures(council, question, **seen)["moderation_coverage_rate"])
