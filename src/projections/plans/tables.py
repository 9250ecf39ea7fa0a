"""The rows of improvement plans, their actions and RAG scales.

Every row's key begins with the id of the stream whose events make it, so that one stream can be
told anew without touching another. Dates are ISO text, lists and values JSON text.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, Text

from projections.core.base import versioned_table

rag_scale_row = versioned_table(
    "rag_scale_row",
    Column("scale", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("content", Text, nullable=False),
    Column("published_on", Text, nullable=False),
    Column("stream_version", Integer, nullable=False),
    key=("scale", "version"),
)

rag_mapping = versioned_table(
    "rag_mapping",
    Column("scale", Text, nullable=False),
    Column("old", Text, nullable=False),
    Column("new", Text, nullable=False),
    Column("since", Text, nullable=False),
    Column("levels", Text, nullable=False),
    Column("stream_version", Integer, nullable=False),
    key=("scale", "old", "new", "since"),
)

plan_row = versioned_table(
    "plan_row",
    Column("plan", Text, nullable=False),
    Column("opened", BigInteger, nullable=False),
    Column("stream_version", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("board", Text, nullable=False),
    Column("tiers", Text, nullable=False),
    Column("since", Text, nullable=False),
    Column("closed_on", Text),
    Column("closed_because", Text),
    key=("plan",),
)

plan_scale = versioned_table(
    "plan_scale",
    Column("plan", Text, nullable=False),
    Column("since", Text, nullable=False),
    Column("scale", Text, nullable=False),
    key=("plan", "since"),
)

plan_rules = versioned_table(
    "plan_rules",
    Column("plan", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("since", Text, nullable=False),
    Column("rules", Text, nullable=False),
    key=("plan", "version"),
)

plan_part = versioned_table(
    "plan_part",
    Column("plan", Text, nullable=False),
    Column("part", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("tier", Text, nullable=False),
    Column("reference", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("first_title", Text, nullable=False),
    Column("under", Text),
    Column("leads", Text, nullable=False),
    Column("sources", Text, nullable=False),
    Column("ended", Text),
    Column("ended_on", Text),
    Column("ended_because", Text),
    Column("board", Text),
    key=("plan", "part"),
)
"""`number` is the place in which the part was added; `ended` is ``routed`` or ``removed``."""

plan_group = versioned_table(
    "plan_group",
    Column("plan", Text, nullable=False),
    Column("group", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("lead", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("formed_on", Text, nullable=False),
    Column("dissolved_on", Text),
    key=("plan", "group"),
)

plan_meeting = versioned_table(
    "plan_meeting",
    Column("plan", Text, nullable=False),
    Column("meeting", Text, nullable=False),
    Column("held_on", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("position", BigInteger),
    Column("decisions", Text, nullable=False),
    Column("cancelled_because", Text),
    key=("plan", "meeting"),
)
"""`held_on` is the day it is called for; `position` what a meeting that was held had seen."""

plan_action_row = versioned_table(
    "plan_action_row",
    Column("action", Text, nullable=False),
    Column("opened", BigInteger, nullable=False),
    Column("plan", Text, nullable=False),
    Column("part", Text, nullable=False),
    Column("reference", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("first_title", Text, nullable=False),
    Column("since", Text, nullable=False),
    Column("leads", Text, nullable=False),
    Column("responsible", Text, nullable=False),
    Column("group", Text),
    Column("first_stages", Text, nullable=False),
    Column("stages", Text, nullable=False),
    Column("reschedulings", Integer, nullable=False),
    Column("sources", Text, nullable=False),
    Column("lineage", Text, nullable=False),
    Column("implied", Integer, nullable=False),
    Column("ended", Text),
    Column("ended_on", Text),
    Column("ended_because", Text),
    Column("ended_into", Text),
    key=("action",),
    indexes=(("plan",),),
    open_indexes=(("plan", "part"), ("plan", "reference")),
)
"""`ended` is ``split``, ``merged``, ``routed`` or ``removed``; `ended_into` the JSON list of the
actions, or of the board, that it went to."""

plan_action_version = versioned_table(
    "plan_action_version",
    Column("action", Text, nullable=False),
    Column("stream_version", Integer, nullable=False),
    key=("action",),
)
"""Apart from the action's row, which would otherwise be written anew with every review."""

plan_wording = versioned_table(
    "plan_wording",
    Column("action", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("old", Text, nullable=False),
    Column("new", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("on", Text, nullable=False),
    Column("because", Text),
    key=("action", "number"),
)

plan_assessment = versioned_table(
    "plan_assessment",
    Column("action", Text, nullable=False),
    Column("assessment", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("as_at", Text, nullable=False),
    Column("scale", Text, nullable=False),
    Column("level", Text),
    Column("percent_complete", Integer),
    Column("difference", Text),
    Column("commentary", Text, nullable=False),
    Column("evidence", Text, nullable=False),
    Column("assessed_by", Text, nullable=False),
    Column("said", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("recorded_us", BigInteger, nullable=False),
    Column("withdrawn_because", Text),
    Column("board", Text),
    Column("board_meeting", Text),
    Column("board_because", Text),
    key=("action", "assessment"),
)
"""`number` is the version of the stream, which orders reviews as they were recorded. A review that
stands has no `withdrawn_because`; `board` is ``accepted`` or ``challenged``."""

plan_evidence = versioned_table(
    "plan_evidence",
    Column("action", Text, nullable=False),
    Column("evidence", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("of", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("where", Text, nullable=False),
    Column("on", Text, nullable=False),
    Column("by", Text, nullable=False),
    key=("action", "evidence"),
)

plan_reschedule = versioned_table(
    "plan_reschedule",
    Column("action", Text, nullable=False),
    Column("request", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("old", Text, nullable=False),
    Column("new", Text, nullable=False),
    Column("asked_by", Text),
    Column("asked_on", Text),
    Column("because", Text),
    Column("decided_by", Text),
    Column("decided_on", Text),
    Column("decided_because", Text),
    key=("action", "request"),
)
"""`state` is ``asked``, ``approved`` or ``refused``."""

plan_measure = versioned_table(
    "plan_measure",
    Column("action", Text, nullable=False),
    Column("measure", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("comparator", Text),
    Column("target", Text),
    Column("unit", Text),
    Column("indicator", Text),
    Column("set_on", Text, nullable=False),
    Column("withdrawn_on", Text),
    Column("withdrawn_because", Text),
    key=("action", "measure"),
)

plan_measure_report = versioned_table(
    "plan_measure_report",
    Column("action", Text, nullable=False),
    Column("report", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("content", Text, nullable=False),
    Column("on", Text, nullable=False),
    Column("by", Text, nullable=False),
    key=("action", "report"),
)

plan_link = versioned_table(
    "plan_link",
    Column("action", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("to", Text, nullable=False),
    key=("action", "kind", "to"),
    open_indexes=(("kind", "to"),),
)

TABLES = (
    rag_scale_row,
    rag_mapping,
    plan_row,
    plan_scale,
    plan_rules,
    plan_part,
    plan_group,
    plan_meeting,
    plan_action_row,
    plan_action_version,
    plan_wording,
    plan_assessment,
    plan_evidence,
    plan_reschedule,
    plan_measure,
    plan_measure_report,
    plan_link,
)
