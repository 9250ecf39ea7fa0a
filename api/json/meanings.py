"""What each parameter and field of the API means, with an example, for its description.

A field whose model says what it is keeps those words. The others are called in `meanings.yaml` of
the capability that they belong to, by their name or, where the name means another thing elsewhere,
by ``Model.field``; what several capabilities share stands in `api/json/meanings.yaml`. A test holds
that nothing is left without words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from qa.core.yaml_files import load_yaml

ROOT = Path(__file__).parents[1]
_ID = "9f1c2d4e5b6a70819203a4b5c6d7e8f9"
_DAY, _MOMENT = "2026-09-30", "2026-09-30T10:15:00Z"
_SAMPLES = (
    _ID, "leaving-care", "good", "a-1", "CA-7K3M-9Q2P", _DAY, "2026-09", "1", "ab12", _ID * 2, "a",
    "7/1",
)  # fmt: skip
"""What is tried for a text that has to fit a pattern."""
_BY_WORDS = (
    (re.compile(r"^(Id\b|Ids\b)"), _ID),
    (re.compile(r"^(The )?([Ff]irst |[Ll]ast |[Oo]nly )?([Dd]ay|[Ww]hat was recorded on)\b"), _DAY),
    (re.compile(r"^(When|Time)\b"), _MOMENT),
    (re.compile(r"^(SHA-256|Root|Hash)"), _ID * 2),
    (re.compile(r"^Address\b"), "/audits/" + _ID),
    (re.compile(r"^Reference of the child|^Reference of the case"), "C-31117"),
    (re.compile(r"^Reference"), "CA-7K3M-9Q2P"),
    (re.compile(r"^Code of the team"), "leaving-care"),
)
"""An example by how the words begin."""


@cache
def catalogue() -> Mapping[str, tuple[str, Any]]:
    """The words of each name, and its example or None.

    Raises:
        ValueError: two capabilities call one name.
    """
    found: dict[str, tuple[str, Any]] = {}
    for path in sorted(ROOT.glob("*/meanings.yaml")):
        for name, meaning in load_yaml(path.read_text("utf-8")).items():
            if name in found:
                raise ValueError(f"{name} stands twice: in {path} and before")
            words, example = meaning if isinstance(meaning, list) else (meaning, None)
            found[name] = (words, example)
    return found


def explain(described: dict[str, Any]) -> None:
    """Put words and an example to every parameter and field of an OpenAPI description."""
    schemas = described["components"]["schemas"]
    for operation in operations(described):
        for one in operation.get("parameters", ()):
            schema = one["schema"]
            words = one.get("description") or schema.get("description")
            meaning, example = _meaning("parameter", one["name"])
            one["description"] = words or meaning
            one["example"] = example_of(schema, one["description"], example, schemas)
    for model, schema in schemas.items():
        for name, field in schema.get("properties", {}).items():
            _explain(model, name, field, schemas)


def operations(described: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Every operation of the description."""
    for verbs in described["paths"].values():
        yield from verbs.values()


def _explain(model: str, name: str, field: dict[str, Any], schemas: Mapping[str, Any]) -> None:
    meaning, example = _meaning(model, name)
    title = field.get("title", "")
    if not field.get("description"):
        # A field of a form has a label of its own, which says more than its name.
        labelled = title and title.casefold() != name.replace("_", " ").casefold()
        field["description"] = title if labelled else meaning
    if "examples" not in field and not objects(field, schemas):
        field["examples"] = [example_of(field, field["description"], example, schemas)]


def _meaning(model: str, name: str) -> tuple[str, Any]:
    """The words and the example of a name, where it is a field of this model."""
    own = catalogue().get(f"{model}.{name}")
    shared = catalogue().get(name, ("", None))
    return shared if own is None else (own[0], shared[1] if own[1] is None else own[1])


def objects(field: Mapping[str, Any], schemas: Mapping[str, Any]) -> bool:
    """Whether the field holds objects: their own fields are examples enough."""
    return any(
        one.get("properties") or one.get("type") == "object" for one in _kinds(field, schemas)
    )


def _kinds(field: Mapping[str, Any], schemas: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The schemas that a value may have, followed to where they stand."""
    if "$ref" in field:
        yield from _kinds(schemas[field["$ref"].rpartition("/")[2]], schemas)
    elif "anyOf" in field or "oneOf" in field or "allOf" in field:
        for one in (*field.get("anyOf", ()), *field.get("oneOf", ()), *field.get("allOf", ())):
            yield from _kinds(one, schemas)
    elif field.get("type") == "array":
        yield from _kinds(field.get("items", {}), schemas)
    else:
        yield field


def example_of(field: Mapping[str, Any], words: str, given: Any, schemas: Mapping[str, Any]) -> Any:
    """A value that fits the schema: the catalogue's own where it does, else one by its kind."""
    if "$ref" in field:
        return example_of(schemas[field["$ref"].rpartition("/")[2]], words, given, schemas)
    choices: Sequence[Mapping[str, Any]] = field.get("anyOf") or field.get("oneOf") or ()
    several = [one for one in choices if one.get("type") != "null"]
    if several:
        return example_of(several[0], words, given, schemas)
    if "const" in field:
        return field["const"]
    if "enum" in field:
        return next((one for one in field["enum"] if one), "")
    if field.get("type") == "array":
        if isinstance(given, list):
            return given
        return [example_of(field.get("items", {}), words, given, schemas)]
    if field.get("type") == "object":
        return {}
    return _plain(field, words, given)


def _plain(field: Mapping[str, Any], words: str, given: Any) -> Any:
    kind = field.get("type", "string")
    if kind == "boolean":
        return given if isinstance(given, bool) else bool(field.get("default", False))
    if kind in ("integer", "number"):
        number = given if isinstance(given, int | float) else field.get("default") or 3
        low = field.get("minimum", field.get("exclusiveMinimum", -1) + 1)
        found = min(max(number, low), field.get("maximum", number + low + 1))
        return int(found) if kind == "integer" else found
    if field.get("format") in ("date", "date-time", "binary"):
        return {"date": _DAY, "date-time": _MOMENT, "binary": "(the file)"}[field["format"]]
    by_words = (example for begins, example in _BY_WORDS if begins.search(words))
    wanted = [given, *by_words, "For example, this text.", *_SAMPLES]
    return next((one for one in wanted if isinstance(one, str) and fits(one, field)), "")


def fits(text: str, field: Mapping[str, Any]) -> bool:
    """Whether a text is as long and as shaped as the schema says."""
    if not field.get("minLength", 0) <= len(text) <= field.get("maxLength", len(text)):
        return False
    return "pattern" not in field or re.search(field["pattern"], text) is not None
