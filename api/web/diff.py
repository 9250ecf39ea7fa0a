"""What changed between two wordings, readable and heard as well as seen."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from markupsafe import Markup, escape

MAX_CHARACTERS = 6_000
"""Above this (both wordings together) the old and the new are shown whole: comparing words costs
time quadratic in their number."""
MIN_KEPT_WORDS = 3
"""Fewer unchanged words than this between two changes are shown as changed: no confetti."""

Piece = tuple[str, str, str]


def pieces(old: str, new: str) -> list[Piece]:
    """(kind, old words, new words) with kind ``same`` or ``changed``, in order."""
    if len(old) + len(new) > MAX_CHARACTERS:
        return [("same", old, new)] if old == new else [("changed", old, new)]
    a, b = (re.findall(r"\s+|\w+|[^\w\s]", text) for text in (old, new))
    raw: list[Piece] = [
        ("same" if tag == "equal" else "changed", "".join(a[i1:i2]), "".join(b[j1:j2]))
        for tag, i1, i2, j1, j2 in SequenceMatcher(None, a, b, autojunk=False).get_opcodes()
    ]
    merged: list[Piece] = []
    for at, (kind, was, now) in enumerate(raw):
        between = 0 < at < len(raw) - 1
        if kind == "same" and between and len(was.split()) < MIN_KEPT_WORDS:
            kind = "changed"
        if merged and merged[-1][0] == kind:
            merged[-1] = (kind, merged[-1][1] + was, merged[-1][2] + now)
        else:
            merged.append((kind, was, now))
    return merged


def word_diff(old: str, new: str) -> Markup:
    """Both wordings in one text, ``<del>`` and ``<ins>`` also named in hidden words."""
    shown = Markup("")
    hidden = Markup('<span class="govuk-visually-hidden">{}</span>')
    for kind, was, now in pieces(old, new):
        if kind == "same":
            shown += escape(now)
            continue
        if was:
            shown += Markup("<del>{}{}</del>").format(hidden.format("removed: "), was)
        if now:
            shown += Markup("<ins>{}{}</ins>").format(hidden.format("added: "), now)
        shown += hidden.format(" end of change ")
    return Markup('<span class="app-diff">{}</span>').format(shown)
