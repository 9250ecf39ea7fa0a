"""What the figures of supervision are called, and what they are cut by."""

from __future__ import annotations

from collections.abc import Mapping

TITLES: Mapping[str, str] = {
    "supervision_timeliness_rate": "Sessions on time",
    "reflection_evidenced_rate": "Checks that saw reflection",
    "check_agreement_rate": "Checks that the moderator agrees with",
    "case_supervision_recency": "Open cases supervised lately",
}
CUT_BY = {"": "Nothing", "team": "Team", "service": "Service", "standard": "Standard"}
