"""How the events of self-evaluations are told in history."""

from __future__ import annotations

from qa.core.event_words import EventWords, RoomWords, Searched
from qa.self_evaluation import events

_CLAIM = "the id of a claim: its words stand beside it, or in an entry before"
_NUMBER = "stands in the sentence of the entry"
_ASKED = "the question of the report, shown with the receipt of the figure"
_RECORD = "named on the page of the self-evaluation alone, to people it is open to"
_MADE = "how it is made again"


_PATHS = {
    "claim": "evaluation_claim",
    "area": "claim_area",
    "evidence": "evaluation_evidence",
    "figure": "evidence_figure",
    "sha256": "copy_sha256",
}
"""Names in history of fields whose words mean another thing in other events."""


def _paths(*names: str) -> dict[str, str]:
    return {name: _PATHS[name] for name in names}


_TEXTS = ("known", "how_known", "will_do")
"""What is written in a claim, each text at a path of its own claim."""


HISTORY = RoomWords(
    events=(
        EventWords(
            events.SelfEvaluationStarted,
            lambda event: f"Began the self-evaluation “{event.title}”",
            hidden={"evaluation": "the id of the self-evaluation: the entry is its own"},
            paths={"start": "period_start", "end": "period_end"},
            searched=Searched(titles=("title",)),
        ),
        EventWords(
            events.SelfEvaluationChanged,
            lambda event: f"Changed title or period: “{event.title}”",
            paths={"start": "period_start", "end": "period_end"},
            searched=Searched(titles=("title",)),
        ),
        EventWords(
            events.EvaluationClaimMade,
            lambda event: f"Made a claim under “{event.area.label}”",
            paths=_paths("claim", "area"),
            hidden={"claim": _CLAIM},
            searched=Searched(_TEXTS, by="claim"),
        ),
        EventWords(
            events.EvaluationClaimChanged,
            lambda event: f"Changed a claim under “{event.area.label}”",
            paths=_paths("claim", "area"),
            hidden={"claim": _CLAIM},
            searched=Searched(_TEXTS, by="claim"),
        ),
        EventWords(
            events.EvaluationClaimWithdrawn,
            "Took a claim back",
            paths=_paths("claim"),
            hidden={"claim": _CLAIM},
            searched=Searched(ends=_TEXTS, by="claim"),
        ),
        EventWords(
            events.EvaluationFigureTied,
            lambda event: f"Linked a claim to evidence {event.evidence}, a figure",
            paths=_paths("claim", "evidence", "figure"),
            hidden={
                "claim": _CLAIM,
                "evidence": _NUMBER,
                "asked": _ASKED,
                "row": _ASKED,
                "figure": _ASKED,
                "told": _ASKED,
            },
        ),
        EventWords(
            events.EvaluationRecordTied,
            lambda event: f"Linked a claim to evidence {event.evidence}, a record",
            paths=_paths("claim", "evidence"),
            hidden={"claim": _CLAIM, "evidence": _NUMBER, "kind": _RECORD, "record": _RECORD},
        ),
        EventWords(
            events.EvaluationEvidenceUntied,
            lambda event: f"Took evidence {event.evidence} away from a claim",
            paths=_paths("claim", "evidence"),
            hidden={"claim": _CLAIM, "evidence": _NUMBER},
        ),
        EventWords(
            events.EvaluationClaimConfirmed,
            "Looked at evidence that changed: the claim is still true",
            paths=_paths("claim"),
            hidden={"claim": _CLAIM, "figures": _ASKED},
        ),
        EventWords(
            events.EvaluationSentForReview,
            lambda event: f"Sent for review as recorded up to entry {event.position}",
            paths=_paths("sha256"),
            hidden={"rendering": _MADE, "letterhead": _MADE},
        ),
        EventWords(events.EvaluationReturned, "Sent back to be changed"),
        EventWords(
            events.SelfEvaluationFrozen,
            lambda event: f"Agreed it: copy {event.copy_number} is frozen",
            paths=_paths("sha256"),
            hidden={"copy_number": _NUMBER, "rendering": _MADE, "letterhead": _MADE},
        ),
    ),
)
