"""What several tests of safeguarding begin with."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from qa.safeguarding.decisions import Concern
from qa.safeguarding.events import SafeguardingConcernRaised

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


RAISED = SafeguardingConcernRaised(
    concern="c1",
    audit="a1",
    reference="CA-1",
    child="C-1",
    team="east",
    service="s",
    what="A child alone at night.",
)


TOLD = Concern("c1", "p-auditor", told=("p-manager",), next_by=NOW + timedelta(hours=2))
