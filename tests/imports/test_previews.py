"""What is shown of a file is what is then recorded of it, whatever kind it is of."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from random import Random

import pytest

from api.imports import run as imports
from api.imports.answers import LEAVE_OUT, ImportAnswers
from api.imports.importers import importers
from api.imports.kinds import template
from api.imports.run import DEFAULT_TOOL, read_rows
from qa.core.errors import Refused
from qa.sampling_frames.events import SamplingFrameFrozen
from qa.supervision.events import OpenCasesListed
from tests.imports.support import ABOUT, IN_ORDER, supervised_by_sam
from tests.support.council import Council

pytestmark = pytest.mark.one_database

CELLS = ("", "N/A", "31/02/2025", "02/01/2026", "Good", "green", "7", "-", "Nobody we know")
LEFT = ImportAnswers(refused=LEAVE_OUT, changed=LEAVE_OUT)
CORRECTED = ImportAnswers(refused=LEAVE_OUT, changed="correct", reason="The file is right.")


def spoilt(data: bytes, chance: Random) -> bytes:
    """The file with rows repeated and some of its cells written otherwise."""
    headings, *rows = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    made = [list(row) for row in rows for _ in range(chance.randint(1, 2))]
    for row in made:
        for at in chance.sample(range(len(row)), k=chance.randint(0, 2)):
            row[at] = chance.choice((*CELLS, f"{row[at]} x"))
    out = io.StringIO(newline="")
    csv.writer(out).writerows([headings, *made])
    return out.getvalue().encode()


def rows_recorded(council: Council, after: int, due: set[int]) -> set[int]:
    """The rows that events came from. A list of cases is one event, from the first of its rows."""
    with council.services.store.reading() as connection:
        found = list(council.services.store.events(connection, after=after))
    rows = {one.meta.source.row for one in found if one.meta.source is not None}
    lists = [
        one.event for one in found if isinstance(one.event, OpenCasesListed | SamplingFrameFrozen)
    ]
    if due and lists and rows - {0} == {min(due)} and len(lists[0].cases) == len(due):
        return due
    return rows


@pytest.mark.parametrize("seed", [1, 3])
def test_the_rows_that_are_shown_are_those_recorded(small_council: Council, seed: int) -> None:
    services, chance, compared = small_council.services, Random(seed), set()
    for kind in IN_ORDER:
        if kind == "sessions":
            supervised_by_sam(small_council)
        importer = importers()[kind]
        by = small_council.actor("lead" if importer.verb == "import" else "admin")
        with services.store.reading() as connection:
            data = template(importer, connection, DEFAULT_TOOL)
        files = [(spoilt(data, chance), answers) for answers in (LEFT, CORRECTED, LEFT)]
        for content, answers in [files[0], (data, LEFT), *files[1:]]:
            sheet, _ = read_rows(kind, f"{kind}.csv", content)
            choices = imports.ImportChoices(answers=answers, about=ABOUT)
            head = services.store.head()
            try:
                shown = imports.run(services, kind, sheet, replace(choices, dry_run=True), by=by)
            except Refused:
                with pytest.raises(Refused):
                    imports.run(services, kind, sheet, choices, by=by)
                continue
            assert services.store.head() == head
            due = {row.row for row in shown.rows if row.recorded}
            blocked = any(question.needed for question in shown.plan.questions)
            try:
                done = imports.run(services, kind, sheet, choices, by=by)
            except Refused:
                empty = kind in ("open-cases", "sampling-frame") and not due
                assert blocked or empty or kind == "rag-scale", (kind, content)
                assert services.store.head() == head
                continue
            whole = kind == "rag-scale"
            recorded = rows_recorded(small_council, head, due) - {0}
            assert (recorded == due) or (whole and bool(due) == (services.store.head() > head)), (
                kind, due, recorded, content.decode(),
            )  # fmt: skip
            result = done.result or {}
            assert result["imported"] + result["corrected"] >= bool(due)
            compared |= {kind} if due else set()
    assert compared == set(IN_ORDER)
