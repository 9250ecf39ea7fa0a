"""Carries out the commands on the work that waits for somebody."""

from __future__ import annotations

from qa.authorisation.context import PartDesk, Work
from qa.authorisation.handling import handles
from qa.authorisation.policy import can
from qa.core.errors import CaseloopError, Fault, refuse_any
from qa.core.words import Resource
from qa.people.loading import load_person, managers_of
from qa.tasks import decisions
from qa.tasks.commands import HandOverWork, WorkHandedOver, WorkPart
from qa.tasks.parts import handing_over


@handles(HandOverWork)
def hand_over(command: HandOverWork, work: Work) -> WorkHandedOver:
    person = load_person(work, command.person)
    overseen = Resource(
        service=person.service,
        team=person.team,
        person=command.person,
        line=managers_of(work, command.person),
    )
    allowed = person.exists and can(work.by, "read-team-work", overseen).allowed
    decisions.oversees(allowed)
    decisions.may_hand_over(command)
    desk, faults = work.parts(command.reason), list[Fault]()
    for place, part in enumerate(command.parts):
        try:
            decisions.theirs(_give(desk, part, work, command.reason), command.person)
        except CaseloopError as refused:
            faults += decisions.faults_of(place, refused)
    refuse_any(faults)
    return WorkHandedOver(parts=len(command.parts))


def _give(desk: PartDesk, part: WorkPart, work: Work, reason: str) -> str:
    """Hand one thing over; who answered for it until then."""
    kind, _, key = part.thing.partition(":")
    way = handing_over().get(kind)
    decisions.kind_of(part, known=way is not None)
    assert way is not None
    return way.hand_over(desk, key, to=part.to, reason=reason, by=work.by)
