"""The rows of improvement plans, their actions and RAG scales.

Every row's key begins with the id of the stream whose events make it, so that one stream can be
told anew without touching another. Dates are ISO text, lists and values JSON text.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

from sqlalchemy import BigInteger

from projections.core.typed_rows import JsonText, Position, ReadTable

Microseconds = Annotated[int, BigInteger]


class RagScaleRow(NamedTuple):
    scale: str
    version: int
    content: str
    published_on: str
    stream_version: int


class RagMappingRow(NamedTuple):
    scale: str
    old: str
    new: str
    since: str
    levels: JsonText
    stream_version: int


class ImprovementPlanRow(NamedTuple):
    plan: str
    opened: Position
    stream_version: int
    title: str
    board: str
    tiers: JsonText
    since: str
    closed_on: str | None = None
    closed_because: str | None = None


class PlanScaleRow(NamedTuple):
    plan: str
    since: str
    scale: str


class PlanRulesRow(NamedTuple):
    plan: str
    version: int
    since: str
    rules: str


class PlanPartRow(NamedTuple):
    """`number` is the place in which the part was added; `ended` is ``routed`` or ``removed``."""

    plan: str
    part: str
    number: int
    tier: str
    reference: str
    title: str
    first_title: str
    under: str | None
    leads: JsonText
    sources: JsonText
    ended: str | None = None
    ended_on: str | None = None
    ended_because: str | None = None
    board: str | None = None


class PlanGroupRow(NamedTuple):
    plan: str
    group: str
    name: str
    lead: str
    purpose: str
    formed_on: str
    dissolved_on: str | None = None


class PlanMeetingRow(NamedTuple):
    """`held_on` is the day it is called for; `position` what a meeting that was held had seen."""

    plan: str
    meeting: str
    held_on: str
    title: str
    state: str = "called"
    position: Position | None = None
    decisions: str = ""
    cancelled_because: str | None = None


class PlanClaimRow(NamedTuple):
    """What a document says; one that was taken back has no row."""

    plan: str
    claim: str
    part: str | None
    as_at: str
    claimed: str
    source: str


class PlanActionRow(NamedTuple):
    """`ended` is ``split``, ``merged``, ``routed`` or ``removed``; `ended_into` lists the actions,
    or the board, that it went to."""

    action: str
    opened: Position
    plan: str
    part: str
    reference: str
    title: str
    first_title: str
    since: str
    leads: JsonText
    responsible: JsonText
    group: str | None
    first_stages: JsonText
    stages: JsonText
    reschedulings: int
    sources: JsonText
    lineage: JsonText
    implied: int
    ended: str | None = None
    ended_on: str | None = None
    ended_because: str | None = None
    ended_into: JsonText | None = None


class PlanActionVersionRow(NamedTuple):
    """Apart from the action's row, which would otherwise be written anew with every review."""

    action: str
    stream_version: int


class PlanWordingRow(NamedTuple):
    action: str
    number: int
    old: str
    new: str
    by: str
    on: str
    because: str | None


class PlanAssessmentRow(NamedTuple):
    """`number` is the version of the stream, which orders reviews as they were recorded. A review
    that stands has no `withdrawn_because`; `board` is ``accepted`` or ``challenged``."""

    action: str
    assessment: str
    number: int
    as_at: str
    scale: str
    level: str | None
    percent_complete: int | None
    difference: str | None
    commentary: str
    evidence: JsonText
    assessed_by: str
    said: str
    by: str
    recorded_us: Microseconds
    withdrawn_because: str | None = None
    board: str | None = None
    board_meeting: str | None = None
    board_because: str | None = None


class PlanEvidenceRow(NamedTuple):
    action: str
    evidence: str
    number: int
    of: str
    what: str
    where: str
    on: str
    by: str


class PlanRescheduleRow(NamedTuple):
    """`state` is ``asked``, ``approved`` or ``refused``."""

    action: str
    request: str
    number: int
    state: str
    old: JsonText
    new: JsonText
    asked_by: str | None
    asked_on: str | None
    because: str | None
    decided_by: str | None = None
    decided_on: str | None = None
    decided_because: str | None = None


class PlanMeasureRow(NamedTuple):
    action: str
    measure: str
    number: int
    text: str
    comparator: str | None
    target: str | None
    unit: str | None
    indicator: str | None
    set_on: str
    withdrawn_on: str | None = None
    withdrawn_because: str | None = None


class PlanMeasureReportRow(NamedTuple):
    action: str
    report: str
    number: int
    content: str
    on: str
    by: str


class PlanLinkRow(NamedTuple):
    """What an action is meant to move ("indicator", "audit-question") or answers ("action")."""

    action: str
    kind: str
    to: str


SCALES = ReadTable(RagScaleRow, "rag_scale_row", key=("scale", "version"))
MAPPINGS = ReadTable(RagMappingRow, "rag_mapping", key=("scale", "old", "new", "since"))
PLANS = ReadTable(ImprovementPlanRow, "plan_row", key=("plan",))
SCALES_ADOPTED = ReadTable(PlanScaleRow, "plan_scale", key=("plan", "since"))
RULES = ReadTable(PlanRulesRow, "plan_rules", key=("plan", "version"))
PARTS = ReadTable(PlanPartRow, "plan_part", key=("plan", "part"))
GROUPS = ReadTable(PlanGroupRow, "plan_group", key=("plan", "group"))
MEETINGS = ReadTable(PlanMeetingRow, "plan_meeting", key=("plan", "meeting"))
CLAIMS = ReadTable(PlanClaimRow, "plan_claim", key=("plan", "claim"))
ACTIONS = ReadTable(
    PlanActionRow,
    "plan_action_row",
    key=("action",),
    indexes=(("plan",),),
    open_indexes=(("plan", "part"), ("plan", "reference")),
)
VERSIONS = ReadTable(PlanActionVersionRow, "plan_action_version", key=("action",))
WORDINGS = ReadTable(PlanWordingRow, "plan_wording", key=("action", "number"))
ASSESSMENTS = ReadTable(PlanAssessmentRow, "plan_assessment", key=("action", "assessment"))
EVIDENCE = ReadTable(PlanEvidenceRow, "plan_evidence", key=("action", "evidence"))
RESCHEDULES = ReadTable(PlanRescheduleRow, "plan_reschedule", key=("action", "request"))
MEASURES = ReadTable(PlanMeasureRow, "plan_measure", key=("action", "measure"))
REPORTS = ReadTable(PlanMeasureReportRow, "plan_measure_report", key=("action", "report"))
LINKS = ReadTable(
    PlanLinkRow, "plan_link", key=("action", "kind", "to"), open_indexes=(("kind", "to"),)
)
