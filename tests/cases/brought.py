"""A case folder brought in by its one command, and the store that then holds it."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import Connection

from api.cli import main
from api.cli.opening import close_all, open_services
from api.imports.run_plans import find_plan
from projections.improvement_plans import PlanRecord

HERE = Path(__file__).parent


@dataclass
class Brought:
    """`answers` are what the command said of each file, as its ``--json`` does."""

    case: str
    answers: list[dict[str, Any]]

    def again(self) -> list[dict[str, Any]]:
        """Bring the same folder in once more."""
        return caseloop("import", "case", str(HERE / self.case), "--json")

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        with open_services().store.reading() as connection:
            yield connection

    def record(self, title: str) -> PlanRecord:
        with self.reading() as connection:
            found = find_plan(connection, title)
        assert found is not None
        return found


@contextmanager
def brought(case: str, place: Path) -> Iterator[Brought]:
    """A case brought in by its command, on an empty SQLite store at `place`."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("CASELOOP_")]:
            patch.delenv(name)
        patch.setenv("CASELOOP_STORE", f"sqlite:///{place / 'case.db'}")
        patch.setenv("CASELOOP_KEY_FILE", str(place / "council.key"))
        try:
            yield Brought(case, caseloop("import", "case", str(HERE / case), "--json"))
        finally:
            close_all()


def caseloop(*words: str) -> Any:
    """What the command line answers in JSON."""
    out = io.StringIO()
    with redirect_stdout(out), redirect_stderr(io.StringIO()), suppress(SystemExit):
        main([*words])
    return json.loads(out.getvalue())
