"""Types that a generator makes in TypeScript from the description of the API are strict enough to
program against: a small client of them is compiled and does a whole round, refusals included.

What npm installs for it is for this test alone: Caseloop needs and ships none of it.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

from api.routes import document
from tests.support.browser import served
from tests.support.case_audits import allocation
from tests.support.council import Council

CLIENT = Path(__file__).parent / "typescript"


def call(folder: Path, *command: str) -> None:
    """Run a program that says what went wrong on its own."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The client as node runs it, in a folder that holds what npm installed too."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        pytest.skip("There is no Node here: the client in TypeScript is not tried.")
    folder = tmp_path_factory.mktemp("typescript") / "client"
    shutil.copytree(CLIENT, folder)
    quiet = ("--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline")
    call(folder, npm, "ci", *quiet)
    (folder / "openapi.json").write_text(json.dumps(document()), "utf-8")
    programs = folder / "node_modules" / ".bin"
    types = ("-o", "schema.d.ts", "--default-non-nullable=false")
    call(folder, str(programs / "openapi-typescript"), "openapi.json", *types)
    call(folder, str(programs / "tsc"), "--project", ".")
    return folder / "made" / "round.js"


@pytest.mark.slow
def test_a_typescript_client_survives_its_refusals(small_council: Council, compiled: Path) -> None:
    lead, reader = (
        small_council.program(handle, "read", "write")
        .headers["Authorization"]
        .removeprefix("Bearer ")
        for handle in ("lead", "reader")
    )
    later = str(small_council.today + timedelta(days=60))
    with served(small_council.app) as address:
        given = {
            "address": address,
            "token": lead,
            "reader": reader,
            "allocation": allocation(small_council),
            "extension": {"due_on": later, "reason": "The auditor is on leave."},
        }
        call(compiled.parent, "node", compiled.name, json.dumps(given))
    assert small_council.view(small_council.first_audit()).row.due_on == later


def test_the_lock_pins_everything_and_names_no_registry() -> None:
    lock = json.loads((CLIENT / "package-lock.json").read_text("utf-8"))
    named = json.loads((CLIENT / "package.json").read_text("utf-8"))["dependencies"]
    assert lock["packages"][""]["dependencies"] == named
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in named.values())
    installed = [each for place, each in lock["packages"].items() if place]
    assert all("integrity" in each and "resolved" not in each for each in installed)
    assert "registry" not in json.dumps(lock)
