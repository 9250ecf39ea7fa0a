"""Decisions on copies for outside the council."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from qa.core.carry import carry
from qa.core.errors import Fault, NotFound, NotNow, refuse_any
from qa.core.event import Event
from qa.disclosure.commands import (
    GiveOutsideCopy,
    SetDisclosureRule,
    TextToRelease,
    WithdrawOutsideCopy,
)
from qa.disclosure.events import (
    DisclosureRuleSet,
    LeftOutWords,
    OutsideCopyGiven,
    OutsideCopyWithdrawn,
    ReleasedText,
)
from qa.disclosure.number_words import number_sentences
from qa.disclosure.state import OutsideCopies


def set_rule(current: DisclosureRuleSet, command: SetDisclosureRule) -> list[Event]:
    """Set a new version of the rule; nothing where it is the same. Raises `Refused`."""
    command.refuse_faults()
    same = (current.least, current.method) == (command.least, command.method)
    if current.policy_version and same:
        return []
    return [carry(DisclosureRuleSet, command, policy_version=current.policy_version + 1)]


def give(
    copies: OutsideCopies,
    rule: DisclosureRuleSet,
    command: GiveOutsideCopy,
    *,
    given: str,
    salt: str,
) -> list[Event]:
    """Give out a copy.

    Raises:
        NotNow: the report is withdrawn, or the copy was made beside another or by an older rule.
        Refused: a text that the report has not, words that do not stand in it, or no reason for
            leaving them out; a number in words that a copy for the public would tell unconfirmed;
            figures that with those of another copy would tell of few.
    """
    if command.withdrawn:
        raise NotNow("This report is withdrawn.", code="report-withdrawn")
    if (copies.version, rule.policy_version) != (command.after, command.policy_version):
        raise NotNow("Another copy was given out just now. Try again.", code="copies-moved")
    faults = [*command.faults(), *_faults_of(command)]
    if command.tables and all(one.without for one in command.tables):
        faults.append(Fault("audience", "copy-tells-few", command.tables[0].without))
    refuse_any(faults)
    texts = {one.text: one.written for one in command.originals}
    return [
        carry(
            OutsideCopyGiven,
            command,
            given=given,
            published=command.of,
            texts=tuple(_released(one, texts[one.text]) for one in command.texts),
            salt=copies.salts.get(command.of, salt),
        )
    ]


def withdraw(copies: OutsideCopies, command: WithdrawOutsideCopy) -> list[Event]:
    """Take a copy back.

    Raises:
        NotFound: the report has no such copy.   NotNow: it is withdrawn already.
        Refused: no reason.
    """
    if copies.reports.get(command.given) != command.of:
        raise NotFound("There is no such copy.")
    if command.given in copies.withdrawn:
        raise NotNow("This copy is withdrawn already.", code="copy-withdrawn")
    command.refuse_faults()
    return [OutsideCopyWithdrawn(given=command.given)]


def _faults_of(command: GiveOutsideCopy) -> Iterator[Fault]:
    texts = {one.text: one.written for one in command.originals}
    for at, one in enumerate(command.texts):
        field = f"texts.{at}"
        twice = any(one.text == other.text for other in command.texts[:at])
        if one.text not in texts or twice:
            yield Fault(f"{field}.text", "text-unknown", "The report has no such text.")
            continue
        for passage in _passages(one):
            if not _found(passage, texts[one.text]):
                sentence = f"These words do not stand in the text: {passage}"
                yield Fault(f"{field}.passages", "passage-missing", sentence)
        if any(_passages(one)) and not one.because.strip():
            yield Fault(f"{field}.because", "because-missing", "Say why words are left out.")
        if command.audience == "public":
            for words in _unconfirmed(one, texts[one.text]):
                sentence = f"This sentence has a number in words. Leave it out or tick it: {words}"
                yield Fault(f"{field}.confirmed", "number-in-words", sentence)


def _passages(one: TextToRelease) -> Iterator[str]:
    return (" ".join(each.split()) for each in one.passages if each.strip())


def _found(passage: str, text: str) -> list[tuple[int, int]]:
    """Every place where the passage stands, in large or small letters and however it is broken."""
    words = r"\s+".join(map(re.escape, passage.split()))
    return [one.span() for one in re.finditer(words, text, flags=re.IGNORECASE)]


def _spans(one: TextToRelease, text: str) -> list[tuple[int, int]]:
    return sorted(span for each in _passages(one) for span in _found(each, text))


def _unconfirmed(one: TextToRelease, text: str) -> list[str]:
    """The sentences with a number in words that nobody said may go out."""
    known = {" ".join(each.split()) for each in one.confirmed}
    sentences = number_sentences(text, _spans(one, text))
    return [each for each in sentences if " ".join(each.split()) not in known]


def _released(one: TextToRelease, text: str) -> ReleasedText:
    spans = _spans(one, text)
    return ReleasedText(
        text=one.text,
        left_out=tuple(_joined(spans)),
        because=one.because.strip(),
        confirmed=len(number_sentences(text, spans)) - len(_unconfirmed(one, text)),
    )


def _joined(spans: Sequence[tuple[int, int]]) -> Iterator[LeftOutWords]:
    """The spans with those that meet made one."""
    span: tuple[int, int] | None = None
    for start, end in spans:
        if span is not None and start <= span[1]:
            span = (span[0], max(span[1], end))
            continue
        if span is not None:
            yield LeftOutWords(start=span[0], end=span[1])
        span = (start, end)
    if span is not None:
        yield LeftOutWords(start=span[0], end=span[1])
