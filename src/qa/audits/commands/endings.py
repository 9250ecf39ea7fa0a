"""Commands that end a case audit or bring it back: withdraw, void, finalise, reopen."""

from __future__ import annotations

from typing import Literal

from qa.audits import decisions
from qa.audits.commands.loading import open_audit, save_audit, save_judged
from qa.audits.commands.reacting import AuditReactions, Ended
from qa.audits.events import case_audit_stream
from qa.authorisation.context import Desk, Once, command, reactions
from qa.core.words import Actor
from qa.security import drafts
from qa.store.unit import Receipt


def _end(
    desk: Desk,
    how: Literal["withdraw", "void"],
    audit: str,
    reason: str,
    seen: int | None,
    by: Actor,
    once: Once | None,
) -> Receipt:
    with desk.work(by, once=once, reason=reason) as work:
        state = open_audit(work, audit, f"{how}-audit", seen)
        if how == "withdraw":
            save_audit(work, state, decisions.withdraw(state, reason=reason))
        else:
            save_audit(work, state, decisions.void(state, reason=reason))
        actions = desk.lookups.actions_of_audit(work.unit.connection, audit)
        why: Ended = "audit-withdrawn" if how == "withdraw" else "audit-voided"
        for one in reactions(AuditReactions):
            one.ended(work, state, why, actions)
        drafts.discard(work.unit.connection, subject=case_audit_stream(audit))
    return work.receipt


@command
def withdraw(
    desk: Desk,
    *,
    audit: str,
    reason: str,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Take an audit out of the figures; its moderations and actions fall away with it."""
    return _end(desk, "withdraw", audit, reason, seen, by, once)


@command
def void(
    desk: Desk,
    *,
    audit: str,
    reason: str,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Declare that an audit should never have existed; it stays readable."""
    return _end(desk, "void", audit, reason, seen, by, once)


@command
def finalise(
    desk: Desk,
    *,
    audit: str,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Let the auditor's grade count where no moderation is asked for."""
    return _settle(desk, audit, None, seen, by, once)


@command
def reopen(
    desk: Desk,
    *,
    audit: str,
    reason: str,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Take a final grade back, with a reason."""
    return _settle(desk, audit, reason, seen, by, once)


def _settle(
    desk: Desk,
    audit: str,
    reopen_because: str | None,
    seen: int | None,
    by: Actor,
    once: Once | None,
) -> Receipt:
    with desk.work(by, once=once, reason=reopen_because) as work:
        if reopen_because is None:
            state = open_audit(work, audit, "finalise-audit", seen)
            save_judged(work, state, decisions.finalise(state))
        else:
            state = open_audit(work, audit, "reopen-audit", seen)
            save_audit(work, state, decisions.reopen(state, reason=reopen_because))
    return work.receipt
