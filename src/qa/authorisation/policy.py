"""Who may do what, as one table that can be read aloud.

`can(actor, verb, resource)` looks for a bar first and then for a line that allows. The decision
names the line and the role, so that "why can I see this?" has an answer and an event can say in
which role it was made. Pages, API and command line ask this module and no other.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from qa.core.capabilities import declared
from qa.core.errors import Forbidden, NotFound
from qa.core.policy_lines import (
    LEADS_KEEP,
    OPERATOR,
    PolicyLine,
    When,
    always,
    assigned_moderator,
    deciding,
    own_audit,
    own_work,
    submitted,
)
from qa.core.words import SOMEWHERE, Actor, Grant, KeptTo, Reach, Resource, Role, Scope


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer, with the line of the table that gave it and the role it was given under."""

    allowed: bool
    rule: str
    role: Role | None = None


LINES: tuple[PolicyLine, ...] = tuple(
    PolicyLine(("set-policy",), role, why, council=True)
    for role, why in ((Role.QA_LEAD, LEADS_KEEP), (Role.SYSTEM, OPERATOR))
)
"""What is no capability's own: each keeps a policy of days or shares, set under one verb."""

TABLE = tuple(declared("qa", "policy", "LINES", PolicyLine))
"""Every capability's lines. Those of one verb stand in one module, in their order: the first that
allows names the role that an event is recorded in."""


def read_aloud() -> tuple[PolicyLine, ...]:
    """The table as people read it: what several capabilities say in one sentence is one line."""
    lines: dict[PolicyLine, tuple[str, ...]] = {}
    for line in TABLE:
        lines[replace(line, verbs=())] = (*lines.get(replace(line, verbs=()), ()), *line.verbs)
    return tuple(replace(line, verbs=verbs) for line, verbs in lines.items())


def _verbs(name: str) -> frozenset[str]:
    """The verbs that capabilities list under `name`, so that a bar comes before their lines."""
    return frozenset(declared("qa", "policy", name, str))


VERBS = frozenset(verb for line in TABLE for verb in line.verbs)
_LINES = {verb: [line for line in TABLE if verb in line.verbs] for verb in VERBS}

_JUDGEMENT_VERBS = _verbs("JUDGEMENT_VERBS")
_MODERATING_VERBS = _verbs("MODERATING_VERBS")
_REVEALING_VERBS = _verbs("REVEALING_VERBS")


CLOSED = "This record is restricted to people who are named."


def _bar(actor: Actor, verb: str, resource: Resource) -> str | None:
    if resource.child in actor.closed:
        return CLOSED
    if verb in _JUDGEMENT_VERBS and actor.person in resource.blind_for:
        return (
            "You are moderating this audit blind: its judgement opens to you when you have "
            "recorded your own."
        )
    if verb in _REVEALING_VERBS and actor.person in resource.blind_for:
        return (
            "You are moderating this audit blind, and a rule of independence could name its "
            "author to you. Ask another QA lead to hand it over."
        )
    if verb in _MODERATING_VERBS and actor.person in resource.began_by:
        return "Nobody moderates an audit they began."
    return None


def _within(line: PolicyLine, grant: Grant, kept_to: KeptTo | None, resource: Resource) -> bool:
    if line.anywhere or (grant.scope.code is None and kept_to is None):
        return True
    if line.council:
        return False
    if resource.somewhere:
        return True
    covered = grant.scope.covers(service=resource.service, team=resource.team)
    return covered and (kept_to is None or kept_to.holds(resource.audit, resource.tool))


def can(actor: Actor, verb: str, resource: Resource | None = None) -> Decision:
    """Decide whether `actor` may do `verb` to `resource` (when None: somewhere at all).

    Raises:
        ValueError: when no line of the table knows the verb, which is a mistake in the program.
    """
    if verb not in _LINES:
        raise ValueError(f"the policy table has no verb {verb}")
    about = resource or SOMEWHERE
    barred = _bar(actor, verb, about)
    if barred is not None:
        return Decision(False, barred)
    for line in _LINES[verb]:
        if not line.when(actor, about):
            continue
        for grant in actor.grants:
            if grant.role is line.role and _within(line, grant, actor.kept_to, about):
                return Decision(True, line.why, line.role)
    return Decision(False, "None of your roles allows this here.")


def require(actor: Actor, verb: str, resource: Resource | None = None) -> Decision:
    """`can`, raising `Forbidden` with the rule where the answer is no, or `NotFound` where nobody
    may learn that the record is there."""
    decision = can(actor, verb, resource)
    if decision.rule is CLOSED:
        raise NotFound("There is no such record.")
    if not decision.allowed:
        raise Forbidden(decision.rule, rule=verb)
    return decision


def scopes_for(actor: Actor, verb: str) -> tuple[Scope, ...]:
    """Where the actor may do `verb` whatever the record's people are: for lists that are asked
    for in one query."""
    roles = {line.role for line in TABLE if verb in line.verbs and line.when is always}
    return tuple(grant.scope for grant in actor.grants if grant.role in roles)


_BY_NAME: dict[When, str] = {
    own_audit: "auditor",
    assigned_moderator: "moderator",
    deciding: "decider",
}
"""Whom a line that opens an audit by name goes by."""


def reach(actor: Actor) -> Reach:
    """The reader's reach, from the lines of the table that open audits."""
    opening = [line for line in TABLE if "read-audit" in line.verbs]
    openings = {(line.when, grant.scope) for line in opening for grant in actor.grants
            if grant.role is line.role}  # fmt: skip

    def codes(when: When, kind: str) -> frozenset[str]:
        return frozenset(
            scope.code or ""
            for condition, scope in openings
            if condition is when and scope.kind == kind
        )

    return Reach(
        person=actor.person,
        moderates=actor.has(Role.MODERATOR),
        answers=any(
            line.when is own_work and actor.has(line.role)
            for line in TABLE
            if "read-action" in line.verbs
        ),
        own=frozenset(_BY_NAME[when] for when, _ in openings if when in _BY_NAME),
        everything=bool(codes(always, "council")),
        everything_submitted=bool(codes(submitted, "council")),
        services=codes(always, "service"),
        teams=codes(always, "team"),
        services_submitted=codes(submitted, "service"),
        teams_submitted=codes(submitted, "team"),
        closed=actor.closed,
        kept_to=actor.kept_to,
    )


def figures_within(actor: Actor | None) -> Reach | None:
    """What figures count for an inspector whose room is a part of the council; None for everybody
    else, to whom they are those of the council."""
    if actor is None or can(actor, "read-council-figures").allowed:
        return None
    return reach(actor) if actor.has(Role.INSPECTOR) else None
