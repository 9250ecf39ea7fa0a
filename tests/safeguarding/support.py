"""What several tests of safeguarding begin with."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from qa.core.event import Event
from qa.safeguarding import decisions
from qa.safeguarding.commands import AcknowledgeConcern, RaiseConcern, TellManager
from qa.safeguarding.events import SafeguardingPolicySet
from qa.safeguarding.state import Concern

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def raise_concern(what: str = "A child alone at night.", concern: str = "c1") -> list[Event]:
    return decisions.raise_concern(
        RaiseConcern(audit="a1", what=what),
        concern=concern,
        reference="CA-1",
        child="C-1",
        team="east",
        service="s",
    )


def tell(
    concern: Concern, manager: str, how: str, policy: SafeguardingPolicySet, now: datetime
) -> list[Event]:
    command = TellManager.model_construct(
        None, audit="a1", concern=concern.id, manager=manager, how=how
    )
    return decisions.tell(concern, command, policy=policy, by="p-auditor", now=now)


def acknowledge(concern: Concern, doing: str, by: str) -> list[Event]:
    command = AcknowledgeConcern(audit="a1", concern=concern.id, doing=doing)
    return decisions.acknowledge(concern, command, by=by)


TOLD = Concern("c1", "p-auditor", told=("p-manager",), next_by=NOW + timedelta(hours=2))
