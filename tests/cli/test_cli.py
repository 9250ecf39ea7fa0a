"""The command line itself: first steps, refusals, and how little it loads."""

from __future__ import annotations

import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from api.cli.app import app
from api.cli.dates import renamed
from api.services import build
from api.settings import Settings
from qa.core.errors import Refused
from tests.conftest import FreshUrl
from tests.support.command_line import YEAR, Run
from tests.support.told_codes import ToldCodes


@pytest.fixture
def fresh_url(tmp_path: Path) -> FreshUrl:
    """SQLite alone: what is said and refused before a store is asked is the same for both."""
    return lambda: nullcontext(f"sqlite:///{tmp_path / 'council.db'}")


def test_read_models_are_made_again(case: Run, told_codes: ToldCodes) -> None:
    assert case("rebuild").code == 0
    assert case("rebuild", "--only", "no-such").code == 3
    assert told_codes.taken() == ["read-model-unknown"]
    assert case("verify").code == 0


def test_the_first_administrator_and_a_token_come_from_the_command_line(run: Run) -> None:
    run("init")
    added = run("people", "add", "ada", "--name", "Ada Tree", "--admin")
    assert added.code == 0
    assert "/set-password" in added.out
    assert run("people", "grant", "ada", "qa-lead").code == 0
    assert run("people", "grant", "ada", "king").code == 3
    assert run("people", "add", "ada", "--name", "Other").code == 3
    listed = run("people", "list", "--json").json
    assert {g["role"] for g in listed[0]["grants"]} == {"administrator", "qa-lead"}
    made = run("token", "make", "ada", "--label", "BI", "--scope", "read")
    assert made.out.startswith("clp_")
    assert run("token", "make", "nobody", "--label", "BI").code == 3


def test_teams_are_founded_moved_closed_and_opened_from_the_command_line(run: Run) -> None:
    run("init")
    assert "code is east" in run("team", "found", "East", "--service", "Safeguarding").out
    assert run("team", "found", "West", "--service", "Care").code == 0
    assert run("team", "rename", "east", "East side").code == 0
    assert run("team", "move", "east", "--service", "Care", "--on", "2026-01-05").code == 0
    assert run("team", "move", "east", "--service", "Care", "--on", "tomorrow").code == 2
    assert run("team", "close", "west", "--successor", "none").code == 3
    assert run("team", "close", "west", "--successor", "east").code == 0
    shown = run("team", "list", "--json").json
    assert [(one["name"], one["service_name"]) for one in shown] == [("East side", "Care")]
    closed = {
        one["team"]: one["successor"] for one in run("team", "list", "--closed", "--json").json
    }
    assert closed == {"east": None, "west": "east"}
    assert run("team", "reopen", "west").code == 0
    assert run("team", "reopen", "west").code == 3


def test_a_misspelt_store_is_refused_rather_than_made(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    refused = run("--store", str(tmp_path / "missing.db"), "report", "agreement", *YEAR)
    assert refused.code == 3
    assert "There is no store" in refused.err
    assert not (tmp_path / "missing.db").exists()


def test_a_store_that_had_another_key_is_given_no_new_one(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, told_codes: ToldCodes
) -> None:
    run("init")
    key_file = tmp_path / "council.key"
    key = key_file.read_text()
    key_file.unlink()
    for command in ("init", "upgrade"):
        missing = run(command)
        assert (missing.code, missing.out) == (4, "")
        assert told_codes.taken() == ["key-missing"]
        assert "is missing" in missing.err
        assert not key_file.exists()
    key_file.write_text(b64encode(b"w" * 32).decode())
    for command in ("init", "upgrade", "verify"):
        wrong = run(command)
        assert (wrong.code, wrong.out) == (4, "")
        assert told_codes.taken() == ["key-wrong"]
        assert "does not open these records" in wrong.err
    monkeypatch.setenv("CASELOOP_MASTER_KEY", key)
    key_file.unlink()
    again = run("init")
    assert again.code == 0
    assert "Its master key is CASELOOP_MASTER_KEY." in again.out


def test_caseloop_is_not_served_beyond_this_machine_under_no_name(run: Run) -> None:
    run("init")
    refused = run("serve", "--host", "0.0.0.0")
    assert refused.code == 3
    assert "CASELOOP_BASE_URL" in refused.err


def test_the_demonstration_is_never_mixed_with_other_records(
    run: Run, told_codes: ToldCodes
) -> None:
    run("init")
    run("people", "add", "ada", "--name", "Ada Tree", "--admin")
    refused = run("demo", "--no-serve")
    assert (refused.code, told_codes.taken()) == (3, ["store-not-empty"])


def test_ways_in_are_ended_from_the_command_line(run: Run) -> None:
    run("init")
    run("people", "add", "ada", "--name", "Ada Tree", "--admin")
    assert run("people", "end-access", "ada").code == 0
    assert run("people", "end-access", "nobody").code == 3


def test_a_store_without_its_key_is_not_opened(run: Run, tmp_path: Path) -> None:
    run("init")
    (tmp_path / "council.key").unlink()
    refused = run("verify")
    assert refused.code == 4
    assert "master key" in refused.err
    assert not (tmp_path / "council.key").exists()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("report", "agreement", "--from", "1 April", "--to", "2022-03-31"), "is not a date"),
        (("report", "agreement", *YEAR, "--by", "fortnight"), "no period called"),
        (("report", "agreement", *YEAR, "--dimension", "colour"), "not something to break down by"),
        (("report", "grades", *YEAR, "--cohort", "moderation"), "cannot be broken down by"),
        (("report", "agreement", *YEAR, "--as-at", "2021-05-19", "--position", "1"), "not both"),
        (("report", "agreement", *YEAR, "--as-at", "2999-01-01"), "in the future"),
        (("report", "agreement", *YEAR, "--position", "999999"), "last entry is number"),
        (("report", "agreement", *YEAR, "--team", "nonsense"), "There is no team “nonsense”."),
        (("report", "grades", *YEAR, "--tool", "nonsense"), "There is no tool “nonsense”."),
        (("report", "closing-the-loop", *YEAR, "--kind", "nonsense"), "There is no kind"),
        (("report", "supervision", *YEAR, "--service", "nonsense"), "There is no service"),
        (("report", "rag", "--plan", "x", "--known-on", "2026-01-01"), "say --as-at"),
        (("report", "board", "--plan", "x", "--known-on", "2026-01-01"), "say --as-at"),
        (
            ("report", "rag", "--plan", "x", "--as-at", "1995-01-01"),
            "is --day",
        ),
        (("compare", "--from", "2021-04-01"), "say --from-as-at"),
        (("compare", "--from-as-at", "2021-04-01", "--to", "2021-05-01"), "say --to-as-at"),
        (("import", "assessments", "x.csv", "--plan", "x", "--as-at", "2026-01-01"), "say --on"),
        (
            ("import", "measure-reports", "x.csv", "--plan", "x", "--as-at", "2026-01-01"),
            "say --on",
        ),
        (("import", "audits", "no-such-file.csv"), "no-such-file.csv"),
        (("export", "tool", "no-such-tool"), "no published tool"),
    ],
)
def test_what_makes_no_sense_ends_with_3(run: Run, words: tuple[str, ...], sentence: str) -> None:
    run("init")
    refused = run(*words)
    assert refused.code == 3
    assert sentence in refused.err
    assert refused.out == ""


def test_an_old_name_of_an_option_is_refused_with_the_new_one() -> None:
    with pytest.raises(Refused) as refused:
        renamed("2026-01-01", "--known-on", "--as-at")
    assert (refused.value.code, refused.value.field) == ("option-renamed", "--known-on")
    renamed(None, "--known-on", "--as-at")


def options(command: Any, name: str = "caseloop") -> Iterator[tuple[str, str, str]]:
    """Every option that is shown: its command, its name and what its help says."""
    for child in getattr(command, "commands", {}).values():
        yield from options(child, f"{name} {child.name}")
    for one in command.params:
        if not getattr(one, "hidden", False):
            yield from ((name, said, getattr(one, "help", None) or "") for said in one.opts)


def test_an_option_for_a_moment_means_the_same_everywhere() -> None:
    meanings: dict[str, set[str]] = {}
    for _, option, said in options(get_command(app)):
        meanings.setdefault(option, set()).add(said)
    for option in ("--as-at", "--position", "--true-on"):
        assert len(meanings[option]) == 1, option
    assert "--known-on" not in meanings
    elsewhere = {o for o, said in meanings.items() if any("As recorded" in each for each in said)}
    assert elsewhere == {
        "--as-at", "--position", "--from-as-at", "--from-position",
    }  # fmt: skip


def test_help_does_not_load_what_it_does_not_need() -> None:
    seen = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "api.cli", "--help"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "import" in seen.stdout
    loaded = {line.rpartition("|")[2].strip() for line in seen.stderr.splitlines()}
    assert not loaded & {
        "pandas",
        "fastapi",
        "sqlalchemy",
        "scipy",
        "statsmodels",
        "holidays",
        "alembic",
    }


def test_a_store_is_never_made_for_nobody(
    run: Run, told_codes: ToldCodes, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("", "Your council", "  "):
        monkeypatch.setenv("CASELOOP_COUNCIL_NAME", name)
        assert run("init").code == 3
        assert told_codes.taken() == ["council-name-missing"]
    assert not list(Path.cwd().iterdir())  # no database, and no key
    assert run("init", "--council", "Example Council").code == 0
    settings = build(Settings.from_environment()).settings
    assert (settings.council_name, settings.demonstration) == ("Example Council", False)
    monkeypatch.setenv("CASELOOP_COUNCIL_NAME", "Renamed Council")
    assert build(Settings.from_environment()).settings.council_name == "Renamed Council"
    assert run("init").code == 0  # a second time asks nothing
