"""Copies of a published report for partners and the public: made, read, taken as files."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from projections.core.rebuild import rebuild
from tests.disclosure.support import (
    ASKED,
    NAME,
    copied,
    files,
    opened,
    published,
    sent,
    with_audits,
)
from tests.indicators.support import Keeper
from tests.support.command_line import Run
from tests.support.council import Council, words_of
from tests.support.told_codes import ToldCodes


@pytest.fixture
def judged(small_council: Council) -> Council:
    return with_audits(small_council)


RELEASED = {"give": "yes", "passages": NAME.upper(), "because": "It is a name of a worker."}


def test_words_left_out_stand_in_no_file_and_in_the_log_is_who_and_why(judged: Council) -> None:
    copy = copied(judged, published(judged), at0={"give": "yes"}, at1=RELEASED)
    for kind, data in files(judged, copy).items():
        text = opened(kind, data)
        for name in NAME.split():
            assert name.lower() not in text.lower(), kind
            assert name.lower().encode() not in data.lower(), kind
        assert "To the board" in text, kind
        assert "It held for 13 audits; [number left out] were of [left out]" in text, kind
        assert "the public" in text, kind
        assert "Rows with a count of 1 to 4 are not shown" in text, kind
    told = words_of(judged.browser("lead").get(copy.rpartition("/")[0]).text)
    assert "1 passage left out. It is a name of a worker." in told
    assert f"Made by {judged.actor('lead').display_name}" in told


def test_a_text_that_nobody_released_is_not_in_a_public_copy(judged: Council) -> None:
    place = published(judged)
    form = judged.browser("lead").get(f"{place}/copies/new?audience=public").text
    assert form.count('value="no" checked') == 2
    for kind, data in files(judged, copied(judged, place)).items():
        text = opened(kind, data)
        assert "To the board" not in text, kind
        assert "It held" not in text, kind


def test_a_copy_is_the_same_bytes_for_ever(council: Council) -> None:
    judged = with_audits(council)
    place = published(judged)
    copy = copied(judged, place, "partners", at0={"give": "yes"}, at1=RELEASED)
    before = files(judged, copy)
    judged.clock.advance(timedelta(days=2))
    judged.moderated("good", "inadequate")
    lead = judged.browser("lead")
    lead.post(f"{place}/commentary", {"seen": "1", "commentary": "More will follow."})
    lead.post("/disclosure-rule/edit", {"seen": "0", "least": "9", "method": "leave-out"})
    assert lead.get("/disclosure-rule").text.count("Set version 1 of the rule") == 1
    rebuild(judged.services.store, judged.services.registry)
    assert files(judged, copy) == before
    assert json.loads(before["json"])["tables"][0]["rows"][0]["figures"][2]["counted"] == 7


def test_a_later_copy_that_differs_by_few_does_not_show_the_row(judged: Council) -> None:
    """Between the two one audit was moderated: its grade would follow from them."""
    council = judged
    first = copied(council, published(council))
    council.moderated("good", "inadequate")
    second = copied(council, published(council))
    shown = [
        [row["shown"] for row in json.loads(files(council, one)["json"])["tables"][0]["rows"]]
        for one in (first, second)
    ]
    assert shown == [[True, True], [False, False]]
    other = sent(council, published(council, "grades", "&dimension=team"), "public")
    assert other.status_code == 422
    assert "From the two together small numbers could be worked out" in words_of(other.text)


def test_only_who_may_publish_makes_a_copy_and_nothing_is_told_to_others(
    small_council: Council, told_codes: ToldCodes
) -> None:
    small_council.moderated("good", "good")
    place = published(small_council)
    auditor = small_council.browser("auditor")
    for answer in (
        auditor.get(f"{place}/copies/new?audience=public"),
        auditor.post(f"{place}/copies/new?audience=public", {"seen": "0"}),
        small_council.browser("worker").get(f"{place}/copies"),
        small_council.program("auditor").post(
            f"/api/v1{place.replace('published', 'published-reports')}/copies",
            json={"audience": "public"}, headers={"If-Match": '"0"'},
        ),
    ):  # fmt: skip
        assert answer.status_code == 403
        assert "To the board" not in answer.text
        assert "It held" not in answer.text
    assert auditor.get(f"{place}/copies").status_code == 200
    assert "Make a copy" not in auditor.get(f"{place}/copies").text
    assert auditor.get(f"{place}/copies/{'0' * 32}").status_code == 404
    told_codes.taken()
    wrong = {"give": "yes", "passages": "Nobody"}
    answer = sent(small_council, place, "public", at1=wrong)
    assert answer.status_code == 422
    assert told_codes.taken() == ["passage-missing", "because-missing"]
    assert 'href="#texts-1-passages"' in answer.text


def test_a_program_gives_out_a_copy_and_the_command_line_writes_it(
    judged: Council, over: Any, told_codes: ToldCodes
) -> None:
    council = judged
    base = f"/api/v1{published(council).replace('published', 'published-reports')}/copies"
    lead = council.program("lead")
    seen = lead.get(base)
    assert seen.json()["texts"]["title"] == "To the board"
    asked = {"audience": "partners", "texts": [{"text": "title"}]}
    made = lead.post(base, json=asked, headers={"If-Match": seen.headers["etag"]})
    assert made.status_code == 201, made.text
    given = made.json()["result"]["given"]
    assert lead.post(base, json=asked, headers={"If-Match": '"0"'}).status_code == 409
    told = lead.get(f"{base}/{given}").json()
    assert told == json.loads(lead.get(f"{base}/{given}/copy.json").content)
    assert (told["audience"], told["title"]) == ("partners", "To the board")
    typed: Run = over(council.services.settings.store, council.services.settings.key_path.parent)
    said = typed("export", "outside-copy", given, "copy.json")
    assert (said.code, json.loads(Path("copy.json").read_bytes())) == (0, told)
    told_codes.taken()
    assert typed("export", "outside-copy", given, "copy.txt").code != 0
    assert typed("export", "outside-copy", "0" * 32, "copy.csv").code != 0
    assert told_codes.taken() == ["file-kind", "not-found"]


def test_a_rounded_copy_shows_every_row_and_no_number_as_it_is(judged: Council) -> None:
    council = judged
    lead = council.browser("lead")
    assert lead.post("/disclosure-rule/edit", {"seen": "0", "least": "5", "method": "round"})
    copy = copied(council, published(council), at1={"give": "yes"})
    [table] = json.loads(files(council, copy)["json"])["tables"]
    assert table["rounded"] == 5
    row, total = table["rows"]
    assert [(one["counted"], one["among"], one["rate"]) for one in row["figures"]] == [
        (15, 15, None), (15, 15, None), (5, 15, None),
    ]  # fmt: skip
    assert (total["total"], total["shown"]) == (True, False)
    for kind, data in files(council, copy).items():
        text = opened(kind, data)
        assert "nearest multiple of 5" in text, kind
        assert "It held for [number left out] audits" in text, kind
    # What was told rounded is never told exactly.
    lead.post("/disclosure-rule/edit", {"seen": "1", "least": "3", "method": "leave-out"})
    again = json.loads(files(council, copied(council, published(council)))["json"])
    assert again["tables"][0]["rounded"] == 5


def test_a_copy_is_withdrawn_with_a_reason_and_says_so(
    judged: Council, told_codes: ToldCodes, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = published(judged)
    copy = copied(judged, place)
    before = files(judged, copy)
    lead = judged.browser("lead")
    assert judged.browser("auditor").get(f"{copy}/withdrawal").status_code == 403
    page = lead.get(f"{copy}/withdrawal")
    seen = re.search(r'name="seen" value="([^"]*)"', page.text)
    assert seen
    told_codes.taken()
    empty = lead.post(f"{copy}/withdrawal", {"seen": seen[1], "reason": ""})
    assert (empty.status_code, told_codes.taken()) == (422, ["reason-missing"])
    done = lead.post(f"{copy}/withdrawal", {"seen": seen[1], "reason": "It names a team."})
    assert done.status_code == 303
    told = words_of(lead.get(f"{place}/copies").text)
    assert "Withdrawn" in told
    assert "It names a team." in told
    assert "Withdraw this copy" not in told
    assert "This copy was withdrawn on" in words_of(lead.get(copy).text)
    assert "1 given out, 1 withdrawn" in words_of(lead.get("/published").text)
    with monkeypatch.context() as patch:
        patch.setattr("api.agreement.reports.ReportOnGrades.verb", "run-plan")
        closed = words_of(judged.browser("auditor").get("/published").text)
    assert closed.count("Not open to you") == 2
    assert "given out" not in closed, "a report that is not open has no copies to tell of"
    for kind, data in files(judged, copy).items():
        assert data != before[kind]
        text = opened(kind, data)
        assert "Do not use it." in text, kind
        assert "It names a team." not in text, kind
    base = f"/api/v1{place.replace('published', 'published-reports')}/copies"
    program = judged.program("lead")
    listed = program.get(base)
    assert listed.json()["copies"][0]["withdrawn_because"] == "It names a team."
    given = copy.rpartition("/")[2]
    again = program.post(
        f"{base}/{given}/withdrawal",
        json={"reason": "Once more."},
        headers={"If-Match": listed.headers["etag"]},
    )
    assert (again.status_code, again.json()["code"]) == (409, "copy-withdrawn")


def test_numbers_in_words_are_named_for_the_public_and_ticked(
    small_council: Council, told_codes: ToldCodes
) -> None:
    small_council.moderated("good", "good")
    lead = small_council.browser("lead")
    said = {"title": "To the board", "commentary": "We spoke with three families. All is well."}
    page = lead.post(f"/published/new?name=agreement&{ASKED}", said)
    place = str(page.headers["location"]).partition("?")[0]
    form = lead.get(f"{place}/copies/new?audience=public").text
    assert 'value="We spoke with three families."' in form
    assert "three families" not in re.sub(
        "<p.*?</p>", "", lead.get(f"{place}/copies/new?audience=partners").text
    )
    told_codes.taken()
    refused = sent(small_council, place, "public", at1={"give": "yes"})
    assert (refused.status_code, told_codes.taken()) == (422, ["number-in-words"])
    assert 'href="#texts-1-confirmed"' in refused.text
    ticked = {"give": "yes", "confirmed[]": "We spoke with three families."}
    copied(small_council, place, at1=ticked)
    assert "numbers in words of 1 sentence were let in" in words_of(
        lead.get(f"{place}/copies").text
    )


def test_indicators_go_out_rounded_without_what_is_counted_of_audits(judged: Council) -> None:
    keeper = Keeper(judged)
    keeper.define("re-referrals", period="month")
    measured = {"measure": "moderation-coverage", "since": date(2026, 1, 1), "period": "month"}
    keeper.define("moderated", **measured)
    for period, above, below in (("January 2026", 3, 61), ("February 2026", 14, 58)):
        keeper.observe("re-referrals", period, numerator=str(above), denominator=str(below))
    judged.clock.advance(timedelta(days=40))
    copy = copied(judged, published(judged, "indicators"))
    [table] = json.loads(files(judged, copy)["json"])["tables"]
    told = {tuple(row["labels"]): row["figures"] for row in table["rows"]}
    shown = {
        labels: [(one["counted"], one["among"], one["rate"]) for one in figures]
        for labels, figures in told.items()
        if figures
    }
    assert shown == {
        ("Re referrals", "January 2026"): [(5, 60, "8%")],
        ("Re referrals", "February 2026"): [(15, 60, "25%")],
    }
    assert told["Moderated", "March 2026"] == []
    assert table["rounded"] == 5


def test_a_copy_of_one_indicator_binds_no_other(judged: Council) -> None:
    keeper = Keeper(judged)
    judged.clock.advance(timedelta(days=40))
    for name, period, of in (
        ("re-referrals", "month", "January 2026"),
        ("waits", "quarter", "2025/26 Q4"),
    ):
        keeper.define(name, period=period)
        keeper.observe(name, of, numerator="14", denominator="58")
    for more, rows in (("&indicator=re-referrals", 1), ("&indicator=waits", 1), ("", 2)):
        copy = copied(judged, published(judged, "indicators", more))
        [table] = json.loads(files(judged, copy)["json"])["tables"]
        told = [row["figures"][0]["counted"] for row in table["rows"] if row["figures"]]
        assert (table["without"], told) == ("", [15] * rows)
