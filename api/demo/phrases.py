"""What the synthetic auditors write: plain sentences put together from the grade and the domain."""

from __future__ import annotations

from random import Random

EVIDENCE = {
    "outstanding": (
        "Very strong evidence over the whole period, and the child can say what changed.",
        "Exceptional work: purposeful, timely and plainly felt by the child.",
    ),
    "good": (
        "Clear evidence on the file, recorded in time and leading to decisions.",
        "Consistent practice over the period; the effect for the child can be seen.",
        "Thoughtful work with a clear purpose and good follow-through.",
    ),
    "requires-improvement": (
        "Present on the file but uneven: two gaps of more than six weeks.",
        "The work was done late and its effect for the child is not yet clear.",
        "Recorded as tasks; the analysis of what they mean for the child is thin.",
    ),
    "inadequate": (
        "Almost nothing on the file for this part over three months of the period.",
        "Known risk was not followed up and the delay left the child unprotected.",
    ),
}

RATIONALE = {
    "outstanding": "Practice went beyond good in nearly every part. The child was known well, "
    "plans changed with what they said, and managers kept the work moving. The difference for "
    "the child is plain and lasting.",
    "good": "The child was seen, heard and helped, plans were timely and managers noticed drift. "
    "Some recording could be shorter and more analytical.",
    "requires-improvement": "The child is safe, but help came unevenly and it is not clear what "
    "changed for them. Oversight was irregular and the plan drifted.",
    "inadequate": "The child was left at risk because known concerns were not followed up. Visits "
    "were missed, there was no current assessment, and management oversight did not notice. This "
    "was escalated on the day of the audit.",
}

STRENGTHS = (
    "The practitioner explained decisions to the child in words they could use themselves.",
    "Direct work with the whole family, fathers included, was planned and reviewed.",
    "School and health were brought in early and knew their part in the plan.",
    "The chronology shows what events meant for the child and not only that they happened.",
)

ACTIONS = (
    ("Bring the chronology up to date and say what it means for the child.", "compliance"),
    ("Hold a planning meeting with the family and agree dates for every step.", "practice"),
    ("See the child alone and record their wishes about contact.", "outcome-for-child"),
    ("Record reflective supervision of this case with decisions and timescales.", "practice"),
    ("Ask health for the outstanding review and put its findings into the plan.", "compliance"),
    ("Agree with the young person how they will get to college and back.", "outcome-for-child"),
)

FEEDBACK = (
    "Things calmed down at home after the meetings, and the worker kept their promises.",
    "I felt listened to. It took a long time before anything happened.",
    "We knew what was asked of us and when. The worker always rang when late.",
    "There were three different workers in a year and we told our story each time.",
)

NO_FEEDBACK = (
    "Two calls and a letter were not answered before the audit closed.",
    "The family asked not to be contacted for the audit.",
)

MODERATOR = {
    "agrees": "The evidence supports the grade, and the reasons follow from what is on the file.",
    "lower": "The evidence of effect is thinner than the grade suggests; gaps in oversight weigh "
    "more than the audit gives them.",
    "higher": "The file shows more effect for the child than the audit gives credit for.",
}

CONSENSUS = (
    "We read the descriptor together and agreed that the gap in visits decides the grade.",
    "On talking it over the direct work weighed more than the late recording.",
    "We agreed that effect, not activity, decides, and that effect is shown here.",
)

GROUNDS = (
    "The moderation gives no weight to the direct work recorded in the second half of the period.",
    "The descriptor speaks of effect for the child, which the review minutes show.",
)

DECISION = {
    "upheld": "The review minutes show the effect that the descriptor asks for. They were on the "
    "file and were overlooked.",
    "partly-upheld": "Part of the evidence was overlooked, but the gap in oversight remains.",
    "not-upheld": "The gap in oversight is as the moderator found it and decides the grade.",
}

RETURNED = (
    "Please say for each action who will do it and by when, and how the child will notice.",
    "The evidence for planning describes the plan but not whether it worked. Please add it.",
)


def pick(rng: Random, texts: tuple[str, ...]) -> str:
    return texts[rng.randrange(len(texts))]


NOT_JUDGED = "The file holds nothing of this for the period."
