"""An answer about a past moment holds nothing of what came later: it is the same for ever, or the
moment is refused by name. One history for all of it: every room goes on where it was."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any, NamedTuple

import pytest
from starlette.routing import Match

from api.gate.current_actor import acting, acting_then
from api.json.routing import PREFIX
from api.routes import ROUTES
from api.web.context import present_only
from api.web.late_routes import takes
from qa.core.words import Role
from qa.people import handlers as people
from qa.people.commands import OPERATOR, AddPerson
from tests.conftest import NewCouncil
from tests.inspections.support import opened
from tests.support.addresses import every_address
from tests.support.council import Council
from tests.support.every_room import lived_in_halves

READERS = ("lead", "admin", "auditor", "worker")
"""Whoever is asked for a page that those before them may not open."""
INSPECTOR = "inspector"
CLOSED = {403, 404}
ANEW = re.compile(r'name="(key|csrf)" value="[^"]*"|nonce="[^"]*"')
"""What every rendering makes anew."""
LINK = re.compile(r'href="([^"?]+)\?[^"]*\b(?:as_at|position|true_on)=')

UNANSWERED = {
    "/published/new": "what is frozen is as known, not as true",
    "/api/v1/imports/kinds/{kind}/template.csv": "there is no such file",
    "/api/v1/plans/{plan}/meetings/{meeting}": "what was true on a day had no such meeting",
}
"""Addresses that answer with neither at some moment."""
NEWEST_BESIDE = "/api/v1/exports/pack.zip"
"""A pack has the newest checkpoint beside it: tests/evidence_packs say what else never changes."""


class Told(NamedTuple):
    """What was answered, without what is made anew."""

    reader: str
    status: int
    text: str
    is_refused: bool


Answers = Mapping[tuple[str, str], Told]


class Walk:
    """Every address, asked at a past moment: by its position, by its day, or as true on it."""

    def __init__(self, council: Council) -> None:
        self.council = council
        self.addresses = list(every_address(council))
        self.day = day = council.today
        self.position = council.services.store.head()
        with council.services.store.reading() as connection:
            self.rights = {one: acting(connection, one, day) for one in council.ids.values()}
        known = f"position={self.position}"
        forms = (known, f"as_at={day}", f"{known}&true_on={day}")
        self.asked = [
            (route.path, path + ("&" if "?" in path else "?") + forms[at % len(forms)])
            for at, (route, path) in enumerate(self.addresses)
        ]

    def answers(self) -> dict[tuple[str, str], Told]:
        """What each address answers to the first who may read it, or to the lead if nobody may."""
        clients = self.clients(READERS)
        found = {}
        for asked in self.asked:
            tried = []
            for reader in READERS:
                tried.append(self.told(clients, reader, asked[1]))
                if tried[-1].status not in CLOSED:
                    break
            found[asked] = tried[0] if tried[-1].status in CLOSED else tried[-1]
        return found

    def again(self, before: Answers) -> dict[tuple[str, str], Told]:
        """What whoever was answered is answered now; a moment that is refused has no answer."""
        clients = self.clients({told.reader for told in before.values()})
        return {
            asked: told if told.is_refused else self.told(clients, told.reader, asked[1])
            for asked, told in before.items()
        }

    def pinned(self, refused: Collection[str]) -> dict[tuple[str, str], Told]:
        """What the inspector is answered who asks for no moment."""
        clients = self.clients((INSPECTOR,))
        return {
            (route.path, path): self.told(clients, INSPECTOR, path)
            for route, path in self.addresses
            if route.path not in refused
        }

    def clients(self, readers: Collection[str]) -> dict[str, tuple[Any, Any]]:
        return {one: (self.council.browser(one), self.council.program(one)) for one in readers}

    def told(self, clients: Mapping[str, tuple[Any, Any]], reader: str, path: str) -> Told:
        browser, program = clients[reader]
        answer = (program if path.startswith(PREFIX) else browser).get(path)
        refused = answer.status_code == 422 and (
            "See this page as it is now" in answer.text or '"present-only"' in answer.text
        )
        text = ANEW.sub("", answer.text) + answer.headers.get("location", "")
        return Told(reader, answer.status_code, text, refused)


class Walked(NamedTuple):
    """What was answered before every room went on and after, what the inspector was, and which room
    is theirs."""

    walk: Walk
    before: Answers
    after: Answers
    own_before: Answers
    own_after: Answers
    room: str


@pytest.fixture(scope="module")
def walked(new_council: NewCouncil) -> Walked:
    council = new_council()
    halves = lived_in_halves(council)
    next(halves)
    council.services.ledger.checkpoint(by="operator")
    council.clock.advance(timedelta(hours=1))
    added = AddPerson(handle=INSPECTOR, name="Inspector Tree")
    person = str(people.add_person(council.services.desk, added, by=OPERATOR).response["person"])
    council.ids[INSPECTOR] = person
    walk = Walk(council)
    pinned_on, until = council.today, council.today + timedelta(days=150)
    council.clock.advance(timedelta(days=1))
    # The last position is shown as now until something follows.
    room = opened(council, inspector=person, until=until, pinned_on=pinned_on)
    before = walk.answers()
    own = walk.pinned({path for (path, _), told in before.items() if told.is_refused})
    for _ in halves:
        pass
    council.clock.advance(timedelta(days=1))
    council.services.ledger.checkpoint(by="operator")
    return Walked(walk, before, walk.again(before), own, walk.again(own), room)


def changed(before: Answers, after: Answers) -> set[str]:
    """The addresses that answer otherwise; who has no right to an answer and who finds nothing are
    told as little, and today's rights decide which of the two somebody is."""
    return {
        asked[0]
        for asked, told in before.items()
        if after[asked] != told and not {told.status, after[asked].status} <= CLOSED
    }


@pytest.mark.slow
def test_a_past_moment_is_answered_as_it_was_or_refused_by_name(walked: Walked) -> None:
    after = walked.after
    assert changed(walked.before, after) - {NEWEST_BESIDE} == set()
    answered = {asked for asked, told in after.items() if told.status in (200, 303)}
    refused = {asked for asked, told in after.items() if told.is_refused}
    assert {path for path, _ in after.keys() - answered - refused} <= UNANSWERED.keys()
    assert len(answered) > 200


@pytest.mark.slow
def test_no_past_page_leads_to_one_that_has_no_past(walked: Walked) -> None:
    links = {
        (path, href)
        for (path, _), told in walked.after.items()
        if told.status == 200
        for href in LINK.findall(told.text)
        if href != "/compare"
    }
    assert len(links) > 200
    assert sorted((path, href) for path, href in links if _has_no_past(href)) == []


def _has_no_past(href: str) -> bool:
    asked = {"type": "http", "method": "GET", "path": href}
    found = next(route for route in ROUTES if route.matches(asked)[0] is Match.FULL)
    return takes(found.dependant, present_only)


@pytest.mark.slow
def test_an_inspector_sees_nothing_behind_the_pin(walked: Walked) -> None:
    """Nothing of it by any address; their own accesses alone go on."""
    before, after = walked.own_before, walked.own_after
    assert changed(before, after) - {NEWEST_BESIDE, "/account/accesses"} == set()
    assert len([told for told in after.values() if told.status == 200]) > 60


@pytest.mark.slow
def test_what_a_person_might_see_on_a_day_is_what_they_might_see_then(walked: Walked) -> None:
    """Roles, whom they stood in for, what was restricted to others, and an inspector's room."""
    walk = walked.walk
    with walk.council.services.store.reading() as connection:
        then = {one: acting_then(connection, one, walk.day, walk.position) for one in walk.rights}
        now = {one: acting(connection, one, walk.council.today) for one in walk.rights}
    assert then == walk.rights
    held = [one for one in then.values() if one is not None]
    assert any(one.stands_for for one in held)
    assert any(one.closed for one in held)
    assert any(one.has(Role.INSPECTOR) for one in held)
    assert len([one for one in then if now[one] != then[one]]) > 4


@pytest.mark.slow
def test_what_began_later_is_not_there_at_a_past_moment(walked: Walked) -> None:
    walk = walked.walk
    known = {path for _, path in walk.addresses}
    later = [path for _, path in every_address(walk.council, walk.position) if path not in known]
    assert len(later) > 90
    clients = walk.clients(("lead", INSPECTOR))
    past = [f"{path}{'&' if '?' in path else '?'}position={walk.position}" for path in later]
    asked = [*(("lead", path) for path in past), *((INSPECTOR, path) for path in later)]
    shown = [one for one in asked if walk.told(clients, *one).status == 200]
    own = f"{PREFIX}/inspections/{walked.room}"
    assert shown == [(INSPECTOR, own), (INSPECTOR, f"{own}/questions.pdf")]
