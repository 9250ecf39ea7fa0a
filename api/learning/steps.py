"""The forms of a learning theme: what belongs to it, its steps, and examples of good practice."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from api.learning.reading import OpenedTheme, Tagged
from api.web.boxes import Box, FormValues
from api.web.steps import FormStep, Sent
from projections.learning.queries import CLOSED
from qa.learning import commands
from qa.learning.words import EFFECTS, TAG_KINDS
from qa.store.unit import Receipt

NO_NAMES = "Name no worker and no child: everybody reads this."


@dataclass(frozen=True, slots=True)
class ThemeView:
    """What the forms are given: the theme (None for a new one), who may be thanked, and the audit
    that a reference means."""

    opened: OpenedTheme | None
    everybody: Sequence[tuple[str, str]]
    find_audit: Callable[[str], str | None]

    @property
    def theme(self) -> OpenedTheme:
        assert self.opened is not None
        return self.opened

    @property
    def id(self) -> str:
        return str(self.theme.row["theme"])

    @property
    def strengths(self) -> list[Tagged]:
        return [one for one in self.theme.tagged if one.kind == "strength"]


def _open(view: ThemeView, asked: FormValues, sent: Sent) -> Receipt:
    return commands.open_theme(
        title=asked.text("title"),
        question=asked.text("question"),
        desk=sent["desk"],
        by=sent["by"],
        once=sent["once"],
    )


OPEN: FormStep[ThemeView] = FormStep(
    "Open a learning theme",
    "Open the theme",
    "The theme is open.",
    lambda view: (
        Box("title", "Theme", hint="For example: seeing children alone. No names."),
        Box("question", "What do we want to know?", "long", NO_NAMES),
    ),
    _open,
    ("A theme gathers what several findings teach, and follows it until a re-audit saw a change.",),
    "keep-learning",
)


def _tag_boxes(view: ThemeView) -> Sequence[Box]:
    return (
        Box("kind", "What belongs to it", "choice", items=list(TAG_KINDS.items())),
        Box("record", "Which one",
            hint="An audit’s reference, or the address of the page of the action or indicator"),
        Box("part", "Which part of the audit",
            hint="The code of the domain of a finding, or the number of a strength, from 1"),
    )  # fmt: skip


def _tag(view: ThemeView, asked: FormValues, sent: Sent) -> Receipt:
    kind = asked.one_of("kind", tuple(TAG_KINDS), "Say what it is.")
    record, part = asked.text("record"), asked.text("part")
    if kind in ("finding", "strength"):
        found = view.find_audit(record)
        if found is None:
            asked.refuse("record", "audit-unknown", "There is no audit with this reference.")
        record = found or ""
    else:
        record, part = _at_end(record), ""
    if kind == "strength":
        place = asked.whole("part")
        part = "" if place is None else str(place - 1)
    asked.done()
    return commands.tag(theme=view.id, kind=cast(Any, kind), record=record, part=part, **sent)


def _at_end(address: str) -> str:
    """The id at the end of an address, or the id itself."""
    return re.split(r"[?#]", address)[0].rstrip("/").rpartition("/")[2]


def _untag_boxes(view: ThemeView) -> Sequence[Box]:
    return (
        Box("tag", "What does not belong to it", "choice",
            items=[(str(at), words(one)) for at, one in enumerate(view.theme.tagged)]),
        Box("reason", "Why", "long", NO_NAMES),
    )  # fmt: skip


def words(one: Tagged) -> str:
    """What belongs to a theme, in words."""
    part = ""
    if one.kind == "finding":
        part = f": {one.part}"
    elif one.kind == "strength":
        part = f": strength {int(one.part) + 1}"
    return f"{TAG_KINDS[one.kind]}, {one.called}{part}"


def _untag(view: ThemeView, asked: FormValues, sent: Sent) -> Receipt:
    tagged = view.theme.tagged
    known = [str(at) for at in range(len(tagged))]
    chosen = asked.one_of("tag", known, "Choose something that belongs to the theme.")
    asked.done()
    one = tagged[int(chosen)]
    return commands.untag(
        theme=view.id,
        kind=cast(Any, one.kind),
        record=one.record,
        part=one.part,
        reason=asked.text("reason"),
        **sent,
    )


def _share(view: ThemeView, asked: FormValues, sent: Sent) -> Receipt:
    return commands.share(
        theme=view.id,
        where=asked.text("where"),
        with_whom=asked.text("with_whom"),
        message=asked.text("message"),
        **sent,
    )


def _change(view: ThemeView, asked: FormValues, sent: Sent) -> Receipt:
    return commands.change_practice(
        theme=view.id, what=asked.text("what"), evidence=asked.text("evidence"), **sent
    )


def _re_audit(view: ThemeView, asked: FormValues, sent: Sent) -> Receipt:
    audits = []
    for reference in asked.lines("audits"):
        found = view.find_audit(reference)
        if found is None:
            asked.refuse("audits", "audit-unknown", f"There is no audit {reference}.")
        audits.append(found or "")
    asked.done()
    return commands.re_audit(theme=view.id, audits=audits, found=asked.text("found"), **sent)


def _close(view: ThemeView, asked: FormValues, sent: Sent) -> Receipt:
    effect = asked.one_of("effect", tuple(EFFECTS), "Say whether practice improved.")
    asked.done()
    return commands.close(theme=view.id, effect=cast(Any, effect), why=asked.text("why"), **sent)


def _thank_boxes(view: ThemeView) -> Sequence[Box]:
    return (
        Box("strength", "Which strength", "choice",
            items=[(str(at), words(one)) for at, one in enumerate(view.strengths)]),
        Box("text", "What was good, for everybody", "long", NO_NAMES),
        Box("worker", "Whom to thank", "choice", "Nobody else is told who it was.",
            view.everybody),
        Box("thanks", "Your thanks", "long", "Only this worker reads it."),
    )  # fmt: skip


def _thank(view: ThemeView, asked: FormValues, sent: Sent) -> Receipt:
    known = [str(at) for at in range(len(view.strengths))]
    chosen = asked.one_of("strength", known, "Choose a strength that is tagged to the theme.")
    asked.done()
    one = view.strengths[int(chosen)]
    return commands.share_good_practice(
        theme=view.id,
        audit=one.record,
        strength=int(one.part),
        text=asked.text("text"),
        worker=asked.text("worker"),
        thanks=asked.text("thanks"),
        **sent,
    )


STEPS: Mapping[str, FormStep[ThemeView]] = {
    "tag": FormStep(
        "Add something to this theme", "Add it", "It belongs to the theme now.",
        _tag_boxes, _tag, verb="keep-learning",
    ),
    "untag": FormStep(
        "Take something out of this theme", "Take it out", "It is taken out.",
        _untag_boxes, _untag, verb="keep-learning",
    ),
    "share": FormStep(
        "Say where this was shared", "Save", "It is noted as shared.",
        lambda view: (
            Box("where", "Where", hint="For example: practice meeting, newsletter"),
            Box("with_whom", "With whom", hint="Teams or roles, no names"),
            Box("message", "Key message", "long", NO_NAMES),
        ),
        _share, verb="keep-learning",
    ),
    "change": FormStep(
        "Say how practice changed", "Save", "The change is noted.",
        lambda view: (
            Box("what", "What is done otherwise", "long", NO_NAMES),
            Box("evidence", "What shows it", "long", NO_NAMES),
        ),
        _change, verb="keep-learning",
    ),
    "re-audit": FormStep(
        "Say what a re-audit found", "Save", "The re-audit is noted.",
        lambda view: (
            Box("audits", "References of the audits, one a line", "lines"),
            Box("found", "What they found together", "long", NO_NAMES),
        ),
        _re_audit, verb="keep-learning",
    ),
    "close": FormStep(
        "Close this theme", "Close the theme", "The theme is closed.",
        lambda view: (
            Box("effect", "Effect", "choice", items=list(EFFECTS.items())),
            Box("why", "Why", "long", NO_NAMES),
        ),
        _close, verb="keep-learning",
    ),
    "good-practice": FormStep(
        "Hold up good practice", "Share it", "It is in the library, and the worker is thanked.",
        _thank_boxes, _thank, verb="keep-learning",
    ),
}  # fmt: skip


def offered(view: ThemeView) -> list[str]:
    """The steps that are possible now, by their names."""
    row, tagged = view.theme.row, view.theme.tagged
    stage = row["stage"]
    if stage in CLOSED:
        return []
    told = {step.type for step in view.theme.steps}
    return [
        "tag",
        *(["untag"] if tagged else []),
        "share",
        *(["change"] if "LearningShared" in told else []),
        *(["re-audit"] if "LearningPracticeChanged" in told else []),
        *(["close"] if "LearningReAudited" in told else []),
        *(["good-practice"] if view.strengths else []),
    ]
