"""Which kinds of opening ask what it is for, and whether the reader has said so.

The settings choose the kinds (`Settings.ask_purpose`). A person is asked once in a session for each
record, on a page of its own; a program sends the header ``Caseloop-Purpose`` with each request.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy.engine import Connection

from api.gate.access_middleware import CURRENT, PurposeMissing
from api.services import Services
from projections.restrictions.queries import restricted
from qa.core.naming import reference_key
from qa.core.words import Actor, Resource
from qa.security import access_log

SUGGESTED = (
    "I audit, moderate or settle this file",
    "I manage the person or the team concerned",
    "I follow an action up",
    "A complaint, a request for information or an inspection",
    "I prepare a report",
)
"""What most people answer; anything else is typed."""


def out_of_team(actor: Actor, resource: Resource) -> bool:
    """Whether a record is of another team than the reader's, and they have no part in it."""
    part = {resource.auditor, *resource.moderators, *resource.deciders}
    return actor.team != resource.team and actor.person not in part


def ask(
    services: Services,
    connection: Connection,
    kinds: Collection[str],
    subject: str,
) -> None:
    """Let the request go on if no kind in `kinds` asks for a purpose, or it has been said.

    Raises:
        PurposeMissing: it has not.
    """
    visit = CURRENT.get()
    if visit is None or visit.actor is None or not services.settings.ask_purpose & set(kinds):
        return
    if visit.purpose:
        # One request is one opening, however many records it shows.
        return
    purpose = visit.sent_purpose
    if visit.session:
        purpose = (
            access_log.purpose_said(connection, session=visit.session, subject=subject)
            or visit.sent_purpose
        )
    if not purpose:
        raise PurposeMissing(subject)
    visit.purpose = purpose


def kinds_of(
    connection: Connection, actor: Actor, child: str, resources: Collection[Resource]
) -> set[str]:
    """The kinds of opening that reading these audits of a child is."""
    found: set[str] = set()
    if resources and all(out_of_team(actor, one) for one in resources):
        found.add("out-of-team")
    if reference_key(child) in restricted(connection):
        found.add("restricted")
    return found
