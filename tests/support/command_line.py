"""Runs `caseloop …` in this process, and says what it answered."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from api.cli.app import main


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
        return caseloop

    return at
