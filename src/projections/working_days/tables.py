"""The read rows of the working days."""

from __future__ import annotations

from projections.core.policy_table import policy_table

working_days = policy_table("working_days")
"""One row; `content` holds the event's own fields as JSON."""
