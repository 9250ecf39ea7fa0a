"""Who may do what, as one table that can be read aloud.

`can(actor, verb, resource)` looks for a bar first and then for a line that allows. The decision
names the line and the role, so that "why can I see this?" has an answer and an event can say in
which role it was made. Pages, API and command line ask this module and no other.
"""

from __future__ import annotations

from dataclasses import dataclass

from qa.actions.policy import ACTIONS
from qa.core.errors import Forbidden
from qa.core.policy_lines import (
    PolicyLine,
    always,
    assigned_moderator,
    deciding,
    in_their_line,
    inspects_all,
    own_audit,
    own_case,
    own_work,
    submitted,
    whole_council,
)
from qa.core.words import Actor, Grant, Reach, Resource, Role, Scope
from qa.learning.policy import LEARNING
from qa.safeguarding.policy import SAFEGUARDING
from qa.supervision.policy import SUPERVISION
from qa.tasks.policy import WORK


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer, with the line of the table that gave it and the role it was given under."""

    allowed: bool
    rule: str
    role: Role | None = None


READ = ("read-audit", "read-judgement", "read-history")

TABLE: tuple[PolicyLine, ...] = (
    PolicyLine(
        ("start-audit", "write-audit", "submit-audit"),
        Role.AUDITOR,
        "The auditor it was allocated to writes and submits the audit.",
        own_audit,
        anywhere=True,
    ),
    PolicyLine(
        (*READ, "correct-audit", "withdraw-audit"),
        Role.AUDITOR,
        "Auditors read their own audits, and put right or withdraw what they submitted.",
        own_audit,
        anywhere=True,
    ),
    PolicyLine(
        ("hold-conversation", "reconcile-grade", "dispute-grade"),
        Role.AUDITOR,
        "The auditor talks a difference over, agrees a grade, or disputes it.",
        own_audit,
        anywhere=True,
    ),
    PolicyLine(
        ("record-moderation", "unblind-moderation"),
        Role.MODERATOR,
        "The assigned moderator gives their own judgement.",
        assigned_moderator,
        anywhere=True,
    ),
    PolicyLine(
        (*READ, "return-audit", "hold-conversation", "reconcile-grade", "dispute-grade"),
        Role.MODERATOR,
        "The assigned moderator reads the audit, returns it, and settles a difference.",
        assigned_moderator,
        anywhere=True,
    ),
    PolicyLine(
        (*READ, "decide-dispute"),
        Role.MODERATOR,
        "The decider named for a dispute reads the audit and decides.",
        deciding,
        anywhere=True,
    ),
    PolicyLine(
        (*READ, "decide-dispute"),
        Role.QA_LEAD,
        "The decider named for a dispute reads the audit and decides.",
        deciding,
        anywhere=True,
    ),
    PolicyLine(
        READ,
        Role.MODERATOR,
        "Moderators read the submitted audits of their service.",
        submitted,
    ),
    PolicyLine(
        (
            *READ,
            "allocate-audit",
            "reassign-audit",
            "extend-audit",
            "return-audit",
            "correct-audit",
            "withdraw-audit",
            "void-audit",
            "finalise-audit",
            "reopen-audit",
            "select-moderation",
            "assign-moderation",
            "cancel-moderation",
            "assign-dispute",
            "dispute-grade",
        ),
        Role.QA_LEAD,
        "QA leads run the audits and moderations of their part of the council.",
    ),
    PolicyLine(
        ("edit-tool", "publish-tool", "set-policy", "import", "reverse-import", "verify"),
        Role.QA_LEAD,
        "QA leads keep the tools, the moderation policy and imports.",
    ),
    PolicyLine(READ, Role.TEAM_MANAGER, "Managers read submitted audits of their team.", submitted),
    PolicyLine(READ, Role.READER, "Readers read submitted audits of their scope.", submitted),
    PolicyLine(
        READ,
        Role.INSPECTOR,
        "Inspectors read submitted audits within the scope of their room.",
        submitted,
    ),
    PolicyLine(
        ("read-report", "read-tool", "export", "search", "read-ledger", "read-work"),
        Role.INSPECTOR,
        "Inspectors read figures, tools, the work behind them and the seal over the records.",
    ),
    PolicyLine(
        ("read-indicators",),
        Role.INSPECTOR,
        "Inspectors of the whole council read its indicators.",
        inspects_all,
    ),
    PolicyLine(
        ("ask-in-inspection", "keep-inspection-notes"),
        Role.INSPECTOR,
        "Inspectors keep notes of their own and ask questions in their room.",
        own_work,
        anywhere=True,
    ),
    *(
        PolicyLine(
            ("run-inspection", "answer-in-inspection"),
            role,
            "QA leads and administrators open and close inspectors’ rooms and answer in them.",
        )
        for role in (Role.QA_LEAD, Role.ADMINISTRATOR)
    ),
    PolicyLine(
        ("read-report", "read-tool", "export", "search"), Role.TEAM_MANAGER, "Staff read figures."
    ),
    PolicyLine(("run-indicators",), Role.QA_LEAD, "QA leads keep the indicators."),
    *(
        PolicyLine(("read-indicators",), role, "Staff read the council’s indicators.")
        for role in (
            Role.AUDITOR,
            Role.MODERATOR,
            Role.QA_LEAD,
            Role.TEAM_MANAGER,
            Role.READER,
        )
    ),
    *(
        PolicyLine(
            ("read-report", "read-tool", "export", "search"), role, "Staff read the figures."
        )
        for role in (
            Role.AUDITOR,
            Role.MODERATOR,
            Role.QA_LEAD,
            Role.TEAM_MANAGER,
            Role.READER,
        )
    ),
    *(
        line
        for role in (
            Role.AUDITOR,
            Role.MODERATOR,
            Role.QA_LEAD,
            Role.ADMINISTRATOR,
            Role.TEAM_MANAGER,
            Role.PRACTITIONER,
            Role.READER,
        )
        for line in (
            PolicyLine(
                ("read-work",),
                role,
                "Everybody reads what they themselves did.",
                own_work,
                anywhere=True,
            ),
            PolicyLine(
                ("read-work",),
                role,
                "Line managers read what their people did.",
                in_their_line,
                anywhere=True,
            ),
        )
    ),
    *(
        PolicyLine(
            ("make-pack",), role, "Whoever answers for records takes them out with their proof."
        )
        for role in (Role.QA_LEAD, Role.TEAM_MANAGER, Role.READER, Role.INSPECTOR)
    ),
    PolicyLine(("read-work",), Role.QA_LEAD, "QA leads read what the people of their part did."),
    PolicyLine(
        ("publish-report",),
        Role.QA_LEAD,
        "QA leads publish reports, comment on them, and say when figures have changed.",
    ),
    *(
        PolicyLine(("read-plan",), role, "Staff read the improvement plans.")
        for role in (
            Role.AUDITOR,
            Role.MODERATOR,
            Role.QA_LEAD,
            Role.TEAM_MANAGER,
            Role.READER,
            Role.SYSTEM,
        )
    ),
    PolicyLine(
        ("read-plan",),
        Role.INSPECTOR,
        "Inspectors whose room covers the whole council read its improvement plans.",
        whole_council,
    ),
    PolicyLine(
        ("run-plan",),
        Role.QA_LEAD,
        "QA leads keep improvement plans, their scales, ratings and meetings.",
    ),
    *(
        PolicyLine(
            ("approve-reschedule",),
            role,
            "QA leads and moderators approve dates that somebody else asked for.",
        )
        for role in (Role.QA_LEAD, Role.MODERATOR)
    ),
    *(
        PolicyLine(
            ("read-audit", "read-judgement", "reflect-on-audit"),
            role,
            "Practitioners read the final audit of their own case, reflect on it, and say where "
            "a fact in it is wrong.",
            own_case,
            anywhere=True,
        )
        for role in (Role.PRACTITIONER, Role.TEAM_MANAGER, Role.AUDITOR)
    ),
    *(
        PolicyLine(
            ("read-own-cases",), role, "Whoever may hold a case sees the audits of their own."
        )
        for role in (Role.PRACTITIONER, Role.TEAM_MANAGER, Role.AUDITOR)
    ),
    PolicyLine(
        ("answer-fact-dispute",),
        Role.AUDITOR,
        "The auditor answers where a fact of their audit is disputed.",
        own_audit,
        anywhere=True,
    ),
    PolicyLine(
        ("answer-fact-dispute",), Role.QA_LEAD, "QA leads answer disputed facts of their part."
    ),
    *ACTIONS,
    *SUPERVISION,
    *SAFEGUARDING,
    *LEARNING,
    *(
        PolicyLine(
            ("run-follow-up",),
            role,
            "QA leads, moderators and managers see inadequate audits of their part put right.",
            submitted,
        )
        for role in (Role.QA_LEAD, Role.MODERATOR, Role.TEAM_MANAGER)
    ),
    *(
        PolicyLine(
            ("own-follow-up",),
            role,
            "Heads of service and QA leads answer for inadequate audits of their part.",
        )
        for role in (Role.QA_LEAD, Role.MODERATOR)
    ),
    *WORK,
    PolicyLine(("read-people",), Role.QA_LEAD, "QA leads see who there is to allocate to."),
    PolicyLine(
        ("manage-people", "read-people", "read-access-log", "verify", "read-tool"),
        Role.ADMINISTRATOR,
        "Administrators manage accounts and roles; case content is closed to them.",
    ),
    PolicyLine(("read-access-log",), Role.QA_LEAD, "QA leads see who looked at what."),
    *(
        PolicyLine(
            ("read-ledger",),
            role,
            "The seal over the records holds hashes only; whoever may check it, sees it.",
        )
        for role in (Role.QA_LEAD, Role.ADMINISTRATOR, Role.TEAM_MANAGER, Role.READER, Role.SYSTEM)
    ),
    *(
        PolicyLine(
            ("make-checkpoint",), role, "Leads and administrators sign a checkpoint on demand."
        )
        for role in (Role.QA_LEAD, Role.ADMINISTRATOR, Role.SYSTEM)
    ),
    PolicyLine(
        (
            "manage-people",
            "import",
            "reverse-import",
            "verify",
            "set-policy",
            "edit-tool",
            "publish-tool",
            "read-report",
            "export",
            "allocate-audit",
        ),
        Role.SYSTEM,
        "The operator at the command line sets the service up.",
    ),
)

VERBS = frozenset(verb for line in TABLE for verb in line.verbs)

_JUDGEMENT_VERBS = frozenset(
    {"read-judgement", "read-history", "read-action", "read-concern", "run-follow-up"}
)
_MODERATING_VERBS = frozenset({"record-moderation"})
_REVEALING_VERBS = frozenset({"assign-moderation"})


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
