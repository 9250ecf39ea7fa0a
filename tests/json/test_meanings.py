"""Every operation, parameter and field of the API says what it is, with an example that fits."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from api.json.meanings import catalogue, objects, operations
from api.routes import document

INVENTED = "For example, this text."


def told() -> Iterator[tuple[str, Mapping[str, Any], list[Any]]]:
    """Each parameter and field with a name to find it by, its schema and its examples."""
    described = document()
    for operation in operations(described):
        assert operation["summary"], operation["operationId"]
        assert operation["description"], operation["operationId"]
        for one in operation.get("parameters", ()):
            assert one["description"], (operation["operationId"], one["name"])
            yield f"{operation['operationId']} {one['name']}", one["schema"], [one["example"]]
    for model, schema in described["components"]["schemas"].items():
        for name, field in schema.get("properties", {}).items():
            assert field["description"], (model, name)
            yield f"{model}.{name}", field, field.get("examples", [])


def fault(value: Any, schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> bool:
    """Whether the value is none that the schema allows."""
    if "$ref" in schema:
        return fault(value, schemas[schema["$ref"].rpartition("/")[2]], schemas)
    for several in ("anyOf", "oneOf"):
        if several in schema:
            return all(fault(value, one, schemas) for one in schema[several])
    if "enum" in schema or "const" in schema:
        return value not in schema.get("enum", [schema.get("const")])
    match schema.get("type"):
        case "array":
            items = schema.get("items", {})
            return not isinstance(value, list) or any(fault(one, items, schemas) for one in value)
        case "string":
            wanted = {"date": r"^\d{4}-\d\d-\d\d$", "date-time": r"T\d\d:\d\d:\d\dZ$"}
            pattern = schema.get("pattern") or wanted.get(schema.get("format", ""), "")
            short = schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", 20_000)
            return not short or re.search(pattern, value) is None
        case "integer" | "number" | "boolean" as kind:
            kinds = {"integer": int, "number": (int, float), "boolean": bool}
            low, high = schema.get("minimum", 0), schema.get("maximum", 10**9)
            return not isinstance(value, kinds[kind]) or not low <= value <= high
    return False


def test_every_parameter_and_field_has_words_and_an_example_that_fits() -> None:
    schemas = document()["components"]["schemas"]
    found = list(told())
    assert len(found) > 4000
    for name, schema, examples in found:
        assert examples or objects(schema, schemas), f"{name}: give it an example"
        for value in examples:
            assert not fault(value, schema, schemas), (name, value)
            assert INVENTED not in str(value), (
                f"{name}: call it in a meanings.yaml, with an example"
            )


def test_what_is_called_in_the_catalogue_is_there() -> None:
    described = document()
    models = described["components"]["schemas"]
    fields = {name for one in models.values() for name in one.get("properties", {})}
    asked = {p["name"] for one in operations(described) for p in one.get("parameters", ())}
    for name in catalogue():
        model, dot, field = name.partition(".")
        if model == "parameter":
            assert field in asked, name
        elif dot:
            assert field in models[model]["properties"], name
        else:
            assert name in fields | asked, name


def test_two_capabilities_cannot_call_one_name(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    for capability in ("audits", "plans"):
        (tmp_path / capability).mkdir()
        (tmp_path / capability / "meanings.yaml").write_text("team: Code of the team\n")
    monkeypatch.setattr("api.json.meanings.ROOT", tmp_path)
    catalogue.cache_clear()
    try:
        with pytest.raises(ValueError, match="team stands twice"):
            catalogue()
    finally:
        catalogue.cache_clear()
