"""What the API answers has a model, but for what is listed here; a list may only get shorter."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.support.council import Council

UNTYPED_READS: dict[str, str] = {}
"""Readings that answer an object which nothing describes, by operation id, each with why."""
UNTYPED_CHANGES: dict[str, str] = {}
"""Parts of the API with changes whose receipt does not say what it holds, each with why."""


def _answers(council: Council, reads: bool) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Every operation that answers JSON, with the schema of what it answers."""
    for verbs in council.app.openapi()["paths"].values():
        for verb, operation in verbs.items():
            done = {c: r for c, r in operation["responses"].items() if c.startswith("2")}
            for answer in done.values() if (verb == "get") is reads else ():
                schema = answer.get("content", {}).get("application/json", {}).get("schema")
                if schema is not None:
                    yield operation, schema


def _described(schema: dict[str, Any]) -> bool:
    """Whether a client can tell what is in it."""
    if "anyOf" in schema:
        return all(map(_described, schema["anyOf"]))
    inside = schema.get("items", schema.get("additionalProperties"))
    if isinstance(inside, dict):
        return _described(inside)
    known = schema.get("$ref", "").removeprefix("#/components/schemas/") not in ("", "ReceiptOut")
    return known or schema.get("type") not in (None, "object", "array")


def test_readings_answer_what_a_model_describes(small_council: Council) -> None:
    found = list(_answers(small_council, reads=True))
    untyped = {operation["operationId"] for operation, schema in found if not _described(schema)}
    assert untyped - set(UNTYPED_READS) == set(), "give them a response model"
    assert set(UNTYPED_READS) - untyped == set(), "these have a model now: take them off the list"
    assert len(found) > 70


def test_receipts_of_changes_say_what_they_hold(small_council: Council) -> None:
    found = list(_answers(small_council, reads=False))
    untyped = {part for operation, schema in found if not _described(schema)
               for part in operation["tags"]}  # fmt: skip
    assert untyped - set(UNTYPED_CHANGES) == set(), "declare them by `command_endpoint`"
    assert set(UNTYPED_CHANGES) - untyped == set(), "these are typed now: take them off the list"
    assert len(found) > 140
