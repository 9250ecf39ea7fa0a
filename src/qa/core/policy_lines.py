"""The lines that the policy table is made of, and the conditions that a line may ask for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from qa.core.words import Actor, Resource, Role

When = Callable[[Actor, Resource], bool]

STAFF = (
    Role.AUDITOR,
    Role.MODERATOR,
    Role.QA_LEAD,
    Role.ADMINISTRATOR,
    Role.TEAM_MANAGER,
    Role.PRACTITIONER,
    Role.READER,
)
"""Everybody who works for the council."""
FIGURE_READERS = (Role.AUDITOR, Role.MODERATOR, Role.QA_LEAD, Role.TEAM_MANAGER, Role.READER)
"""Whoever reads what the council knows of itself."""

# Sentences that say one thing of verbs of several capabilities.
STAFF_READ = "Staff read the figures."
MANAGERS_READ = "Staff read figures."
INSPECTORS_READ = (
    "Inspectors read figures, tools, the work behind them and the seal over the records."
)
LEADS_KEEP = "QA leads keep the tools, the moderation policy and imports."
ADMINISTRATORS_MANAGE = "Administrators manage accounts and roles; case content is closed to them."
OPERATOR = "The operator at the command line sets the service up."


def always(actor: Actor, resource: Resource) -> bool:
    return True


def own_audit(actor: Actor, resource: Resource) -> bool:
    return actor.person == resource.auditor


def assigned_moderator(actor: Actor, resource: Resource) -> bool:
    return actor.person in resource.moderators


def deciding(actor: Actor, resource: Resource) -> bool:
    return actor.person in resource.deciders


def submitted(actor: Actor, resource: Resource) -> bool:
    return resource.submitted


def own_work(actor: Actor, resource: Resource) -> bool:
    return actor.person == resource.person


def in_their_line(actor: Actor, resource: Resource) -> bool:
    return actor.person in resource.line


def stands_in(actor: Actor, resource: Resource) -> bool:
    return resource.person in actor.stands_for


@dataclass(frozen=True, slots=True)
class PolicyLine:
    """One line: `role` may do `verbs` within the scope of the grant, `when` the condition holds.

    With `anywhere` the condition alone decides and the scope is not asked: an auditor lent to
    another team keeps the audit they were given. With `council` only a grant over the whole
    council will do, whatever the record.
    """

    verbs: tuple[str, ...]
    role: Role
    why: str
    when: When = always
    anywhere: bool = False
    council: bool = False


def each_role(
    verbs: tuple[str, ...],
    roles: Iterable[Role],
    why: str,
    when: When = always,
    *,
    anywhere: bool = False,
    council: bool = False,
) -> tuple[PolicyLine, ...]:
    """The same line for several roles."""
    return tuple(PolicyLine(verbs, role, why, when, anywhere, council) for role in roles)


def read_by_staff(verb: str) -> tuple[PolicyLine, ...]:
    """Whoever reads figures, and inspectors, may do this within the scope of their grant."""
    return (
        PolicyLine((verb,), Role.INSPECTOR, INSPECTORS_READ),
        PolicyLine((verb,), Role.TEAM_MANAGER, MANAGERS_READ),
        *each_role((verb,), FIGURE_READERS, STAFF_READ),
    )


def own_case(actor: Actor, resource: Resource) -> bool:
    """For the holder of the case, once the audit of it is released."""
    return resource.released and actor.person == resource.case_holder


def contributes(actor: Actor, resource: Resource) -> bool:
    return actor.person in resource.contributors
