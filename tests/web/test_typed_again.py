"""What was typed into a form is not lost because the session ended or another one began."""

from __future__ import annotations

import re

import pytest

from tests.support.council import ORIGIN, PASSWORD, Browser, Council, words_of
from tests.support.forms import hidden

HEADERS = {"accept": "text/html", "origin": ORIGIN, "sec-fetch-site": "same-origin"}
TYPED = "An hour's work on what the file shows."


def typed_section(council: Council, browser: Browser, audit: str) -> dict[str, str]:
    page = browser.get(f"/audits/{audit}/write/overall")
    return {
        "csrf": browser.csrf,
        **hidden(page.text, f"/audits/{audit}/write/overall"),
        "overall": "good",
        "rationale": TYPED,
    }


@pytest.mark.parametrize("again", [False, True], ids=["first sign in", "signed in elsewhere"])
def test_a_section_saved_after_the_session_ended_is_kept(
    small_council: Council, again: bool
) -> None:
    council = small_council
    audit = council.allocated()
    address = f"/audits/{audit}/write/overall"
    browser = council.browser("auditor")
    fields = typed_section(council, browser, audit)
    browser.client.cookies.clear()
    if not again:
        answer = browser.client.post(address, data=fields, headers=HEADERS)
        assert answer.status_code == 401
        assert "Your session has ended" in words_of(answer.text)
        assert "role" not in words_of(answer.text).lower().replace("english", "")
        council.with_password("auditor")
        kept = hidden(answer.text, "/sign-in")
        wrong = browser.client.post(
            "/sign-in", data={**kept, "name": "auditor", "password": "no"}, headers=HEADERS
        )
        kept = hidden(wrong.text, "/sign-in")
        assert kept["again.rationale"] == TYPED, "a wrong password loses nothing"
        answer = browser.client.post(
            "/sign-in", data={**kept, "name": "auditor", "password": PASSWORD}, headers=HEADERS
        )
        assert TYPED in words_of(answer.text).replace("&#39;", "'")
        assert PASSWORD not in answer.text
        token = re.search(r'name="csrf" value="([^"]+)"', answer.text)
        assert token is not None
        sent = {**hidden(answer.text, address), "csrf": token[1]}
        done = browser.client.post(address, data=sent, headers=HEADERS, follow_redirects=False)
        assert done.headers["location"].startswith(f"/audits/{audit}/")
        assert TYPED in browser.get(address).text.replace("&#39;", "'")
        return
    later = council.browser("auditor")
    answer = later.client.post(address, data=fields, headers=HEADERS)
    assert answer.status_code == 401
    text = words_of(answer.text)
    assert "You have signed in again since you opened this form" in text
    assert TYPED in text.replace("&#39;", "'")
    kept = hidden(answer.text, address)
    assert kept["rationale"] == TYPED
    done = later.post(address, kept)
    assert done.status_code == 303
    assert TYPED in later.get(address).text.replace("&#39;", "'")


def test_nothing_is_given_back_to_another_site_or_without_a_word_of_the_browser(
    small_council: Council,
) -> None:
    council = small_council
    audit = council.allocated()
    browser = council.browser("auditor")
    fields = {**typed_section(council, browser, audit), "csrf": "wrong"}
    for headers in (
        {"accept": "text/html"},
        {"accept": "text/html", "origin": "https://elsewhere.example"},
        {"accept": "text/html", "sec-fetch-site": "cross-site"},
    ):
        answer = browser.client.post(f"/audits/{audit}/write/overall", data=fields, headers=headers)
        assert answer.status_code == 403
        assert TYPED not in answer.text.replace("&#39;", "'")


def test_a_program_that_posts_a_form_gets_a_problem_document(small_council: Council) -> None:
    council = small_council
    audit = council.allocated()
    browser = council.browser("auditor")
    fields = {**typed_section(council, browser, audit), "csrf": "wrong"}
    answer = browser.client.post(
        f"/audits/{audit}/write/overall",
        data=fields,
        headers={**HEADERS, "accept": "application/json"},
    )
    assert (answer.status_code, answer.json()["code"]) == (401, "session-changed")
