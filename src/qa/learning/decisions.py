"""Decisions on a learning theme: from several findings to a change that a re-audit saw.

It goes one way: shared, practice changed, re-audited, closed. Each may be said more than once
before the next. Nothing is said under a theme that was closed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from qa.audits.state import CaseAudit
from qa.core import naming
from qa.core.errors import Fault, NotFound, NotNow, Refused, refuse_any
from qa.core.event import Event, RecordedEvent
from qa.core.reasons import reason_faults
from qa.learning import events
from qa.learning.events import Effect, TagKind

LONGEST = 2000
LONGEST_TITLE = 120

Tag = tuple[TagKind, str, str]
"""What kind of thing, the id of its record, and the part of it that is meant."""


@dataclass(frozen=True, slots=True)
class Named:
    """Who could be named in a text: everybody's names, and the children of those references in
    the texts that are in use."""

    people: Sequence[str] = ()
    children: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class LearningTheme:
    """What a theme stands at."""

    id: str = ""
    tags: frozenset[Tag] = frozenset()
    strengths: frozenset[tuple[str, int]] = frozenset()
    shared: bool = False
    changed: bool = False
    re_audited: bool = False
    closed: bool = False


def evolve(state: LearningTheme, recorded: RecordedEvent[Any]) -> LearningTheme:
    match recorded.event:
        case events.LearningThemeOpened() as event:
            return LearningTheme(id=event.theme)
        case events.LearningThemeTagged() as event:
            return replace(state, tags=state.tags | {(event.kind, event.record, event.part)})
        case events.LearningThemeUntagged() as event:
            return replace(state, tags=state.tags - {(event.kind, event.record, event.part)})
        case events.LearningShared():
            return replace(state, shared=True)
        case events.LearningPracticeChanged():
            return replace(state, changed=True)
        case events.LearningReAudited():
            return replace(state, re_audited=True)
        case events.LearningThemeClosed():
            return replace(state, closed=True)
        case events.GoodPracticeShared() as event:
            return replace(state, strengths=state.strengths | {(event.audit, event.strength)})
        case _:
            return state


def known(theme: LearningTheme) -> None:
    """Raises `NotFound` for a theme that was never opened."""
    if not theme.id:
        raise NotFound("There is no such learning theme.")


def open_theme(*, theme: str, title: str, question: str, named: Named) -> list[Event]:
    """Open a theme.

    Raises:
        Refused: every fault, by field.
    """
    faults = _said({"title": title, "question": question}, named)
    if len(title) > LONGEST_TITLE:
        sentence = f"Use {LONGEST_TITLE} characters or fewer."
        faults.append(Fault("title", "title-long", sentence))
    refuse_any(faults)
    opened = events.LearningThemeOpened(theme=theme, title=title.strip(), question=question.strip())
    return [opened]


def tag(theme: LearningTheme, *, kind: TagKind, record: str, part: str) -> list[Event]:
    """Say that something belongs to the theme. Whether there is such a thing is the caller's."""
    _open(theme)
    if (kind, record, part) in theme.tags:
        return []
    return [events.LearningThemeTagged(kind=kind, record=record, part=part)]


def untag(
    theme: LearningTheme, *, kind: TagKind, record: str, part: str, reason: str, named: Named
) -> list[Event]:
    """Say that it does not belong after all.

    Raises:
        Refused: no reason, or one that names somebody; it is not tagged.
    """
    _open(theme)
    faults = _why(reason, "reason", "Say why it does not belong.", named)
    if (kind, record, part) not in theme.tags:
        faults.append(Fault("record", "tag-unknown", "This does not belong to the theme."))
    refuse_any(faults)
    return [events.LearningThemeUntagged(kind=kind, record=record, part=part)]


def share(
    theme: LearningTheme, *, where: str, with_whom: str, message: str, named: Named
) -> list[Event]:
    """Say where and with whom the learning was shared, and its key message."""
    _open(theme)
    refuse_any(_said({"where": where, "with_whom": with_whom, "message": message}, named))
    return [
        events.LearningShared(
            where=where.strip(), with_whom=with_whom.strip(), message=message.strip()
        )
    ]


def change_practice(theme: LearningTheme, *, what: str, evidence: str, named: Named) -> list[Event]:
    """Say what is done otherwise since, and what shows it.

    Raises:
        NotNow: nothing was shared that practice could have changed by.
    """
    _open(theme)
    _after(theme.shared, "Say first where the learning was shared.", "theme-not-shared")
    refuse_any(_said({"what": what, "evidence": evidence}, named))
    return [events.LearningPracticeChanged(what=what.strip(), evidence=evidence.strip())]


def re_audit(
    theme: LearningTheme, *, audits: Sequence[str], found: str, named: Named
) -> list[Event]:
    """Say which later audits looked, and what they found together.

    Raises:
        NotNow: no change of practice is on record.   Refused: no audit; a finding already tagged.
    """
    _open(theme)
    _after(theme.changed, "Say first how practice changed.", "theme-not-changed")
    faults = _said({"found": found}, named)
    behind = {record for kind, record, _ in theme.tags if kind in ("finding", "strength")}
    if not audits:
        faults.append(Fault("audits", "audits-missing", "Name the audits that looked again."))
    elif behind & set(audits):
        sentence = "A finding of this theme is no re-audit of it. Name later audits."
        faults.append(Fault("audits", "audits-of-theme", sentence))
    refuse_any(faults)
    return [events.LearningReAudited(audits=tuple(dict.fromkeys(audits)), found=found.strip())]


def close(theme: LearningTheme, *, effect: Effect, why: str, named: Named) -> list[Event]:
    """Say whether practice for children improved.

    Raises:
        NotNow: nobody looked again yet.
    """
    _open(theme)
    _after(theme.re_audited, "Say first what a re-audit found.", "theme-not-re-audited")
    refuse_any(_why(why, "why", "Say what shows it.", named))
    return [events.LearningThemeClosed(effect=effect, why=why.strip())]


def share_good_practice(
    theme: LearningTheme,
    *,
    exemplar: str,
    audit: str,
    strength: int,
    text: str,
    worker: str,
    thanks: str,
    named: Named,
) -> list[Event]:
    """Hold a tagged strength up as an example, and thank the worker.

    Raises:
        Refused: the strength is not tagged or held up already; a text that names somebody.
    """
    _open(theme)
    faults = [*_said({"text": text}, named), *_owed({"thanks": thanks})]
    if ("strength", audit, str(strength)) not in theme.tags:
        sentence = "Tag the strength to the theme first."
        faults.append(Fault("strength", "strength-not-tagged", sentence))
    if (audit, strength) in theme.strengths:
        sentence = "This strength is held up already."
        faults.append(Fault("strength", "strength-shared", sentence))
    refuse_any(faults)
    return [
        events.GoodPracticeShared(
            exemplar=exemplar,
            audit=audit,
            strength=strength,
            text=text.strip(),
            worker=worker,
            thanks=thanks.strip(),
        )
    ]


def _open(theme: LearningTheme) -> None:
    known(theme)
    if theme.closed:
        raise NotNow("This theme is closed.", code="theme-closed")


def _after(step: bool, sentence: str, code: str) -> None:
    if not step:
        raise NotNow(sentence, code=code)


def _said(texts: Mapping[str, str], named: Named) -> list[Fault]:
    """Texts that are owed and may name nobody."""
    faults = _owed(texts)
    for field, text in texts.items():
        if len(text) > LONGEST:
            continue  # looking for everybody's name in it would hold up all who save
        faults += naming.faults(field, text, named.people, named.children)
    return faults


def _why(reason: str, field: str, sentence: str, named: Named) -> list[Fault]:
    return reason_faults(reason, sentence, field=field, longest=LONGEST) or naming.faults(
        field, reason, named.people, named.children
    )


def _owed(texts: Mapping[str, str]) -> list[Fault]:
    faults = []
    for field, text in texts.items():
        if not text.strip():
            faults.append(Fault(field, f"{field}-missing", "This has to be filled in."))
        elif len(text) > LONGEST:
            sentence = f"Use {LONGEST} characters or fewer."
            faults.append(Fault(field, f"{field}-long", sentence))
    return faults


def part_of_audit(kind: TagKind, audit: CaseAudit, part: str) -> None:
    """Raises `Refused` unless the submitted audit has that finding or strength."""
    content = audit.content
    if content is None or not audit.submitted:
        raise Refused("This audit is not submitted.", field="record", code="audit-not-submitted")
    parts = (
        [one.domain for one in content.judgements]
        if kind == "finding"
        else [str(at) for at in range(len(content.strengths))]
    )
    if part not in parts:
        listed = ", ".join(parts) or "none"
        sentence = f"The audit has no such part. Choose one of: {listed}."
        raise Refused(sentence, field="part", code="part-unknown")


def looked_again(submitted: bool) -> None:
    """Raises `Refused` for a re-audit that is not submitted, or not to be known of."""
    if not submitted:
        sentence = "Name audits that were submitted."
        raise Refused(sentence, field="audits", code="audit-not-submitted")


def grade_is_final(audit: CaseAudit) -> None:
    """Raises `Refused` for an audit whose grade may still change."""
    if audit.final_grade is None:
        sentence = "Wait until the grade of this audit is final."
        raise Refused(sentence, field="audit", code="audit-not-final")
