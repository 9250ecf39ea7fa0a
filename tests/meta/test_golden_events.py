"""Stored names are promises: one stored sample of every version of every event loads for ever.

``tests/golden/facts.jsonl`` holds the bytes as the store wrote them. Lines are only ever added
(run this file as a script to add those that are missing); a line that changes is a broken promise.
"""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from qa.core.clock import microseconds
from qa.core.event import REGISTER, Event, Meta, events_registered
from qa.store.codec import decode, encode
from tests.meta.support import sample
from tests.support.given import START

OURS = [event for event in events_registered() if event.__module__.startswith("qa.")]
GOLDEN = Path(__file__).parents[1] / "golden" / "facts.jsonl"


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


@pytest.mark.parametrize("line", lines(), ids=lambda each: f"{each['type']}-v{each['schema']}")
def test_every_stored_sample_still_loads(line: dict[str, Any]) -> None:
    row = (1, "golden:1", 1, line["type"], microseconds(START), line["state"].encode())
    loaded = decode(row, lambda _s, sealed, _a: sealed)
    assert loaded.type == line["type"]
    if line["schema"] == REGISTER[line["type"]].SCHEMA:
        assert loaded.event == sample(REGISTER[line["type"]])


def test_every_event_ever_shipped_has_its_sample() -> None:
    held = {(line["type"], line["schema"]) for line in lines()}
    missing = [f.TYPE for f in OURS if (f.TYPE, f.SCHEMA) not in held]
    assert missing == [], "run python -m tests.meta.test_golden_facts to add them"


if __name__ == "__main__":
    held = {(line["type"], line["schema"]) for line in lines()}
    with GOLDEN.open("a", encoding="utf-8") as file:
        for kind in OURS:
            if (kind.TYPE, kind.SCHEMA) not in held:
                file.write(json.dumps(_stored(sample(kind)), ensure_ascii=False) + "\n")
                sys.stdout.write(f"added {kind.TYPE}\n")
