"""What the page of an audit shows of its follow-up."""

from __future__ import annotations

from api.audits.reading import OpenedAudit
from api.web.context import PagePart, Reading
from projections.follow_ups import queries
from qa.follow_ups.events import FollowUpStage
from qa.follow_ups.words import STAGE_LABELS


def stage(reading: Reading, opened: OpenedAudit) -> str:
    """How far the follow-up of an inadequate audit has come; empty where there is none."""
    if not opened.judgement_open:
        return ""
    row = queries.one(reading.connection, opened.row.audit, position=reading.at.position)
    return "" if row is None else STAGE_LABELS[FollowUpStage(row.stage)]


PARTS = PagePart("audits/read.html", "follow_up", stage)
