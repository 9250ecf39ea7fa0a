"""Follow-ups in the history of the inadequate audit: open to whoever that audit is open to."""

from __future__ import annotations

from api.records.kinds import READ_TOOL, KindOfStream, by_verb

STREAMS = (KindOfStream("follow-up", of_audit=True), by_verb("follow-up-policy", READ_TOOL))
