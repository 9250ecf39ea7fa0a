"""What is kept of a council's Word file, and what is refused by name."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from typing import Any

import docx
import pytest
from docx.opc.constants import RELATIONSHIP_TYPE as REL
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm

from api.documents.listing import REQUIRED_STYLES
from api.documents.style_set import TABLE, TABLE_TEXT, blank
from api.word_templates.schemas import LARGEST_FILE
from api.word_templates.template_files import MOST_PARTS, made_ready
from tests.support.given import codes_of
from tests.word_templates.support import changed, heads, parts, saved

TYPES = re.escape("[Content_Types].xml")


def test_styles_heads_and_margins_stay_and_words_go() -> None:
    kept = made_ready(saved(lambda word: setattr(word.sections[0], "left_margin", Mm(31))))
    word = docx.Document(io.BytesIO(kept))
    assert heads(kept) == ["Borough of Invention"]
    assert str(word.styles["Heading 1"].font.color.rgb) == "880000"
    assert round(word.sections[0].left_margin.mm) == 31
    assert [p.text for p in word.paragraphs] == []
    assert {TABLE, TABLE_TEXT} <= {style.name for style in word.styles}
    held = parts(kept)
    assert any(name.startswith("word/media/") for name in held)
    assert not any(b"nobody else" in body or b"A. Writer" in body for body in held.values())
    assert not any(re.search("customXml|app.xml|thumbnail|webSettings", name) for name in held)


def test_the_same_file_is_the_same_bytes_and_what_was_kept_can_be_sent_again() -> None:
    data = saved()
    kept = made_ready(data)
    assert made_ready(data) == kept
    assert heads(made_ready(kept)) == heads(kept)
    assert made_ready(blank())


def test_a_template_of_word_is_taken_like_a_document() -> None:
    swap = ("document.main+xml", "template.main+xml")
    assert made_ready(changed(saved(), TYPES, lambda text: text.replace(*swap)))


def _field(instruction: str) -> Callable[[Any], None]:
    def add(word: Any) -> None:
        part = OxmlElement("w:instrText")
        part.text = instruction
        word.sections[0].footer.paragraphs[0].add_run()._r.append(part)

    return add


def _outside(kind: str, target: str) -> Callable[[Any], object]:
    return lambda word: word.sections[0].header.part.relate_to(target, kind, is_external=True)


def _object(word: Any) -> None:
    word.sections[0].header.paragraphs[0].add_run()._r.append(OxmlElement("w:object"))


def _without(*names: str) -> Callable[[Any], None]:
    def take(word: Any) -> None:
        for name in names:
            element = word.styles[name].element
            element.getparent().remove(element)

    return take


def _narrow(word: Any) -> None:
    word.sections[0].left_margin = Mm(120)


def _no_section(word: Any) -> None:
    body = word.element.body
    body.remove(body.find(qn("w:sectPr")))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (_field(' INCLUDEPICTURE "http://elsewhere/x.png" '), "template-linked"),
        (_field(" DDEAUTO c:\\\\x "), "template-linked"),
        (_outside(REL.IMAGE, "http://elsewhere/x.png"), "template-linked"),
        (_outside(REL.HYPERLINK, "file:///etc/passwd"), "template-linked"),
        (_object, "template-embedded"),
        (_without("Caption", "Heading 3"), "template-styles-missing"),
        (_narrow, "template-page"),
        (_no_section, "template-page"),
    ],
)
def test_what_cannot_be_a_template_is_refused_by_name(
    change: Callable[[Any], object], code: str
) -> None:
    assert codes_of(lambda: made_ready(saved(change))) == [code]


def test_a_page_number_and_a_link_to_the_council_may_stay() -> None:
    def frame(word: Any) -> None:
        _field(" PAGE ")(word)
        _outside(REL.HYPERLINK, "https://council.invalid")(word)

    assert made_ready(saved(frame))


def test_every_style_that_is_missing_is_named_and_every_fault_at_once() -> None:
    def spoil(word: Any) -> None:
        _without(*(name for name in REQUIRED_STYLES if name not in ("Normal", "Header", "Footer")))(
            word
        )
        _object(word)
        _narrow(word)

    with pytest.raises(Exception) as raised:
        made_ready(saved(spoil))
    faults = {fault.code: fault.sentence for fault in raised.value.faults}  # type: ignore[attr-defined]
    assert set(faults) == {"template-embedded", "template-styles-missing", "template-page"}
    assert "Heading 1, Heading 2, Heading 3, Subtitle, Caption" in faults["template-styles-missing"]


def _zipped(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, body in files.items():
            made.writestr(name, body)
    return out.getvalue()


def _with_entity(text: str) -> str:
    """Styles with an entity that the file kept would name and not declare."""
    declared = text.replace("<w:styles", '<!DOCTYPE a [<!ENTITY x "y">]><w:styles', 1)
    return declared.replace("</w:styles>", "<w:style>&x;</w:style></w:styles>")


def _of_no_kind(text: str) -> str:
    return text.replace(
        "</w:styles>", '<w:style w:type="q"><w:name w:val="Q"/></w:style></w:styles>'
    )


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "template-unreadable"),
        (b"Not a Word file", "template-unreadable"),
        (_zipped(a=b"b"), "template-unreadable"),
        (changed(saved(), "word/document.xml", lambda _: "<broken"), "template-unreadable"),
        (changed(saved(), "word/styles.xml", None), "template-unreadable"),
        (changed(saved(), "word/styles.xml", _with_entity), "template-unreadable"),
        (changed(saved(), "word/styles.xml", _of_no_kind), "template-unwritable"),
        (
            changed(saved(), TYPES, lambda text: text.replace("wordprocessingml", "spreadsheetml")),
            "template-unreadable",
        ),
        (
            changed(
                saved(),
                TYPES,
                lambda text: text.replace(
                    "vnd.openxmlformats-officedocument.wordprocessingml.document.main",
                    "vnd.ms-word.document.macroEnabled.main",
                ),
            ),
            "template-macro",
        ),
        (bytes(LARGEST_FILE + 1), "template-large"),
        (_zipped(**{f"p{n}": b"" for n in range(MOST_PARTS + 1)}), "template-large"),
        (_zipped(bomb=bytes(41_000_000)), "template-large"),
    ],
)
def test_what_is_no_word_file_is_refused(data: bytes, code: str) -> None:
    assert codes_of(lambda: made_ready(data)) == [code]
