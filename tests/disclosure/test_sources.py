"""Copies of a self-evaluation for outside: its figures and texts by the rule of reports."""

from __future__ import annotations

import json
import re
from html import unescape

import pytest

from tests.disclosure.support import copied, files, opened, published, sent, with_audits
from tests.inspections.support import opened as opened_room
from tests.publishing.support import of_three
from tests.quarterly.support import done
from tests.self_evaluation.support import (
    DAYS,
    PATH,
    WHOLE,
    begun,
    claims_of,
    figures_offered,
    frozen,
    given,
)
from tests.support.council import Council, words_of

SAID = "Moderators agreed on 7 of 13 audits; 2 were of Juniper Thorne."


@pytest.fixture
def judged(small_council: Council) -> Council:
    return with_audits(small_council)


def evaluated(council: Council, *parts: str) -> str:
    """A frozen self-evaluation whose claim is tied to figures with these words and to an audit;
    where its copies for outside are."""
    place, lead = begun(council), council.browser("lead")
    (claim,) = claims_of(lead, place)
    done(lead, f"{claim}/change", **given(known=SAID))
    for part in parts:
        offered = figures_offered(lead, claim, "agreement", WHOLE)
        figure = next(value for words, value in offered.items() if part in words)
        done(lead, f"{claim}/figure?name=agreement&{DAYS}{WHOLE}", figure=figure)
    done(lead, f"{claim}/record", named=council.view(council.first_audit()).row.reference)
    page = lead.get(frozen(council, place)).text
    return re.findall(r"/published/[0-9a-f]{32}(?=/copies)", page)[0]


TEXTS = {
    "at0": {"give": "yes"},
    "at1": {"give": "yes", "passages": "Juniper Thorne", "because": "It is a name of a worker."},
}


def test_every_format_tells_what_the_rule_lets_out_and_no_more(judged: Council) -> None:
    place = evaluated(judged, "Whole range: Moderators who gave the same grade", "moderated, 100%")
    reference = str(judged.view(judged.first_audit()).row.reference)
    copy = copied(judged, place, **TEXTS)
    every = files(judged, copy)
    for kind, data in every.items():
        text = opened(kind, data)
        assert "Moderators agreed on 7 of 13 audits; [number left out] were of [left out]" in text
        assert "Claim 1 (E1)" in text, kind
        assert "Rows with a count of 1 to 4 are not shown" in text, kind
        assert "1 record of audits and actions, which stay inside" in text, kind
        for secret in (reference, "Juniper", "Audit again in June"):
            assert secret not in text, kind
    told = json.loads(every["json"])
    (table,) = told["tables"]
    figures = [(one["counted"], one["among"]) for row in table["rows"] for one in row["figures"]]
    assert (7, 13) in figures
    assert [line["labels"][-1] for line in table["rows"]] == ["Claim 1 (E1), Claim 1 (E2)"]
    # By program and by the list of the copy it is the same.
    answer = judged.program("lead").get(
        f"/api/v1{copy.replace('/published/', '/published-reports/')}"
    )
    assert answer.json() == told
    page = words_of(judged.browser("lead").get(copy).text)
    assert "54% (7 of 13)" in page
    assert judged.browser("worker").get(f"{place}/copies").status_code == 403
    assert judged.browser("auditor").get(f"{place}/copies/new?audience=public").status_code == 403


def test_a_figure_of_few_is_not_told_in_any_format(small_council: Council) -> None:
    council = of_three(small_council)
    copy = copied(council, evaluated(council, "2 of 3"))
    every = files(council, copy)
    for kind, data in every.items():
        text = opened(kind, data)
        assert "2 of 3" not in text, kind
        assert "67" not in re.sub(r"[0-9a-f]{16,}", "", text) or kind == "pdf", kind
    (table,) = json.loads(every["json"])["tables"]
    assert [row["shown"] for row in table["rows"]] == [False]


def test_other_figures_are_told_by_the_rule_or_it_is_said_why_not(judged: Council) -> None:
    """Moderators gave the same grade 7 times of 13 and a lower one 6 times: seven less six."""
    place = evaluated(
        judged, "same or the next grade", "Moderated down", "Cohen’s kappa", "Median time"
    )
    copy = copied(judged, place)
    for kind, data in files(judged, copy).items():
        text = opened(kind, data)
        for untold in (
            "Claim 1 (E2): Moderated down. From it and the other figures small numbers",
            "Claim 1 (E3): Cohen’s kappa. It is worked out of a whole table of grades",
            "Claim 1 (E4): Median time from submission to moderation. A middle or a mean",
        ):
            assert untold in text, (kind, untold)
    told = judged.program("lead").get(
        f"/api/v1{copy.replace('/published/', '/published-reports/')}"
    )
    (row,) = told.json()["tables"][0]["rows"]
    assert [(one["figure"], one["counted"], one["among"]) for one in row["figures"]] == [
        ("within_one_rate", 7, 13)
    ]
    # It binds what is given out later: together with what is now beside it, too.
    again = copied(judged, place, "partners")
    assert "within_one_rate" in judged.browser("lead").get(f"{again}/copy.json").text


def test_an_inspector_reads_what_was_given_out_and_no_self_evaluation(judged: Council) -> None:
    place = evaluated(judged, "Whole range: Moderators who gave the same grade")
    opened_room(judged)
    inspector = judged.browser("nobody")
    assert "/copies/" not in inspector.get("/room").text
    copy = copied(judged, place, "partners")
    assert copy in inspector.get("/room").text
    page = inspector.get(copy)
    assert "54% (7 of 13)" in words_of(page.text)
    assert f'href="{place}/copies"' not in page.text
    assert inspector.get(f"{copy}/copy.pdf").content[:4] == b"%PDF"
    program = copy.replace("/published/", "/published-reports/")
    assert judged.program("nobody").get(f"/api/v1{program}").status_code == 200
    for closed in (f"{place}/copies", f"{place}/copies/new?audience=public", PATH):
        assert inspector.get(closed).status_code == 403, closed
    done(judged.browser("lead"), f"{copy}/withdrawal", reason="It named somebody.")
    assert copy not in inspector.get("/room").text
    assert "It named somebody." not in inspector.get(copy).text
    assert "It named somebody." in judged.browser("lead").get(copy).text


def test_what_a_copy_of_a_report_hid_or_told_binds_the_copy_of_a_claim(judged: Council) -> None:
    """The days are told by quarter already: told by year too, both together could tell of few."""
    copied(judged, published(judged))
    place = evaluated(judged, "Whole range: Moderators who gave the same grade")
    refused = sent(judged, place, "partners")
    assert refused.status_code == 422
    assert "in other rows" in unescape(words_of(refused.text))
    assert judged.browser("lead").get(f"{PATH}/{'0' * 32}/copies/1").status_code == 404
