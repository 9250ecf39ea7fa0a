"""The forms of a learning theme: what belongs to it, its steps, and examples of good practice."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, cast

from api.agreement.report import distinct
from api.learning.reading import OpenedTheme, Tagged
from api.web.boxes import Box, FormValues
from api.web.steps import FormStep, Sent, carry_out, command_box, command_step
from projections.learning.queries import CLOSED
from qa.authorisation.handling import CommandHandler
from qa.core.errors import Refused
from qa.learning import handlers
from qa.learning.commands import (
    NoteReAudit,
    ShareGoodPractice,
    TagLearningTheme,
    UntagLearningTheme,
)
from qa.learning.words import EFFECTS, TAG_KINDS
from qa.store.unit import Receipt

"""Audits say fewer."""


@dataclass(frozen=True, slots=True)
class ThemeView:
    """What the forms are given: the theme (None for a new one), who may be thanked, the audit that
    a reference means, and the title of every domain by its code."""

    opened: OpenedTheme | None
    everybody: Sequence[tuple[str, str]]
    find_audit: Callable[[str], str | None]
    domains: Mapping[str, str] = field(default_factory=dict)

    @property
    def theme(self) -> OpenedTheme:
        assert self.opened is not None
        return self.opened

    @property
    def id(self) -> str:
        return self.theme.row.theme

    @property
    def strengths(self) -> list[Tagged]:
        return [one for one in self.theme.tagged if one.kind == "strength"]


def _step(handler: CommandHandler[Any], title: str, done: str, **more: Any) -> FormStep[ThemeView]:
    """A step that asks what its command holds."""
    more = {"button": "Save", "verb": "keep-learning", **more}
    return command_step(
        handler, title=title, done=done, target=lambda view: {"theme": view.id}, **more
    )


OPEN: FormStep[ThemeView] = command_step(
    handlers.open_theme,
    title="Open a learning theme",
    button="Open the theme",
    done="The theme is open.",
    intro=(
        "A theme gathers what several findings teach, and follows it until a re-audit saw a "
        "change.",
    ),
    verb="keep-learning",
)


def _tag_boxes(view: ThemeView) -> Sequence[Box]:
    domains = sorted(distinct(view.domains).items(), key=lambda one: one[1].casefold())
    return (
        command_box(TagLearningTheme, "kind", [*TAG_KINDS.items()]),
        command_box(TagLearningTheme, "record"),
        replace(
            command_box(TagLearningTheme, "part"),
            kind="choice",
            hint="For a finding: the domain of the audit that it is about",
            items=domains,
        ),
        Box(
            "strength",
            "Number of the strength (optional)",
            "whole",
            hint="For a strength: 1 for the first that its audit lists",
        ),
    )


def _tag(view: ThemeView, form: FormValues, sent: Sent) -> Receipt:
    kind = form.one_of("kind", tuple(TAG_KINDS), "Say what it is.")
    record, part = form.text("record"), form.text("part")
    if kind in ("finding", "strength"):
        found = view.find_audit(record)
        if found is None:
            form.refuse("record", "audit-unknown", "There is no audit with this reference.")
        record = found or ""
    else:
        record, part = _at_end(record), ""
    if kind == "strength":
        place = form.whole("strength")
        part = "" if place is None else str(place - 1)
    form.done()
    command = TagLearningTheme(theme=view.id, kind=cast(Any, kind), record=record, part=part)
    try:
        return carry_out(handlers.tag, command, sent)
    except Refused as refused:
        if kind != "strength":
            raise
        raise Refused(
            replace(fault, field="strength") if fault.field == "part" else fault
            for fault in refused.faults
        ) from None


def _at_end(address: str) -> str:
    """The id at the end of an address, or the id itself."""
    return re.split(r"[?#]", address)[0].rstrip("/").rpartition("/")[2]


def _untag_boxes(view: ThemeView) -> Sequence[Box]:
    return (
        Box("tag", "What does not belong to it", "choice",
            items=[(str(at), words(view, one)) for at, one in enumerate(view.theme.tagged)]),
        command_box(UntagLearningTheme, "reason"),
    )  # fmt: skip


def words(view: ThemeView, one: Tagged) -> str:
    """What belongs to a theme, in words."""
    part = ""
    if one.kind == "finding":
        part = f", {view.domains.get(one.part, one.part)}"
    elif one.kind == "strength":
        part = f", strength {int(one.part) + 1}"
    return f"{TAG_KINDS[one.kind]}: {one.called}{part}"


def _untag(view: ThemeView, form: FormValues, sent: Sent) -> Receipt:
    tagged = view.theme.tagged
    known = [str(at) for at in range(len(tagged))]
    chosen = form.one_of("tag", known, "Choose something that belongs to the theme.")
    form.done()
    one = tagged[int(chosen)]
    command = UntagLearningTheme(
        theme=view.id,
        kind=cast(Any, one.kind),
        record=one.record,
        part=one.part,
        reason=form.text("reason"),
    )
    return carry_out(handlers.untag, command, sent)


def _re_audit_boxes(_: ThemeView) -> Sequence[Box]:
    return command_box(NoteReAudit, "audits"), command_box(NoteReAudit, "found")


def _re_audit(view: ThemeView, form: FormValues, sent: Sent) -> Receipt:
    audits = []
    for reference in form.lines("audits"):
        found = view.find_audit(reference)
        if found is None:
            form.refuse("audits", "audit-unknown", f"There is no audit {reference}.")
        audits.append(found or "")
    form.done()
    command = NoteReAudit(theme=view.id, audits=tuple(audits), found=form.text("found"))
    return carry_out(handlers.re_audit, command, sent)


def _thank_boxes(view: ThemeView) -> Sequence[Box]:
    strengths = [(str(at), words(view, one)) for at, one in enumerate(view.strengths)]
    return (
        command_box(ShareGoodPractice, "strength", strengths),
        command_box(ShareGoodPractice, "text"),
        command_box(ShareGoodPractice, "worker", view.everybody),
        command_box(ShareGoodPractice, "thanks"),
    )


def _thank(view: ThemeView, form: FormValues, sent: Sent) -> Receipt:
    known = [str(at) for at in range(len(view.strengths))]
    chosen = form.one_of("strength", known, "Choose a strength that is tagged to the theme.")
    form.done()
    one = view.strengths[int(chosen)]
    command = ShareGoodPractice(
        theme=view.id,
        audit=one.record,
        strength=int(one.part),
        text=form.text("text"),
        worker=form.text("worker"),
        thanks=form.text("thanks"),
    )
    return carry_out(handlers.share_good_practice, command, sent)


STEPS: Mapping[str, FormStep[ThemeView]] = {
    "tag": FormStep(
        "Add something to this theme", "Add it", "It belongs to the theme now.",
        _tag_boxes, _tag, verb="keep-learning",
    ),
    "untag": FormStep(
        "Take something out of this theme", "Take it out", "It is removed.",
        _untag_boxes, _untag, verb="keep-learning",
    ),
    "share": _step(handlers.share, "Say where this was shared", "It is noted as shared."),
    "change": _step(handlers.change_practice, "Say how practice changed", "The change is noted."),
    "re-audit": FormStep(
        "Say what a re-audit found", "Save", "The re-audit is noted.",
        _re_audit_boxes, _re_audit, verb="keep-learning",
    ),
    "close": _step(
        handlers.close, "Close this theme", "The theme is closed.",
        button="Close the theme", choices={"effect": lambda _: [*EFFECTS.items()]},
    ),
    "good-practice": FormStep(
        "Hold up good practice", "Share it", "It is in the library, and the worker is thanked.",
        _thank_boxes, _thank, verb="keep-learning",
    ),
}  # fmt: skip


def offered(view: ThemeView) -> list[str]:
    """The steps that are possible now, by their names."""
    tagged = view.theme.tagged
    if view.theme.row.stage in CLOSED:
        return []
    kinds = {step.type for step in view.theme.steps}
    return [
        "tag",
        *(["untag"] if tagged else []),
        "share",
        *(["change"] if "LearningShared" in kinds else []),
        *(["re-audit"] if "LearningPracticeChanged" in kinds else []),
        *(["close"] if "LearningReAudited" in kinds else []),
        *(["good-practice"] if view.strengths else []),
    ]
