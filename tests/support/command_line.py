"""`caseloop …` as typed, over an empty store or over the published case of Trafford."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from api.cli.app import main
from tests.support.engines import Server

CASE = Path(__file__).parents[1] / "cases" / "trafford-2022"
YEAR = ("--from", "2021-04-01", "--to", "2022-03-31")


@dataclass
class Said:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Said]


@pytest.fixture
def over(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[[str, Path], Run]:
    """Gives what runs `caseloop …` over the store at a URL, in a folder that holds its key."""
    for name in list(os.environ):
        if name.startswith("CASELOOP_"):
            monkeypatch.delenv(name)

    def caseloop(*words: str) -> Said:
        try:
            main(list(words))
            code: object = 0
        except SystemExit as left:
            code = left.code or 0
        said = capsys.readouterr()
        return Said(int(str(code)), said.out, said.err)

    def at(url: str, folder: Path) -> Run:
        monkeypatch.chdir(folder)
        monkeypatch.setenv("CASELOOP_KEY_FILE", str(folder / "council.key"))
        monkeypatch.setenv("CASELOOP_STORE", url)
        monkeypatch.setenv("CASELOOP_COUNCIL_NAME", "Example Council")
        return caseloop

    return at


@pytest.fixture
def run(over: Callable[[str, Path], Run], fresh_url: Any, tmp_path: Path) -> Any:
    """Runs `caseloop …` on an empty store of its own, on each engine."""
    with fresh_url() as url:
        yield over(url, tmp_path)


@pytest.fixture(scope="session")
def imported() -> dict[str, tuple[str, Path]]:
    """Where the published case was imported, by engine: once, to be copied for each test."""
    return {}


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def case(
    request: pytest.FixtureRequest,
    over: Callable[[str, Path], Run],
    imported: dict[str, tuple[str, Path]],
    tmp_path_factory: pytest.TempPathFactory,
    tmp_path: Path,
) -> Iterator[Run]:
    """A store that holds the published case, on each engine."""
    on_server = request.param == "postgres"
    server: Server | None = request.getfixturevalue("postgres_server") if on_server else None
    if request.param not in imported:
        folder = tmp_path_factory.mktemp("case")
        url = server.create() if server else f"sqlite:///{folder / 'council.db'}"
        model = over(url, folder)
        assert model("import", "audits", str(CASE / "audits.csv")).code == 0
        assert model("import", "moderations", str(CASE / "moderations.csv")).code == 0
        if server:
            # A database that somebody is connected to is not copied.
            server.end_connections(url)
        imported[request.param] = url, folder
    url, folder = imported[request.param]
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    copied = server.fresh(url) if server else nullcontext(f"sqlite:///{tmp_path / 'council.db'}")
    with copied as own:
        yield over(own, tmp_path)


def quarters(found: Any, *figures: str) -> dict[str, Any]:
    return {
        row["group"]["quarter"]: tuple(
            (row["figures"][f]["numerator"], row["figures"][f]["denominator"]) for f in figures
        )
        for row in found["rows"]
    }
