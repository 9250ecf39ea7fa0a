"""``c-00100`` and ``C-00100`` are one child, wherever a reference is compared."""

from __future__ import annotations

from datetime import timedelta

import pytest

from api.search.reading import search
from api.web.moments import present
from projections.audits import child_queries
from qa.authorisation.policy import reach
from qa.core.errors import Refused
from qa.imports.commands.batches import File
from qa.imports.commands.judgements import ImportAudits, import_audits
from qa.imports.rows import ImportedAudit
from tests.support.council import Council

FILE = File(name="old.csv", sha256="0" * 64, rows=3, rejected=0, mapping={})


def test_a_reference_is_one_child_however_it_is_spelt(small_council: Council) -> None:
    council = small_council
    first = council.submitted(child="C-00100")
    with pytest.raises(Refused, match="audited within the last 12 months"):
        council.allocated(child="c-00100")
    second = council.allocated(child="c-00100", exception="A complaint asks for it.")
    assert council.view(second).row.child == "C-00100"
    with council.services.store.reading() as connection:
        lead = council.actor("lead")
        told, moment = reach(lead), present(council.services.store, connection, lead)
        for spelt in ("C-00100", "c-00100"):
            of = [row.audit for row in child_queries.of_child(connection, told, spelt)]
            assert of == [first, second]
            assert child_queries.ids_of_child(connection, spelt) == of
            answer = search(connection, lead, moment, spelt)
            assert {one.row.record for one in answer.exact} == set(of)
            assert child_queries.children_among(connection, [spelt]) == {"C-00100"}


def test_a_file_joins_the_children_that_are_there_and_those_within_it(
    small_council: Council,
) -> None:
    council = small_council
    council.submitted(child="C-00100")
    children = ("c-00100", "x-7", "X-7")
    rows = [
        ImportedAudit(
            row=n, reference=f"OLD-{n}", child=child, auditor="Ann Old", team="East",
            audit_date=council.today - timedelta(days=300), overall="good",
        )
        for n, child in enumerate(children, start=2)
    ]  # fmt: skip

    def bring() -> dict[str, object]:
        done = import_audits(council.services.desk, ImportAudits(file=FILE, tool=council.tool.id,
            tool_version=1, audits=tuple(rows)), by=council.actor("lead"))  # fmt: skip
        return done.response

    assert bring()["imported"] == 3
    with council.services.store.reading() as connection:
        told = reach(council.actor("lead"))
        assert len(child_queries.of_child(connection, told, "C-00100")) == 2
        of_x7 = child_queries.of_child(connection, told, "X-7")
        assert [row.child for row in of_x7] == ["x-7"] * 2
    assert bring()["already_there"] == 3


def test_spellings_of_an_existing_store_are_joined_in_lookups(small_council: Council) -> None:
    council = small_council
    council.services.desk.lookups.child_as_typed = lambda _connection, child: child  # type: ignore[method-assign]
    one, two = (
        council.submitted(child="C-00100"),
        council.allocated(child="c-00100", exception="As it was stored before."),
    )
    with council.services.store.reading() as connection:
        told = reach(council.actor("lead"))
        found = child_queries.of_child(connection, told, "c-00100")
    assert [(row.audit, row.child) for row in found] == [(one, "C-00100"), (two, "c-00100")]
