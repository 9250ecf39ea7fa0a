"""How many actions a list holds is how many it lists, whatever is closed to its reader."""

from __future__ import annotations

from itertools import combinations

from projections.actions import queries
from qa.authorisation.policy import reach
from tests.actions.support import by_hand, raised
from tests.support.council import Council


def test_a_count_leaves_out_what_the_list_leaves_out(small_council: Council) -> None:
    council = small_council
    audits = [raised(council)[0] for _ in range(3)]
    by_hand(council)
    readers = [
        reach(council.actor(handle)) for handle in ("lead", "worker", "auditor", "moderator")
    ]
    several = [set(chosen) for size in range(3) for chosen in combinations(audits, size)]
    found: set[int] = set()
    with council.services.store.reading() as connection:
        head = council.services.store.head(connection)
        for reader in readers:
            for hidden in several:
                for sealed in several:
                    for position in (None, head - 1):
                        asked = {"hidden": hidden, "sealed": sealed, "position": position}
                        listed = queries.actions(connection, reader, **asked)
                        number = queries.count(connection, reader, **asked)
                        assert number == len(listed), (reader.person, asked)
                        assert not {one.audit for one in listed} & sealed
                        found.add(number)
    assert len(found) > 2
