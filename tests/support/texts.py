"""The texts that people read, as they stand in the source: of templates and of string constants.

A text is a piece of a template between two tags, or a string (f-strings with … for their values)
of at least two words. Docstrings, demonstration data and SQL are none.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
GAP = "…"
_JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.S)
_IN_JINJA = re.compile(r"'([^'\n]*)'|\"([^\"\n]*)\"")
_UNSEEN = re.compile(r"<(script|style)\b.*?</\1>|<!--.*?-->", re.S)
_INLINE = re.compile(r"</?(?:a|b|strong|em|code|span|abbr|time)\b[^>]*>")
_WORDS = re.compile(r"[A-Za-z’'-]+\S* \S*[A-Za-z]")
_NOT_TEXT = re.compile(r"govuk-|--|^/|://|\b(?:SELECT|INSERT|CREATE|PRAGMA)\b|[<{}=\\]|::|\.\w+\(")


@dataclass(frozen=True)
class Text:
    path: Path
    line: int
    words: str

    @property
    def where(self) -> str:
        return f"{self.path.relative_to(ROOT)}:{self.line}"


def _is_text(words: str) -> bool:
    return bool(_WORDS.search(words)) and not _NOT_TEXT.search(words)


def of_template(path: Path) -> Iterator[Text]:
    source = path.read_text(encoding="utf-8")

    def blank(match: re.Match[str]) -> str:
        return GAP + "\n" * match[0].count("\n")

    for found in _JINJA.finditer(source):
        for inner in _IN_JINJA.finditer(found[0]):
            words = inner[1] or inner[2] or ""
            if _is_text(words):
                yield Text(path, source.count("\n", 0, found.start()) + 1, words.strip())
    seen = _UNSEEN.sub(lambda found: "\n" * found[0].count("\n"), source)
    seen = re.sub(
        r"\{%.*?%\}", lambda found: "<" + "\n" * found[0].count("\n") + ">", seen, flags=re.S
    )
    seen = _INLINE.sub("", _JINJA.sub(blank, seen))
    line = 1
    for piece in re.split(r"(<[^>]*>)", seen):
        words = " ".join(piece.split())
        if not piece.startswith("<") and _WORDS.search(words):
            yield Text(path, line, words)
        line += piece.count("\n")


def of_module(path: Path) -> Iterator[Text]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    inside: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            inside.add(id(node.value))
        elif isinstance(node, ast.JoinedStr):
            parts = [part.value if isinstance(part, ast.Constant) else GAP for part in node.values]
            inside |= {id(part) for part in node.values}
            if _is_text(words := "".join(map(str, parts))):
                yield Text(path, node.lineno, words)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
            continue
        if id(node) not in inside and _is_text(node.value):
            yield Text(path, node.lineno, node.value)
