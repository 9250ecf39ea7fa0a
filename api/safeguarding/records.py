"""Safeguarding concerns in the history of their audit: open to whoever that is open to."""

from __future__ import annotations

from api.records.compared_kinds import (
    ComparedKind,
    ComparedTable,
    person,
    policy_kind,
    said_as,
    yes_or_no,
)
from api.records.kinds import READ_TOOL, KindOfStream, by_verb
from projections.safeguarding.tables import concern_policy, concern_row
from qa.core.clock import from_microseconds
from qa.core.dates_in_words import moment

STREAMS = (KindOfStream("safeguarding", of_audit=True), by_verb("safeguarding-policy", READ_TOOL))


def _moment(us: int) -> str:
    return moment(from_microseconds(us))


COMPARED = (
    ComparedKind(
        "safeguarding",
        "Immediate safeguarding concerns",
        "Concerns",
        40,
        (
            ComparedTable(
                concern_row,
                {
                    "what": "what was seen",
                    "raised_by": person("raised by"),
                    "raised_us": said_as("raised", _moment),
                    "told_us": said_as("manager told", _moment),
                    "acknowledge_by_us": said_as("acknowledge by", _moment),
                    "rungs": "times it was passed up",
                    "acknowledged_by": person("acknowledged by"),
                    "acknowledged_us": said_as("acknowledged", _moment),
                    "withdrawn": yes_or_no("withdrawn"),
                },
                each="Concern",
                left_out=(
                    "concern",
                    "reference",
                    "child",
                    "team",
                    "service",
                    "told",
                    "next_by_us",
                    "imported",
                ),
            ),
        ),
        href="/audits/{}",
        team="team",
        weighs=("concern_row.acknowledged_us", "concern_row.rungs", "concern_row.raised_us"),
    ),
    policy_kind("safeguarding-policy", "Policy of safeguarding concerns", 215, concern_policy, ""),
)
