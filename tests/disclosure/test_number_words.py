"""The sentences of a text that tell a number in words."""

from __future__ import annotations

import pytest

from qa.disclosure.number_words import number_sentences


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("All is well. Two children moved! Nobody left.", ("Two children moved!",)),
        ("It was 3.5 of them.", ()),
        ("This quarter was better than the quarter before.", ()),
        ("A quarter of the files had a plan.", ("A quarter of the files had a plan.",)),
        ("Neither line ends\nseventeen did", ("seventeen did",)),
        ("Both. Both.", ("Both.",)),
        ("The canteen of someone between lessons.", ()),
        ("", ()),
    ],
)  # fmt: skip
def test_a_sentence_with_a_number_in_words_is_named(text: str, told: tuple[str, ...]) -> None:
    found = number_sentences(text)
    assert len(found) == len(told)
    assert all(one.startswith(start) for one, start in zip(found, told, strict=True))


def test_a_number_that_is_left_out_needs_no_word() -> None:
    text = "Two of them were seen. Three were not."
    assert number_sentences(text, [(0, 3)]) == ("Three were not.",)
    assert number_sentences(text, [(0, len(text))]) == ()
