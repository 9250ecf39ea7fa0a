"""The moderation policy: what is in force in plain words, what it was, and how it is changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.engine import Connection
from starlette.responses import Response

from api.web.changes import (
    Changing,
    FormVisit,
    RecordChangeForm,
    Visiting,
    attempt,
    since,
    timeline,
)
from api.web.context import Reader
from api.web.forms import Errors, Nested
from api.web.late_routes import PageRouter
from api.web.policies import PolicyLink
from projections.audit_tools import queries as tool_queries
from projections.history import queries as history_queries
from projections.people import queries as people_queries
from qa.authorisation.policy import can, require
from qa.core.errors import Fault, Refused
from qa.core.fields import field_words
from qa.moderation import handlers
from qa.moderation.commands import SetModerationPolicy
from qa.moderation.events import DEFAULT_POLICY, POLICY_STREAM, ModerationPolicySet
from qa.store.unit import Receipt

router = PageRouter(include_in_schema=False)
POLICY = PolicyLink("/moderation-policy", "Moderation policy")
NUMBERS, SWITCHES = (
    [name for name, each in field_words(SetModerationPolicy).items() if each.widget == widget]
    for widget in ("whole", "tick")
)
ORDER = (
    "share_percent",
    "seed",
    "first_audits_of_new_auditor",
    "moderate_within_working_days",
    "settle_difference_within_working_days",
    "decide_dispute_within_working_days",
    "small_number",
    "reason",
)


def in_words(policy: ModerationPolicySet) -> list[str]:
    """Every line of a policy as a sentence."""
    first = policy.first_audits_of_new_auditor
    return [
        f"{policy.share_percent}% of audits are drawn at random (seed “{policy.seed}”).",
        "Every audit in the lowest grade is moderated."
        if policy.every_inadequate
        else "The lowest grade is no reason of its own.",
        "Every audit in the highest grade is moderated."
        if policy.every_outstanding
        else "The highest grade is no reason of its own.",
        f"The first {first} audits of a new auditor are moderated."
        if first
        else "New auditors are treated like everybody else.",
        "Moderators judge blind unless somebody decides otherwise."
        if policy.blind_by_default
        else "Moderators read the audit first unless somebody decides otherwise.",
        "Where the two differ, the moderator has the last word."
        if policy.moderator_is_final
        else "Where the two differ, they agree or somebody independent decides.",
        f"A moderation is due within {policy.moderate_within_working_days} working days, "
        f"a difference within {policy.settle_difference_within_working_days}, "
        f"a dispute within {policy.decide_dispute_within_working_days}.",
        f"Figures of fewer than {policy.small_number} audits are shown as counts.",
    ]


def _policy_in_force(
    connection: Connection, *, position: int | None = None
) -> tuple[ModerationPolicySet, int]:
    """The policy in force and the version of its stream."""
    return tool_queries.moderation_policy(connection, position=position) or (DEFAULT_POLICY, 0)


@router.get("/moderation-policy")
def show(reading: Reader, done: str = "") -> Response:
    require(reading.actor, "read-tool")
    connection, position = reading.connection, reading.at.position
    policy, _ = _policy_in_force(connection, position=position)
    entries = history_queries.entries(
        connection, streams=[POLICY_STREAM], position=position, limit=500
    )
    history = people_queries.with_names(connection, entries)[::-1]
    return reading.page(
        "moderation/policy.html",
        title="Moderation policy",
        policy=policy,
        lines=in_words(policy),
        may_edit=can(reading.actor, "set-policy").allowed and not reading.at.is_past,
        said="The policy is in force for audits submitted from now on." if done else None,
        history=timeline(history, reason="Reason: {}"),
    )


def _form(
    visit: FormVisit, given: Mapping[str, Any], seen: int, errors: Errors | None = None
) -> Response:
    return visit.draw(
        "moderation/policy_form.html",
        errors,
        title="Change the moderation policy",
        given=given,
        seen=seen,
        back="/moderation-policy",
    )


@router.get("/moderation-policy/edit")
def edit(visit: Visiting) -> Response:
    require(visit.actor, "set-policy")
    with visit.services.store.reading() as connection:
        policy, version = _policy_in_force(connection)
    values = policy.model_dump()
    given: Nested = {name: str(values[name]) for name in (*NUMBERS, "seed")}
    given |= {name: "yes" for name in SWITCHES if values[name]}
    return _form(visit, given, version)


def _set(change: RecordChangeForm) -> Receipt:
    given = change.typed(SetModerationPolicy)
    empty = [
        Fault(one, "number-missing", "Enter a number.") for one in NUMBERS if given[one] is None
    ]
    if empty:
        raise Refused([*empty, *SetModerationPolicy.model_construct(None, **given).faults()])
    return change.carry_out(handlers.set_policy, SetModerationPolicy.model_validate(given))


@router.post("/moderation-policy/edit")
def save(change: Changing) -> Response:
    require(change.actor, "set-policy")
    return attempt(
        change,
        lambda: _set(change),
        again=lambda errors: _form(change, change.form, change.seen, errors),
        onward="/moderation-policy?done=set",
        back="/moderation-policy",
        order=ORDER,
        happened=since(POLICY_STREAM, change.seen),
        current=lambda connection: _policy_in_force(connection)[1],
    )
