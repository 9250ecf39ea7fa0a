"""Stored names are promises: one stored sample of every version of every event loads for ever.

``tests/golden/facts.jsonl`` holds the bytes as the store wrote them. Lines are only ever added
(run this file as a script to add those that are missing); a line that changes is a broken promise.
``tests/golden/released.sha256`` holds what was released, a line a sample, and only ever grows (run
this file with ``released`` as a release is made); `RELEASES` says how it began at each release.
"""

from __future__ import annotations

import json
import sys
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from qa.core.clock import microseconds
from qa.core.event import REGISTER, Event, Meta, events_registered
from qa.core.event_words import words_of
from qa.store.codec import decode, encode
from tests.meta.support import sample
from tests.support.given import START

OURS = [event for event in events_registered() if event.__module__.startswith("qa.")]
GOLDEN = Path(__file__).parents[1] / "golden" / "facts.jsonl"
RELEASED = GOLDEN.with_name("released.sha256")
RELEASES = {
    "0.1": (170, "a595e7bc038e1af6c52414afef6f1d972076afbab708d6ce422c83c8cc750db3"),
}
"""How many samples each release had, and the SHA-256 of their lines in `RELEASED`."""


def _stored(event: Event) -> dict[str, Any]:
    meta = Meta(
        fact_id="f" * 32,
        effective_on=date(2026, 2, 28),
        by="p" * 32,
        in_role="auditor",
        team_then="east",
        correlation_id="c" * 32,
        reason="A reason.",
        about="child:C-1",
    )
    state = encode(event, meta, stream="golden:1", version=1, seal=lambda _s, plain, _a: plain)
    return {"type": event.TYPE, "schema": event.SCHEMA, "state": state.decode()}


def lines() -> list[dict[str, Any]]:
    if not GOLDEN.exists():
        return []
    return [json.loads(line) for line in GOLDEN.read_text("utf-8").splitlines()]


def test_every_stored_sample_still_loads_and_its_sentence_tells_nothing_sealed(
    subtests: pytest.Subtests,
) -> None:
    for line in lines():
        with subtests.test(sample=f"{line['type']}-v{line['schema']}"):
            _loads(line)
            _tells_nothing_sealed(line)


def _loads(line: dict[str, Any]) -> None:
    row = (1, "golden:1", 1, line["type"], microseconds(START), line["state"].encode())
    loaded = decode(row, lambda _s, sealed, _a: sealed)
    assert loaded.type == line["type"]
    if line["schema"] == REGISTER[line["type"]].SCHEMA:
        assert loaded.event == sample(REGISTER[line["type"]])


def _tells_nothing_sealed(line: dict[str, Any]) -> None:
    """History makes it of the event as it is stored, with nothing of it opened."""
    row = (1, "golden:1", 1, line["type"], microseconds(START), line["state"].encode())
    event, closed = decode(row, lambda _s, sealed, _a: sealed).event, decode(row, None).event
    sentence = words_of(type(event)).tell
    assert sentence(closed) == sentence(event)


def test_every_event_ever_shipped_has_its_sample() -> None:
    held = {(line["type"], line["schema"]) for line in lines()}
    missing = [f.TYPE for f in OURS if (f.TYPE, f.SCHEMA) not in held]
    assert missing == [], "run python -m tests.meta.test_golden_events to add them"


def _digests() -> list[str]:
    """A line for every sample, as `sha256sum` writes them."""
    return [
        f"{sha256(text.encode()).hexdigest()}  {line['type']}-v{line['schema']}"
        for text, line in zip(GOLDEN.read_text("utf-8").splitlines(), lines(), strict=True)
    ]


def test_a_sample_that_was_released_is_the_same_for_ever() -> None:
    released = RELEASED.read_text("utf-8").splitlines()
    assert _digests()[: len(released)] == released


@pytest.mark.parametrize("release", RELEASES)
def test_what_was_released_only_grows(release: str) -> None:
    count, digest = RELEASES[release]
    first = RELEASED.read_text("utf-8").splitlines()[:count]
    assert len(first) == count
    assert sha256("\n".join(first).encode()).hexdigest() == digest


if __name__ == "__main__":
    if sys.argv[1:] == ["released"]:
        new = _digests()[len(RELEASED.read_text("utf-8").splitlines()) :]
        with RELEASED.open("a", encoding="utf-8") as file:
            file.writelines(f"{one}\n" for one in new)
        whole = RELEASED.read_text("utf-8").splitlines()
        found = (len(whole), sha256("\n".join(whole).encode()).hexdigest())
        sys.stdout.write(f"write into RELEASES: {found}\n")
        raise SystemExit
    held = {(line["type"], line["schema"]) for line in lines()}
    with GOLDEN.open("a", encoding="utf-8") as file:
        for kind in OURS:
            if (kind.TYPE, kind.SCHEMA) not in held:
                file.write(json.dumps(_stored(sample(kind)), ensure_ascii=False) + "\n")
                sys.stdout.write(f"added {kind.TYPE}\n")
