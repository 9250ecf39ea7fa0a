"""Which Word template can be set, and how they are counted."""

from __future__ import annotations

import hashlib

from qa.core.event import last_said
from qa.word_templates.commands import SetWordTemplate
from qa.word_templates.decisions import LARGEST, set_word_template
from qa.word_templates.events import NO_TEMPLATE, WordTemplateSet
from tests.support.given import codes_of, given

FIRST = SetWordTemplate(word_file="house.docx", styles=b"styles")


def after(*commands: SetWordTemplate) -> WordTemplateSet:
    state = NO_TEMPLATE
    for command in commands:
        state = given(NO_TEMPLATE, last_said, state, *set_word_template(state, command)).state
    return state


def test_templates_are_counted_and_named_by_their_hash() -> None:
    first = after(FIRST)
    assert (first.number, first.word_file) == (1, "house.docx")
    assert first.styles_sha256 == hashlib.sha256(b"styles").hexdigest()
    second = after(FIRST, SetWordTemplate(word_file="new.docx", styles=b"others"))
    assert (second.number, second.styles) == (2, b"others")


def test_what_is_in_force_is_not_set_again() -> None:
    assert set_word_template(after(FIRST), FIRST) == []
    assert set_word_template(NO_TEMPLATE, SetWordTemplate()) == []


def test_without_styles_ours_are_in_force_again() -> None:
    back = after(FIRST, SetWordTemplate(word_file="forgotten.docx"))
    assert back == WordTemplateSet(number=2)


def test_what_is_too_large_or_has_too_long_a_name_is_refused() -> None:
    def refused(**given: object) -> list[str]:
        command = FIRST.model_copy(update=given)
        return codes_of(lambda: set_word_template(NO_TEMPLATE, command))

    assert set_word_template(NO_TEMPLATE, FIRST.model_copy(update={"styles": b"x" * LARGEST}))
    assert refused(styles=b"x" * (LARGEST + 1)) == ["template-large"]
    assert refused(word_file="n" * 201) == ["word-file-long"]


def test_a_file_is_stored_and_read_as_the_bytes_it_is() -> None:
    every = bytes(range(256))
    event = WordTemplateSet(number=1, styles=every)
    stored = event.model_dump_json()
    assert WordTemplateSet.model_validate_json(stored).styles == every
    assert WordTemplateSet.model_validate(event.model_dump(mode="json")).styles == every
