"""Under which domain and judgement area the closing-the-loop report counts an action."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, true

from projections.actions.closing_the_loop.behind import behind
from projections.actions.closing_the_loop.counting import LoopQuestionAt
from projections.actions.closing_the_loop.question import EVERY_ACTION, NO_DOMAIN, LoopQuestion
from projections.actions.closing_the_loop.report import report
from projections.actions.projector import Actions
from projections.core import recount
from projections.figures.judgement_areas import AreaMappings
from qa.actions import events as action_events
from qa.audit_tools.definition import AreaOfDomain, JudgementArea
from qa.audit_tools.events import JudgementAreasMapped
from qa.audits.events import CaseAuditAllocated
from qa.core.event import Meta, RecordedEvent

RANGE = LoopQuestion(start=date(2025, 4, 1), end=date(2025, 9, 30))


def test_findings_stand_under_the_area_that_their_domain_had_in_the_month() -> None:
    """The same domain of two tools, mapped otherwise from July; an action of no audit has none."""
    given = [
        ("one", "plans", date(2025, 5, 1)), ("one", "plans", date(2025, 7, 1)),
        ("two", "plans", date(2025, 7, 2)), ("two", "care-leavers", date(2025, 5, 2)),
        ("", None, date(2025, 5, 3)),
    ]  # fmt: skip
    mapped = AreaMappings(
        tuple(
            JudgementAreasMapped(
                mapping_version=number,
                from_on=date(2025, month, 1),
                areas=(AreaOfDomain(tool="one", domain="plans", area=area),),
            )
            for number, month, area in (
                (1, 4, JudgementArea.CHILDREN_IN_CARE),
                (2, 7, JudgementArea.HELP_AND_PROTECTION),
            )
        )
    )
    events: list[RecordedEvent[Any]] = []
    for number, (tool, domain, on) in enumerate(given):
        meta = Meta(
            fact_id=f"f{number}", effective_on=on, by="p", in_role="qa-lead", correlation_id="c"
        )
        raised = action_events.ActionRaised(
            action=f"a{number}", raised_by="case-audit", team="east", service="help", text="Do it.",
            kind="practice", owner="p", due_on=on, domain=domain,
            audit=f"audit-{number}" if tool else "",
        )  # fmt: skip
        audit = CaseAuditAllocated.model_construct(tool=tool)
        for stream, event in ((f"case-audit:audit-{number}", audit), (f"action:a{number}", raised)):
            if tool or event is raised:
                events.append(
                    RecordedEvent(
                        position=len(events) + 1, stream=stream, version=1,
                        recorded_at=datetime(2026, 4, 1, tzinfo=UTC), meta=meta, event=event,
                    )
                )  # fmt: skip
    by_area = replace(RANGE, dimensions=("area",), areas=mapped)

    def told(connection: Connection, question: LoopQuestion, key: str) -> dict[Any, int]:
        made = report(connection, question, day=date(2025, 9, 30), head=9)
        assert made.totals[0].figures["raised"].numerator == sum(
            row.figures["raised"].numerator or 0 for row in made.rows
        )
        counts: Counter[Any] = Counter()
        for row in made.rows:
            counts[row.group[key], row.group["quarter"][-2:]] += (
                row.figures["raised"].numerator or 0
            )
        return +counts

    def ask(connection: Connection) -> None:
        expected: Counter[Any] = Counter()
        for tool, domain, on in given:
            area = mapped.area(tool, domain or "", str(on)[:7])
            expected[area, "Q1" if on.month < 7 else "Q2"] += 1
        assert told(connection, by_area, "area") == expected
        assert told(connection, replace(RANGE, dimensions=("domain",)), "domain") == {
            ("plans", "Q1"): 1, ("plans", "Q2"): 2, ("care-leavers", "Q1"): 1,
            (NO_DOMAIN, "Q1"): 1,
        }  # fmt: skip
        only = replace(by_area, dimensions=(), filters={"area": ("children-in-care",)})
        asking = LoopQuestionAt(only, date(2025, 9, 30), None, EVERY_ACTION)
        listed = behind(connection, asking, "raised", true())
        assert [one.row.action for one in listed.actions] == ["a0"]
        codes = [one.partition(":")[0] for one in report(
            connection, by_area, day=date(2025, 9, 30), head=9
        ).caveats]  # fmt: skip
        assert codes == ["by-area", "area-mapping", "area-mapping", "series-break"]

    recount.alone([Actions()], events, ask)
