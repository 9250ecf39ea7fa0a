"""What is added to the content of an audit (`more_fields`) is asked, kept, shown, searched, put
right, compared and limited, and no line is written for it. Run by `test_judgements`."""

from __future__ import annotations

from html import unescape
from typing import Any

import pytest

from api.audits.forms import fields_of
from qa.audits import handlers
from qa.audits.commands import CorrectAudit, ReturnAudit
from qa.audits.comparison import texts
from qa.audits.submission import lengths
from tests.audits.support import submitted_through_pages
from tests.support.council import Council, content, words_of
from tests.support.forms import hidden
from tests.support.more_fields import ADDED

PATHS = {
    "outlook": "outlook",
    "judgements.planning.trend": "trend",
    "feedback.wish": "wish",
    "actions.0.first_step": "first_step",
    "strengths.0.lesson": "lesson",
}
LABELS = dict(ADDED.values())


@pytest.fixture
def council(small_council: Council) -> Council:
    return small_council


def _values(council: Council) -> dict[str, Any]:
    whole = content(council.tool, council.today)
    plain = whole.model_dump(mode="json")
    plain["outlook"] = "Written as outlook."
    for one in plain["judgements"]:
        if one["domain"] == "planning":
            one["trend"] = "Written as trend."
    plain["feedback"]["wish"] = "Written as wish."
    action = council.action().model_dump(mode="json")
    plain["actions"] = [{**action, "first_step": "Written as first_step."}]
    plain["strengths"] = [{"text": "Visited weekly.", "lesson": "Written as lesson."}]
    plain["no_action_reason"] = ""
    filled = type(whole).model_validate(plain)
    changed = ("outlook", "judgements", "feedback", "actions", "strengths", "no_action_reason")
    return {name: getattr(filled, name) for name in changed}


def test_an_added_text_is_found_everywhere(council: Council) -> None:
    audit = council.allocated()
    auditor = council.browser("auditor")
    # asked on its page, held by the draft, and shown before it is submitted
    for path in PATHS:
        head, _, rest = path.partition(".")
        page = {"outlook": "overall", "judgements": f"domain-{rest.partition('.')[0]}"}
        asked = auditor.get(f"/audits/{audit}/write/{page.get(head, head)}").text
        assert f'name="{path}"' in asked, path
    done = submitted_through_pages(auditor, council, audit, **_values(council))
    assert done.status_code == 303
    held = council.view(audit).content
    assert held is not None
    assert {path: texts(held)[path] for path in PATHS} == {
        path: f"Written as {name}." for path, name in PATHS.items()
    }
    # read by whoever may read the audit, and by its moderator
    _told_on(council, "auditor", f"/audits/{audit}")
    _told_on(council, "auditor", f"/audits/{audit}/history")
    council.moderate(audit)
    _told_on(council, "moderator", f"/audits/{audit}/moderation/compare")
    openly, _ = council.assigned(blind=False, **_values(council))
    _told_on(council, "moderator", f"/audits/{openly}/moderation/judge/overall")
    # found by a search, told to programs
    for name in PATHS.values():
        found = words_of(council.browser("reader").get(f"/search?q={name}").text)
        assert LABELS[name].lower() in found.lower()
    program = council.program("lead")
    answer = program.get(f"/api/v1/case-audits/{audit}").json()
    assert answer["content"]["feedback"]["wish"] == "Written as wish."
    described = program.get("/api/v1/openapi.json").json()["components"]["schemas"]
    told = next(one for name, one in described.items() if name.startswith("FamilyFeedback"))
    assert told["properties"]["wish"]["title"] == "What they wish for"

    # put right
    page = words_of(council.browser("lead").get(f"/audits/{audit}/correct").text)
    for path, name in PATHS.items():
        if not path.startswith("actions."):
            assert LABELS[name].lower() in page.lower()
            handlers.correct(
                council.services.desk,
                CorrectAudit(
                    audit=audit,
                    field=path,
                    new=f"Put right as {name}.",
                    kind="fact",
                    reason="It was another thing.",
                ),
                by=council.actor("lead"),
            )
    again = council.view(audit).content
    assert again is not None
    assert texts(again)["outlook"] == "Put right as outlook."

    # compared with what was submitted before, and held to a length
    back = ReturnAudit(audit=audit, comments="Say more of the plan.")
    handlers.send_back(council.services.desk, back, by=council.actor("lead"))
    assert fields_of(again)["judgements.planning.trend"] == "Put right as trend."
    write = auditor.get(f"/audits/{audit}/write/overall")
    assert "Put right as outlook." in unescape(write.text)
    rewritten = {**fields_of(again), "outlook": "Written anew."}
    auditor.post(f"/audits/{audit}/write/overall", {**hidden(write.text), **rewritten})
    check = words_of(auditor.get(f"/audits/{audit}/check").text)
    assert f"Why this changed: {LABELS['outlook']}" in check
    long = again.model_copy(update={"outlook": "w" * 20_001})
    assert [fault.field for fault in lengths(long)] == ["outlook"]


def _told_on(council: Council, handle: str, path: str) -> None:
    """Every added text is on the page, under its name."""
    page = council.browser(handle).get(path)
    assert page.status_code == 200, path
    told = words_of(page.text)
    for name in PATHS.values():
        assert f"Written as {name}." in told, (path, name)
        assert LABELS[name].lower() in told.lower(), (path, name)
