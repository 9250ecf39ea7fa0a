"""The working days in histories of several records."""

from __future__ import annotations

from api.records.compared_kinds import policy_kind
from api.records.kinds import READ_TOOL, by_verb
from projections.working_days.tables import working_days

STREAMS = (by_verb("working-days", READ_TOOL),)

COMPARED = policy_kind("working-days", "Working days", 230, working_days, "")
