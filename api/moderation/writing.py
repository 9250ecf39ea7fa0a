"""A moderator's judgement, a dispute and its decision, as they are written in sections."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.moderation.reading import ModerationStanding, stand
from api.moderation.steps import STEPS
from api.web.boxes import FormValues
from api.web.context import Reading
from api.web.steps import Sent, carry_out
from api.writing.declaration import Section
from api.writing.steps import WrittenStep
from qa.authorisation.policy import can, require
from qa.security import drafts
from qa.store.unit import Receipt

_ENDED = {
    "cancelled": "This moderation was cancelled.",
    "superseded": "The audit has changed, so this moderation no longer stands.",
}


def written_step(reading: Reading, name: str, audit: str) -> WrittenStep:
    """What the reader writes about the moderation of an audit.

    Raises:
        NotFound: no such audit for this reader.   Forbidden: it is not theirs to write.
    """
    step = STEPS[name]
    standing = stand(reading.services, reading.connection, reading.actor, audit)
    row, kind = standing.row, f"moderation-{name}:{audit}:"
    subject, closed = f"{kind}{standing.moderation_id}", ""
    allowed = can(reading.actor, step.verb, standing.opened.resource).allowed
    if not (allowed and step.offered(standing)):
        # What they wrote while it was theirs stays theirs.
        mine = drafts.of_person(reading.connection, reading.actor.person)
        kept = [one.subject for one in mine if one.subject.startswith(kind)]
        if not (allowed or kept):
            require(reading.actor, step.verb, standing.opened.resource)
        subject = kept[0] if kept else subject
        closed = _closed(standing, subject.removeprefix(kind))

    def do(form: FormValues, sent: Sent) -> Receipt:
        return carry_out(step.handler, step.command_of(form, standing), sent)

    def more(section: Section) -> Mapping[str, Any]:
        return {"standing": standing, "found": standing.moderation, **_beside(standing, section)}

    return WrittenStep(
        subject=subject,
        about=f"child:{row.child}",
        address=f"{standing.address}/{name}",
        back=standing.address,
        title=step.title,
        button=step.button,
        caption=f"Audit {row.reference}, child {row.child}",
        closed=closed,
        seen=row.stream_version,
        parts=() if step.sections is None else step.sections(standing),
        do=do,
        onto=f"{standing.address}{step.onward}?done={name}",
        template=f"moderation/write_{name}.html",
        more=more,
    )


def _closed(standing: ModerationStanding, moderation: str) -> str:
    ended = {"withdrawn": "This audit was withdrawn.", "voided": "This audit was cancelled."}
    of_it = (m for m in standing.opened.view.moderations if m["moderation"] == moderation)
    status = next((m["status"] for m in of_it), "")
    return ended.get(standing.row.status) or _ENDED.get(status, "This was recorded already.")


def _beside(standing: ModerationStanding, section: Section) -> Mapping[str, Any]:
    """What a domain looks like, and what the auditor judged where that is open."""
    tool, content = standing.opened.tool, standing.opened.view.content
    domain = tool.domain(section.id.removeprefix("domain-"))
    if domain is None:
        return {"domain": None}
    written = {} if content is None else {one.domain: one for one in content.judgements}
    theirs, scale = written.get(domain.id), tool.scale_of(domain.scale) or tool.overall_scale
    return {
        "domain": domain,
        "children": ", ".join(status.label for status in domain.applies_to),
        "theirs": None if theirs is None else scale.label(theirs.grade) or "Not applicable",
        "evidence": "" if theirs is None else theirs.evidence,
    }
