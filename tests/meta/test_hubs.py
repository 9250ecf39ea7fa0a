"""Whatever gathers something of every capability finds it by folder, whole and well formed."""

from __future__ import annotations

import inspect
from types import FunctionType
from typing import get_type_hints

import pytest

from api import navigation, services
from api.imports.importers import importers
from api.jobs.announcement import Announcement
from api.jobs.run_due import due_jobs
from api.routes import PAGES
from api.tasks.worklist import AREAS
from projections.core.late_events import LearntLater
from qa.authorisation.context import Lookups
from qa.core.capabilities import declared, modules

ASKED = {name: value for name, value in vars(Lookups).items() if not name.startswith("_")}


def test_every_read_model_is_in_the_registry() -> None:
    found = services.registry().projectors
    assert len(found) >= len(modules("projections", "projector")) + 1
    assert isinstance(found[-1], LearntLater)


def test_every_look_up_has_one_answer() -> None:
    found = declared("api", "lookups", "LOOKUPS", FunctionType)
    assert sorted(one.__name__ for one in found) == sorted(ASKED)


@pytest.mark.parametrize("name", sorted(ASKED))
def test_a_look_up_is_answered_as_it_is_asked(name: str) -> None:
    asked, answer = ASKED[name], getattr(services.lookups(), name)
    assert get_type_hints(answer) == get_type_hints(asked)
    _, *expected = inspect.signature(asked).parameters.values()
    assert list(inspect.signature(answer).parameters.values()) == expected


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
