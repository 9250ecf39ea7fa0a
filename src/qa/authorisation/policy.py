"""Who may do what, as one table that can be read aloud.

`can(actor, verb, resource)` looks for a bar first and then for a line that allows. The decision
names the line and the role, so that "why can I see this?" has an answer and an event can say in
which role it was made. Pages, API and command line ask this module and no other.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from qa.core.capabilities import declared
from qa.core.errors import Forbidden
from qa.core.policy_lines import LEADS_KEEP, OPERATOR, PolicyLine, always
from qa.core.words import Actor, Grant, Reach, Resource, Role, Scope


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer, with the line of the table that gave it and the role it was given under."""

    allowed: bool
    rule: str
    role: Role | None = None


LINES: tuple[PolicyLine, ...] = tuple(
    PolicyLine(("set-policy",), role, why)
    for role, why in ((Role.QA_LEAD, LEADS_KEEP), (Role.SYSTEM, OPERATOR))
)
"""What is no capability's own: each keeps a policy of days or shares, set under one verb."""

TABLE = tuple(declared("qa", "policy", "LINES", PolicyLine))
"""Every capability's lines. Those of one verb stand in one module, in their order: the first that
allows names the role that an event is recorded in."""


def read_aloud() -> tuple[PolicyLine, ...]:
    """The table as people read it: what several capabilities say in one sentence is one line."""
    told: dict[PolicyLine, tuple[str, ...]] = {}
    for line in TABLE:
        told[replace(line, verbs=())] = (*told.get(replace(line, verbs=()), ()), *line.verbs)
    return tuple(replace(line, verbs=verbs) for line, verbs in told.items())


def _verbs(name: str) -> frozenset[str]:
    """The verbs that capabilities list under `name`, so that a bar comes before their lines."""
    return frozenset(declared("qa", "policy", name, str))


VERBS = frozenset(verb for line in TABLE for verb in line.verbs)

_JUDGEMENT_VERBS = _verbs("JUDGEMENT_VERBS")
_MODERATING_VERBS = _verbs("MODERATING_VERBS")
_REVEALING_VERBS = _verbs("REVEALING_VERBS")


def _bar(actor: Actor, verb: str, resource: Resource) -> str | None:
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


def _within(grant: Grant, resource: Resource) -> bool:
    if resource.service is None and resource.team is None:
        return True
    return grant.scope.covers(service=resource.service, team=resource.team)


def can(actor: Actor, verb: str, resource: Resource | None = None) -> Decision:
    """Decide whether `actor` may do `verb` to `resource` (the whole council when None).

    Raises:
        ValueError: when no line of the table knows the verb, which is a mistake in the program.
    """
    if verb not in VERBS:
        raise ValueError(f"the policy table has no verb {verb}")
    about = resource or Resource()
    barred = _bar(actor, verb, about)
    if barred is not None:
        return Decision(False, barred)
    for line in TABLE:
        if verb not in line.verbs or not line.when(actor, about):
            continue
        for grant in actor.grants:
            if grant.role is line.role and (line.anywhere or _within(grant, about)):
                return Decision(True, line.why, line.role)
    return Decision(False, "No role you hold allows this here.")


def require(actor: Actor, verb: str, resource: Resource | None = None) -> Decision:
    """`can`, raising `Forbidden` with the rule where the answer is no."""
    decision = can(actor, verb, resource)
    if not decision.allowed:
        raise Forbidden(decision.rule, rule=verb)
    return decision


def scopes_for(actor: Actor, verb: str) -> tuple[Scope, ...]:
    """Where the actor may do `verb` whatever the record's people are: for lists that are asked
    for in one query."""
    roles = {line.role for line in TABLE if verb in line.verbs and line.when is always}
    return tuple(grant.scope for grant in actor.grants if grant.role in roles)


_READS_ALL = frozenset({Role.QA_LEAD})
_READS_SUBMITTED = frozenset({Role.MODERATOR, Role.TEAM_MANAGER, Role.READER, Role.INSPECTOR})


def reach(actor: Actor) -> Reach:
    """The reader's reach, from the same grants that `can` asks."""
    everything = everything_submitted = False
    full: dict[str, set[str]] = {"service": set(), "team": set()}
    submitted: dict[str, set[str]] = {"service": set(), "team": set()}
    for grant in actor.grants:
        if grant.role in _READS_ALL:
            if grant.scope.code is None:
                everything = True
            else:
                full[grant.scope.kind].add(grant.scope.code)
        elif grant.role in _READS_SUBMITTED:
            if grant.scope.code is None:
                everything_submitted = True
            else:
                submitted[grant.scope.kind].add(grant.scope.code)
    return Reach(
        person=actor.person,
        moderates=actor.has(Role.MODERATOR),
        everything=everything,
        everything_submitted=everything_submitted,
        services=frozenset(full["service"]),
        teams=frozenset(full["team"]),
        services_submitted=frozenset(submitted["service"]),
        teams_submitted=frozenset(submitted["team"]),
    )
