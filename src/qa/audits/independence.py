"""Independence: who may not judge whose work, and where an exception may be recorded.

The hard rules cannot be set aside. The others block until somebody who may approve exceptions
records why. Source: practice collected in the domain notes (audits made for another team; the
inspectorate's repeated call for independent moderation).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from qa.audits.judgements import IndependenceException
from qa.core.errors import Fault, Refused
from qa.core.reasons import of_substance


@dataclass(frozen=True, slots=True)
class Member:
    """What independence asks of a person: team and line manager on the day in question."""

    id: str
    name: str
    team: str | None = None
    service: str | None = None
    manager: str | None = None


@dataclass(frozen=True, slots=True)
class Breach:
    """A rule that stands in the way. `hard` rules take no exception."""

    rule: str
    sentence: str
    hard: bool


def auditor_breaches(
    auditor: Member,
    *,
    case_holder: str | None,
    case_manager: str | None,
    team: str,
) -> list[Breach]:
    """What keeps `auditor` from auditing a file of `team` held by `case_holder`."""
    breaches: list[Breach] = []
    if auditor.id == case_holder:
        breaches.append(
            Breach("own-case", f"{auditor.name} holds this case and cannot audit it.", True)
        )
    if auditor.id == case_manager:
        breaches.append(
            Breach(
                "own-line",
                f"{auditor.name} manages the case holder and cannot audit the case.",
                True,
            )
        )
    if auditor.team is not None and auditor.team == team:
        breaches.append(
            Breach("own-team", f"{auditor.name} belongs to the team whose file this is.", False)
        )
    return breaches


def moderator_breaches(
    moderator: Member,
    *,
    auditor: Member,
    began_by: Iterable[str],
    case_holder: str | None,
    case_manager: str | None,
    team: str,
) -> list[Breach]:
    """What keeps `moderator` from moderating an audit."""
    breaches: list[Breach] = []
    if moderator.id == auditor.id or moderator.id in set(began_by):
        breaches.append(
            Breach(
                "began-audit",
                f"{moderator.name} began this audit, and nobody moderates an audit they began.",
                True,
            )
        )
    if moderator.id == case_holder:
        breaches.append(
            Breach("own-case", f"{moderator.name} holds this case and cannot moderate it.", True)
        )
    if moderator.id == case_manager:
        breaches.append(Breach("case-line", f"{moderator.name} manages the case holder.", False))
    if moderator.id == auditor.manager or auditor.id == moderator.manager:
        breaches.append(
            Breach(
                "auditor-line",
                f"{moderator.name} and the auditor, {auditor.name}, report to one another.",
                False,
            )
        )
    if moderator.team is not None and moderator.team == team:
        breaches.append(
            Breach("own-team", f"{moderator.name} belongs to the team whose file this is.", False)
        )
    return breaches


def decider_breaches(decider: Member, *, auditor: Member, moderator: Member) -> list[Breach]:
    """What keeps `decider` from settling a dispute: they must be free of both parties."""
    breaches: list[Breach] = []
    if decider.id in (auditor.id, moderator.id):
        breaches.append(
            Breach("party", f"{decider.name} is a party to the dispute and cannot decide it.", True)
        )
    for party in (auditor, moderator):
        if decider.id != party.id and (decider.id == party.manager or party.id == decider.manager):
            breaches.append(
                Breach(
                    "party-line",
                    f"{decider.name} and {party.name}, a party to the dispute, report to "
                    "one another.",
                    False,
                )
            )
    return breaches


def settle(
    breaches: Sequence[Breach], *, field: str, exception: str | None, approved_by: str | None
) -> tuple[IndependenceException, ...]:
    """Turn breaches into recorded exceptions, or refuse.

    Raises:
        Refused: a hard rule is broken, or a soft one without an exception (code
            ``independence-exception-needed``); each breach is a fault.
    """
    hard = [breach for breach in breaches if breach.hard]
    if hard:
        raise Refused(Fault(field, f"independence-{b.rule}", b.sentence) for b in hard)
    if not breaches:
        return ()
    if exception is None or not of_substance(exception) or approved_by is None:
        raise Refused(
            Fault(
                field,
                "independence-exception-needed",
                f"{breach.sentence} Choose somebody else, or record why this is needed.",
            )
            for breach in breaches
        )
    return tuple(
        IndependenceException(rule=breach.rule, approved_by=approved_by, why=exception.strip())
        for breach in breaches
    )
