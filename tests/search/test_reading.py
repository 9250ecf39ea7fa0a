"""What a reader finds is what the lists show them, at any moment, by any road to it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.engine import Connection

from api.actions import reading as action_reading
from api.records.search_kinds import searched_kinds
from api.search.reading import SearchAnswer, search
from api.supervision import reading as supervision_reading
from api.web.access_notes import Look
from api.web.moments import AsAt, as_at, present
from projections.actions.queries import ActionFilter
from projections.audit_tools import queries as tool_queries
from projections.audits import queries as audit_queries
from projections.core.paging import RowPage
from projections.core.rebuild import rebuild
from projections.learning import queries as learning_queries
from projections.people import queries as people_queries
from projections.plans import queries as plan_queries
from projections.sampling_frames import queries as frame_queries
from projections.search import queries
from projections.search.question import WordToken, for_database
from projections.search.tables import NAME, SearchRow, of_kind, search_text
from projections.self_evaluation import queries as self_evaluation_queries
from qa.actions import handlers as actions
from qa.actions.commands import CorrectAction
from qa.authorisation.policy import can, reach
from qa.core.words import Actor, Role, Scope
from tests.actions.support import by_hand
from tests.support.council import Council
from tests.support.every_room import live

READERS = (
    "lead", "lead2", "admin", "auditor", "auditor2", "moderator", "moderator2", "reader", "worker",
    "nobody",
)  # fmt: skip
ALL = RowPage(10_000)


def ask(council: Council, handle: str, typed: str, day: AsAt | None = None) -> SearchAnswer:
    store, actor = council.services.store, council.actor(handle)
    with store.reading() as connection:
        return search(connection, actor, day or present(store, connection, actor), typed)


def found(council: Council, handle: str, typed: str, day: AsAt | None = None) -> set[str]:
    answer = ask(council, handle, typed, day)
    return {one.row.record for one in (*answer.exact, *answer.found)}


def listed(connection: Connection, actor: Actor, at: AsAt) -> dict[str, dict[str, bool]]:
    """By kind, the records that the lists show this reader, and whether what is written in them."""
    audits = audit_queries.audits(connection, reach(actor), position=at.position, page=ALL)
    closed = audit_queries.hidden_for(connection, reach(actor))
    raised_actions = action_reading.listed(connection, actor, ActionFilter(), at, ALL)

    def with_verb(verb: str, records: Callable[[], Collection[str]]) -> dict[str, bool]:
        return dict.fromkeys(records(), True) if can(actor, verb).allowed else {}

    plans = plan_queries.plans(connection, position=at.position)
    pairs = [
        row.row.pair
        for over in (False, True)
        for row in supervision_reading.listed(Look(connection, actor, at), over=over)
    ]
    return {
        "case-audit": {row.audit: row.audit not in closed for row in audits},
        "action": {row.action: bool(row.text) for row in raised_actions},
        "plan": with_verb("read-plan", lambda: [one.id for one in plans]),
        "plan-action": with_verb(
            "read-plan",
            lambda: [
                action
                for one in plans
                if (record := plan_queries.read(connection, one.id, position=at.position))
                for action in record.actions
            ],
        ),
        "learning-theme": with_verb(
            "read-learning",
            lambda: [r.theme for r, _ in learning_queries.themes(connection, position=at.position)],
        ),
        "supervision": dict.fromkeys(pairs, True),
        "supervision-check": {
            row.check: not (row.waiting and row.moderator == actor.person)
            for row in supervision_reading.checks(connection, actor, at)
        },
        "person": with_verb(
            "read-people",
            lambda: [
                one.person
                for one in people_queries.everybody(
                    connection, with_departed=True, position=at.position, day=at.on
                )
            ],
        ),
        "self-evaluation": with_verb(
            "read-self-evaluation",
            lambda: [
                one.evaluation
                for one in self_evaluation_queries.evaluations(connection, position=at.position)
            ],
        ),
        "sampling-frame": with_verb(
            "read-report",
            lambda: [one.frame for one in frame_queries.frames(connection, position=at.position)],
        ),
        "audit-tool": with_verb(
            "read-tool",
            lambda: [r.tool for r in tool_queries.tools(connection, position=at.position)],
        ),
    }


def everything(connection: Connection, actor: Actor, at: AsAt) -> list[SearchRow]:
    """Every text that any question at all can find for a reader."""
    rows = []
    for kind, one in searched_kinds().items():
        shown = one.visible(connection, actor, at)
        if shown is not None:
            asked, by_kind = WordToken(of_kind(kind)), {kind: shown}
            most = queries.find(connection, asked, by_kind, position=at.position, limit=10_000)
            counted = queries.count(connection, asked, by_kind, position=at.position)
            assert counted[kind] == (len(most), False)
            rows += most
    return rows


def words_held(connection: Connection) -> list[tuple[int, str]]:
    """Every word of the index with the place of a text that it finds."""
    if connection.dialect.name == "sqlite":
        connection.execute(text("PRAGMA query_only = OFF"))
        connection.execute(
            text(
                "CREATE VIRTUAL TABLE temp.held USING fts5vocab(main, search_text_words, instance)"
            )
        )
        held = connection.execute(text("SELECT doc, term FROM temp.held")).tuples().all()
        connection.execute(text("DROP TABLE temp.held"))
        return sorted((place, word) for place, word in held)
    query = select(search_text.c.place, search_text.c.words)
    words = {word for _, row in connection.execute(query) for word in row.split()}
    return sorted(
        (place, word)
        for word in sorted(words)
        for place in connection.execute(
            select(search_text.c.place).where(
                *queries.matching(
                    "postgresql", search_text, for_database("postgresql", WordToken(word))
                ).conditions
            )
        ).scalars()
    )


def words_of_rows(connection: Connection) -> list[tuple[int, str]]:
    query = select(search_text.c.place, search_text.c.words)
    return sorted((place, word) for place, row in connection.execute(query) for word in row.split())


def test_nobody_finds_what_a_list_would_not_show_and_the_index_is_its_rows(
    council: Council,
) -> None:
    live(council)
    council.seal(council.with_secret("An unmistakable thing was seen there."), "moderator")
    store = council.services.store
    half = store.head() // 2
    kept: dict[str, int] = {}
    for handle in READERS:
        actor = council.actor(handle)
        with store.reading() as connection:
            for at in (present(store, connection, actor), as_at(store, connection, None, half)):
                shown = listed(connection, actor, at)
                for row in everything(connection, actor, at):
                    assert row.record in shown[row.kind], (handle, row)
                    assert row.part == NAME or shown[row.kind][row.record], (handle, row)
                    kept[row.kind] = kept.get(row.kind, 0) + 1
                if not at.is_past:
                    names = {r.record for r in everything(connection, actor, at) if r.part == NAME}
                    assert names >= shown["case-audit"].keys() | shown["person"].keys()
    assert kept.keys() == searched_kinds().keys()
    assert not found(council, "moderator", "unmistakable")
    assert found(council, "lead", "unmistakable")
    before = {one: found(council, "lead", one) for one in ("child", "visits", "east")}
    for again in (False, True):
        if again:
            rebuild(store, council.services.registry, only=["search"])
        with store.engines.reading() as connection:
            assert words_held(connection) == words_of_rows(connection)
        assert {one: found(council, "lead", one) for one in before} == before


def test_a_record_is_found_however_it_is_typed(council: Council) -> None:
    audit = council.submitted(
        child="Q-2026/0042",
        rationale="Zoë's visits drifted; the well-being plan was neglected at home. " * 8,
    )
    reference = council.view(audit).row.reference
    for typed in (
        reference, reference.lower(), reference.replace("-", ""), reference.replace("-", " "),
        reference[:9], "q-2026/0042", "Q20260042", "q 2026 0042", "q2026", "zoe", "ZOË'S",
        "visiting", "visit drift", "drif", "wellbeing", "well-being", "well being",
        "neglect", "neglects",
    ):  # fmt: skip
        answer = ask(council, "lead", typed)
        assert audit in {one.row.record for one in (*answer.exact, *answer.found)}, typed
        assert not answer.corrected
    assert [one.row.record for one in ask(council, "lead", "q20260042").exact] == [audit]
    for typed, meant in (
        ("neglectd", "neglected"), ("nelgected", "neglected"), ("driftd visits", "drifted visits"),
        ("wellbeng", "wellbeing"),
    ):  # fmt: skip
        answer = ask(council, "lead", typed)
        assert (answer.corrected, bool(answer.found)) == (meant, True), typed
    # Another number is another record: none is offered in its place.
    for typed in ("q-2026-0043", "zebra", "drift zebra", "…", "the"):
        answer = ask(council, "lead", typed)
        assert (list(answer.exact), answer.corrected) == ([], ""), typed
        assert typed == "the" or audit not in {one.row.record for one in answer.found}, typed


def test_what_was_meant_is_never_known_from_what_is_closed(council: Council) -> None:
    council.seal(council.with_secret("A quixotical plan was made there."), "moderator")
    assert ask(council, "lead", "quixotcal").corrected == "quixotical"
    assert ask(council, "moderator", "quixotcal").corrected == ""


def test_a_past_moment_finds_what_stood_then(council: Council) -> None:
    council.grant("lead", Role.AUDITOR)
    action = by_hand(council, text="Bring the genogram up to date.")
    council.clock.advance(timedelta(days=2))
    store, lead = council.services.store, council.actor("lead")
    with store.reading() as connection:
        before = as_at(store, connection, council.today - timedelta(days=1))
    row = ask(council, "lead", "genogram").found[0]
    assert row.row.record == action
    actions.correct(
        council.services.desk,
        CorrectAction(
            action=action,
            text="Bring the ecomap up to date.",
            owner=council.ids["worker"],
            due_on=council.today + timedelta(days=28),
            reason="Typed wrong.",
        ),
        by=lead,
    )
    assert (found(council, "lead", "genogram"), found(council, "lead", "ecomap")) == (
        set(),
        {action},
    )
    assert found(council, "lead", "genogram", before) == {action}
    assert found(council, "lead", "ecomap", before) == set()


@pytest.mark.one_database
def test_pages_follow_each_other_and_kinds_are_counted(council: Council) -> None:
    for _ in range(4):
        council.submitted()
    store, lead = council.services.store, council.actor("lead")
    with store.reading() as connection:
        at = present(store, connection, lead)
        pages, before = list[int](), None
        while True:
            answer = search(
                connection, lead, at, "evidence", kinds=["case-audit"], before=before, limit=7
            )
            pages += [one.row.place for one in answer.found]
            before = answer.next
            if before is None:
                break
    assert pages == sorted(set(pages), reverse=True)
    counts = {one.kind: one.number for one in answer.counts}
    assert counts["case-audit"] == len(pages) > 28
    assert counts.keys() > {"case-audit"}


@pytest.mark.one_database
def test_of_a_common_word_the_first_answers_alone_are_looked_through_to_count(
    council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = council.submitted()
    council.submitted(team="west")
    council.grant("nobody", Role.TEAM_MANAGER, Scope(kind="team", code="east"))
    whole, shown = found(council, "lead", "evidence"), found(council, "nobody", "evidence")
    monkeypatch.setattr(queries, "COUNTED", 3)
    assert (found(council, "lead", "evidence"), found(council, "nobody", "evidence")) == (
        whole,
        shown,
    )
    assert own in shown < whole
    counts = {one.kind: one for one in ask(council, "lead", "evidence").counts}
    assert (counts["case-audit"].number, counts["case-audit"].more) == (3, True)
    # Nothing among the first is theirs, and no other word is offered for it.
    answer = ask(council, "nobody", "evidence")
    assert not answer.corrected
    assert "case-audit" not in {one.kind for one in answer.counts}


@pytest.mark.one_database
def test_every_page_is_of_the_word_that_was_meant(council: Council) -> None:
    for word in ("mopping", "mopping", "mapping", "mapping", "mapping"):
        council.with_secret(f"They were {word} all day long.")
    store, lead = council.services.store, council.actor("lead")
    with store.reading() as connection:
        at, asked = present(store, connection, lead), "mxpping"
        first = search(connection, lead, at, asked, limit=1)
        assert first.next
        then = search(connection, lead, at, asked, before=first.next, limit=1)
    assert (first.corrected, then.corrected) == ("mapping", "mapping")
