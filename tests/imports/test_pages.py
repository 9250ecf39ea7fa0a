"""Bringing files in through the pages: columns, preview, faults, recording, undoing."""

import json
import re
from datetime import timedelta
from html import unescape

import pytest

from qa.core.errors import Refused
from qa.security import uploads
from tests.imports.support import BAD, GOOD, choose, record, upload
from tests.support.council import Council, words_of
from tests.support.forms import hidden, send


def test_a_file_is_read_shown_and_recorded(small_council):
    lead = small_council.browser("lead")
    there = upload(lead, GOOD)
    drawn = lead.get(there).text
    page = words_of(drawn)
    assert "Choose which column is “Date of the audit”." in page
    # At the first column that is not read yet: the third.
    assert 'href="#map-2"' in drawn
    assert "Records that will be made" not in page
    assert choose(lead, there, map_2="audit_date").status_code == 303
    page = words_of(lead.get(there).text)
    assert "2 records" in page
    assert "Row 2: audit A-1 of child C-1, 2025-05-01, by J. Smith: good" in page
    assert record(lead, there).headers["location"] == there
    done = words_of(lead.get(there).text)
    assert "The file is imported" in done
    assert "Recorded 2" in done
    listed = words_of(lead.get("/imports").text)
    assert "audits.csv" in listed
    assert "Lead Tree" in listed
    batch = re.findall(r'href="/imports/([0-9a-f]{32})"', lead.get("/imports").text)[0]
    shown = words_of(lead.get(f"/imports/{batch}").text)
    assert "When Date of the audit" in shown
    undone = send(lead, f"/imports/{batch}", {"reason": "The wrong year."})
    assert undone.headers["location"] == "/imports?done=reversed"
    assert "This batch was undone: The wrong year." in words_of(lead.get(f"/imports/{batch}").text)


def test_a_bad_row_refuses_the_file_unless_it_is_left_out(small_council):
    lead = small_council.browser("lead")
    there = upload(lead, BAD)
    choose(lead, there, map_2="audit_date")
    page = words_of(lead.get(there).text)
    assert "1 fault in 1 of 3 rows." in page
    assert "Splendid" in page
    refused = record(lead, there, bad="refuse")
    assert refused.status_code == 422
    assert "Nothing was recorded" in refused.text
    assert words_of(lead.get("/imports").text).count("audits.csv") == 0
    out = lead.get(f"{there}/rejects.csv")
    assert "audits.rejects.csv" in out.headers["content-disposition"]
    assert "caseloop_reason" in out.text
    assert "A-3" in out.text
    assert "A-1" not in out.text
    assert record(lead, there, bad="skip").status_code == 303
    assert "Left out 1" in words_of(lead.get(there).text)
    assert "A-3" in lead.get(f"{there}/rejects.csv").text


def test_refused_rows_put_right_are_read_as_their_file_was_and_so_is_the_next_file(small_council):
    lead = small_council.browser("lead")
    there = upload(lead, BAD)
    choose(lead, there, map_2="audit_date")
    assert record(lead, there, bad="skip", keep_as="audits").status_code == 303
    rejects = lead.get(f"{there}/rejects.csv").text.replace("Splendid", "Good", 1)
    put_right = upload(lead, rejects)
    page = words_of(lead.get(put_right).text)
    assert "It says why rows were refused." in page
    assert "1 row: 1 new." in page
    choose(lead, put_right, map_2="audit_date", map_6="ignore")
    assert record(lead, put_right, keep_as="audits").status_code == 303
    of_others = "Number,Child ref,Seen,Auditor,Rating\nZ-1,C-9,2025-05-09,J. Smith,Good\n"
    other = upload(lead, of_others)
    choose(lead, other, map_0="reference", map_2="audit_date")
    assert 'value="audits 2"' in lead.get(other).text, "another file of this name is another file"
    assert record(lead, other, keep_as="audits 2").status_code == 303
    for following, name in ((GOOD, "audits"), (of_others, "audits 2")):
        page = words_of(lead.get(upload(lead, following)).text)
        assert f"as you kept “{name}”" in page


def test_recording_twice_records_once(small_council):
    lead = small_council.browser("lead")
    there = upload(lead, GOOD)
    choose(lead, there, map_2="audit_date")
    fields = hidden(lead.get(there).text, f"{there}/columns")
    first, second = (lead.post(f"{there}/import", fields) for _ in range(2))
    assert first.status_code == second.status_code == 303
    again = upload(lead, GOOD)
    choose(lead, again, map_2="audit_date")
    record(lead, again)
    assert "Every row was there already" in lead.get(again).text
    assert lead.get("/imports").text.count(">audits.csv<") == 1


def test_a_row_on_record_with_other_values_is_left_out_or_corrected(small_council):
    lead = small_council.browser("lead")
    for text in (GOOD, GOOD.replace("Good,Good", "Inadequate,Good")):
        there = upload(lead, text)
        choose(lead, there, map_2="audit_date")
        answer = record(lead, there)
    assert answer.status_code == 422
    assert 'href="#changed"' in answer.text
    assert "2 Rating Good Inadequate" in words_of(answer.text)
    thin = record(lead, there, changed="correct", reason=" ")
    assert 'href="#reason"' in thin.text
    assert (
        record(lead, there, changed="correct", reason="The tracker was wrong.").status_code == 303
    )
    assert "Recorded as corrections 1" in words_of(lead.get(there).text)
    again = upload(lead, GOOD)
    choose(lead, again, map_2="audit_date")
    assert record(lead, again, changed="leave-out").status_code == 303
    assert "There already 1" in words_of(lead.get(again).text)


def test_what_no_column_says_is_said_on_the_page(small_council):
    lead = small_council.browser("lead")
    there = upload(lead, GOOD.replace("Ref,", "Number,").replace(",Auditor,", ",Checker,"))
    page = choose(lead, there, map_0="ignore", map_2="audit_date", map_3="ignore")
    page = lead.get(there).text
    assert "Make the reference from" in page
    fields = {"set.auditor": "Pat Sample", "made.0": "yes", "map.0": "ignore"}
    sent = {**hidden(page, f"{there}/columns"), **fields, "map.2": "audit_date", "map.3": "ignore"}
    lead.post(f"{there}/columns", sent)
    page = words_of(lead.get(there).text)
    assert "New 2" in page
    assert "by Pat Sample: good" in page
    assert record(lead, there).status_code == 303


def test_a_column_stays_the_domain_that_it_was_said_to_be(small_council):
    lead = small_council.browser("lead")
    there = upload(lead, GOOD.replace(",Assessment", ",Voice"))
    choose(lead, there, map_2="audit_date")
    page = lead.get(there).text
    at = page.split('value="domain:voice"')[0].rpartition('name="question.')[2].partition(".")[0]
    assert "Grades of a domain called" in page
    form = hidden(page, f"{there}/columns")
    said = {"map.2": "audit_date", f"question.{at}.answer": "domain:voice"}
    assert lead.post(f"{there}/columns", {**form, **said}).status_code == 303
    page = lead.get(there).text
    assert '<option value="domain:voice" selected>Grade: voice</option>' in page
    assert choose(lead, there, map_2="audit_date", map_5="domain:voice").status_code == 303
    assert "1 domain graded" in words_of(lead.get(there).text)


def test_an_answer_is_taken_back_and_asked_again(small_council):
    lead = small_council.browser("lead")
    text = BAD.replace("2025-05-01", "01/02/2025").replace("2025-05-02", "05/25/2025")
    text = text.replace("Splendid", "Fab")
    there = upload(lead, text)
    choose(lead, there, map_2="audit_date")
    page = lead.get(there).text
    form = hidden(page, f"{there}/columns") | {"map.2": "audit_date"}
    said = {name: value for name, value in form.items() if name.startswith("question.")}
    answers = {"date_orders": "month-first", "values": "good"}
    asked = {about: at.removesuffix(".about") for at, about in said.items() if about in answers}
    assert set(asked) == set(answers)
    given = {f"{at}.answer": answers[about] for about, at in asked.items()}
    lead.post(f"{there}/columns", form | given)
    page = lead.get(there).text
    assert "When: dates have their month first" in words_of(page)
    assert "Rating: “Fab” means “Good”" in words_of(page)
    assert "Questions on the file" not in page
    assert "3 records" in words_of(page)
    form = hidden(page, f"{there}/columns") | {"map.2": "audit_date"}
    keys = [
        unescape(one) for one in re.findall(r'name="back" type="checkbox" value="([^"]+)"', page)
    ]
    assert [json.loads(key) for key in keys] == [
        ["date_orders", "When", ""],
        ["values", "Rating", "Fab"],
    ]
    lead.post(f"{there}/columns", form | {"back": keys[0]})
    page = words_of(lead.get(there).text)
    assert "How are the dates of “When” written?" in page
    assert "dates have their month first" not in page.split("Your answers")[1].split("Questions")[0]
    assert "Rating: “Fab” means “Good”" in page
    lead.post(f"{there}/columns", form | {"back": keys})
    page = words_of(lead.get(there).text)
    assert "What does “Fab” mean?" in page
    assert "Your answers" not in page


def test_two_columns_cannot_be_one_field(small_council):
    lead = small_council.browser("lead")
    there = upload(lead, GOOD)
    answer = choose(lead, there, map_0="child", map_1="child")
    assert answer.status_code == 422
    assert 'href="#map-1"' in answer.text


@pytest.mark.parametrize(
    ("fields", "files", "field"),
    [
        ({"kind": ""}, {"file": ("a.csv", b"a,b\n1,2\n")}, "kind"),
        ({"kind": "audits"}, {}, "file"),
        ({"kind": "audits"}, {"file": ("a.csv", b"   ")}, "file"),
        ({"kind": "audits"}, {"file": ("a.png", b"\x89PNG\x00\x01\x02")}, "file"),
        ({"kind": "audits", "tool": "none"}, {"file": ("a.csv", b"a,b\n1,2\n")}, "tool"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_at_its_field(small_council, fields, files, field):
    lead = small_council.browser("lead")
    answer = send(lead, "/imports/new", fields, files=files or {"other": ("", b"")})
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text


def test_a_chosen_file_is_not_lost_by_an_error(small_council):
    lead = small_council.browser("lead")
    files = {"file": ("audits.csv", GOOD.encode())}
    answer = send(lead, "/imports/new", {"kind": "audits", "tool": "none"}, files=files)
    assert "audits.csv is kept." in words_of(answer.text)
    fields = {**hidden(answer.text, "/imports/new"), "kind": "audits", "tool": "whole-case-file"}
    assert lead.get(f"/imports/upload/{fields['upload']}").status_code == 404
    again = lead.post("/imports/new", fields, files={"file": ("", b"")})
    assert again.headers["location"] == f"/imports/upload/{fields['upload']}"
    assert "Choose which column" in lead.get(again.headers["location"]).text


def test_a_waiting_file_is_its_senders_alone_and_goes_after_a_day(small_council, clock):
    lead, other = small_council.browser("lead"), small_council.browser("lead2")
    there = upload(lead, GOOD)
    assert other.get(there).status_code == 404
    assert other.get(f"{there}/rejects.csv").status_code == 404
    forged = {"key": "k" * 20, "seen": "0"}
    assert other.post(f"{there}/import", forged).status_code == 404
    clock.advance(timedelta(days=1, seconds=1))
    assert small_council.browser("lead").get(there).status_code == 404


def test_only_the_last_few_files_wait_and_none_is_too_large(small_council, monkeypatch):
    lead = small_council.browser("lead")
    places = []
    for _ in range(uploads.MOST + 1):
        small_council.clock.advance(timedelta(seconds=1))
        places.append(upload(lead, GOOD))
    assert [lead.get(p).status_code for p in places] == [404] + [200] * uploads.MOST
    monkeypatch.setattr(uploads, "LARGEST", 10)
    with (
        small_council.services.store.writing() as connection,
        pytest.raises(Refused, match="larger"),
    ):
        uploads.keep(
            connection, small_council.clock, person="x", name="a", data=b"x" * 11, answers={}
        )


def test_moderations_are_brought_in_with_their_stated_agreement(small_council):
    lead = small_council.browser("lead")
    there = upload(lead, GOOD)
    choose(lead, there, map_2="audit_date")
    record(lead, there)
    text = (
        "Moderation ID,Audit ID,Moderator,Moderated on,Overall grade,Agreed\n"
        "M-1,A-1,K. Jones,2025-06-01,Inadequate,Yes\n"
    )
    there = upload(lead, text, kind="moderations")
    page = lead.get(there).text
    assert "Keep rows whose stated agreement contradicts" in page
    assert record(lead, there, bad="refuse", keep_contradicted="yes").status_code == 303
    assert "Recorded 1" in words_of(lead.get(there).text)


@pytest.mark.parametrize("path", ["/imports", "/imports/new", f"/imports/upload/{'0' * 32}"])
@pytest.mark.parametrize("who", ["auditor", "moderator", "reader"])
def test_others_send_no_files(small_council, path, who):
    assert small_council.browser(who).get(path).status_code == 403


def test_an_unknown_batch_is_not_found_and_one_is_undone_with_a_reason_once(small_council):
    lead = small_council.browser("lead")
    assert lead.get(f"/imports/{'0' * 32}").status_code == 404
    there = upload(lead, GOOD)
    choose(lead, there, map_2="audit_date")
    record(lead, there)
    batch = re.findall(r'href="/imports/([0-9a-f]{32})"', lead.get("/imports").text)[0]
    refused = send(lead, f"/imports/{batch}", {"reason": " "})
    assert refused.status_code == 422
    assert 'href="#reason"' in refused.text
    form = hidden(refused.text)
    assert (
        lead.post(f"/imports/{batch}", {**form, "reason": "The wrong record."}).status_code == 303
    )
    late = lead.post(f"/imports/{batch}", {**form, "key": "z" * 20, "reason": "The wrong record."})
    assert late.status_code == 409
    assert "already reversed" in late.text


def test_a_column_that_only_this_file_needs_is_asked_for_on_the_page(
    small_council: Council,
) -> None:
    lead = small_council.browser("lead")
    headings = "Date,Moderator,Moderated grade\n2025-07-01,Pat,Good\n"
    there = upload(lead, headings, kind="moderations")
    assert "Choose which column is “Audit reference”" in words_of(lead.get(there).text)
    areas = "Ref,Child ref,Audit date,Auditor\nA-1,5001,2025-07-01,Pat\n"
    there = upload(lead, areas, tool="judgement-areas")
    page = words_of(lead.get(there).text)
    assert "Choose which column is “Grade: Children who need help and protection”" in page
