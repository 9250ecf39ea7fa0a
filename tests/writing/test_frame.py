"""What is written in sections: kept while it is typed, overwritten by nobody, gone when sent."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from api.writing.steps import WrittenStep
from tests.support.council import Council, words_of
from tests.support.forms import day, hidden, send
from tests.writing.support import KINDS, TYPED, Begun, check, dispute, drafts_kept, judgement

EACH = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
SENT = pytest.mark.parametrize(
    "kind", [kind for kind in KINDS if kind is not check], ids=lambda kind: kind.__name__
)
"""A check is sent through its pages in the tests of supervision."""


@EACH
def test_what_is_typed_is_kept_for_its_writer_alone_and_is_no_event(
    small_council: Council, kind: Callable[[Council], Begun]
) -> None:
    council = small_council
    writing = kind(council)
    browser, head = council.browser(writing.who), council.services.store.head()
    form = {**hidden(browser.get(writing.page).text, writing.page), writing.name: TYPED}
    saved = browser.post(f"{writing.page}/draft", form)
    assert (saved.status_code, saved.headers["Draft-Revision"]) == (204, "1")
    assert council.services.store.head() == head
    later = council.browser(writing.who)
    assert TYPED in later.get(writing.page).text
    for place in ("/", "/your-work"):
        queue = later.get(place).text
        assert "Drafts to finish" in queue
        assert f'href="{writing.address}"' in queue
    assert "Drafts to finish" not in council.browser("lead2").get("/").text


@EACH
def test_a_draft_outlives_its_record_and_says_what_became_of_it(
    small_council: Council, kind: Callable[[Council], Begun]
) -> None:
    council = small_council
    writing = kind(council)
    browser = council.browser(writing.who)
    browser.post(writing.page, {"revision": "0", writing.name: TYPED})
    writing.end()
    queue = browser.get("/").text
    assert writing.ended in words_of(queue)
    assert f'href="{writing.address}"' not in queue
    kept = browser.get(writing.page).headers["location"]
    assert kept in queue
    for answer in (browser.get(f"{writing.address}/check"), browser.get(writing.address)):
        assert answer.headers["location"] == kept
    later = browser.post(writing.page, {"revision": "1", writing.name: f"{TYPED} And late."})
    assert later.headers["location"] == kept
    head = council.services.store.head()
    refused = browser.post(f"{writing.address}/check", {"revision": "2", "seen": "1"})
    assert refused.headers["location"] == kept
    assert council.services.store.head() == head
    page = browser.get(kept)
    assert f"{TYPED} And late." in words_of(page.text)
    assert writing.ended in words_of(page.text)
    assert council.browser("lead2").get(kept).status_code == 404
    assert browser.post(kept, {}).headers["location"] == "/"
    assert drafts_kept(council) == 0
    assert "Drafts to finish" not in browser.get("/").text
    assert browser.get(kept).status_code == 404


@SENT
def test_a_draft_is_gone_when_it_is_sent_and_stays_when_it_is_refused(
    small_council: Council, kind: Callable[[Council], Begun]
) -> None:
    council = small_council
    writing = kind(council)
    browser = council.browser(writing.who)
    browser.post(writing.page, {"revision": "0"})
    refused = browser.post(
        f"{writing.address}/check", hidden(browser.get(f"{writing.address}/check").text)
    )
    if writing.name != "commentary":  # a review may leave all three questions open but one
        assert refused.status_code == 422
        assert f'href="{writing.address}/' in refused.text
    done = send(browser, writing.address, writing.whole)
    assert done.status_code == 303, words_of(done.text)
    assert drafts_kept(council) == 0
    assert TYPED in words_of(browser.get(done.headers["location"]).text)


@pytest.mark.parametrize("kind", [judgement, check])
def test_a_date_that_cannot_be_is_named_where_it_was_typed(
    small_council: Council, kind: Callable[[Council], Begun]
) -> None:
    writing = kind(small_council)
    assert writing.dated is not None
    section, name = writing.dated
    browser, page = small_council.browser(writing.who), f"{writing.address}/{section}"
    saved = browser.post(page, {"revision": "0", **day(name, "2026-2-31")})
    assert saved.headers["location"] == f"{page}?check=dates"
    told = browser.get(saved.headers["location"])
    assert f'href="#{name}"' in told.text
    assert words_of(told.text).count("Enter a real date, like 31 3 2027.") == 2
    assert 'value="31"' in told.text
    assert told.text.count('class="govuk-error-message"') == 1, "what is still to come is not named"


def test_what_is_being_typed_is_kept_without_rehearsing_its_command(
    small_council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, asked = judgement(small_council), list[object]()
    monkeypatch.setattr(WrittenStep, "faults", lambda *given: asked.append(given) or [])
    browser = small_council.browser(begun.who)
    typed = {"revision": "0", begun.name: TYPED}
    assert browser.post(f"{begun.page}/draft", typed).status_code == 204
    assert browser.get(begun.page).status_code == 200
    assert not asked
    assert browser.get(f"{begun.address}/check").status_code == 200
    assert asked


def test_the_later_of_two_tabs_overwrites_nothing_unseen(council: Council) -> None:
    writing = dispute(council)
    here, there = (council.browser(writing.who) for _ in range(2))
    opened = hidden(here.get(writing.page).text, writing.page)
    there.post(writing.page, {**opened, "about": ["overall"], "grounds": "Typed on the phone."})
    mine = {**opened, "about": ["overall", "planning"], "grounds": "Typed at the desk."}
    assert here.post(f"{writing.page}/draft", mine).status_code == 409
    clash = here.post(writing.page, mine)
    told = words_of(clash.text)
    assert clash.status_code == 409
    assert "Typed here, not saved yet" in told
    assert "Saved on the other device, 2 March 2026" in told
    kept = {**hidden(clash.text), "keep.about": "mine", "keep.grounds": "both"}
    assert here.post(f"{writing.page}/merge", kept).status_code == 303
    checked = words_of(here.get(f"{writing.address}/check").text)
    assert "Typed on the phone. Typed at the desk." in checked
    assert "The overall grade Planning and review" in checked


def test_a_button_pressed_twice_sends_once(council: Council) -> None:
    writing = dispute(council)
    browser = council.browser(writing.who)
    send(browser, writing.address, {})
    browser.post(writing.page, {"revision": "0", **writing.whole})
    form = hidden(browser.get(f"{writing.address}/check").text)
    first, again = (browser.post(f"{writing.address}/check", form) for _ in range(2))
    assert first.headers["location"] == again.headers["location"]
    assert again.status_code == 303
