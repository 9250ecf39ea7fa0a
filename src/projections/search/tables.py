"""The read rows of search."""

from __future__ import annotations

import re
import unicodedata

from sqlalchemy import BigInteger, Column, Text

from projections.core.base import versioned_table

search_text = versioned_table(
    "search_text",
    Column("audit", Text, nullable=False),
    Column("field", Text, nullable=False),
    Column("opened", BigInteger, nullable=False),
    Column("text", Text, nullable=False),
    Column("folded", Text, nullable=False),
    key=("audit", "field"),
    indexes=(("opened",),),
)

search_audit = versioned_table(
    "search_audit",
    Column("audit", Text, nullable=False),
    Column("reference", Text, nullable=False),
    Column("child", Text, nullable=False),
    Column("child_key", Text, nullable=False),
    Column("auditor", Text, nullable=False),
    Column("team", Text, nullable=False),
    Column("service", Text, nullable=False),
    Column("submitted", Text),
    key=("audit",),
    indexes=(("reference",), ("child_key",)),
)

_WORDS = re.compile(r"[a-z0-9]+").findall


def fold(text: str) -> str:
    """Letters without accents, in lower case, everything else as single spaces."""
    if text.isascii():
        kept = text.lower()
    else:
        plain = unicodedata.normalize("NFKD", text)
        kept = "".join(c for c in plain if not unicodedata.combining(c)).casefold()
    return " ".join(_WORDS(kept))
