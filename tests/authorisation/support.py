"""Actors and resources that tests of the policy table need."""

from __future__ import annotations

from datetime import date

from qa.core.words import Actor, Grant, Resource, Role, Scope

SINCE = date(2020, 1, 1)


def holding(*roles: Role, scope: Scope | None = None, person: str = "p1") -> Actor:
    grants = tuple(Grant(role=role, scope=scope or Scope(), since=SINCE) for role in roles)
    return Actor(person, grants)


SUBMITTED = Resource(
    service="safeguarding",
    team="east",
    auditor="p-auditor",
    began_by=frozenset({"p-auditor"}),
    moderators=frozenset({"p-moderator"}),
    deciders=frozenset({"p-decider"}),
    submitted=True,
)
