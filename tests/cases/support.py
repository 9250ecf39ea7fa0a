"""A case folder brought in by its one command, and the store that then holds it."""

from __future__ import annotations

import io
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import Connection

from api.cli.app import main
from api.cli.store_session import close_all, open_services
from api.plans.importers.meant import find_plan
from projections.plans.record import PlanRecord

HERE = Path(__file__).parent


@dataclass
class Brought:
    """`answers` are what the command said of each file, as its ``--json`` does. `folder` is a copy
    of the case, because rejected rows are written beside their file."""

    folder: Path
    answers: list[dict[str, Any]]

    def again(self) -> list[dict[str, Any]]:
        """Bring the same folder in once more."""
        return _bring(self.folder)

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
        patch.setenv("CASELOOP_COUNCIL_NAME", "Example Council")
        patch.setenv("CASELOOP_KEY_FILE", str(place / "council.key"))
        folder = shutil.copytree(HERE / case, place / case)
        try:
            yield Brought(folder, _bring(folder))
        finally:
            close_all()


def _bring(folder: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = caseloop("import", "case", str(folder), "--json")
    return found


def caseloop(*words: str) -> Any:
    """What the command line answers in JSON."""
    out = io.StringIO()
    with redirect_stdout(out), redirect_stderr(io.StringIO()), suppress(SystemExit):
        main([*words])
    return json.loads(out.getvalue())
