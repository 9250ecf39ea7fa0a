"""How the events of moderation are told in history, and what their values are called."""

from __future__ import annotations

from typing import Any

from qa.audits import moderation_events
from qa.audits.words import grades_told, judgement_label, judgement_value, overall_value
from qa.core.event_words import (
    EventWords,
    Label,
    RoomWords,
    Searched,
    Statement,
    change,
    code_in_words,
)
from qa.moderation import events

CAUSES = {
    "inadequate": "every audit in the lowest grade is moderated",
    "outstanding": "every audit in the highest grade is moderated",
    "new-auditor": "the first audits of every new auditor are moderated",
    "random": "it was drawn at random",
    "by-hand": "a QA lead picked it",
    "again": "it changed after it had been moderated",
}
LABELS = {
    "agreed_overall": "Overall grade agreed on",
    "already_seen": "The moderator had seen the judgement",
    "audit_version": "Version of the audit that was judged",
    "cause": "Cause",
    "settle_by": "Difference: to be settled by",
    "dispute_due_on": "Dispute: due date",
    "draw": "Place in the draw",
    "moderation_due_on": "Moderation: due date",
    "moderator_as_written": "Moderator, as written in the file",
    "picked_because": "Picked because",
    "stated_agreed": "Agreed, as the file states it",
}
_TEXTS = {
    "consensus": "Reasons for the agreed grade",
    "dispute": "Grounds of the dispute",
    "decision": "Reasons of the decision",
    "moderation": "Moderator’s comment",
}
_OWN = {"moderation": "the id of the moderation: the entry belongs to it"}
_DISPUTE = {**_OWN, "dispute": "the id of the dispute: the entry belongs to it"}
_JUDGED = {"overall": "moderated_overall", "judgements": "moderated"}


def _of(begins: str) -> Label:
    """The label of a judgement that is not the auditor's."""
    return lambda path, tool: begins + judgement_label(path, tool)


def _text(path: str, _tool: Any) -> str:
    return _TEXTS[path.partition(".")[0]]


def _belongs(
    stream: str, event: moderation_events.ModerationSelected | moderation_events.ModerationImported
) -> tuple[str, str]:
    return f"moderation:{event.moderation}", stream.partition(":")[2]


def _assigned(event: moderation_events.ModerationAssigned) -> str:
    how = "blind" if event.blind and not event.already_seen else "open"
    seen = "; the moderator had seen the judgement" if event.already_seen else ""
    return f"Assigned the moderation ({how}{seen})"


def _decided(event: moderation_events.DisputeDecided) -> str:
    outcome = code_in_words(event.outcome).lower()
    graded = grades_told(event.overall, event.judgements)
    return f"Decided the dispute: {outcome}, grade {graded}"


def _recorded(event: moderation_events.ModerationRecorded) -> str:
    return f"Recorded the moderator's judgement: {grades_told(event.overall, event.judgements)}"


def _imported(event: moderation_events.ModerationImported) -> str:
    return f"Imported moderation {event.reference}: {grades_told(event.overall, event.judgements)}"


def _reconciled(event: moderation_events.GradeReconciled) -> str:
    return f"Agreed on one grade: {grades_told(event.overall, event.judgements)}"


def _superseded(event: moderation_events.ModerationSuperseded) -> str:
    if event.cause == "restated":
        return "The moderation no longer stands as it was: a later file states it otherwise"
    return f"The moderation no longer stands: the audit was {event.cause}"


def _policy(event: events.ModerationPolicySet) -> str:
    return (
        f"Set version {event.policy_version} of the moderation policy: "
        f"{event.share_percent}% drawn at random"
        + (", every audit in the lowest grade" if event.every_inadequate else "")
        + (", every audit in the highest grade" if event.every_outstanding else "")
        + f", the first {event.first_audits_of_new_auditor} of a new auditor"
    )


def _comments(event: moderation_events.ModerationRecorded) -> dict[str, str]:
    at = f"moderation.{event.moderation}"
    return {
        f"{at}.rationale": event.rationale,
        f"{at}.audit_quality_comment": event.audit_quality_comment,
        **{f"{at}.{one.domain}": one.comment for one in event.judgements},
    }


HISTORY = RoomWords(
    labels=LABELS,
    beneath={
        "moderated": _of("Moderator: "),
        "agreed": _of("Agreed: "),
        **dict.fromkeys(_TEXTS, _text),
    },
    codes={"picked_because": CAUSES},
    worded=frozenset({"already_seen", "audit_quality", "blind", "cause", "outcome", "reason_code"}),
    values={
        "agreed": judgement_value,
        "agreed_overall": overall_value,
        "moderated": judgement_value,
        "moderated_overall": overall_value,
    },
    people=frozenset({"decider", "moderator"}),
    events=(
        EventWords(
            moderation_events.ModerationSelected,
            lambda event: f"Picked for moderation ({', '.join(map(code_in_words, event.reasons))})",
            paths={"due_on": "moderation_due_on", "reasons": "picked_because"},
            hidden=_OWN,
            statement=Statement("moderation", ("due_on",), of="moderation"),
            part="moderation",
            belongs=_belongs,
        ),
        EventWords(moderation_events.ModerationNotSelected, "Not picked for moderation"),
        EventWords(
            moderation_events.ModerationAssigned,
            _assigned,
            about="moderator",
            paths={"due_on": "moderation_due_on"},
            hidden=_OWN,
            statement=Statement("moderation", ("moderator", "blind", "due_on"), of="moderation"),
            part="moderation",
        ),
        EventWords(
            moderation_events.ModerationUnblinded,
            "Opened the judgement to the moderator: no longer blind",
            hidden=_OWN,
            changes=lambda _event: [change("blind", "yes", "no")],
            part="moderation",
        ),
        EventWords(
            moderation_events.ModerationRecorded,
            _recorded,
            paths=_JUDGED,
            hidden=_OWN,
            part="moderation",
            searched=Searched(_comments),
        ),
        EventWords(
            moderation_events.ModerationImported,
            _imported,
            about="moderator",
            paths=_JUDGED,
            hidden=_OWN,
            part="moderation",
            belongs=_belongs,
        ),
        EventWords(
            moderation_events.ModerationConversationHeld,
            lambda event: f"Talked the difference over on {event.held_on.isoformat()}",
            hidden=_OWN,
            part="moderation",
        ),
        EventWords(
            moderation_events.GradeReconciled,
            _reconciled,
            paths={"overall": "agreed_overall", "judgements": "agreed"},
            hidden=_OWN,
            part="moderation",
            searched=Searched(lambda event: {f"consensus.{event.moderation}": event.rationale}),
        ),
        EventWords(
            moderation_events.GradeDisputed,
            lambda event: f"Disputed the grade ({', '.join(map(code_in_words, event.about))})",
            paths={"about": "disputed", "due_on": "dispute_due_on"},
            hidden=_DISPUTE,
            part="moderation",
            searched=Searched(lambda event: {f"dispute.{event.dispute}": event.grounds}),
        ),
        EventWords(
            moderation_events.DisputeAssigned,
            "Named who decides the dispute",
            about="decider",
            hidden=_DISPUTE,
            statement=Statement("dispute", ("decider",), of="dispute"),
            part="moderation",
        ),
        EventWords(
            moderation_events.DisputeDecided,
            _decided,
            paths={"overall": "final_grade", "judgements": "agreed"},
            hidden=_DISPUTE,
            part="moderation",
            searched=Searched(lambda event: {f"decision.{event.dispute}": event.reasons}),
        ),
        EventWords(
            moderation_events.ModerationCancelled,
            "Moderation cancelled",
            hidden=_OWN,
            part="moderation",
        ),
        EventWords(
            moderation_events.ModerationSuperseded,
            _superseded,
            hidden=_OWN,
            part="moderation",
        ),
        EventWords(events.ModerationPolicySet, _policy, statement=Statement("policy")),
    ),
)
