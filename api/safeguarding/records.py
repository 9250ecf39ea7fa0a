"""Safeguarding concerns in the history of their audit: open to whoever that is open to."""

from __future__ import annotations

from api.records.kinds import READ_TOOL, KindOfStream, by_verb

STREAMS = (KindOfStream("safeguarding", of_audit=True), by_verb("safeguarding-policy", READ_TOOL))
