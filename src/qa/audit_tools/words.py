"""How the events of audit tools and scales are told in history."""

from __future__ import annotations

from qa.audit_tools import definition, events
from qa.core.event_words import (
    EventWords,
    RoomWords,
    Searched,
    Statement,
    code_in_words,
    parts_beneath,
    parts_in_words,
)
from qa.core.words import Scale, ScalePoint

_BY_CHANGES = {"definition": "shown by what changed since the version before"}
_DEFINITION = Statement("definition", ("definition",))


def _definition_texts(event: events.AuditToolPublished) -> dict[str, str]:
    """What a published version asks, and how it tells one grade from another."""
    texts = {"definition.guidance": event.definition.guidance}
    for domain in event.definition.domains:
        at = f"definition.domains.{domain.id}"
        texts[f"{at}.title"] = domain.title
        texts[f"{at}.good_looks_like"] = domain.good_looks_like
        for question in domain.questions:
            texts[f"{at}.questions.{question.id}"] = question.text
        for descriptor in domain.descriptors:
            texts[f"{at}.descriptors.{descriptor.grade}"] = descriptor.text
    return texts


def _area_label(path: str, _tool: object) -> str:
    """ "areas.0.area" → "Domain 1: Area"."""
    _, _, rest = path.partition(".")
    number, _, part = rest.partition(".")
    return f"Domain {int(number) + 1}: {code_in_words(part)}" if number.isdecimal() else "Domains"


HISTORY = RoomWords(
    labels={"changes": "What changed", "retired_version": "Last version"},
    beneath={
        "definition": parts_beneath,
        "scale": parts_in_words,
        "areas": _area_label,
    },
    keyed={
        definition.Domain: ("id", None),
        definition.Question: ("id", None),
        definition.Descriptor: ("grade", "text"),
        definition.LimitingRule: ("id", None),
        Scale: ("key", None),
        ScalePoint: ("code", None),
    },
    events=(
        EventWords(
            events.ScalePublished,
            lambda event: (
                f"Published the scale “{event.scale.name}”, version {event.scale.version}"
            ),
            statement=Statement("scale", ("scale",)),
        ),
        EventWords(
            events.AuditToolRevised,
            lambda event: f"Edited the tool “{event.definition.title}”",
            hidden=_BY_CHANGES,
            statement=_DEFINITION,
            searched=Searched(titles=lambda event: {"title": event.definition.title}),
        ),
        EventWords(
            events.AuditToolPublished,
            lambda event: f"Published “{event.definition.title}”, version {event.tool_version}",
            hidden=_BY_CHANGES,
            statement=_DEFINITION,
            searched=Searched(_definition_texts, anew=True),
        ),
        EventWords(events.AuditToolRetired, "Retired the tool"),
        EventWords(
            events.JudgementAreasMapped,
            lambda event: (
                f"Mapped {len(event.areas)} domains to judgement areas from {event.from_on:%B %Y}"
            ),
            hidden={"mapping_version": "counted by the order of the mappings"},
        ),
    ),
)
