"""A store of the last release is brought to this one: whole, once, and never by the way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.main import create_app
from api.services import build
from api.settings import Settings
from projections.core.registry import Registry
from qa.core.clock import SetClock
from qa.core.errors import Unavailable
from qa.store.store import Store
from tests.core.support import Jars
from tests.schema.support import EarlierStore
from tests.support.command_line import Run, over
from tests.support.council import ORIGIN, PASSWORD
from tests.support.told_codes import ToldCodes

__all__ = ["over"]
AUDITS = Path(__file__).parents[1] / "cases" / "trafford-2022" / "audits.csv"
ASKED_FOR = "The records of this store are of an earlier release: run caseloop upgrade."


@pytest.fixture
def run(over: Callable[[str, Path], Run], earlier: EarlierStore) -> Run:
    return over(earlier.url, earlier.folder)


def served(store: EarlierStore, clock: SetClock) -> TestClient:
    settings = Settings(store=store.url, key_file=store.folder / "council.key")
    services = build(settings, clock=clock)
    return TestClient(create_app(services), follow_redirects=False)


def sign_in(client: TestClient) -> Any:
    page = client.get("/sign-in", headers={"accept": "text/html"})
    token = page.text.partition('name="csrf" value="')[2].partition('"')[0]
    return client.post(
        "/sign-in",
        data={"csrf": token, "name": "lead", "password": PASSWORD},
        headers={"accept": "text/html", "origin": ORIGIN, "sec-fetch-site": "same-origin"},
    )


def test_a_store_of_the_last_release_is_upgraded_served_and_verified(
    run: Run, earlier: EarlierStore, clock: SetClock
) -> None:
    before = earlier.rows()
    shown = run("upgrade", "--dry-run")
    assert (shown.code, shown.out.splitlines()[-1]) == (0, "Nothing was changed.")
    assert shown.out.startswith("Revision 0001: The baseline")
    assert earlier.rows() == before

    done = run("upgrade")
    assert (done.code, done.err) == (0, "")
    assert "Revision 0001 is done.\n" in done.out
    assert "The records are of this release now." in done.out
    after = earlier.rows()
    # Where the store says what it is, it also says by now which key opens it; and read models that
    # the release did not have are there.
    changed = {name for name in before if after[name] != before[name]}
    assert changed == {"store_meta", "read_model"}
    new = {
        "disclosure_rule",
        "evaluation_claim",
        "evaluation_copy",
        "evaluation_evidence",
        "frame_case",
        "list_view_row",
        "outside_copy",
        "quarterly_commentary",
        "quarterly_row",
        "quarterly_section",
        "restriction_joined_child",
        "restriction_row",
        "restriction_reader",
        "sampling_frame",
        "self_evaluation_row",
        "word_template_row",
        "working_days",
    }
    assert after.keys() - before.keys() == {"alembic_version", *new}

    assert run("rebuild").code == 0
    assert run("upgrade").out == "The records are of this release: there is nothing to do.\n"
    clock.advance(timedelta(days=2))
    client = served(earlier, clock)
    assert client.get("/healthz").json()["status"] == "ok"
    assert sign_in(client).headers["location"] == "/"
    audit = client.get(f"/audits/{earlier.known['audit']}", headers={"accept": "text/html"})
    assert (audit.status_code, "C-00001" in audit.text) == (200, True)
    client.app.state.services.store.close()  # type: ignore[attr-defined]

    verified = run("verify")
    assert (verified.code, verified.err) == (0, "")
    assert f"All is as the {earlier.known['head']} facts say." in verified.out


def test_nothing_alters_a_store_by_the_way_and_all_say_what_is_needed(
    run: Run, earlier: EarlierStore, clock: SetClock
) -> None:
    before = earlier.rows()
    for words in (
        ("serve", "--port", "1"), ("init",), ("verify",), ("rebuild",), ("demo", "--no-serve"),
        ("import", "audits", str(AUDITS)), ("people", "list"), ("run-due",),
    ):  # fmt: skip
        refused = run(*words)
        assert (refused.code, ASKED_FOR in refused.err) == (4, True), (words, refused)
    client = served(earlier, clock)
    health = client.get("/healthz")
    assert health.status_code == 503
    assert health.json() == {"status": "store-upgrade-needed", "detail": ASKED_FOR}
    page = sign_in(client)
    assert (page.status_code, ASKED_FOR in page.text) == (503, True)
    assert earlier.rows() == before
    # The service that was started too early needs no second start.
    assert run("upgrade").code == 0
    assert client.get("/healthz").json()["status"] == "stale"
    assert run("rebuild").code == 0
    assert client.get("/healthz").json()["status"] == "ok"
    client.app.state.services.store.close()  # type: ignore[attr-defined]


def test_a_table_in_another_form_is_refused_and_nothing_changed(
    run: Run, earlier: EarlierStore, told_codes: ToldCodes
) -> None:
    earlier.change(
        "ALTER TABLE account_sessions ADD COLUMN colour TEXT",
        "ALTER TABLE outbox_notice DROP COLUMN text",
    )
    before = earlier.rows()
    refused = run("upgrade")
    assert (refused.code, told_codes.taken()) == (3, ["store-tables-changed"])
    assert "column colour of account_sessions is unknown" in refused.err
    assert "column text of outbox_notice is missing" in refused.err
    assert earlier.rows() == before


def test_what_a_release_did_not_get_to_make_is_made(run: Run, earlier: EarlierStore) -> None:
    earlier.change("DROP TABLE upload", "DROP TABLE outbox_place", "DROP INDEX access_log_at")
    assert run("upgrade").code == 0
    told_of = "SELECT position FROM outbox_place"
    with earlier.engines.reading() as connection:
        assert connection.exec_driver_sql(told_of).scalar() == earlier.known["head"]
        assert connection.exec_driver_sql("SELECT count(*) FROM upload").scalar() == 0
    assert run("rebuild").code == 0
    assert run("verify").code == 0


def test_upgrade_makes_no_store(
    over: Callable[[str, Path], Run], store_url: str, tmp_path: Path
) -> None:
    run = over(store_url, tmp_path)
    refused = run("upgrade")
    assert refused.code in (3, 4)
    assert "caseloop init" in refused.err
    assert run("init").code == 0
    assert "nothing to do" in run("upgrade").out


def test_a_new_read_model_asks_for_an_upgrade(store_url: str, clock: SetClock) -> None:
    store = Store(store_url, clock=clock, projector=Registry([]))
    store.initialise()
    later = Store(store_url, clock=clock, projector=Registry([Jars()]))
    with pytest.raises(Unavailable, match="caseloop upgrade"):
        later.head()
    assert later.pending() == ([], ["toy-jars"])
    later.initialise()
    assert later.pending() == ([], [])
    assert later.head() == store.head() == 0
    store.close()
    later.close()
