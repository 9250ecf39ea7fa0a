"""The Word template in histories of several records."""

from __future__ import annotations

from api.records.kinds import READ_TOOL, by_verb

STREAMS = (by_verb("word-template", READ_TOOL),)
