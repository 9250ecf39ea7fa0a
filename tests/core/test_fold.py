"""What each change does to the rows of a table, and what it refuses."""

from __future__ import annotations

from typing import Any

import pytest

from projections.core.base import OPEN, Amend, Close, JournalRow, Put, RowChange, as_at
from projections.core.fold import Folding, TableFold
from projections.core.registry import Registry
from qa.core.errors import Damaged
from tests.core.support import Jars, handling, jar


def row(shelf: str, name: str, marbles: int) -> dict[str, Any]:
    return {"shelf": shelf, "jar": name, "marbles": marbles, "broken": False}


def every_row(fold: TableFold) -> list[tuple[Any, ...]]:
    return [*fold.finished, *fold.opened()]


def folded(*changes: tuple[int, RowChange]) -> list[tuple[Any, ...]]:
    """(shelf, jar, marbles, valid_from, valid_to) of every row after the changes."""
    folding = Folding([jar.name, handling.name])
    for position, change in changes:
        folding.apply(position, [change])
    fold = folding.folds[jar.name]
    rows = sorted(every_row(fold), key=fold.order)
    return [(*r[:3], *r[-2:]) for r in rows]


def test_a_put_ends_the_row_before_it() -> None:
    assert folded((1, Put(jar, row("top", "a", 1))), (4, Put(jar, row("top", "a", 2)))) == [
        ("top", "a", 1, 1, 4),
        ("top", "a", 2, 4, OPEN),
    ]


def test_several_changes_at_one_position_make_one_version() -> None:
    assert folded(
        (1, Put(jar, row("top", "a", 1))),
        (4, Put(jar, row("top", "a", 2))),
        (4, Amend(jar, ("top", "a"), {"marbles": 3})),
        (4, Amend(jar, ("top",), {"marbles": 4})),
    ) == [("top", "a", 1, 1, 4), ("top", "a", 4, 4, OPEN)]


def test_a_row_opened_and_closed_at_one_position_never_was() -> None:
    assert folded((1, Put(jar, row("top", "a", 1))), (1, Close(jar, ("top",)))) == []


def test_a_prefix_reaches_every_open_row_beneath_it_and_no_other() -> None:
    assert folded(
        (1, Put(jar, row("top", "a", 1))),
        (2, Put(jar, row("top", "b", 1))),
        (3, Put(jar, row("low", "a", 1))),
        (4, Close(jar, ("top", "b"))),
        (5, Amend(jar, ("top",), {"marbles": 9})),
        (6, Put(jar, row("top", "b", 2))),
        (7, Close(jar, ("top",))),
    ) == [
        ("low", "a", 1, 3, OPEN),
        ("top", "a", 1, 1, 5),
        ("top", "a", 9, 5, 7),
        ("top", "b", 1, 2, 4),
        ("top", "b", 2, 6, 7),
    ]


def test_changing_a_row_that_is_not_there_is_damage_unless_it_may_be_missing() -> None:
    with pytest.raises(Damaged) as damage:
        folded((8, Amend(jar, ("top", "a"), {"marbles": 1})))
    assert damage.value.position == 8
    assert folded((8, Amend(jar, ("top", "a"), {"marbles": 1}, missing_ok=True))) == []


@pytest.mark.parametrize(
    "change",
    [
        Put(jar, {"shelf": "top", "jar": "a", "colour": "red"}),
        Amend(jar, ("top", "a"), {"colour": "red"}),
        Amend(jar, ("top", "a"), {"jar": "b"}),
        Put(handling, {"jar": "a"}),
        JournalRow(jar, row("top", "a", 1)),
    ],
)
def test_a_change_that_does_not_fit_its_table_is_a_programming_error(change: RowChange) -> None:
    with pytest.raises(ValueError):
        folded((1, Put(jar, row("top", "a", 1))), (2, change))


def test_a_table_of_another_projector_is_not_written() -> None:
    with pytest.raises(KeyError):
        Folding([handling.name]).apply(1, [Put(jar, row("top", "a", 1))])


def test_notes_of_one_position_are_numbered() -> None:
    folding = Folding([handling.name])
    for position, what in [(1, "a"), (1, "b"), (2, "c")]:
        folding.apply(position, [JournalRow(handling, {"jar": "j", "what": what})])
    assert [r[-2:] for r in folding.folds[handling.name].finished] == [(1, 0), (1, 1), (2, 0)]


def test_two_projectors_cannot_share_a_name_or_a_table() -> None:
    with pytest.raises(ValueError):
        Registry([Jars(), Jars()])


def test_as_at_of_a_journal_is_up_to_a_position() -> None:
    assert str(as_at(handling, 4).compile(compile_kwargs={"literal_binds": True})) == (
        "toy_handling.position <= 4"
    )


def test_of_what_cannot_stand_the_database_is_neither_asked_nor_told() -> None:
    def asked(_: object) -> list[list[tuple[Any, ...]]]:
        raise AssertionError("the database was asked")

    folding = Folding([jar.name], asked, first=5)
    changes = [Close(jar, ("top",)), Put(jar, row("top", "a", 1)), Close(jar, ("low",))]
    folding.apply(5, changes, new=True)
    folding.apply(6, [Amend(jar, ("top",), {"marbles": 2})], new=True)
    fold = folding.folds[jar.name]
    assert not fold.closings
    assert [(r[2], *r[-2:]) for r in (*fold.finished, *fold.opened())] == [(1, 5, 6), (2, 6, OPEN)]


A, B = (Put(jar, row("top", name, 1)) for name in "ab")
AGAIN = Put(jar, row("top", "a", 2))
HANDLED = JournalRow(handling, {"jar": "a", "what": "put"})


@pytest.mark.parametrize(
    ("changes", "adds"),
    [
        ((A, B), True),
        ((A, HANDLED, AGAIN, HANDLED), True),
        ((Close(jar, ("top",)), A, HANDLED), True),
        ((A, Close(jar, ("top", "b"))), False),
        ((A, Amend(jar, ("top", "a"), {"marbles": 3})), False),
        ((), True),
    ],
)
def test_what_a_stream_begins_with_is_added_as_it_would_be_folded(
    changes: tuple[RowChange, ...], adds: bool
) -> None:
    tables = [jar.name, handling.name]
    asked = Folding(tables, lambda asked: [() for _ in asked], 4), Folding(tables, first=4)
    assert asked[0].begin(4, changes) is adds
    asked[1].apply(4, changes if adds else (), new=True)
    begun, put = (
        {
            name: rows
            for name, fold in one.folds.items()
            if (rows := [*fold.finished, *fold.opened()])
        }
        for one in asked
    )
    assert begun == put
    assert not any(fold.closings for fold in asked[0].folds.values())
