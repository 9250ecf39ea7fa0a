"""Follow-ups in the history of the inadequate audit: open to whoever that audit is open to."""

from __future__ import annotations

from api.records.compared_kinds import (
    ComparedKind,
    ComparedTable,
    code,
    how_many,
    person,
    policy_kind,
)
from api.records.kinds import READ_TOOL, KindOfStream, by_verb
from projections.follow_ups.tables import follow_up_policy, follow_up_row

STREAMS = (KindOfStream("follow-up", of_audit=True), by_verb("follow-up-policy", READ_TOOL))

COMPARED = (
    ComparedKind(
        "follow-up",
        "Follow-ups of inadequate audits",
        "Follow-up",
        30,
        (
            ComparedTable(
                follow_up_row,
                {
                    "stage": code("Stage"),
                    "round": "Round",
                    "since": "Since",
                    "grade": code("Grade"),
                    "owner": person("Owner"),
                    "escalate_by": "Tell the head of service by",
                    "plan_by": "Plan by",
                    "actions_by": "Actions by",
                    "re_audit_by": "Audit again by",
                    "escalated_on": "Head of service told",
                    "planned_on": "Planned",
                    "plan": "Plan",
                    "actions": how_many("Actions"),
                    "re_audit_reference": "Audited again as",
                    "over_on": "Over",
                    "cause": code("Why it is over"),
                },
                left_out=("reference", "child", "team", "service", "re_audit"),
            ),
        ),
        href="/audits/{}/follow-up",
        team="team",
        weighs=("follow_up_row.stage", "follow_up_row.cause", "follow_up_row.escalated_on"),
    ),
    policy_kind("follow-up-policy", "Policy of follow-ups", 210, follow_up_policy, ""),
)
