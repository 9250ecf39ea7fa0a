"""Whoever reads or takes out anything that is not on the list of quiet addresses leaves a line."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select

from api.gate.access_middleware import QUIET
from qa.security.access_log import access_log
from tests.support.addresses import addresses_of
from tests.support.council import Council


def quiet(path: str) -> bool:
    bare = path.partition("?")[0]
    return any(bare == at or bare.startswith(f"{at}/") for at in QUIET)


def lines(council: Council) -> int:
    with council.services.store.reading() as connection:
        return connection.execute(select(func.count()).select_from(access_log)).scalar_one()


NO_MOMENT = {
    "/access-log": "the access log is no record of facts",
    "/account": "a person's own account",
    "/accessibility": "says nothing of any record",
    "/errors": "says nothing of any record",
    "/help": "says nothing of any record",
    "/about": "shows the head of the log itself",
    "/health": "shows the head of the log itself",
    "/purpose": "a question",
    "/ledger": "shows sizes of the sealed log itself",
    "/notices": "what a person was told: no record of facts",
    "/sign-in": "a form",
    "/set-password": "a form",
}
"""Pages without the words of their moment, each with the reason. Forms that change a record show
the record as it is while they are filled in."""


@pytest.mark.parametrize("handle", ["lead", "reader", "moderator"])
def test_every_address_leaves_a_line_and_every_page_says_up_to_which_position(
    small_council: Council, handle: str
) -> None:
    council = small_council
    audit, _ = council.moderated()
    browser, program = council.browser(handle), council.program(handle)
    silent, read, bare, shown = [], 0, [], 0
    every = sorted(addresses_of(council, audit))
    part = {"lead": every, "reader": every[::2], "moderator": every[1::2]}[handle]
    for path in part:
        before = lines(council)
        answer = program.get(path) if path.startswith("/api/") else browser.get(path)
        noted = lines(council) > before
        if answer.status_code in (403, 404):
            assert noted, f"refused and not noted: {path}"
        elif answer.status_code == 200:
            read += not quiet(path)
            if not noted and not quiet(path):
                silent.append(path)
            if _of_records(path) and "text/html" in answer.headers["content-type"]:
                if "app-as-at" in answer.text:
                    shown += " of the log" in answer.text
                elif "<form" not in answer.text:
                    bare.append(path)
    assert silent == []
    assert read > 20
    assert bare == []
    assert shown > 15 or handle != "lead"


def _of_records(path: str) -> bool:
    return not path.startswith(("/api/", *NO_MOMENT))


def test_quiet_addresses_exist_and_say_why() -> None:
    assert all(len(why) > 8 for why in QUIET.values())
    assert all(re.match(r"^/[a-z0-9/.-]+$", path) for path in QUIET)
