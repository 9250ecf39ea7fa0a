"""Several processes folding the log make the rows that one makes."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from projections.core.rebuild import Copies, rebuild
from projections.core.registry import Registry, by_stream
from projections.core.shares import ALL, LOTS, Share, ShareRouting, shares, worth
from projections.core.verify import verify
from projections.history import queries
from projections.history.projector import CaseHistory
from qa.audits.moderation_events import ModerationImported
from tests.agreement.support import keeping
from tests.core.support import Jars
from tests.support.council import Council
from tests.support.tampering import tampered

IMPORTED = ModerationImported(
    moderation="m1",
    reference="MOD-1",
    moderator="written-one",
    moderator_as_written="One",
    moderated_on=date(2021, 5, 10),
    overall="good",
)
STREAMS = [f"case-audit:{n:032x}" for n in range(2000)]


@pytest.mark.parametrize("events", [0, 300_000])
@pytest.mark.parametrize("processes", [1, 2, 3, 8])
def test_every_stream_is_in_exactly_one_share(processes: int, events: int) -> None:
    dealt = shares(processes, events)
    assert len(dealt) == processes
    assert (dealt[0].start, dealt[-1].end) == (0, LOTS)
    assert [share.first for share in dealt] == [True] + [False] * (processes - 1)
    for stream in STREAMS:
        assert sum(share.holds(stream) for share in dealt) == 1


def test_no_read_model_has_one_process_read_the_whole_log(small_council: Council) -> None:
    whole = [
        one.name
        for one in small_council.services.registry.projectors
        if not by_stream(one) and getattr(one, "handles", None) is None
    ]
    assert not whole


def test_short_logs_are_folded_by_one_process() -> None:
    assert worth(0) == worth(20_000) == 1


def test_the_process_that_is_there_already_has_the_larger_share_of_a_long_log() -> None:
    of_short, of_long = ([s.end - s.start for s in shares(3, n)] for n in (1_000, 300_000))
    assert max(of_short) - min(of_short) <= 1
    assert of_long[0] > of_long[1]
    assert abs(of_long[1] - of_long[2]) <= 1


def test_undivided_work_is_the_first_shares_alone() -> None:
    first, second = shares(2)
    jars = Jars()
    assert not by_stream(jars)
    assert (first.projectors([jars]), second.projectors([jars])) == ([jars], [])
    elsewhere = next(s for s in STREAMS if second.holds(s))
    assert ShareRouting([jars], first).wanted(elsewhere, "toy.jar-put")
    assert not ShareRouting([], second).wanted(elsewhere, "toy.jar-put")
    assert ShareRouting([], second).wanted(elsewhere, "no.such-type")


def _rows(council: Council, registry: Registry) -> dict[str, list[tuple[Any, ...]]]:
    with council.services.store.reading() as connection:
        return {
            t.name: [tuple(r) for r in connection.execute(select(t).order_by(*t.primary_key))]
            for t in registry.tables
        }


def _lived_in(council: Council) -> None:
    for theirs in ("good", "inadequate", "good", "requires-improvement"):
        council.moderated(theirs=theirs)


@pytest.mark.parametrize("dealt", [[ALL], shares(5)], ids=["one", "five"])
def test_the_shares_together_make_the_rows_that_were_made_inline(
    small_council: Council, dealt: list[Share]
) -> None:
    council = small_council
    _lived_in(council)
    store, registry = council.services.store, council.services.registry
    copies = Copies(store, registry.projectors, "next")
    copies.create()
    for share in dealt:
        copies.fill(store.head(), share=share)
    with store.reading() as connection:
        made = {
            name: [tuple(r) for r in connection.execute(select(t).order_by(*t.primary_key))]
            for name, t in copies.tables.items()
        }
    assert made == _rows(council, registry)
    copies.drop()


def test_a_rebuild_by_two_processes_is_what_the_events_say(council: Council) -> None:
    _lived_in(council)
    store, registry = council.services.store, council.services.registry
    before = _rows(council, registry)
    rebuild(store, registry, processes=2)
    assert _rows(council, registry) == before
    assert verify(store, registry) == []


def test_an_imported_moderation_may_come_again_under_another_audit(store_url: str) -> None:
    """Its batch was reversed and the file put right: the same reference, on another stream."""
    with keeping(store_url, CaseHistory()) as council:
        for n in range(6):
            council.say(f"{n:032x}", IMPORTED)
        store, registry = council.store, Registry([CaseHistory()])
        rebuild(store, registry, processes=2)
        assert verify(store, registry) == []
        with store.reading() as connection:
            belongs = queries.belongs_to(connection, ["moderation:m1"])
    assert belongs == {"moderation:m1": f"{5:032x}"}


def test_damage_found_by_another_process_is_set_aside_and_named(council: Council) -> None:
    second = shares(2)[1]
    audit = council.submitted()
    while not second.holds(f"case-audit:{audit}"):
        audit = council.submitted()
    store = council.services.store
    tampered(
        store,
        "UPDATE fact SET state = ? WHERE stream = ? AND version = 1",
        (b"{}", f"case-audit:{audit}"),
    )
    found = rebuild(store, council.services.registry, only=["case_audits"], processes=2)
    [(model, [aside])] = found.listed().items()
    assert (model, aside.stream) == ("case_audits", f"case-audit:{audit}")
    assert "cannot be read" in aside.why
