"""The read rows of notifications."""

from __future__ import annotations

from projections.core.policy_table import policy_table

reminder_policy = policy_table("reminder_policy")
"""One row; `content` holds the event's own fields as JSON."""
