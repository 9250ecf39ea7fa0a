"""What people read keeps to plain words and short sentences.

The reading age is that of Flesch and Kincaid: 0.39 words a sentence + 11.8 syllables a word − 15.59
is a school grade, and five more is an age. It is measured over all sentences of
page templates and of the modules whose texts pages and mails show.
"""

from __future__ import annotations

import re

from tests.support.texts import GAP, ROOT, Text, of_module, of_template

TEMPLATES = [
    path
    for path in sorted((ROOT / "api").rglob("templates/**/*.html"))
    if path.parent.name != "outside"
]
WORDS = [
    path
    for folder in ("api", "src/qa")
    for kind in ("words", "policy", "*pages", "*steps", "tasks", "notifications", "*listing", "cli")
    for path in sorted((ROOT / folder).rglob(f"{kind}.py"))
    if path.parent.name != "documents"  # the words of a layout stay as they were published
]
TEXTS = [text for path in TEMPLATES for text in of_template(path)]
TEXTS += [text for path in WORDS for text in of_module(path)]
NOWHERE = frozenset[str]()
FORBIDDEN = {
    r"\bwhoever\b": NOWHERE,
    r"\banew\b": NOWHERE,
    r"\bnothing waits\b": NOWHERE,
    r"\bbring in\b": NOWHERE,
    r"\btake out this\b|\btaken out\b": NOWHERE,
    r"\bit bites\b": NOWHERE,
    r"\bdeclare void\b": NOWHERE,
    r"\bteam then\b|\brole then\b": NOWHERE,
    r"\bkeep a claim\b|\bclocks of\b": NOWHERE,
    r"\bread models?\b": frozenset({"installation"}),
    r"\bfacts beneath\b|\bfacts alone\b": NOWHERE,
    r"\bas known\b|\bknown (now|then|at)\b|\b(as )?true on\b": NOWHERE,
    r"\b(what|all that) (is|was) (said|told|asked)\b|\bsaid of\b": NOWHERE,
    r"\bposition\b": frozenset({"installation", "ledger", "evidence_packs"}),
    r"\blottery\b|\bfour dates\b": NOWHERE,
    r"\bcut by\b|\b(is|are|session|longest) owed\b": NOWHERE,
}
"""Words that no page says, and the rooms that may."""
OLDEST = 12


def test_nothing_that_people_read_says_a_forbidden_word() -> None:
    assert len(TEXTS) > 2000
    wrong = [
        f"{text.where}: {text.words}"
        for text in TEXTS
        for pattern, rooms in FORBIDDEN.items()
        if re.search(pattern, text.words, re.IGNORECASE) and not rooms & {*text.path.parts}
    ]
    assert wrong == []


def syllables(word: str) -> int:
    """About how many: groups of vowels, without a silent e."""
    plain = re.sub(r"(?<=[^l])e$|(?<=[^td])ed$", "", word.casefold())
    return max(1, len(re.findall(r"[aeiouy]+", plain)))


def reading_age(sentences: list[str]) -> float:
    words = [word for sentence in sentences for word in re.findall(r"[A-Za-z’']+", sentence)]
    syllable = sum(map(syllables, words)) / len(words)
    return 0.39 * len(words) / len(sentences) + 11.8 * syllable - 15.59 + 5


def sentences_of(texts: list[Text]) -> list[str]:
    """Whole sentences: labels and headings are none, and those with values are left out."""
    return [
        sentence
        for text in texts
        for sentence in re.split(r"(?<=[.?!:;]) ", text.words)
        if sentence.endswith((".", "?", "!")) and GAP not in sentence and sentence.count(" ") > 2
    ]


def test_a_reading_age_is_that_of_the_formula() -> None:
    assert round(reading_age(["The cat sat on the mat."]), 2) == -1.45 + 5
    assert syllables("supervision") == 4
    assert syllables("made") == 1


def test_pages_can_be_read_at_twelve() -> None:
    found = sentences_of(TEXTS)
    assert len(found) > 700
    assert reading_age(found) <= OLDEST, reading_age(found)
