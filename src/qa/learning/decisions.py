"""Decisions on a learning theme: from several findings to a change that a re-audit saw.

It goes one way: shared, practice changed, re-audited, closed. Each may be said more than once
before the next. Nothing is said under a theme that was closed.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from qa.audits.state import CaseAudit
from qa.core import naming
from qa.core.carry import carry
from qa.core.command import Command
from qa.core.errors import Fault, NotFound, NotNow, Refused, refuse_any
from qa.core.event import Event
from qa.learning import commands, events
from qa.learning.events import TagKind
from qa.learning.state import LearningTheme


@dataclass(frozen=True, slots=True)
class Named:
    """Who could be named in a text: everybody's names, and the children of those references in
    the texts that are in use."""

    people: Sequence[str] = ()
    children: Collection[str] = ()


def known(theme: LearningTheme) -> None:
    """Raises `NotFound` for a theme that was never opened."""
    if not theme.id:
        raise NotFound("There is no such learning theme.")


def open_theme(command: commands.OpenLearningTheme, *, theme: str, named: Named) -> list[Event]:
    """Open a theme.

    Raises:
        Refused: every fault, by field.
    """
    refuse_any(_text_faults(command, named, "title", "question"))
    return [carry(events.LearningThemeOpened, command, theme=theme)]


def tag(theme: LearningTheme, command: commands.TagLearningTheme) -> list[Event]:
    """Say that something belongs to the theme. Whether there is such a thing is the caller's."""
    _open(theme)
    if _tag(command) in theme.tags:
        return []
    return [carry(events.LearningThemeTagged, command)]


def untag(
    theme: LearningTheme, command: commands.UntagLearningTheme, *, named: Named
) -> list[Event]:
    """Say that it does not belong after all.

    Raises:
        Refused: no reason, or one that names somebody; it is not tagged.
    """
    _open(theme)
    faults = _text_faults(command, named, "reason")
    if _tag(command) not in theme.tags:
        faults.append(Fault("record", "tag-unknown", "This does not belong to the theme."))
    refuse_any(faults)
    return [carry(events.LearningThemeUntagged, command)]


def share(theme: LearningTheme, command: commands.ShareLearning, *, named: Named) -> list[Event]:
    """Say where and with whom the learning was shared, and its key message."""
    _open(theme)
    refuse_any(_text_faults(command, named, "where", "with_whom", "message"))
    return [carry(events.LearningShared, command)]


def change_practice(
    theme: LearningTheme, command: commands.NotePracticeChange, *, named: Named
) -> list[Event]:
    """Say what is done otherwise since, and what shows it.

    Raises:
        NotNow: nothing was shared that practice could have changed by.
    """
    _open(theme)
    _after(theme.shared, "Say first where the learning was shared.", "theme-not-shared")
    refuse_any(_text_faults(command, named, "what", "evidence"))
    what, evidence = command.what.strip(), command.evidence.strip()
    return [events.LearningPracticeChanged(what=what, evidence=evidence)]


def re_audit(theme: LearningTheme, command: commands.NoteReAudit, *, named: Named) -> list[Event]:
    """Say which later audits looked, and what they found together.

    Raises:
        NotNow: no change of practice is on record.   Refused: no audit; a finding already tagged.
    """
    _open(theme)
    _after(theme.changed, "Say first how practice changed.", "theme-not-changed")
    faults = _text_faults(command, named, "found")
    behind = {record for kind, record, _ in theme.tags if kind in ("finding", "strength")}
    if behind & set(command.audits):
        sentence = "A finding of this theme is no re-audit of it. Name later audits."
        faults.append(Fault("audits", "audits-of-theme", sentence))
    refuse_any(faults)
    audits, found = tuple(dict.fromkeys(command.audits)), command.found.strip()
    return [events.LearningReAudited(audits=audits, found=found)]


def close(
    theme: LearningTheme, command: commands.CloseLearningTheme, *, named: Named
) -> list[Event]:
    """Say whether practice for children improved.

    Raises:
        NotNow: nobody looked again yet.
    """
    _open(theme)
    _after(theme.re_audited, "Say first what a re-audit found.", "theme-not-re-audited")
    refuse_any(_text_faults(command, named, "why"))
    return [events.LearningThemeClosed(effect=command.effect, why=command.why.strip())]


def share_good_practice(
    theme: LearningTheme, command: commands.ShareGoodPractice, *, exemplar: str, named: Named
) -> list[Event]:
    """Hold a tagged strength up as an example, and thank the worker.

    Raises:
        Refused: the strength is not tagged or held up already; a text that names somebody.
    """
    _open(theme)
    faults = _text_faults(command, named, "text")
    if ("strength", command.audit, str(command.strength)) not in theme.tags:
        sentence = "Tag the strength to the theme first."
        faults.append(Fault("strength", "strength-not-tagged", sentence))
    if (command.audit, command.strength) in theme.strengths:
        sentence = "This strength is shared already."
        faults.append(Fault("strength", "strength-shared", sentence))
    refuse_any(faults)
    return [carry(events.GoodPracticeShared, command, exemplar=exemplar)]


def _tag(command: commands.TagLearningTheme) -> tuple[TagKind, str, str]:
    return command.kind, command.record, command.part


def _open(theme: LearningTheme) -> None:
    known(theme)
    if theme.closed:
        raise NotNow("This theme is closed.", code="theme-closed")


def _after(step: bool, sentence: str, code: str) -> None:
    if not step:
        raise NotNow(sentence, code=code)


def _text_faults(command: Command, named: Named, *for_everybody: str) -> list[Fault]:
    """The limits that are broken, and who is named in those texts."""
    faults = command.faults()
    # Looking for everybody's name in a text that is too long would hold up all who save.
    broken = {fault.field for fault in faults}
    for field in for_everybody:
        if field not in broken:
            text = getattr(command, field)
            faults += naming.faults(field, text, named.people, named.children)
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
        parts_are = "domains that it judged" if kind == "finding" else "strengths that it names"
        sentence = f"The audit has no such part. Choose one of the {parts_are}."
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
