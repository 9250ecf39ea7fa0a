"""Kinds of records and of streams come from the capabilities, and none is left without a word on
who may read it."""

from __future__ import annotations

import inspect
import pkgutil
from collections.abc import Iterator
from importlib import import_module

import qa
from api.history import pages, reading
from api.records.kinds import (
    KindOfRecord,
    KindOfStream,
    beside_audits,
    kinds_of_record,
    kinds_of_stream,
)
from projections.history import queries as history_queries
from qa.core.capabilities import declared
from qa.core.event import events_registered
from tests.support.council import Council


def streams() -> Iterator[str]:
    """A stream of every kind that the modules of ``qa`` name."""
    for found in pkgutil.walk_packages(qa.__path__, "qa."):
        module = import_module(found.name)
        for name, value in vars(module).items():
            if name.endswith("_STREAM") and isinstance(value, str):
                yield value
            elif name.endswith("_stream") and inspect.isfunction(value):
                yield value(*("x" for _ in inspect.signature(value).parameters))


def test_every_kind_of_stream_says_who_may_read_it() -> None:
    named = {stream.partition(":")[0] for stream in streams()} | {"organisation"}
    assert len(named) > 20
    assert named - set(kinds_of_stream()) == set(), "add them to the records of their capability"


def test_no_kind_is_named_twice() -> None:
    records = [kind.name for kind in declared("api", "records", "RECORDS", KindOfRecord)]
    assert len(records) == len(set(records)) > 20
    kinds = [kind.kind for kind in declared("api", "records", "STREAMS", KindOfStream)]
    assert len(kinds) == len(set(kinds))


def test_a_kind_of_record_names_modules_that_have_events() -> None:
    known = {event.__module__.removeprefix("qa.") for event in events_registered()}
    for kind in kinds_of_record().values():
        assert set(kind.events) <= known, kind.name


def test_a_history_can_be_narrowed_to_every_kind_of_event_in_it(small_council: Council) -> None:
    audit, moderation = small_council.moderated()
    with small_council.services.store.reading() as connection:
        entries = history_queries.entries(connection, streams=[f"case-audit:{audit}"])
        moderated = {entry["type"] for entry in entries if entry["part"] == moderation}
        found = {"audit": {entry["type"] for entry in entries}, "moderation": moderated}
    assert {"CaseAuditSubmitted", "ModerationRecorded"} <= found["audit"]
    assert "ModerationRecorded" in found["moderation"]
    for name, types in found.items():
        offered = {one["value"] for one in pages.kinds(kinds_of_record()[name])}
        assert types <= offered, name


def test_what_may_belong_to_an_audit() -> None:
    assert sorted(beside_audits()) == ["action:", "follow-up:", "response:", "safeguarding:"]


def test_a_stream_of_which_nobody_has_said_who_may_read_it_is_closed(
    small_council: Council,
) -> None:
    store = small_council.services.store
    with store.reading() as connection:
        lead = small_council.actor("lead")
        asked = {"unheard-of:1", "moderation-policy"}
        assert reading.streams_open_to(connection, lead, asked) == {"moderation-policy"}
