"""Copies for outside, and their rule, in histories of several records."""

from __future__ import annotations

from api.records.kinds import READ_TOOL, by_verb

STREAMS = (by_verb("disclosure-rule", READ_TOOL), by_verb("outside-copies", "read-report"))
