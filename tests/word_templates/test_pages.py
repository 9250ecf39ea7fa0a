"""The Word template on its page and over the API, and the documents that are written by it."""

from __future__ import annotations

import hashlib
import io
from datetime import timedelta
from typing import cast

import docx
import pytest
from starlette.datastructures import UploadFile

from api.web.boxes import FormValues
from api.web.steps import Sent
from api.word_templates.pages import SET
from projections.word_templates.tables import NO_TEMPLATE_ROW
from tests.support.case_audits import V1
from tests.support.council import Council, words_of
from tests.support.forms import send
from tests.support.given import codes_of
from tests.word_templates.support import changed, heads, saved

PAGE = "/word-template"
RANGE = "from=2026-01-01&to=2026-03-31"
AGREEMENT = f"/reports/agreement/download.docx?{RANGE}"


@pytest.fixture
def council(small_council: Council) -> Council:
    small_council.show_rates_of_few()
    small_council.moderated("good", "good")
    return small_council


def upload(council: Council, data: bytes, name: str = "house style.docx") -> None:
    files = {"file": (name, data)}
    done = send(council.browser("lead"), f"{PAGE}/edit", {"styles_from": "file"}, files=files)
    assert done.status_code == 303, words_of(done.text)


def test_documents_are_written_by_the_template_from_the_day_it_is_set(council: Council) -> None:
    lead = council.browser("lead")
    assert "None: Caseloop’s own styles" in words_of(lead.get(PAGE).text)
    before, day = lead.get(AGREEMENT).content, council.today
    council.clock.advance(timedelta(days=1))
    upload(council, saved())
    page = words_of(council.browser("auditor").get(PAGE).text)
    assert "house style.docx" in page
    assert "Set version 1 of the Word template" in page
    lead = council.browser("lead")
    made = lead.get(AGREEMENT).content
    assert heads(made)[0] == "Borough of Invention"
    assert heads(made)[1] in heads(before)[0]
    title = docx.Document(io.BytesIO(made)).paragraphs[0]
    assert (title.text, title.style.name) == ("Moderation agreement", "Heading 1")
    assert heads(lead.get(f"{PAGE}/sample.docx").content)[0] == "Borough of Invention"
    assert heads(lead.get(f"{PAGE}/styles.docx").content) == ["Borough of Invention"]
    then = lead.get(f"{AGREEMENT}&as_at={day}").content
    assert heads(then) == heads(before)
    assert "None: Caseloop’s own styles" in words_of(lead.get(f"{PAGE}?as_at={day}").text)


def test_what_was_published_keeps_the_styles_of_its_day(council: Council) -> None:
    lead = council.browser("lead")

    def published() -> str:
        path = f"/published/new?name=agreement&{RANGE}"
        done = lead.post(path, {"title": "To the board", "commentary": "It held."})
        assert done.status_code == 303, words_of(done.text)
        return str(done.headers["location"]).partition("?")[0]

    def document(of: str) -> bytes:
        return bytes(lead.get(f"{of}/report.docx").content)

    plain = published()
    first = document(plain)
    upload(council, saved())
    red = published()
    second = document(red)
    assert heads(second)[0] == "Borough of Invention"
    own = send(lead, f"{PAGE}/edit", {"styles_from": "own"})
    assert own.status_code == 303
    assert "Set Caseloop’s own styles" in words_of(lead.get(PAGE).text)
    assert document(plain) == first
    assert document(red) == second
    assert heads(document(published())) == heads(first)


def test_a_first_page_of_its_own_says_whose_and_that_it_is_invented_too(council: Council) -> None:
    def first(word: object) -> None:
        section = word.sections[0]  # type: ignore[attr-defined]
        section.different_first_page_header_footer = True
        section.first_page_header.paragraphs[0].text = "Front page"

    upload(council, saved(first))
    found = heads(council.browser("lead").get(f"{PAGE}/sample.docx").content)
    assert found == ["Borough of Invention", found[1], "Front page", found[1]]


def test_what_is_refused_is_said_at_the_file_and_nothing_is_kept(council: Council) -> None:
    lead = council.browser("lead")
    at = f"{PAGE}/edit"
    none = send(lead, at, {"styles_from": "file"})
    assert none.status_code == 422
    assert "Choose a file." in none.text
    both = send(lead, at, {"styles_from": "own"}, files={"file": ("a.docx", saved())})
    assert both.status_code == 422
    assert "Choose a file, or Caseloop’s own styles." in words_of(both.text)
    lacking = changed(saved(), "word/styles.xml", lambda text: text.replace('"caption"', '"other"'))
    wrong = send(lead, at, {"styles_from": "file"}, files={"file": ("a.docx", lacking)})
    assert wrong.status_code == 422
    assert "These styles are missing: Caption." in words_of(wrong.text)
    assert 'id="file-error"' in wrong.text
    assert "None: Caseloop’s own styles" in words_of(lead.get(PAGE).text)
    assert council.browser("auditor").get(at).status_code == 403
    assert council.browser("auditor").post(at, {}).status_code == 403


def test_a_file_beside_our_own_styles_is_refused_before_anything_is_sent() -> None:
    chosen = UploadFile(io.BytesIO(saved()), filename="a.docx")
    asked = FormValues.of({"styles_from": "own", "file": chosen})
    assert codes_of(lambda: SET.do(NO_TEMPLATE_ROW, asked, cast(Sent, None))) == ["file-surplus"]


def test_programs_set_and_read_the_template(council: Council) -> None:
    lead, path = council.program("lead"), f"{V1}/word-template"
    first = lead.get(path)
    assert first.json() == {"number": 0, "word_file": "", "styles_sha256": ""}
    tag, files = {"If-Match": first.headers["ETag"]}, {"styles": ("house.dotx", saved())}
    assert lead.put(path, files=files).status_code == 428
    assert council.program("auditor").put(path, files=files, headers=tag).status_code == 403
    assert lead.put(path, files={"styles": ("x.docx", b"x")}, headers=tag).json()["errors"] == [
        {
            "field": "file",
            "code": "template-unreadable",
            "sentence": "This is no Word file (.docx or .dotx).",
        }
    ]
    assert lead.put(path, files=files, headers=tag).status_code == 200
    assert lead.put(path, files=files, headers=tag).status_code == 409
    now = lead.get(path)
    assert (now.json()["number"], now.json()["word_file"]) == (1, "house.dotx")
    kept = lead.get(f"{path}/styles.docx").content
    assert hashlib.sha256(kept).hexdigest() == now.json()["styles_sha256"]
    assert lead.put(path, headers={"If-Match": now.headers["ETag"]}).status_code == 200
    assert lead.get(path).json()["word_file"] == ""
