"""A pack of an improvement plan: whole, as it stood, for those who may read plans, and proven."""

from __future__ import annotations

import csv
import io
import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from unittest.mock import patch

import pytest
from playwright.sync_api import Page

from api.cli.app import main
from api.evidence_packs.making import Pack
from api.evidence_packs.scope_request import ScopeRequest
from qa.core.clock import SetClock
from qa.core.errors import Fault, Refused
from qa.core.words import Scope
from qa.plans.commands import OpenPlan
from qa.plans.handlers import actions, plans
from tests.conftest import START
from tests.evidence_packs.support import checked, files_of, named, pack_of
from tests.indicators.support import Keeper
from tests.inspections.support import opened
from tests.plans.support import FOUR, Kept, on
from tests.support.browser import axe
from tests.support.council import Council, Model, words_of

TITLE = "Getting to good"


@dataclass(frozen=True)
class Planned:
    """A council with a plan of two actions, one linked to an indicator, and two packs of the plan:
    from when one action was amber, and from when it was met."""

    council: Council
    plan: str
    actions: tuple[str, str]
    then: Pack
    now: Pack

    def refused(self, asked: ScopeRequest, who: str = "lead") -> list[Fault]:
        with pytest.raises(Refused) as refused:
            pack_of(self.council, asked, who)
        return list(refused.value.faults)


@pytest.fixture(scope="module")
def planned(sqlite_model: Model, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Planned]:
    folder = tmp_path_factory.mktemp("planned")
    clock = SetClock(START)
    council = sqlite_model.copied(f"sqlite:///{folder / 'council.db'}", clock, folder)
    kept = Kept.opened(council)
    first = kept.action("1.1", on(date(2026, 1, 31)))
    second = kept.action("2.1")
    indicator = Keeper(council).define("visits-in-time")
    for to in (indicator, "assessments-in-time"):
        kept.do(actions.link, action=first, kind="indicator", to=to)
    kept.rate(first, "amber", commentary="=Training has begun.")
    head = council.services.store.head()
    clock.advance(timedelta(days=1))
    kept.rate(first, "green", percent_complete=60)
    then = pack_of(council, ScopeRequest(plans=(TITLE,)), position=head)
    now = pack_of(council, ScopeRequest(plans=(kept.plan,)))
    yield Planned(council, kept.plan, (first, second), then, now)
    council.services.store.close()


def table(pack: Pack) -> list[dict[str, str]]:
    told = files_of(pack.content)["lists/plan-actions.csv"].decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(told)))


def test_a_plan_goes_in_whole_with_what_it_rests_on(planned: Planned, tmp_path: Path) -> None:
    files = files_of(planned.now.content)
    events = [json.loads(line) for line in files["facts/facts.jsonl"].splitlines()]
    records = {
        f"plan:{planned.plan}",
        *(f"plan-action:{action}" for action in planned.actions),
        "rag-scale:four-colours",
        "indicator:visits-in-time",
    }
    streams = {event["stream"] for event in events}
    assert {one for one in streams if not one.startswith("person:")} == records
    with planned.council.services.store.reading() as connection:
        stored = [
            row for row in planned.council.services.store.rows(connection) if row[1] in streams
        ]
    assert [event["position"] for event in events] == [row[0] for row in stored]
    assert planned.now.records == len(records)
    index = words_of(files["index.html"].decode())
    assert f"{TITLE}: no record is kept of assessments-in-time." in index
    assert "lists/audits.csv" not in files
    said = checked(tmp_path, planned.now.content)
    assert (said.code, f"Each of the {planned.now.events} facts" in said.proven) == (0, True)


def test_its_actions_are_told_as_they_stood_at_the_position(planned: Planned) -> None:
    then, now = table(planned.then), table(planned.now)
    assert [row["Rating"] for row in then] == ["Amber", "Not rated"]
    assert [row["Rating"] for row in now] == ["Green", "Not rated"]
    assert now[0]["Scale"] == "Four colours, version 1"
    assert (now[0]["Dates agreed first"], now[1]["Dates in force"]) == (
        "31 January 2026",
        "No date",
    )
    assert [row[0]["Days late by the date in force"] for row in (then, now)] == ["30", "31"]
    assert now[0]["Commentary"] == "'=Training has begun."
    assert now[0]["Per cent complete"] == "60"
    page = files_of(planned.now.content)["lists/plan-actions.html"].decode()
    assert "31 days late" in words_of(page)
    for path in re.findall(r'href="\.\./(records/[^"]+)"', page):
        assert path in files_of(planned.now.content)


def test_every_changed_missing_or_swapped_file_of_it_is_named(planned: Planned) -> None:
    files = files_of(planned.now.content)
    assert {"lists/plan-actions.csv", "lists/plan-actions.html"} < files.keys()
    names = sorted(files)
    for name, following in zip(names, names[1:] + names[:1], strict=True):
        data = files[name]
        middle = len(data) // 2
        spoilt = data[:middle] + b"\0" + data[middle + 1 :]
        assert name in named({**files, name: spoilt}), name
        assert name in named({k: v for k, v in files.items() if k != name}), name
        swapped = named({**files, name: files[following], following: data})
        assert name in swapped or following in swapped, name


@pytest.mark.browser
def test_its_page_of_actions_opens_offline(planned: Planned, tab: Page, tmp_path: Path) -> None:
    for name, data in files_of(planned.now.content).items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(data)
    tab.context.set_offline(True)
    tab.goto((tmp_path / "index.html").as_uri())
    tab.get_by_role("link", name="The actions of the improvement plans").click()
    for width in (1200, 320):
        tab.set_viewport_size({"width": width, "height": 900})
        axe(tab)
        assert tab.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    tab.get_by_role("link", name="1.1 Do 1.1").click()
    assert tab.get_by_text("Fingerprint").first.is_visible()


def test_plans_go_beside_audits(planned: Planned) -> None:
    audit = planned.council.submitted()
    files = files_of(
        pack_of(planned.council, ScopeRequest(audits=(audit,), plans=(TITLE,))).content
    )
    assert {"lists/audits.csv", "lists/plan-actions.csv"} < files.keys()
    assert "records/001-audit.html" in files
    assert "records/002-plan.html" in files


def test_a_plan_that_cannot_be_packed_is_refused_by_name(planned: Planned) -> None:
    asked = ScopeRequest(plans=("Another plan", TITLE, "A third"))
    assert [(fault.field, fault.code) for fault in planned.refused(asked)] == [
        ("plans", "pack-unknown")
    ] * 2
    assert "Another plan" in planned.refused(asked)[0].sentence


def test_a_title_of_two_plans_asks_for_an_id(small_council: Council) -> None:
    first = Kept.opened(small_council).plan
    small_council.clock.advance(timedelta(minutes=1))
    second = Kept(small_council, _opened_again(small_council)).plan
    with pytest.raises(Refused) as refused:
        pack_of(small_council, ScopeRequest(plans=(TITLE.upper(),)))
    (fault,) = refused.value.faults
    assert (fault.code, first in fault.sentence, second in fault.sentence) == (
        "pack-ambiguous",
        True,
        True,
    )
    assert pack_of(small_council, ScopeRequest(plans=(second,))).records == 2


def _opened_again(council: Council) -> str:
    done = plans.open_plan(
        council.services.desk,
        OpenPlan(
            title=TITLE,
            board="Another board",
            tiers=("Priority",),
            scale=FOUR.key,
            since=date(2025, 4, 1),
        ),
        by=council.actor("lead"),
    )
    return str(done.response["plan"])


def test_who_may_not_read_plans_takes_none_out(planned: Planned) -> None:
    """An inspector of one service makes packs of its audits, and learns of no plan by its name."""
    council = planned.council
    opened(council, scope=Scope(kind="team", code="east"))
    for name in (TITLE, "No such plan"):
        (fault,) = planned.refused(ScopeRequest(plans=(name,)), "nobody")
        assert (fault.field, fault.code) == ("plans", "pack-sealed")
        assert fault.sentence.startswith(f"{name}: ")


def test_by_page_api_and_command_line(planned: Planned, tmp_path: Path) -> None:
    council = planned.council
    browser = council.browser("reader")
    history = browser.get(f"/history?record=plan:{planned.plan}").text
    assert f'href="/packs?plan={planned.plan}"' in history
    assert planned.plan in browser.get(f"/packs?plan={planned.plan}").text
    refused = browser.post("/packs", {"plans": "Another plan, of 2020"})
    assert (refused.status_code, "plan Another plan, of 2020 on" in refused.text) == (422, True)
    made = browser.post("/packs", {"plans": TITLE}).content
    assert checked(tmp_path, made).code == 0
    answer = council.program("reader").get(f"/api/v1/exports/pack.zip?plan={planned.plan}")
    assert (
        files_of(answer.content)["lists/plan-actions.csv"]
        == (files_of(made)["lists/plan-actions.csv"])
    )
    settings, out = council.services.settings, tmp_path / "out.zip"
    environment = {
        "CASELOOP_STORE": settings.store,
        "CASELOOP_KEY_FILE": str(settings.key_path),
    }
    with patch.dict(os.environ, environment), pytest.raises(SystemExit) as left:
        main(["pack", str(out), "--for", "reader", "--plan", TITLE])
    assert not left.value.code
    assert checked(tmp_path, out.read_bytes()).code == 0
