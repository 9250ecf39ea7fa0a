"""Whatever gathers something of every capability finds it by folder, whole and well formed."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest

from api import navigation, services
from api.cli.app import GROUPS
from api.cli.commands import CliCommand, CliGroup
from api.imports.importers import importers
from api.jobs.announcement import Announcement
from api.jobs.run_due import due_jobs
from api.routes import PAGES
from api.tasks.worklist import AREAS
from api.web.context import PagePart
from projections.core.late_events import LearntLater
from qa.authorisation.context import Lookups
from qa.core.capabilities import declared, modules

ROOT = Path(__file__).parents[2]
ASKED = {name: value for name, value in vars(Lookups).items() if not name.startswith("_")}


def test_every_read_model_is_in_the_registry() -> None:
    found = services.registry().projectors
    assert len(found) >= len(modules("projections", "projector")) + 1
    assert isinstance(found[-1], LearntLater)


def test_every_look_up_has_one_answer() -> None:
    found = declared("api", "lookups", "LOOKUPS", dict)
    assert sorted(name for one in found for name in one) == sorted(ASKED)


@pytest.mark.parametrize("name", sorted(ASKED))
def test_a_look_up_is_answered_as_it_is_asked(name: str) -> None:
    asked = inspect.signature(ASKED[name])
    answer = inspect.signature(getattr(services.lookups(), name))
    # Types are compared as they are written. What is not asked has to have a default.
    _, *expected = asked.parameters.values()
    taken = [one for one in answer.parameters.values() if one.name in asked.parameters]
    assert taken == expected
    others = [one for one in answer.parameters.values() if one not in taken]
    assert all(one.default is not one.empty for one in others)
    narrower = re.sub(r"^(list|frozenset)\b", "Sequence", answer.return_annotation)
    wanted = asked.return_annotation.replace("Collection", "Sequence")
    assert narrower.replace("Collection", "Sequence") == wanted


def test_every_area_of_work_is_in_the_one_queue() -> None:
    assert len(AREAS) == len(modules("api", "tasks")) > 5
    for area in AREAS:
        assert list(inspect.signature(area).parameters) == ["ask"]


def test_every_event_is_announced_by_one_capability() -> None:
    found = declared("api", "notifications", "ANNOUNCEMENTS", Announcement)
    assert len(found) >= len(modules("api", "notifications")) > 5
    told = [event for one in found for event in one.events]
    assert len(set(told)) == len(told) > 10


def test_jobs_come_in_the_order_of_what_they_need() -> None:
    jobs = due_jobs()
    assert [job.name for job in jobs] == ["escalate", "announce", "remind", "send"]
    assert [job.order for job in jobs] == sorted(job.order for job in jobs)


def test_every_item_of_the_navigation_has_a_place_of_its_own() -> None:
    found = navigation.items()
    assert len(found) > 20
    assert len({item.place for item in found}) == len(found)
    assert len({item.href for item in found}) == len(found)
    assert {item.href for item in found} <= {route.path for route in PAGES}


def test_every_kind_of_file_has_a_place_and_says_what_undoing_it_does() -> None:
    found = importers()
    assert len(found) == len({one.place for one in found.values()}) > 5
    assert len(modules("api", "importer")) > 3
    for module in modules("api", "importer"):
        assert hasattr(module, "IMPORTERS"), module.__name__
    for one in found.values():
        assert one.title
        assert one.rows
        assert not (one.undoing and one.stays)


def test_every_command_has_a_group_and_stands_there_once() -> None:
    found = declared("api", "cli", "COMMANDS", CliCommand, suffixed=True)
    assert len(found) > 30
    for module in modules("api", "cli", suffixed=True):
        assert hasattr(module, "COMMANDS"), module.__name__
    groups = {"", *(group.name for group in GROUPS)}
    groups |= {one.name for one in declared("api", "cli", "GROUPS", CliGroup, suffixed=True)}
    assert {one.group for one in found} <= groups
    assert len({(one.group, one.name) for one in found}) == len(found)


def test_what_is_added_to_a_page_is_shown_by_it() -> None:
    found = declared("api", "page_parts", "PARTS", PagePart)
    assert len(found) > 5
    for part in found:
        room, name = part.page.split("/")
        if not name.endswith(".html"):  # a document takes whatever parts there are
            assert f'parts("{part.page}"' in (ROOT / f"api/{room}/{name}.py").read_text("utf-8")
            continue
        page = [ROOT / "api" / room / at for at in (f"templates/{name}", "pages.py")]
        assert any(part.name in file.read_text("utf-8") for file in page), part
