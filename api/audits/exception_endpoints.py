"""Rules that were set aside: counted by quarter and team, and listed."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel

from api.audits.exception_reading import counted, exception_filter, listed
from api.json.deps import Call
from api.json.routing import ApiRouter
from qa.authorisation.policy import require

router = ApiRouter(prefix="/rule-exceptions", tags=["case audits"])


class ExceptionCount(BaseModel):
    """How many rules of each kind were set aside in the audits of a team in a quarter."""

    quarter: str
    since: date
    until: date
    team: str
    team_name: str
    counts: dict[str, int]


class RuleException(BaseModel):
    """One rule that was set aside, on which day and why."""

    audit: str
    reference: str
    team: str
    kind: str
    rule: str
    on: date
    why: str
    approved_by: str | None


class RuleExceptions(BaseModel):
    """The exceptions that the caller may see, with their counts by quarter and team."""

    as_at: date
    position: int
    counts: list[ExceptionCount]
    exceptions: list[RuleException]


@router.get("", operation_id="listRuleExceptions")
def list_exceptions(
    call: Call,
    since: date | None = None,
    until: date | None = None,
    team: str = "",
    kind: Literal["", "rule", "independence", "no-action"] = "",
) -> RuleExceptions:
    """Count and list the rules set aside; the last four quarters unless days are named."""
    require(call.actor, "read-report")
    days = {"since": since, "until": until}
    given = {name: day.isoformat() for name, day in days.items() if day is not None}
    rows = listed(call, exception_filter({**given, "team": team, "kind": kind}, call.at.on))
    return RuleExceptions(
        **call.moment,
        counts=[ExceptionCount.model_validate(one) for one in counted(one.row for one in rows)],
        exceptions=[
            RuleException(**{name: getattr(one.row, name) for name in RuleException.model_fields})
            for one in rows
        ],
    )
