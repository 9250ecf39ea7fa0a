"""The steps of reminders in histories of several records."""

from __future__ import annotations

from api.records.compared_kinds import policy_kind
from api.records.kinds import READ_TOOL, by_verb
from projections.notifications.tables import reminder_policy

STREAMS = (by_verb("reminder-policy", READ_TOOL),)

COMPARED = policy_kind("reminder-policy", "Policy of reminders", 220, reminder_policy, "")
