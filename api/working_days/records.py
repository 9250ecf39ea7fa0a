"""The working days in histories of several records."""

from __future__ import annotations

from api.records.kinds import READ_TOOL, by_verb

STREAMS = (by_verb("working-days", READ_TOOL),)
