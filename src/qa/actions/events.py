"""Events of an action (stream ``action:<id>``), from the finding that raised it to its effect, and
of the policy behind its clocks (stream ``action-policy``)."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar

from qa.actions.states import ActionKind, EvidenceKind, ProofKind, RaisedBy
from qa.audits.words import ACTION_KINDS
from qa.core.event import Event
from qa.core.fields import FieldWords, choice, days, long_text, several, short_text
from qa.core.frozen import Frozen, SealedText

LONGEST, LONGEST_REFERENCE = 4000, 200


def to_do(label: str) -> FieldWords:
    return long_text(label, missing="Say what must be done.", longest=LONGEST)


def source_text(label: str, hint: str = "") -> FieldWords:
    sentence = "Name the source in 200 characters or fewer."
    return short_text(label, hint, longest=LONGEST_REFERENCE, sentence=sentence)


def _shows(kind: ActionKind) -> FieldWords:
    hint = "One piece of any of these kinds will do, unless another is asked for by hand."
    return several(f"Evidence for: {ACTION_KINDS[kind].lower()}", hint)


Owner = Annotated[str, choice("Owner")]
EvidenceAsked = Annotated[EvidenceKind | None, choice("Evidence asked for")]
HowItGoes = Annotated[
    SealedText, long_text("How it goes", missing="Say how it goes.", longest=LONGEST)
]
AcceptWithin = Annotated[int, days("Working days to accept an action", 1, 60)]
CheckWithin = Annotated[int, days("Working days to check evidence", 1, 60)]
ImpactAfter = Annotated[int, days("Days until impact can be checked", 1, 730)]
ImpactWithin = Annotated[int, days("Days until impact should have been checked", 1, 1095)]
ReopenWithin = Annotated[int, days("Days in which the same failing reopens the loop", 1, 1825)]
OfCompliance = Annotated[tuple[EvidenceKind, ...], _shows("compliance")]
OfPractice = Annotated[tuple[EvidenceKind, ...], _shows("practice")]
OfOutcome = Annotated[tuple[EvidenceKind, ...], _shows("outcome-for-child")]


def action_stream(action: str) -> str:
    return f"action:{action}"


class ActionRaised(Event):
    """A finding needs something done. The first due date is kept here for ever.

    `audit` and `child` are empty where it comes from no audit; `source` then says what it comes
    from. `follows` is the action before it in the same chain, `accept_by` the day by which its
    owner answers, and `evidence_asked` the kind of evidence that will do. Where nobody asked for
    one, any of `evidence_kinds` does, the policy of the day; if there are none, any at all.
    """

    SCHEMA: ClassVar[int] = 3
    action: str
    raised_by: RaisedBy
    audit: str = ""
    child: str = ""
    team: str
    service: str
    text: Annotated[SealedText, to_do("Action")]
    kind: ActionKind
    owner: Owner
    due_on: date
    domain: str | None = None
    source: Annotated[str, source_text("Comes from")] = ""
    evidence_asked: EvidenceAsked = None
    accept_by: date | None = None
    follows: str | None = None
    evidence_kinds: tuple[EvidenceKind, ...] = ()


class ActionAccepted(Event):
    """The owner takes the action on."""


class ActionChallenged(Event):
    """The owner says why the action is wrong, or not theirs."""

    why: SealedText


class ActionCorrected(Event):
    """What was typed wrong when the action was raised was put right before anybody acted on it."""

    old_text: SealedText
    new_text: SealedText
    old_owner: str
    new_owner: str
    old_due_on: date
    new_due_on: date


class ActionContributorsNamed(Event):
    """Who helps the owner. There is one accountable owner whoever helps."""

    old: tuple[str, ...]
    new: tuple[str, ...]


class ActionFindingLinked(Event):
    """The action answers a further finding: an audit, or one domain of it."""

    audit: str
    domain: str | None = None


class ActionProgressed(Event):
    """Somebody says how the action goes."""

    note: HowItGoes


class ActionRescheduled(Event):
    """The due date moved; the first one stays in `ActionRaised`."""

    old: date
    new: date


class ActionTransferred(Event):
    """Another person, perhaps of another team, is accountable from now on."""

    old: str
    new: str
    old_team: str
    new_team: str
    old_service: str
    new_service: str
    accept_by: date


class ActionTeamChanged(Event):
    """The team of the action was closed: another one took over, and the owner stays."""

    old_team: str
    new_team: str
    old_service: str
    new_service: str


class Evidence(Frozen):
    """One piece of evidence that an action was done, and where it can be seen."""

    kind: Annotated[EvidenceKind, choice("kind")]
    what: Annotated[
        SealedText, long_text("what it is", missing="Say what the evidence is.", longest=LONGEST)
    ]
    where: Annotated[
        SealedText,
        short_text(
            "where it is",
            longest=LONGEST_REFERENCE,
            sentence="Say where it is in 200 characters or fewer.",
        ),
    ] = ""


class ActionClaimedDone(Event):
    """The owner says that it is done and shows why. A claim is no completion."""

    evidence: tuple[Evidence, ...]
    check_by: date


class ActionDiscussionAsked(Event):
    """Its owner's supervision is to talk the action over before its effect is checked."""


class EvidenceAccepted(Event):
    """Somebody outside the owner's line is satisfied that it was done.

    Whether it changed anything can be checked from `verify_from` and should be by `verify_by`.
    """

    verify_from: date
    verify_by: date


class EvidenceReturned(Event):
    """The evidence does not show that it was done."""

    why: SealedText


class ImpactConfirmed(Event):
    """It changed something for children: the loop is closed."""

    proof: ProofKind
    reference: str
    note: SealedText


class ImpactNotSeen(Event):
    """It was done and changed nothing. The action `next` carries the chain on."""

    proof: ProofKind
    reference: str
    note: SealedText
    next: str


class ImpactTooEarly(Event):
    """It is too early to tell; somebody looks again from `verify_from`."""

    proof: ProofKind
    reference: str
    note: SealedText
    verify_from: date
    verify_by: date


class ActionReopened(Event):
    """The same thing went wrong again after the loop was closed: it was not closed.

    `finding` says where it was seen; the action `next` carries the chain on.
    """

    finding: str
    next: str


class ActionNoLongerApplicable(Event):
    """The action fell away (for example: its audit was voided). The reason is in the envelope."""

    action: str


class ActionPolicySet(Event):
    """The clocks of actions, and what evidence does for each kind of them (none named: any).

    Days of the calendar unless a field says working days.
    """

    SCHEMA: ClassVar[int] = 2
    policy_version: int
    accept_within_working_days: AcceptWithin
    check_evidence_within_working_days: CheckWithin
    impact_after_days: ImpactAfter
    impact_within_days: ImpactWithin
    reopen_within_days: ReopenWithin
    evidence_of_compliance: OfCompliance = ()
    evidence_of_practice: OfPractice = ()
    evidence_of_outcome: OfOutcome = ()

    def evidence_for(self, kind: ActionKind) -> tuple[EvidenceKind, ...]:
        """What shows that an action of this kind was done."""
        return {
            "compliance": self.evidence_of_compliance,
            "practice": self.evidence_of_practice,
            "outcome-for-child": self.evidence_of_outcome,
        }[kind]
