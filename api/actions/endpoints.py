"""Actions: listing and reading them, and every step from finding to effect."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from fastapi import Path, Query, Response

from api.actions import reading
from api.json.deps import (
    Body,
    Change,
    Limit,
    Moment,
    New,
    Reads,
    ReasonIn,
    ReceiptOut,
    Served,
    Snapshot,
)
from api.json.routing import ApiRouter
from api.records.narrowing import require_known_in
from projections.actions import queries
from projections.actions.queries import ActionFilter, is_late
from qa.actions.clocks import ACTION_POLICY_STREAM, DEFAULT_ACTION_POLICY
from qa.actions.commands import actions, checks
from qa.actions.events import ActionPolicySet, Evidence, action_stream
from qa.actions.states import ActionKind, EffectCheck, EvidenceKind, Next, ProofKind
from qa.authorisation.policy import require
from qa.core.words import Resource

router = ApiRouter(prefix="/actions", tags=["actions"])
policy_router = ApiRouter(prefix="/action-policy", tags=["actions"])

ActionId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$", description="The id of the action.")]
_LISTED = (
    "action", "audit", "child", "raised_by", "source", "raised_on", "team", "service", "text",
    "kind", "domain", "owner", "evidence_asked", "follows", "next", "state", "first_due_on",
    "due_on", "moved", "accept_by", "check_by", "verify_from", "verify_by", "accepted_on",
    "claimed_on", "evidenced_on", "verified_on", "ended_on",
)  # fmt: skip


def _row(row: Any, day: date) -> dict[str, Any]:
    """An action as a list shows it; `text` is null where it opens on its own address alone."""
    return {
        **{name: row[name] for name in _LISTED},
        "audit": row["audit"] or None,
        "child": row["child"] or None,
        "discuss_in_supervision": bool(row["discuss"]),
        "overdue": is_late(row, day),
        "overdue_by_first_date": is_late(row, day, "first"),
        "version": row["stream_version"],
    }


@router.get("", operation_id="listActions")
def list_actions(
    actor: Reads,
    connection: Snapshot,
    at: Moment,
    owner: str = "",
    team: str = "",
    service: str = "",
    state: Annotated[list[str] | None, Query()] = None,
    kind: str = "",
    raised_by: str = "",
    audit: str = "",
    overdue: Annotated[
        Literal["current", "first"] | None,
        Query(description="Only those past the date in force, or past their first date."),
    ] = None,
    impact_due: Annotated[
        bool, Query(description="Only those whose impact can be checked.")
    ] = False,
    before: Annotated[int | None, Query(description="The `next` of the page before.")] = None,
    limit: Limit = 50,
) -> dict[str, Any]:
    """List the actions that the caller may see, newest first."""
    require(actor, "read-action", Resource(person=actor.person, somewhere=True))
    wanted = ActionFilter(
        owner=owner,
        team=team,
        service=service,
        state=tuple(state or ()),
        kind=kind,
        raised_by=raised_by,
        audit=audit,
        late_on=at.on if overdue else None,
        late_by=overdue or "current",
        verifiable_on=at.on if impact_due else None,
    )
    require_known_in(connection, wanted)
    rows = reading.listed(connection, actor, wanted, at, before=before, limit=limit + 1)
    return {
        "as_at": at.day,
        "position": at.shown,
        "actions": [_row(row, at.on) for row in rows[:limit]],
        "next": rows[limit - 1]["opened"] if len(rows) > limit else None,
    }


@router.record("/{action}", operation_id="readAction")
def read_action(
    services: Served,
    actor: Reads,
    connection: Snapshot,
    at: Moment,
    action: ActionId,
    response: Response,
) -> dict[str, Any]:
    """An action with its steps and the chain that it stands in."""
    found = reading.open_action(services, connection, actor, action, at)
    reading.note(services, actor, found, at)
    if not at.is_past:
        response.headers["ETag"] = f'"{found.row["stream_version"]}"'
    return {
        "as_at": at.day,
        "position": at.shown,
        "action": {
            **_row(found.row, at.on),
            "contributors": found.row["contributors"],
            "evidence_kinds": found.row["evidence_kinds"],
            "findings": [
                {"audit": audit, "reference": reference, "domain": domain}
                for audit, reference, domain in found.findings
            ],
        },
        "chain": [
            {
                "action": one["action"],
                "state": one["state"],
                "steps": [
                    {
                        "type": step.type,
                        "on": step.on,
                        "by": step.by,
                        "in_role": step.in_role,
                        "reason": step.reason,
                        "fields": step.content,
                    }
                    for step in found.steps.get(one["action"], ())
                ],
            }
            for one in found.chain
        ],
        "closed_to_you": found.closed,
        "names": found.names,
    }


class RaiseActionIn(Body):
    text: str
    kind: ActionKind
    owner: str
    due_on: date
    team: str = ""
    raised_by: actions.ByHand = "by-hand"
    source: str = ""
    audit: str = ""
    domain: str | None = None
    evidence_asked: EvidenceKind | None = None


@router.post("", status_code=201, operation_id="raiseAction")
def raise_action(new: New, body: RaiseActionIn) -> ReceiptOut:
    """Raise an action beside those that audits raise."""
    done = actions.raise_action(new.desk, **body.model_dump(), **new.made(body))
    action = str(done.response["action"])
    return new.receipt(done, action_stream(action), location=action)


@router.post("/{action}/acceptance", operation_id="acceptAction")
def accept(change: Change, action: ActionId) -> ReceiptOut:
    """Take an action on."""
    done = actions.accept(change.desk, action_id=action, **change.made())
    return change.receipt(done, action_stream(action))


class CorrectActionIn(Body):
    """The action as it should have been raised."""

    text: str
    owner: str
    due_on: date
    reason: str


@router.post("/{action}/corrections", status_code=201, operation_id="correctAction")
def correct(change: Change, action: ActionId, body: CorrectActionIn) -> ReceiptOut:
    """Put right what was typed wrong when it was raised, before anybody acts on it."""
    done = actions.correct(change.desk, action_id=action, **body.model_dump(), **change.made(body))
    return change.receipt(done, action_stream(action))


class WhyIn(Body):
    why: str


@router.post("/{action}/challenge", operation_id="challengeAction")
def challenge(change: Change, action: ActionId, body: WhyIn) -> ReceiptOut:
    """Say why an action is wrong, or not one's own."""
    done = actions.challenge(change.desk, action_id=action, why=body.why, **change.made(body))
    return change.receipt(done, action_stream(action))


class NoteIn(Body):
    note: str


@router.post("/{action}/progress", status_code=201, operation_id="noteActionProgress")
def progress(change: Change, action: ActionId, body: NoteIn) -> ReceiptOut:
    """Say how an action goes."""
    done = actions.progress(change.desk, action_id=action, note=body.note, **change.made(body))
    return change.receipt(done, action_stream(action))


class ContributorsIn(Body):
    contributors: list[str]


@router.put("/{action}/contributors", operation_id="nameActionContributors")
def name_contributors(change: Change, action: ActionId, body: ContributorsIn) -> ReceiptOut:
    """Say who helps the owner of an action."""
    done = actions.name_contributors(
        change.desk, action_id=action, contributors=body.contributors, **change.made(body)
    )
    return change.receipt(done, action_stream(action))


class FindingIn(Body):
    audit: str
    domain: str | None = None


@router.post("/{action}/findings", status_code=201, operation_id="linkActionFinding")
def link_finding(change: Change, action: ActionId, body: FindingIn) -> ReceiptOut:
    """Let one action answer a further finding."""
    done = actions.link_finding(
        change.desk,
        action_id=action,
        audit=body.audit,
        domain=body.domain,
        **change.made(body),
    )
    return change.receipt(done, action_stream(action))


class DueIn(Body):
    due_on: date
    reason: str


@router.put("/{action}/due-date", operation_id="rescheduleAction")
def reschedule(change: Change, action: ActionId, body: DueIn) -> ReceiptOut:
    """Move the due date; the first one stays on record."""
    done = actions.reschedule(
        change.desk,
        action_id=action,
        due_on=body.due_on,
        reason=body.reason,
        **change.made(body),
    )
    return change.receipt(done, action_stream(action))


class NewOwnerIn(Body):
    owner: str
    team: str = ""
    reason: str


@router.put("/{action}/owner", operation_id="transferAction")
def transfer(change: Change, action: ActionId, body: NewOwnerIn) -> ReceiptOut:
    """Make somebody else accountable for an action."""
    done = actions.transfer(
        change.desk,
        action_id=action,
        owner=body.owner,
        team=body.team,
        reason=body.reason,
        **change.made(body),
    )
    return change.receipt(done, action_stream(action))


@router.post("/{action}/end", operation_id="endAction")
def drop(change: Change, action: ActionId, body: ReasonIn) -> ReceiptOut:
    """Say that an action no longer applies."""
    done = actions.drop(change.desk, action_id=action, reason=body.reason, **change.made(body))
    return change.receipt(done, action_stream(action))


class DoneClaimIn(Body):
    evidence: list[Evidence]


@router.post("/{action}/claim", operation_id="claimActionDone")
def claim_done(change: Change, action: ActionId, body: DoneClaimIn) -> ReceiptOut:
    """Say that an action is done, with evidence."""
    done = actions.claim_done(
        change.desk, action_id=action, evidence=body.evidence, **change.made(body)
    )
    return change.receipt(done, action_stream(action))


@router.post("/{action}/evidence/acceptance", operation_id="acceptActionEvidence")
def accept_evidence(change: Change, action: ActionId) -> ReceiptOut:
    """Be satisfied that an action was done."""
    done = checks.accept_evidence(change.desk, action_id=action, **change.made())
    return change.receipt(done, action_stream(action))


@router.post("/{action}/evidence/return", operation_id="returnActionEvidence")
def return_evidence(change: Change, action: ActionId, body: WhyIn) -> ReceiptOut:
    """Send the evidence back to the owner."""
    done = checks.return_evidence(change.desk, action_id=action, why=body.why, **change.made(body))
    return change.receipt(done, action_stream(action))


@router.post("/{action}/supervision", operation_id="askActionDiscussion")
def ask_discussion(change: Change, action: ActionId) -> ReceiptOut:
    """Ask that the owner's supervision talks it over before its effect is checked."""
    done = checks.ask_discussion(change.desk, action_id=action, **change.made())
    return change.receipt(done, action_stream(action))


class EffectCheckIn(Body):
    proof: ProofKind
    reference: str = ""
    note: str

    def checked(self) -> EffectCheck:
        return EffectCheck(proof=self.proof, reference=self.reference, note=self.note)


class NextIn(Body):
    text: str
    owner: str
    due_on: date

    def following(self) -> Next:
        return Next(text=self.text, owner=self.owner, due_on=self.due_on)


class EffectNotSeenIn(EffectCheckIn):
    next: NextIn


@router.post("/{action}/impact/confirmation", operation_id="confirmActionImpact")
def confirm_impact(change: Change, action: ActionId, body: EffectCheckIn) -> ReceiptOut:
    """Close the loop: it changed something for children."""
    done = checks.confirm_impact(
        change.desk, action_id=action, checked=body.checked(), **change.made(body)
    )
    return change.receipt(done, action_stream(action))


@router.post("/{action}/impact/too-early", operation_id="postponeActionImpact")
def too_early(change: Change, action: ActionId, body: EffectCheckIn) -> ReceiptOut:
    """It is too early to tell: look again after another interval."""
    done = checks.impact_too_early(
        change.desk, action_id=action, checked=body.checked(), **change.made(body)
    )
    return change.receipt(done, action_stream(action))


@router.post("/{action}/impact/not-seen", operation_id="actionImpactNotSeen")
def not_seen(change: Change, action: ActionId, body: EffectNotSeenIn) -> ReceiptOut:
    """It changed nothing: raise the next action of the chain."""
    done = checks.impact_not_seen(
        change.desk,
        action_id=action,
        checked=body.checked(),
        following=body.next.following(),
        **change.made(body),
    )
    return change.receipt(done, action_stream(action))


class ReopenIn(Body):
    finding: str
    reason: str
    next: NextIn


@router.post("/{action}/reopening", operation_id="reopenAction")
def reopen(change: Change, action: ActionId, body: ReopenIn) -> ReceiptOut:
    """Say that a closed loop was not closed: raise the next action of the chain."""
    done = actions.reopen(
        change.desk,
        action_id=action,
        finding=body.finding,
        following=body.next.following(),
        reason=body.reason,
        **change.made(body),
    )
    return change.receipt(done, action_stream(action))


class ActionClocksIn(Body):
    accept_within_working_days: int
    check_evidence_within_working_days: int
    impact_after_days: int
    impact_within_days: int
    reopen_within_days: int
    evidence_of_compliance: tuple[EvidenceKind, ...]
    evidence_of_practice: tuple[EvidenceKind, ...]
    evidence_of_outcome: tuple[EvidenceKind, ...]


@policy_router.record("", operation_id="readActionPolicy")
def read_policy(
    actor: Reads, connection: Snapshot, at: Moment, response: Response
) -> dict[str, Any]:
    """The clocks of actions in force. Version 0 are those that Caseloop starts with."""
    require(actor, "read-tool")
    held = queries.policy(connection, position=at.position)
    policy, version = (DEFAULT_ACTION_POLICY, 0) if held is None else held
    if not at.is_past:
        response.headers["ETag"] = f'"{version}"'
    return policy.model_dump(mode="json")


@policy_router.put("", operation_id="setActionPolicy")
def set_policy(change: Change, body: ActionClocksIn) -> ReceiptOut:
    """Set the next version of the clocks of actions."""
    policy = ActionPolicySet(policy_version=0, **body.model_dump())
    done = actions.set_policy(change.desk, policy=policy, **change.made(body))
    return change.receipt(done, ACTION_POLICY_STREAM)
